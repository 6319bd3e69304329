"""What a merge does to the tables, row by row: its journal, from which it is undone.

Of each row `before` is the whole image (`quotes.curation.images`), None where the merge made the row; `after` is the whole
image where it made the row, None where it deleted it, else the columns that it changed, as they became. Rows stand in the
order in which their tables are put back. `capacities` are the keys of those that named an affiliation or a quote of these
rows when the merge was done: a later one would have to move with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypedDict

import pghistory
from django.contrib.auth.models import User
from django.db import models
from django.db.models import Q

from quotes.curation import images
from quotes.curation.images import Image
from quotes.curation.verbs import Actor
from quotes.models import (
    Affiliation,
    Article,
    Authorship,
    Merge,
    Organization,
    Person,
    Quote,
    QuoteAffiliation,
    Redirect,
)
from quotes.vocabulary import EntityKind

Model = type[models.Model]


class RowChange(TypedDict):
    table: str
    key: int
    before: Image | None
    after: Image | None


class Journal(TypedDict):
    rows: list[RowChange]
    capacities: list[int]


@dataclass
class Table:
    """What a journal says of one table, by primary key: rows as they were and as they became."""

    model: Model
    before: dict[int, Image] = field(default_factory=dict)
    after: dict[int, Image] = field(default_factory=dict)
    # Columns of rows that were there before and after.
    columns: set[str] = field(default_factory=set)

    @property
    def made(self) -> list[int]:
        return sorted(self.after.keys() - self.before.keys())

    @property
    def deleted(self) -> list[int]:
        return sorted(self.before.keys() - self.after.keys())

    @property
    def changed(self) -> list[int]:
        return sorted(self.before.keys() & self.after.keys())


# The order in which tables are put back: triggers of the later ones read the earlier.
_TABLES: tuple[Model, ...] = (Person, Organization, Article, Affiliation, Quote, QuoteAffiliation, Authorship, Redirect)
_BY_NAME = {model._meta.db_table: model for model in _TABLES}


@contextmanager
def journaled(kind: EntityKind, keep: Any, merged: Any, actor: Actor) -> Iterator[None]:
    """Keep as a Merge what the block does to rows that name either record. Both are locked by the caller."""
    scope = _scope(kind, keep, merged)
    kept, slug, name = keep.slug, merged.slug, merged.name
    before = {model: images.read(model, rows) for model, rows in scope.items()}
    with pghistory.context(done=f"merge of {name} into {keep.name}"):
        yield
    after = {model: images.read(model, rows | Q(pk__in=before[model])) for model, rows in scope.items()}
    rows = list(_differences(before, after))
    Merge.objects.create(
        kind=kind,
        kept=kept,
        merged=slug,
        merged_name=name,
        journal=Journal(rows=rows, capacities=sorted(capacities_of(rows).values_list("pk", flat=True))),
        made_by=actor if isinstance(actor, User) else None,
    )


def tables(journal: Journal) -> list[Table]:
    """The journal by table, in the order in which they are put back."""
    found: dict[str, Table] = {}
    for row in journal["rows"]:
        table = found.setdefault(row["table"], Table(_BY_NAME[row["table"]]))
        key, before, after = row["key"], row["before"], row["after"]
        if before is not None:
            table.before[key] = before
        if after is not None:
            table.after[key] = (before or {}) | after
        if before is not None and after is not None:
            table.columns |= after.keys()
    return list(found.values())


def capacities_of(rows: Iterable[RowChange]) -> models.QuerySet[QuoteAffiliation]:
    """The capacities that name an affiliation which the merge changed, or a quote whose speaker it changed."""
    rows = [row for row in rows if row["before"] is not None and row["after"] is not None]
    jobs = [row["key"] for row in rows if row["table"] == Affiliation._meta.db_table]
    quotes = [
        row["key"] for row in rows if row["table"] == Quote._meta.db_table and "speaker_id" in (row["after"] or {})
    ]
    return QuoteAffiliation.objects.filter(Q(affiliation__in=jobs) | Q(quote__in=quotes))


def _differences(
    before: Mapping[Model, dict[int, Image]], after: Mapping[Model, dict[int, Image]]
) -> Iterator[RowChange]:
    for model in _TABLES:
        old, new = before.get(model, {}), after.get(model, {})
        for key in sorted(old.keys() | new.keys()):
            if old.get(key) != new.get(key):
                yield RowChange(
                    table=model._meta.db_table,
                    key=key,
                    before=old.get(key),
                    after=_became(old.get(key), new.get(key)),
                )


def _became(old: Image | None, new: Image | None) -> Image | None:
    if old is None or new is None:
        return new
    return {column: value for column, value in new.items() if old[column] != value}


def _scope(kind: EntityKind, keep: Any, merged: Any) -> dict[Model, Q]:
    """Every row that a merge of these two may change, by table. What is read first is locked first."""
    key, slugs = merged.pk, (keep.slug, merged.slug)
    both = Q(pk__in=(keep.pk, key))
    old_addresses = Q(kind=kind) & (Q(slug__in=slugs) | Q(target__in=slugs))
    if kind == EntityKind.PERSON:
        return {
            Person: both,
            Affiliation: Q(person=key),
            Quote: Q(speaker=key),
            QuoteAffiliation: Q(affiliation__person=key) | Q(quote__speaker=key),
            Authorship: Q(person=key),
            Redirect: old_addresses,
        }
    return {
        Organization: both | Q(parent=key) | Q(successor=key),
        Article: Q(outlet=key),
        Affiliation: Q(organization=key),
        Quote: Q(organization=key),
        # With its quote's others: a mark goes over from one to another.
        QuoteAffiliation: Q(quote__affiliations__affiliation__organization=key),
        Redirect: old_addresses,
    }
