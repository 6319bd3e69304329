"""Who of a file is who here: by Wikidata id, by our own slug, or by a name that exactly one bears; in doubt nobody.

What is decided must be decided alike the next time the same file comes, when what it made is here. So a record that only its
name tells must be the only one of its file with that name.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from quotes.datasets.importing.refusals import shown
from quotes.datasets.popolo.members import MemberError
from quotes.datasets.popolo.reading import Bearer, Popolo
from quotes.models import Organization, Person, Redirect
from quotes.models.slugs import free_slugs
from quotes.vocabulary import EntityKind

_MODELS: dict[EntityKind, Any] = {EntityKind.PERSON: Person, EntityKind.ORGANIZATION: Organization}


@dataclass(frozen=True, slots=True)
class Record:
    """What a bearer of the file is: one that exists (`key`), or one to be made under this slug."""

    bearer: Bearer
    slug: str
    key: int | None = None


def match(popolo: Popolo, kind: EntityKind) -> tuple[dict[str, Record], dict[int, Any]]:
    """The records by their bearers' paths, and the rows of those that exist by key; what is in doubt is refused in `popolo`."""
    bearers = popolo.of_kind(kind)
    here = _Here(kind, bearers)
    borne = _borne(bearers)
    found: dict[str, Any] = {}
    taken: dict[int | str, Bearer] = {}
    for bearer in bearers:
        try:
            row = here.find(bearer)
            if not row or not here.is_told_by_identifier(bearer):
                _check_told_apart(bearer, borne)
            for mark in filter(None, (bearer.wikidata_id, bearer.slug, row.pk if row else None)):
                first = taken.setdefault(mark, bearer)
                if first is not bearer:
                    detail = f"It is the same as {first.path} ({first.name})" + (f": {row.slug} here." if row else ".")
                    raise MemberError(bearer.path, bearer.name, "duplicate", detail)
            found[bearer.path] = row
        except MemberError as error:
            popolo.refusals.append(error.refusal())
    new = [bearer for bearer in bearers if bearer.path in found and not found[bearer.path]]
    slugs = _slugs(kind, new)
    records = {
        path: Record(popolo.bearers[path], row.slug if row else slugs[path], row.pk if row else None)
        for path, row in found.items()
    }
    return records, {row.pk: row for row in found.values() if row}


