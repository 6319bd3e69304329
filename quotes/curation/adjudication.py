"""What coders of a round disagreed on, how far they agree, and the final word. All of it is for editors' eyes alone.

A round's judgements are never overwritten: the final word is a row of the next round, under a code that is nobody's, which no
disagreement and no agreement counts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib.auth.models import User

from quotes import agreement
from quotes.curation.coding import NotTheirs, record_coding
from quotes.curation.desk import Judgement
from quotes.curation.rights import is_editor
from quotes.curation.verbs import CurationError, verb
from quotes.models import Coding, CodingRound, Quote, Topic
from quotes.querysets import ADJUDICATOR
from quotes.vocabulary import Certainty

# As many draws of a unit as an interval may cost: two thousand units are resampled five hundred times.
_DRAWS = 1_000_000
_SURE = [Certainty.HIGH, Certainty.MEDIUM, Certainty.LOW]
Key = tuple[int, int]


@dataclass(frozen=True)
class Dispute:
    """A quote that coders judged differently toward a topic; `final` is what settled it, if anything did."""

    quote: Quote
    topic: Topic
    codings: list[Coding]
    final: Coding | None

    @property
    def is_justified(self) -> bool:
        return any(coding.justification for coding in self.codings)


@dataclass(frozen=True)
class Agreement:
    """How far the coders of a round agree on a topic."""

    topic: Topic
    units: list[dict[str, str]]

    @property
    def coders(self) -> list[str]:
        return agreement.coders_of(self.units)

    @property
    def matrix(self) -> agreement.Coincidences:
        return agreement.coincidences(self.units)

    @property
    def alpha(self) -> agreement.Measure:
        return agreement.krippendorff_alpha(self.units)

    @cached_property
    def interval(self) -> agreement.Interval | None:
        resamples = min(1000, max(100, _DRAWS // max(1, len(self.units))))
        return agreement.alpha_interval(self.units, resamples=resamples)

    @property
    def percent(self) -> agreement.Measure:
        return agreement.percent_agreement(self.units)

    @property
    def verdict(self) -> str:
        return agreement.verdict(self.alpha.value)

    @property
    def is_unsure(self) -> bool:
        """Whether the lower end of the interval deserves another word: with few quotes alpha alone promises too much."""
        return self.interval is not None and agreement.verdict(self.interval.low) != self.verdict


def disputed_keys(*, round: int, topic: Topic | None = None, is_open: bool = True) -> list[Key]:
    """Keys of quote and topic of the disagreements of the round, by topic and then as the quotes came."""
    pairs = Coding.objects.filter(**({"topic": topic} if topic else {})).disputed(round, is_open=is_open)
    return [(pair["quote"], pair["topic"]) for pair in pairs]


def disputes(keys: Sequence[Key], *, round: int) -> list[Dispute]:
    """The disagreements, in the order of the keys, in a number of queries that does not depend on how many there are."""
    quotes = Quote.objects.for_record().in_bulk({quote for quote, _ in keys})
    rows = Coding.objects.filter(quote__in=quotes, topic__in={topic for _, topic in keys}).select_related("topic")
    judged: dict[Key, list[Coding]] = defaultdict(list)
    for coding in rows.judged_in(round).order_by("coder"):
        judged[coding.quote_id, coding.topic_id].append(coding)
    final = {(coding.quote_id, coding.topic_id): coding for coding in rows.settling(round)}
    found = [key for key in keys if key in judged]
    return [Dispute(quotes[key[0]], judged[key][0].topic, judged[key], final.get(key)) for key in found]


def agreements(*, round: int) -> list[Agreement]:
    """How far the coders of a round agree, topic by topic, in the order of their names."""
    rows = Coding.objects.judged_in(round).order_by("topic__name", "topic", "quote", "coder")
    by_topic: dict[int, list[tuple[Any, Any, Any]]] = defaultdict(list)
    for topic, *judgement in rows.values_list("topic", "quote", "coder", "stance"):
        by_topic[topic].append(tuple(judgement))
    topics = Topic.objects.in_bulk(by_topic)
    return [Agreement(topics[key], agreement.units_of(judged)) for key, judged in by_topic.items()]


@verb
def adjudicate(*, quote: Quote, topic: Topic, round: CodingRound, judgement: Judgement, actor: User) -> Coding:
    """The final word on a quote that the round's coders judged: a row of the next round, which is served as "the stance".

    Raises CurationError when nobody judged it in the round, or the actor is no editor.
    """
    _check_editor(actor)
    if not Coding.objects.judged_in(round.number).filter(quote=quote, topic=topic).exists():
        raise CurationError([f"Nobody judged this quote toward {topic} in round {round.number}."])
    return record_coding(
        quote=quote,
        topic=topic,
        coder=ADJUDICATOR,
        round=round.number + 1,
        is_final=True,
        **judgement,
    )


@verb
def confirm_agreed(*, round: CodingRound, topic: Topic, actor: User) -> int:
    """What two or more coders of the round agree on, and nothing settles yet, becomes final as it is; as certain as the least
    certain of them. Returns how many."""
    _check_editor(actor)
    agreed = agreed_codings(round=round.number, topic=topic)
    for codings in agreed:
        least = max((coding.certainty for coding in codings), key=lambda value: _SURE.index(Certainty(value)))
        record_coding(
            quote=codings[0].quote,
            topic=topic,
            coder=ADJUDICATOR,
            round=round.number + 1,
            is_final=True,
            stance=codings[0].stance,
            certainty=least,
            justification="",
        )
    return len(agreed)


def agreed_codings(*, round: int, topic: Topic) -> list[list[Coding]]:
    """The judgements of each quote that several coders of the round agree on, and no later final coding settles."""
    rows = Coding.objects.filter(topic=topic).to_confirm(round).select_related("quote")
    return [codings for codings in _by_quote(rows).values() if len(codings) > 1 and _is_one(codings)]


def _by_quote(rows: Iterable[Coding]) -> Mapping[int, list[Coding]]:
    found: dict[int, list[Coding]] = defaultdict(list)
    for coding in rows:
        found[coding.quote_id].append(coding)
    return found


def _is_one(codings: list[Coding]) -> bool:
    return len({coding.stance for coding in codings}) == 1


def _check_editor(actor: User) -> None:
    if not is_editor(actor):
        raise NotTheirs(["What is served as “the stance” is an editor's decision: only editors adjudicate."])
