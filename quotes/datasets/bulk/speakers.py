"""Who is meant by the names of a corpus: the one with that Wikidata id, the one who alone bears the name, or nobody yet.

Two people are never made one for a shared name. Where a name may mean several, the row waits for a curator, and the same
decision holds for every later row of the collection that bears the name with the same ids.

Names are looked up row by row, each as if the rows before it were in already. So it does not matter where a batch ends, and what
the first look says is what comes to be.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from quotes.datasets.bulk.statements import Speaker
from quotes.datasets.doubts import Asked, decisions, note
from quotes.models import DoubtfulSpeaker, Import, Person
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
    """`key` is the person's where there is one; `same_as` a new name before it that means the same person."""

    fate: Fate
    key: int | None = None
    same_as: Speaker | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row's speaker went: a person's key, or that of a doubt."""

    person: int | None = None
    doubt: int | None = None


class Directory:
    """Those whom the names of a collection may mean: who is here, and who came with the names that were looked up before.

    `doubtful` are names that wait for a decision in the same import: a bare one of them may mean any of those.
    """

    def __init__(self, source: str, *, doubtful: Iterable[str] = ()) -> None:
        self._source = source
        self._doubtful = set(doubtful)
        self._new_by_id: dict[str, Speaker] = {}
        self._new_by_name: dict[str, list[Speaker]] = defaultdict(list)

    def look_up(self, wanted: Sequence[Speaker]) -> list[Match]:
        """What becomes of each row's name, row by row. Six queries."""
        different = set(wanted)
        decided = decisions({_asked(one) for one in different}, self._source)
        ids = {one for speaker in different for one in speaker.wikidata_ids}
        here = dict(Person.objects.filter(wikidata_id__in=ids).values_list("wikidata_id", "pk"))
        # Whose id is here needs no name.
        bearers = _bearers({one.name for one in different if not here.keys() & set(one.wikidata_ids)})
        # Of a speaker with ids, what rows before cannot change any more.
        settled: dict[Speaker, Match] = {}
        found = []
        for one in wanted:
            match = settled.get(one)
            if match is None:
                key = decided.get(_asked(one))
                match = Match(Fate.MATCHED, key) if key else self._match(one, here, bearers[one.name])
                self._remember(one, match)
                if len(one.wikidata_ids) > 1 or (one.wikidata_ids and match.fate is Fate.MATCHED):
                    settled[one] = match
            found.append(match)
        return found

    def _match(self, one: Speaker, here: dict[str, int], bearers: dict[int, str | None]) -> Match:
        if not one.wikidata_ids:
            return self._by_name(one, list(bearers))
        if len(one.wikidata_ids) > 1:
            return Match(Fate.DOUBTFUL)
        if key := here.get(one.wikidata_ids[0]):
            return Match(Fate.MATCHED, key)
        if new := self._new_by_id.get(one.wikidata_ids[0]):
            return Match(Fate.MATCHED, same_as=new)
        # Somebody of that name, of whom nobody has said who it is in Wikidata: it may be the one.
        is_open = None in bearers.values() or any(not other.wikidata_ids for other in self._new_by_name[one.name])
        return Match(Fate.DOUBTFUL if is_open else Fate.NEW)

    def _by_name(self, one: Speaker, bearers: list[int]) -> Match:
        new = self._new_by_name[one.name]
        if len(bearers) + len(new) > 1 or one.name in self._doubtful:
            return Match(Fate.DOUBTFUL)
        if new:
            return Match(Fate.MATCHED, same_as=new[0])
        return Match(Fate.MATCHED, bearers[0]) if bearers else Match(Fate.NEW)

    def _remember(self, one: Speaker, match: Match) -> None:
        if match.fate is Fate.DOUBTFUL:
            self._doubtful.add(one.name)
        if match.fate is Fate.NEW:
            self._new_by_name[one.name].append(one)
            self._new_by_id |= dict.fromkeys(one.wikidata_ids, one)


def _asked(one: Speaker) -> Asked:
    return one.name, one.wikidata_ids


def _bearers(names: set[str]) -> dict[str, dict[int, str | None]]:
    """By name, whoever bears it, as a name or an alias: keys, with Wikidata ids."""
    found: dict[str, dict[int, str | None]] = defaultdict(dict)
    rows = Person.objects.named(names).order_by().values_list("pk", "name", "aliases", "wikidata_id")
    for key, name, aliases, wikidata_id in rows:
        for borne in {name, *aliases} & names:
            found[borne][key] = wikidata_id
    return found


def place(wanted: Sequence[Speaker], batch: Import) -> list[Place]:
    """Match the rows' names, in the order of the file; make the new people, and note the doubts.

    The caller is in a transaction under the imports' lock.
    """
    waiting = DoubtfulSpeaker.objects.filter(batch=batch, name__in={one.name for one in wanted}).order_by("pk")
    # Nobody decides meanwhile: the decision would miss the rows that are being written.
    doubtful = waiting.select_for_update(no_key=True).values_list("name", flat=True)
    found = list(zip(wanted, Directory(batch.source, doubtful=doubtful).look_up(wanted), strict=True))
    made = _make([one for one, match in found if match.fate is Fate.NEW])
    doubts = note({_asked(one) for one, match in found if match.fate is Fate.DOUBTFUL}, batch)
    return [_place(one, match, made, doubts) for one, match in found]


def _place(one: Speaker, match: Match, made: dict[Speaker, int], doubts: dict[Asked, int]) -> Place:
    if match.fate is Fate.DOUBTFUL:
        return Place(doubt=doubts[_asked(one)])
    return Place(match.key if match.key is not None else made[match.same_as or one])


def _make(new: list[Speaker]) -> dict[Speaker, int]:
    """Keys of the people made."""
    # Of two new ones with one name, the second gets its id into its slug; no name has a line end.
    wishes: dict[str, Speaker] = {}
    for one in new:
        wishes[one.name if one.name not in wishes else f"{one.name}\n{' '.join(one.wikidata_ids)}"] = one
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
