"""Who is meant: a table's names of people and organizations, matched to those that exist or to be made.

A slug or a Wikidata id tells for sure. A name, or an alias, tells where exactly one bears it; where two do, it is refused
as doubtful, and a row whose *speaker* is in doubt waits for a curator. Two records are never made one for a shared name.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.db.models import Q

from quotes.datasets.importing.refusals import CellError, shown
from quotes.models import Organization, Person, Redirect
from quotes.models.fields import SLUG, WIKIDATA_ID
from quotes.models.slugs import free_slugs
from quotes.publication.suggestions import closest
from quotes.vocabulary import EntityKind

_MODELS: dict[EntityKind, Any] = {EntityKind.PERSON: Person, EntityKind.ORGANIZATION: Organization}
_SLUG_LIMIT, _NAME_LIMIT = 100, 300


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in a row: `identifier` is a slug, a Wikidata id or a name; `column` is where it stands."""

    column: str
    identifier: str
    name: str


@dataclass(frozen=True, slots=True)
class Record:
    """A person or an organization: one that exists (`key`), or one to be made."""

    kind: EntityKind
    slug: str
    name: str
    key: int | None = None
    wikidata_id: str | None = None
    is_outlet: bool = False


@dataclass(frozen=True, slots=True)
class Doubt:
    """A name that several bear: the slugs of those who may be meant."""

    name: str
    candidates: tuple[str, ...]


class SeveralBear(CellError):
    """The cell's name is borne by several; whoever may leave that to a curator does."""

    def __init__(self, column: str, doubt: Doubt) -> None:
        slugs = ", ".join(doubt.candidates)
        detail = f"{shown(doubt.name)!r} is the name of several: {slugs}. Give the slug in {column}."
        super().__init__(column, doubt.name, "doubtful", detail)
        self.doubt = doubt


def is_identifier(text: str) -> bool:
    """A slug or a Wikidata id, rather than a name.

    >>> is_identifier("ottoline-varga"), is_identifier("Q42"), is_identifier("Ottoline Varga")
    (True, True, False)
    """
    return bool(re.search(SLUG, text) or re.search(WIKIDATA_ID, text)) and "\n" not in text


def _told_apart(mention: Mention) -> str:
    return f"{mention.name} {mention.identifier}"


class Directory:
    """The people, or the organizations, that a table names: found in four queries, however long the table is.

    `decided` says whom names mean of which that was decided before.
    """

    def __init__(
        self, kind: EntityKind, mentions: Iterable[Mention], decided: Mapping[str, Record] = MappingProxyType({})
    ) -> None:
        self.kind = kind
        self._decided = decided
        mentions = list(dict.fromkeys(mentions))
        self._outlets = {
            word for one in mentions if one.column == "outlet" for word in (one.identifier, one.name) if word
        }
        self._by_identifier: dict[str, Record] = {}
        self._by_name: dict[str, set[Record]] = defaultdict(set)
        self._names: dict[Record, set[str]] = defaultdict(set)
        words = {word for one in mentions for word in (one.identifier, one.name) if word}
        self._find_existing(words)
        names = {name for one in mentions for name in (one.identifier or one.name, one.name)}
        names |= {_told_apart(one) for one in mentions if one.name and is_identifier(one.identifier)}
        self._slugs = free_slugs(kind, _MODELS[kind], sorted(names), reserved={one.identifier for one in mentions})
        for mention in mentions:
            if is_identifier(mention.identifier) and mention.identifier not in self._by_identifier and mention.name:
                self._declare(mention)

    def find(self, mention: Mention) -> Record:
        """Who is meant. Raises CellError where nobody is, SeveralBear where more than one may be."""
        most = _SLUG_LIMIT if is_identifier(mention.identifier) else _NAME_LIMIT
        if len(mention.identifier) > most:
            raise CellError(mention.column, mention.identifier, "too_long", f"More than {most} characters.")
        if is_identifier(mention.identifier):
            record = self._by_identifier.get(mention.identifier)
            if record is None:
                raise self._unknown(mention)
        else:
            name = mention.identifier or mention.name
            if name in self._decided and mention.name in ("", name):
                return self._decided[name]
            record = self._bearing(mention)
        if mention.name and mention.name not in self._names[record]:
            detail = f"{record.slug} is {record.name} here, and not {shown(mention.name)!r}."
            raise CellError(f"{mention.column}_name", mention.name, "different_name", detail)
        return record

    def _bearing(self, mention: Mention) -> Record:
        """The one who bears the name; a new one where nobody does."""
        name = mention.identifier or mention.name
        found = self._by_name.get(name, set())
        if len(found) > 1:
            raise SeveralBear(mention.column, Doubt(name, tuple(sorted(record.slug for record in found))))
        if found:
            return next(iter(found))
        record = Record(self.kind, self._slugs[name], name, is_outlet=name in self._outlets)
        self._know(record, [name])
        return record

    def _declare(self, mention: Mention) -> None:
        """A new one that the table names by a slug or Wikidata id of its own, so that rows with the bare name mean it, too."""
        is_wikidata = bool(re.search(WIKIDATA_ID, mention.identifier))
        if is_wikidata and any(not one.wikidata_id for one in self._by_name.get(mention.name, ())):
            return  # doubtful: `find` says so
        own_name = _told_apart(mention) if self._by_name.get(mention.name) else mention.name
        record = Record(
            self.kind,
            self._slugs[own_name] if is_wikidata else mention.identifier,
            mention.name,
            wikidata_id=mention.identifier if is_wikidata else None,
            is_outlet=mention.identifier in self._outlets,
        )
        self._know(record, [mention.name])
        self._by_identifier[mention.identifier] = record

    def _find_existing(self, words: set[str]) -> None:
        rows = _MODELS[self.kind].objects
        known = rows.filter(Q(slug__in=words) | Q(wikidata_id__in=words)) | rows.named(words)
        moved = dict(Redirect.objects.filter(kind=self.kind, slug__in=words).values_list("slug", "target"))
        for row in (known | rows.filter(slug__in=moved.values())).distinct():
            record = Record(self.kind, row.slug, row.name, row.pk, row.wikidata_id)
            self._know(record, [row.name, getattr(row, "short_name", ""), *row.aliases])
        for old, target in moved.items():
            if target in self._by_identifier:
                self._by_identifier.setdefault(old, self._by_identifier[target])

    def _know(self, record: Record, names: Iterable[str]) -> None:
        for identifier in filter(None, (record.slug, record.wikidata_id)):
            self._by_identifier[identifier] = record
        for name in filter(None, names):
            self._by_name[name].add(record)
            self._names[record].add(name)

    def _unknown(self, mention: Mention) -> CellError:
        if mention.name:
            namesakes = ", ".join(sorted(one.slug for one in self._by_name[mention.name]))
            detail = f"Nobody here has the Wikidata id {mention.identifier}; {namesakes} bears the name. Give the slug."
            return CellError(mention.column, mention.identifier, "doubtful", detail)
        nearest = closest(mention.identifier, _MODELS[self.kind].objects.values_list("slug", flat=True)[:10_000])
        hint = (
            f" Did you mean {nearest!r}?" if nearest else f" To make a new one, give the name in {mention.column}_name."
        )
        detail = f"{shown(mention.identifier)!r} is no {self.kind.label} known here.{hint}"
        return CellError(mention.column, mention.identifier, "unknown", detail)
