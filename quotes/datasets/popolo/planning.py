"""What an import of Popolo would do: whom it would make, whom it would match, what differs, and what it refuses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from quotes.datasets.importing.refusals import ImportRefused, Refusal, shown
from quotes.datasets.importing.tables import SourceFile
from quotes.datasets.popolo.comparing import differences, differences_of_membership
from quotes.datasets.popolo.matching import Record, match
from quotes.datasets.popolo.reading import Membership, Popolo, read_popolo
from quotes.datasets.popolo.terms import kind_of
from quotes.models import Affiliation
from quotes.vocabulary import EntityKind

# A membership as the database tells them apart: the paths of person and organization, role, start.
Term = tuple[str, str, str, str | None]


@dataclass(frozen=True, slots=True)
class PopoloPlan:
    """What `apply_popolo` would do with a file. With any refusal, it would do nothing.

    Records by their place in the file; `memberships` are the new ones, `parents` the paths of those above new organizations.
    """

    file: SourceFile = field(repr=False)
    records: Mapping[str, Record]
    memberships: tuple[Membership, ...]
    known: int
    parents: Mapping[str, str]
    differences: tuple[str, ...]
    refusals: tuple[Refusal, ...]
    left_out: tuple[str, ...]

    def new(self, kind: EntityKind) -> list[Record]:
        return [record for record in self._of(kind) if record.key is None]

    def matched(self, kind: EntityKind) -> list[Record]:
        return [record for record in self._of(kind) if record.key is not None]

    @property
    def is_nothing_new(self) -> bool:
        return not self.memberships and all(record.key is not None for record in self.records.values())

    def _of(self, kind: EntityKind) -> list[Record]:
        return [record for record in self.records.values() if record.bearer.kind == kind]


def plan_popolo(file: SourceFile) -> PopoloPlan:
    """Read a file and say what would become of it; nothing is written."""
    try:
        popolo = read_popolo(file.content)
    except ImportRefused as refused:
        return PopoloPlan(file, {}, (), 0, {}, (), refused.refusals, ())
    people, person_rows = match(popolo, EntityKind.PERSON)
    organizations, organization_rows = match(popolo, EntityKind.ORGANIZATION)
    records = {**people, **organizations}
    parents = _parents(popolo, organizations)
    slugs = {record.bearer.id: record.slug for record in organizations.values()}
    told = [
        line
        for record in records.values()
        if record.key is not None
        for line in differences(
            record, (person_rows if record.bearer.kind == EntityKind.PERSON else organization_rows)[record.key], slugs
        )
    ]
    new, known, differ = _memberships(popolo, records)
    _count_kinds(popolo, organizations)
    return PopoloPlan(
        file=file,
        records=records,
        memberships=tuple(new),
        known=known,
        parents=parents,
        differences=(*told, *differ),
        refusals=tuple(popolo.refusals),
        left_out=tuple(f"{what} ({count:,})" for what, count in popolo.left_out.items() if count),
    )


def _parents(popolo: Popolo, organizations: Mapping[str, Record]) -> dict[str, str]:
    """The paths of the parents of new organizations, by their own. An unknown one, and a circle, are refused."""
    paths = {bearer.id: bearer.path for bearer in popolo.of_kind(EntityKind.ORGANIZATION) if bearer.id}
    above = {}
    for bearer in popolo.of_kind(EntityKind.ORGANIZATION):
        if bearer.parent and bearer.parent not in paths:
            detail = f"No organization of the file has the id {shown(bearer.parent)!r}."
            popolo.refuse(f"{bearer.path}.parent_id", bearer.parent, "unknown", detail)
        elif bearer.parent:
            above[bearer.path] = paths[bearer.parent]
    circled: set[str] = set()
    for path in above:
        circle = _circle(path, above)
        if circle and not circled & set(circle):
            circled |= set(circle)
            told = " below ".join([*circle, path])
            popolo.refuse(f"{path}.parent_id", popolo.bearers[path].parent, "circle", f"A circle: {told}.")
    new = {path for path, record in organizations.items() if record.key is None}
    return {path: parent for path, parent in above.items() if path in new and path not in circled}


def _circle(path: str, above: Mapping[str, str]) -> list[str]:
    """The way up from an organization to itself, if there is one."""
    way, at = [path], above[path]
    while at in above and at not in way:
        way.append(at)
        at = above[at]
    return way if at == path else []


def _memberships(popolo: Popolo, records: Mapping[str, Record]) -> tuple[list[Membership], int, list[str]]:
    """Those that are new, how many are here, and in what these differ."""
    said = _told_apart(popolo)
    keys = {path: record.key for path, record in records.items() if record.key is not None}
    rows = _affiliations(keys[one.person] for one in said.values() if one.person in keys)
    new: list[Membership] = []
    loose: list[Membership] = []
    differ: list[str] = []
    used: set[int] = set()

    def there(one: Membership) -> dict[str | None, Any]:
        return rows.get((keys.get(one.person), keys.get(one.organization), one.role), {})

    for one in said.values():
        exact = there(one).get(one.start)
        if exact:
            used.add(exact.pk)
            differ += differences_of_membership(one, exact)
        else:
            loose.append(one)
    for one in loose:
        # One without a start means the one that is here with a start: the file says less.
        free = [row for row in there(one).values() if row.pk not in used] if one.start is None else []
        if len(free) == 1:
            used.add(free[0].pk)
            differ += differences_of_membership(one, free[0])
        else:
            new.append(one)
    return new, len(said) - len(new), differ


def _affiliations(people: Iterable[int]) -> dict[Any, dict[str | None, Any]]:
    """The affiliations of people who are here: by person, organization and role, then by start."""
    found: dict[Any, dict[str | None, Any]] = {}
    for row in Affiliation.objects.filter(person__in=set(people)).select_related("person", "organization"):
        found.setdefault((row.person_id, row.organization_id, row.role), {})[row.start] = row
    return found


def _told_apart(popolo: Popolo) -> dict[Term, Membership]:
    """The memberships, each once. One that says of the same time something else is refused."""
    said: dict[Term, Membership] = {}
    for one in popolo.memberships:
        first = said.setdefault((one.person, one.organization, one.role, one.start), one)
        if first is one:
            continue
        if (first.end, first.kind) == (one.end, one.kind):
            popolo.left_out["memberships said before"] += 1
        else:
            detail = f"The same person, organization, role and start as {first.path}, and another end or kind."
            popolo.refuse(one.path, one.end or one.kind, "contradiction", f"{detail} Say when each begins.")
    return said


def _count_kinds(popolo: Popolo, organizations: Mapping[str, Record]) -> None:
    for record in organizations.values():
        classification = record.bearer.classification
        if classification and kind_of(classification) is None:
            popolo.left_out[f"organizations.classification {shown(classification)!r}, none of our kinds"] += 1