class _Here:
    """The rows that a file's records may mean: three queries, however many they are."""

    def __init__(self, kind: EntityKind, bearers: Iterable[Bearer]) -> None:
        bearers = list(bearers)
        self.kind = kind
        slugs = {slug for bearer in bearers for slug in (bearer.slug, bearer.id) if slug}
        names = {name for bearer in bearers for name in bearer.names}
        wikidata_ids = {bearer.wikidata_id for bearer in bearers if bearer.wikidata_id}
        moved = dict(Redirect.objects.filter(kind=kind, slug__in=slugs).values_list("slug", "target"))
        rows = _MODELS[kind].objects
        known = rows.filter(Q(slug__in=slugs | set(moved.values())) | Q(wikidata_id__in=wikidata_ids))
        self.by_slug: dict[str, Any] = {}
        self.by_wikidata: dict[str, Any] = {}
        self.by_name: dict[str, list[Any]] = defaultdict(list)
        for row in (known | rows.named(names)).distinct().order_by("slug"):
            self.by_slug[row.slug] = row
            if row.wikidata_id:
                self.by_wikidata[row.wikidata_id] = row
            for name in names_of(row):
                self.by_name[name].append(row)
        self.by_slug |= {old: self.by_slug[new] for old, new in moved.items() if new in self.by_slug}

    def is_told_by_identifier(self, bearer: Bearer) -> bool:
        return bearer.wikidata_id in self.by_wikidata or (bearer.slug or bearer.id) in self.by_slug

    def find(self, bearer: Bearer) -> Any:
        """The row that is meant, None where it is new. Raises MemberError where that is in doubt."""
        own = self.by_slug.get(bearer.slug or bearer.id)
        known = self.by_wikidata.get(bearer.wikidata_id)
        if own and known and own.pk != known.pk:
            detail = f"{bearer.wikidata_id} is {known.slug} here, and the file's identifier is that of {own.slug}."
            raise MemberError(bearer.path, bearer.name, "contradiction", detail)
        if own and not known:
            self._check_own(bearer, own)
        return known or own or self._bearing(bearer)

    def _check_own(self, bearer: Bearer, own: Any) -> None:
        if _differ(bearer, own):
            detail = f"{own.slug} is {own.wikidata_id} here, and not {bearer.wikidata_id}."
            raise MemberError(bearer.path, bearer.wikidata_id, "contradiction", detail)
        if bearer.name not in names_of(own):
            detail = f"{own.slug} is {own.name} here, and not {shown(bearer.name)!r}."
            raise MemberError(f"{bearer.path}.name", bearer.name, "different_name", detail)

    def _bearing(self, bearer: Bearer) -> Any:
        """The one who bears the name; where only an other name is borne, or an identifier speaks against it, that is doubt."""
        named = [row for row in self.by_name.get(bearer.name, ()) if not _differ(bearer, row)]
        others = {
            row.pk: row for name in bearer.names for row in self.by_name.get(name, ()) if not _differ(bearer, row)
        }
        if len(named) == 1 and not (bearer.wikidata_id or bearer.slug):
            return named[0]
        if not others:
            return None
        slugs = ", ".join(sorted(row.slug for row in (named or others.values())))
        if len(named) > 1:
            why = "several here bear the name"
        elif named:
            why = f"here nobody is {bearer.wikidata_id or bearer.slug}, and the name is borne"
        else:
            why = "one of its other names is borne here"
        remedy = "Say who is meant by an identifier of the scheme quotebase, a slug; or make the new one here first."
        detail = f"In doubt: {why}: {slugs}. {remedy}"
        raise MemberError(bearer.path, bearer.name, "doubtful", detail)


def names_of(row: Any) -> list[str]:
    """Every name of a person or organization here, each once."""
    return list(dict.fromkeys(filter(None, (row.name, getattr(row, "short_name", ""), *row.aliases))))


def _differ(bearer: Bearer, row: Any) -> bool:
    """Wikidata tells them apart, whatever their names."""
    return bool(bearer.wikidata_id and row.wikidata_id and bearer.wikidata_id != row.wikidata_id)


def _borne(bearers: Iterable[Bearer]) -> dict[str, list[Bearer]]:
    borne: dict[str, list[Bearer]] = defaultdict(list)
    for bearer in bearers:
        for name in bearer.names:
            borne[name].append(bearer)
    return borne


def _check_told_apart(bearer: Bearer, borne: dict[str, list[Bearer]]) -> None:
    """Raises MemberError where the next time nobody could tell which one of the file is meant."""
    others = [one.path for one in borne[bearer.name] if one is not bearer]
    if others and not (bearer.wikidata_id or bearer.slug):
        detail = f"In doubt: {others[0]} bears the name, too. Tell them apart by identifiers: of Wikidata, or a slug."
        raise MemberError(bearer.path, bearer.name, "doubtful", detail)


def _slugs(kind: EntityKind, new: Iterable[Bearer]) -> dict[str, str]:
    """A slug for each new bearer, by path: as the file has it, else made of the name."""
    new = list(new)
    said = {bearer.path: bearer.slug for bearer in new if bearer.slug}
    # Namesakes that Wikidata tells apart get a slug each.
    wishes = {bearer.path: bearer.name for bearer in new if bearer.path not in said}
    seen: set[str] = set()
    for bearer in new:
        if bearer.path in wishes and bearer.name in seen:
            wishes[bearer.path] = f"{bearer.name} {bearer.wikidata_id}"
        seen.add(bearer.name)
    made = free_slugs(kind, _MODELS[kind], wishes.values(), reserved=said.values())
    return said | {path: made[wish] for path, wish in wishes.items()}
