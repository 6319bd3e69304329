"""Who is meant by the names of a corpus: the one with that Wikidata id, the one who alone bears the name, or nobody yet.

Two people are never made one for a shared name. Where a name may mean several, the row waits for a curator, and the same
decision holds for every row of the collection that bears the name with the same ids.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from quotes.datasets.bulk.statements import Speaker
from quotes.models import DoubtfulSpeaker, Import, Person, Redirect
from quotes.models.slugs import free_slugs
from quotes.vocabulary import EntityKind

_BATCH = 1_000


class Fate(Enum):
    """What becomes of a name."""

    MATCHED = auto()
    NEW = auto()
    DOUBTFUL = auto()


@dataclass(frozen=True, slots=True)
class Match:
    """`key` is the person's where there is one; `same_as` another new name in the same rows that means the same person."""

    fate: Fate
    key: int | None = None
    same_as: Speaker | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row's speaker went: a person's key, or that of a doubt."""

    person: int | None = None
    doubt: int | None = None


def look_up(wanted: Collection[Speaker], source: str) -> dict[Speaker, Match]:
    """What would become of each name. Four queries."""
    people = _People(wanted)
    decided = _decided(wanted, source)
    found = {}
    for one in wanted:
        if one in decided:
            found[one] = Match(Fate.MATCHED, decided[one])
        elif one.wikidata_ids:
            found[one] = people.with_ids(one)
    # Those with an id first: a bare name may mean one of them.
    for one in wanted:
        if one not in found:
            found[one] = people.by_name(one, [other for other in people.namesakes[one.name] if other in found], found)
    return found


class _People:
    """Those whom the names, or the ids, may mean: two queries."""

    def __init__(self, wanted: Collection[Speaker]) -> None:
        ids = {one for speaker in wanted for one in speaker.wikidata_ids}
        names = {speaker.name for speaker in wanted}
        self._by_id = dict(Person.objects.filter(wikidata_id__in=ids).values_list("wikidata_id", "pk"))
        self._bearers: dict[str, dict[int, str | None]] = defaultdict(dict)
        rows = Person.objects.named(names).order_by().values_list("pk", "name", "aliases", "wikidata_id")
        for key, name, aliases, wikidata_id in rows:
            for borne in {name, *aliases} & names:
                self._bearers[borne][key] = wikidata_id
        self.namesakes: dict[str, list[Speaker]] = defaultdict(list)
        for speaker in wanted:
            self.namesakes[speaker.name].append(speaker)

    def with_ids(self, speaker: Speaker) -> Match:
        if len(speaker.wikidata_ids) > 1:
            return Match(Fate.DOUBTFUL)
        if key := self._by_id.get(speaker.wikidata_ids[0]):
            return Match(Fate.MATCHED, key)
        # Somebody of that name, of whom nobody has said who it is in Wikidata: it may be the one.
        is_open = any(one is None for one in self._bearers[speaker.name].values())
        return Match(Fate.DOUBTFUL if is_open else Fate.NEW)

    def by_name(self, speaker: Speaker, others: list[Speaker], found: dict[Speaker, Match]) -> Match:
        bearers = set(self._bearers[speaker.name])
        new = [one for one in others if found[one].fate is Fate.NEW]
        bearers |= {key for one in others if (key := found[one].key) is not None}
        if len(bearers) + len(new) > 1 or any(found[one].fate is Fate.DOUBTFUL for one in others):
            return Match(Fate.DOUBTFUL)
        if new:
            return Match(Fate.NEW, same_as=new[0])
        return Match(Fate.MATCHED, next(iter(bearers))) if bearers else Match(Fate.NEW)


def _decided(wanted: Collection[Speaker], source: str) -> dict[Speaker, int]:
    """What curators decided before of names of this collection: keys of people."""
    names = {one.name for one in wanted}
    rows = DoubtfulSpeaker.objects.filter(batch__source=source, name__in=names).exclude(speaker_slug="")
    slugs = {
        Speaker(name, tuple(ids)): slug
        for name, ids, slug in rows.order_by("decided_at").values_list("name", "wikidata_ids", "speaker_slug")
    }
    if not slugs:
        return {}
    moved = dict(Redirect.objects.filter(kind=EntityKind.PERSON, slug__in=slugs.values()).values_list("slug", "target"))
    keys = dict(Person.objects.filter(slug__in={*slugs.values(), *moved.values()}).values_list("slug", "pk"))
    places = {one: keys.get(slug) or keys.get(moved.get(slug, "")) for one, slug in slugs.items()}
    return {one: key for one, key in places.items() if key and one in set(wanted)}


def place(wanted: Collection[Speaker], batch: Import) -> dict[Speaker, Place]:
    """Match the names; make the new people, and note the doubts. The caller is in a transaction under the imports' lock."""
    found = look_up(wanted, batch.source)
    made = _make([one for one, match in found.items() if match.fate is Fate.NEW and match.same_as is None])
    doubts = _note([one for one, match in found.items() if match.fate is Fate.DOUBTFUL], batch)
    return {one: _place(one, match, made, doubts) for one, match in found.items()}


def _place(one: Speaker, match: Match, made: dict[Speaker, int], doubts: dict[Speaker, int]) -> Place:
    if match.fate is Fate.MATCHED:
        return Place(match.key)
    if match.fate is Fate.DOUBTFUL:
        return Place(doubt=doubts[one])
    return Place(made[match.same_as or one])


def _make(new: list[Speaker]) -> dict[Speaker, int]:
    """Keys of the people made."""
    # Of two new ones with one name, the second gets its id into its slug.
    wishes: dict[str, Speaker] = {}
    for one in new:
        wishes[one.name if one.name not in wishes else f"{one.name} {' '.join(one.wikidata_ids)}"] = one
    slugs = free_slugs(EntityKind.PERSON, Person, wishes)
    rows: list[Any] = [
        Person(
            slug=slugs[wish],
            name=one.name,
            # How a name is sorted is custom, and no rule tells it: a curator does.
            sort_name=one.name,
            wikidata_id=one.wikidata_ids[0] if one.wikidata_ids else None,
        )
        for wish, one in wishes.items()
    ]
    Person.objects.bulk_create(rows, _BATCH)
    return {one: row.pk for one, row in zip(wishes.values(), rows, strict=True)}


def _note(doubtful: list[Speaker], batch: Import) -> dict[Speaker, int]:
    """Keys of the doubts, made where they are not there yet."""
    if not doubtful:
        return {}
    rows = [DoubtfulSpeaker(batch=batch, name=one.name, wikidata_ids=list(one.wikidata_ids)) for one in doubtful]
    DoubtfulSpeaker.objects.bulk_create(rows, _BATCH, ignore_conflicts=True)
    there = DoubtfulSpeaker.objects.filter(batch=batch, name__in={one.name for one in doubtful})
    return {Speaker(name, tuple(ids)): key for key, name, ids in there.values_list("pk", "name", "wikidata_ids")}
