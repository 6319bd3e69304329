"""A coder's desk: one round, one topic, and the quotes that this coder has not judged yet, in an order of the coder's own.

Everybody at a desk codes under their own code, in an open round, and finalises nothing, editors too: what an editor may do beyond
that is done elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypedDict

from django.contrib.auth.models import User

from quotes.curation.coding import check_and_hold, coder_code, save_coding
from quotes.curation.verbs import CurationError, settle, verb
from quotes.models import Coding, CodingRound, Quote, Topic


class Judgement(TypedDict):
    """What a coder decides about a quote."""

    stance: str
    certainty: str
    justification: str


@dataclass(frozen=True)
class Desk:
    """Where a user codes in a round toward a topic. Nothing here depends on what other coders did."""

    user: User
    round: CodingRound
    topic: Topic

    @property
    def coder(self) -> str:
        return coder_code(self.user)

    def quotes(self) -> Any:
        """All there is to code, in this coder's order."""
        return Quote.objects.to_code(self.coder)

    def waiting(self) -> Any:
        """What this coder has not coded yet, in the same order."""
        return self.quotes().not_coded_by(self.coder, round=self.round.number, topic=self.topic)

    def progress(self) -> tuple[int, int]:
        """How many are coded by this coder, and of how many."""
        number = self.quotes().count()
        return number - self.waiting().count(), number

    def next_waiting(self, after: Quote | None = None) -> Quote | None:
        """The first that waits after the quote; from the beginning, where none does. None when all are coded."""
        found = beside(self.waiting(), after) if after else None
        return found or self.waiting().first()

    def coding(self, quote: Quote) -> Coding | None:
        """This coder's judgement of the quote, where there is one."""
        own = Coding.objects.filter(coder=self.coder, round=self.round.number, topic=self.topic)
        return own.filter(quote=quote).first()


def beside(quotes: Any, quote: Any, *, before: bool = False) -> Any:
    """The nearest of the quotes after (or before) a quote that came from such a list; None at its end."""
    keys, values = ("place", "pk"), (quote.place, quote.pk)
    found = quotes.beyond(keys, values, descending=before)
    return (found.reverse() if before else found).first()


@verb
def judge(*, desk: Desk, quote: Quote, judgement: Judgement) -> Judgement | None:
    """Save the coder's judgement of the quote; return what it was before, None if there was none.

    Raises CurationError when the round is closed, the quote was withdrawn, or the coding is final by now.
    """
    own = Coding(quote=quote, topic=desk.topic, coder=desk.coder, round=desk.round.number)
    check_and_hold(desk.user, own)
    _check_open(desk.round.number)
    if not Quote.objects.to_code(desk.coder).filter(pk=quote.pk).exists():
        raise CurationError(["The quote was withdrawn meanwhile: there is nothing to code."])
    coding = _locked(desk, quote)
    before = _judgement(coding) if coding else None
    save_coding(coding=coding or own, changes=judgement, actor=desk.user)
    return before


@verb
def take_back(*, desk: Desk, quote: Quote, saved: Mapping[str, Any], before: Judgement | None) -> None:
    """Undo a judgement that was saved as `saved`: the quote is as before, which may be: not coded.

    Raises CurationError when the coding is another one by now, or may not be changed any more.
    """
    CodingRound.objects.hold(desk.round.number)
    _check_open(desk.round.number)
    coding = _locked(desk, quote)
    if coding is None or _judgement(coding) != saved:
        raise CurationError(["Your judgement was changed elsewhere since: it is left as it is."])
    if before is not None:
        save_coding(coding=coding, changes=before, actor=desk.user)
        return
    check_and_hold(desk.user, coding)
    coding.delete()
    settle()


def _locked(desk: Desk, quote: Quote) -> Coding | None:
    coding = Coding.objects.select_for_update().filter(
        quote=quote, topic=desk.topic, coder=desk.coder, round=desk.round.number
    )
    found = coding.first()
    if found and found.is_final:
        raise CurationError(["This judgement is final by now: it is changed among the codings, by an editor."])
    return found


def _judgement(coding: Coding) -> Judgement:
    return {"stance": coding.stance, "certainty": coding.certainty, "justification": coding.justification}


def _check_open(number: int) -> None:
    if CodingRound.objects.closed().filter(number=number).exists():
        raise CurationError([f"Round {number} is closed: code in a round that is open."])
