"""Who stands where: the quotes on one topic, by who said them, and by the organizations that they were said at or for."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.urls import reverse

from quotes.pages import wording
from quotes.pages.addresses import quotes_where
from quotes.pages.bars import Bar, stance_bar
from quotes.pages.cards import Card, Source, capacities
from quotes.publication.parameters import MAX_VALUES
from quotes.publication.shapes import OrganizationReference
from quotes.vocabulary import Stance, Standing

# So many stand in a column, or in the table, at once; so many more are folded away below; the rest is in the list alone.
SHOWN, SHOWN_INSTITUTIONS, FOLDED = 8, 12, 100
_GROUPS: tuple[tuple[str, str, tuple[Stance, ...]], ...] = (
    ("support", "Support", (Stance.SUPPORT,)),
    ("between", "In between", wording.BETWEEN),
    ("oppose", "Oppose", (Stance.OPPOSE,)),
)
# (organization, standing): what the filter `affiliation` goes by.
_Capacity = tuple[str, str]


@dataclass(frozen=True)
class Count:
    """So many quotes with this stance, and where they are."""

    stance: str
    count: int
    address: str

    @property
    def word(self) -> wording.Word:
        return wording.STANCES[self.stance]


@dataclass(frozen=True)
class Voice:
    """An actor in one column: their quotes with its stances, newest first, and what else they said."""

    cards: list[Card]
    counts: list[Count]
    elsewhere: list[Count]

    @property
    def source(self) -> Source:
        return self.cards[0].source

    @property
    def newest(self) -> Card:
        return self.cards[0]


@dataclass(frozen=True)
class Column:
    """Those who take one side, or neither: the most quoted first."""

    key: str
    title: str
    address: str
    count: int
    quotes: int
    voices: list[Voice]

    @property
    def shown(self) -> list[Voice]:
        return self.voices[:SHOWN]

    @property
    def folded(self) -> list[Voice]:
        return self.voices[SHOWN:]

    @property
    def beyond(self) -> int:
        return self.count - len(self.voices)


@dataclass(frozen=True)
class Institution:
    """An organization with the stances of those who spoke at or for it, and how many spoke as former members."""

    organization: OrganizationReference
    bar: Bar
    former: int
    former_address: str

    @property
    def address(self) -> str:
        return reverse("pages:organization", args=[self.organization["slug"]])


@dataclass
class _Actor:
    """A source in capacities that its quotes share: somebody who changes office is another actor.

    A delegate who also leads a party is one, whichever of the two comes first in an article.
    """

    capacities: set[_Capacity]
    cards: list[Card]
    is_only: bool = True


def who_stands_where(cards: Sequence[Card], topic: str) -> list[Column]:
    """Three columns of voices on the topic with this slug. The cards come newest first; those without a stance are left out."""
    by_source: dict[tuple[str, str], list[Card]] = defaultdict(list)
    for card in cards:
        if card.toward(topic) in wording.TAKEN:
            by_source[card.source.key].append(card)
    actors = [(actor, found) for found in by_source.values() for actor in _actors(found)]
    return [_column(*group, actors, topic) for group in _GROUPS]


def _column(
    key: str, title: str, stances: tuple[Stance, ...], actors: Sequence[tuple[_Actor, list[Card]]], topic: str
) -> Column:
    found = []
    for actor, of_source in actors:
        if cards := [card for card in actor.cards if card.toward(topic) in stances]:
            found.append((cards, actor, of_source))
    found.sort(key=lambda one: (-len(one[0]), -one[0][0].day.toordinal(), one[0][0].source.name))
    return Column(
        key=key,
        title=title,
        address=quotes_where(topic=topic, stance=stances),
        count=len(found),
        quotes=sum(len(cards) for cards, _, _ in found),
        voices=[_voice(*one, topic, stances) for one in found[: SHOWN + FOLDED]],
    )


def _actors(cards: Sequence[Card]) -> list[_Actor]:
    """The quotes of one source, together where they have a capacity in common."""
    actors: list[_Actor] = []
    for card in cards:
        joined = _Actor(capacities(card.document) or {("", "")}, [card])
        for actor in [actor for actor in actors if actor.capacities & joined.capacities]:
            actors.remove(actor)
            joined.capacities |= actor.capacities
            joined.cards = actor.cards + joined.cards
        actors.append(joined)
    for actor in actors:
        actor.is_only = len(actors) == 1
        actor.cards.sort(key=lambda card: (card.day, card.row.pk), reverse=True)
    return actors


def _voice(
    cards: list[Card], actor: _Actor, of_source: Sequence[Card], topic: str, stances: tuple[Stance, ...]
) -> Voice:
    return Voice(
        cards=cards,
        counts=_counts(cards, topic, stances, lambda found, stance: _quotes_of(actor, found, topic, stance)),
        elsewhere=_counts(
            of_source,
            topic,
            [stance for stance in wording.TAKEN if stance not in stances],
            lambda found, stance: _quotes_of(_Actor(set(), list(of_source)), found, topic, stance),
        ),
    )


def _counts(
    cards: Sequence[Card], topic: str, stances: Sequence[Stance], address: Callable[[list[Card], Stance], str]
) -> list[Count]:
    by_stance = {stance: [card for card in cards if card.toward(topic) == stance] for stance in stances}
    return [Count(stance, len(found), address(found, stance)) for stance, found in by_stance.items() if found]


def _quotes_of(actor: _Actor, cards: Sequence[Card], topic: str, stance: Stance) -> str:
    """The list of the actor's quotes with this stance, by what they have in common; else, by name, one by one."""
    document = cards[0].document
    if document["speaker"] and actor.is_only:
        return quotes_where(topic=topic, stance=stance, speaker=document["speaker"]["slug"])
    shared = set.intersection(*(capacities(card.document) for card in actor.cards))
    if not shared:
        return quotes_where(uid=[card.document["uid"] for card in cards[:MAX_VALUES]])
    organization, standing = min(shared)
    who = {"speaker": document["speaker"]["slug"]} if document["speaker"] else {"source_type": document["source_type"]}
    there = {"affiliation": organization, "affiliation_scope": "exact", "affiliation_status": standing}
    return quotes_where(topic=topic, stance=stance, **who, **there)


