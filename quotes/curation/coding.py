"""What statements mean: coders' judgements, and which of them a coder may know and change."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from quotes.curation.rights import is_editor
from quotes.curation.saving import assign
from quotes.curation.verbs import Actor, CurationError, settle, verb
from quotes.models import Coding, CodingRound, Quote, Topic
from quotes.publication.refresh import drain
from quotes.vocabulary import CODEBOOK_VERSION


def coder_code(user: User) -> str:
    """The user's code as a coder: always the same, and no name. Only the list of accounts tells whose it is."""
    return f"coder-{blake2b(f'quotebase coder {user.pk}'.encode(), digest_size=4).hexdigest()}"


def visible_codings(user: User) -> Any:
    """The codings that the user may know of: the one rule for every face.

    Coders work blind, and who codes nothing today may tomorrow: of open rounds everybody but an editor sees their own alone, and
    what readers see too, the final coding of a published quote.
    """
    return Coding.objects.all() if is_editor(user) else Coding.objects.known_to(coder_code(user))


class NotTheirs(CurationError):
    """The coding is another coder's, or an editor's matter: this user changes it in no round."""


def check_coding(user: Any, coding: Coding) -> None:
    """Raise NotTheirs or CurationError when the user may not add, change or delete the coding, as it is or as it would be.

    Editors may always. Others code under their own code, in open rounds, and finalise nothing: what is final or of a closed
    round is public, and nobody's judgement would be blind to the others.
    """
    if is_editor(user):
        return
    if coding.coder != coder_code(user):
        raise NotTheirs([f"Your code as a coder is {coder_code(user)}: others' codings are changed by editors alone."])
    if coding.is_final:
        raise NotTheirs(["What is served as “the stance” is an editor's decision: only editors change final codings."])
    if CodingRound.objects.closed().filter(number=coding.round).exists():
        raise CurationError([f"Round {coding.round} is closed: code in a round that is open."])


def check_and_hold(user: Any, *codings: Coding) -> None:
    """`check_coding` of each, with an answer that stays true until this transaction ends: their rounds are held open.

    Without it a coding that was checked in an open round could be saved in one that closed, and is public, meanwhile.
    """
    CodingRound.objects.hold(*(coding.round for coding in codings))
    for coding in codings:
        check_coding(user, coding)


def may_code(user: Any, coding: Coding | None) -> bool:
    """Whether `check_coding` lets the user change the coding; where there is none yet, nothing stands in the way."""
    try:
        if coding is not None:
            check_coding(user, coding)
    except CurationError:
        return False
    return True


@verb
def record_coding(
    *, quote: Quote, topic: Topic, coder: str, stance: str, round: int = 1, is_final: bool = False, **judgement: Any
) -> Coding:
    """One coder's judgement of a round, new or changed; `judgement` may hold certainty, justification.

    A final coding takes the place of the one that was final before, which stays as a row of its round.
    """
    CodingRound.objects.hold(round)
    if is_final:
        others = quote.codings.final().filter(topic=topic).exclude(coder=coder, round=round)
        others.update(is_final=False)
    coding, _ = Coding.objects.update_or_create(
        quote=quote,
        topic=topic,
        coder=coder,
        round=round,
        defaults={"stance": stance, "is_final": is_final, "codebook_version": CODEBOOK_VERSION, **judgement},
    )
    drain()
    return coding


@verb
def save_coding(*, coding: Coding, changes: Mapping[str, Any], actor: Actor) -> Coding:
    """Save one judgement, new or changed, by the codebook of today. A final one takes the place of the final one before.

    Raises NotTheirs or CurationError where the actor may not; nobody in particular (None) may everything.
    """
    named = {name: changes.get(name, getattr(coding, name)) for name in ("coder", "round", "is_final")}
    if actor is not None:
        check_and_hold(actor, *([coding] if coding.pk else []), Coding(**named))
    if changes.get("is_final"):
        topic = changes.get("topic") or coding.topic
        coding.quote.codings.final().filter(topic=topic).exclude(pk=coding.pk).update(is_final=False)
    assign(coding, {**changes, "codebook_version": CODEBOOK_VERSION})
    settle()
    return coding


@verb
def close_round(*, number: int, actor: Actor) -> CodingRound:
    """End a round of coding: its codings of published quotes are public from now on, under the coders' codes."""
    return _set_closed(number, timezone.now())


@verb
def reopen_round(*, number: int, actor: Actor) -> CodingRound:
    """Begin a closed round again: its codings leave the public at once. What was read meanwhile stays known."""
    return _set_closed(number, None)


def _set_closed(number: int, at: dt.datetime | None) -> CodingRound:
    row = CodingRound.objects.select_for_update().filter(number=number).first()
    if row is None:
        raise CurationError([f"There is no round {number}."])
    if bool(row.closed_at) == bool(at):
        raise CurationError([f"Round {row} is {'closed' if at else 'open'} already."])
    row.closed_at = at
    row.save(update_fields=["closed_at"])
    drain()
    return row