@dataclass
class _Tally:
    organization: OrganizationReference
    counts: Counter[str] = field(default_factory=Counter)
    former: int = 0


def institutions(cards: Sequence[Card], topic: str) -> tuple[list[Institution], list[Institution]]:
    """(shown, folded): the organizations that spoke through those who stand in a current capacity there, most heard first.

    A quote counts once for each organization that it was said at or for, as the filter `affiliation` has it.
    """
    tallies: dict[str, _Tally] = {}
    for card in cards:
        stance = card.toward(topic)
        if stance not in wording.TAKEN:
            continue
        named = _organizations(card)
        for slug, standing in capacities(card.document):
            tally = tallies.setdefault(slug, _Tally(named[slug]))
            if standing == Standing.CURRENT:
                tally.counts[stance] += 1
            tally.former += standing == Standing.FORMER
    most = max((tally.counts.total() for tally in tallies.values()), default=0)
    found = [_institution(tally, topic, most) for tally in tallies.values() if tally.counts or tally.former]
    found.sort(key=lambda one: (-one.bar.total, -one.former, one.organization["name"]))
    return found[:SHOWN_INSTITUTIONS], found[SHOWN_INSTITUTIONS : SHOWN_INSTITUTIONS + FOLDED]


def _organizations(card: Card) -> dict[str, OrganizationReference]:
    rows = [one["organization"] for one in card.document["affiliations"]]
    if card.document["organization"]:
        rows.append(card.document["organization"])
    return {row["slug"]: row for row in rows}


def _institution(tally: _Tally, topic: str, most: int) -> Institution:
    here = {"topic": topic, "affiliation": tally.organization["slug"], "affiliation_scope": "exact"}
    return Institution(
        organization=tally.organization,
        bar=stance_bar(tally.counts, lambda stance: quotes_where(**here, stance=stance), most=most),
        former=tally.former,
        former_address=quotes_where(**here, affiliation_status=str(Standing.FORMER)),
    )
