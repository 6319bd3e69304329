"""A merge is undone: every row that it changed, deleted or made is again as it was, or nothing is changed at all."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any

import pghistory
from django.contrib.auth.models import User
from django.db import models
from django.db.models import Q
from django.utils import timezone

from quotes.curation import images
from quotes.curation.history import OUTSIDE, Entry, last_entries
from quotes.curation.images import Image
from quotes.curation.journal import Table, capacities_of, tables
from quotes.curation.verbs import Actor, CurationError, settle, verb
from quotes.models import Merge, Organization, Person, QuoteAffiliation
from quotes.vocabulary import EntityKind

MODELS: dict[str, type[Person] | type[Organization]] = {
    EntityKind.PERSON: Person,
    EntityKind.ORGANIZATION: Organization,
}


@verb
def undo_merge(*, merge: Merge, actor: Actor) -> Person | Organization:
    """Take a merge back, to the row; returns the record that is there again. What was added since stays with the kept one.

    Raises CurationError, and changes nothing, where a row is not any more as the merge left it, where something new would
    have to go along, and where a later merge builds on this one: the messages name each.
    """
    merge = Merge.objects.select_for_update().get(pk=merge.pk)
    if found := obstacles(merge):
        raise CurationError(found)
    with pghistory.context(done=f"merge of {merge} undone"):
        for table in tables(merge.journal):
            table.model._base_manager.filter(pk__in=table.made).delete()
            images.update(table.model, (table.before[key] for key in table.changed), table.columns)
            images.insert(table.model, (table.before[key] for key in table.deleted))
        merge.undone_at, merge.undone_by = timezone.now(), actor if isinstance(actor, User) else None
        merge.save(update_fields=["undone_at", "undone_by"])
        settle()
    record: Person | Organization = MODELS[merge.kind]._default_manager.get(slug=merge.merged)
    return record


def obstacles(merge: Merge, *, is_locked: bool = True) -> list[str]:
    """What stands against undoing the merge, in words; nothing where it can be undone.

    Locks the rows to the end of the transaction, so that what is found stays true, unless told otherwise.
    """
    if merge.undone_at:
        return [f"{merge}: undone already, on {_moment(merge.undone_at)}."]
    journal = tables(merge.journal)
    changed = {table.model: _changed(table, is_locked=is_locked) for table in journal}
    if later := _later_merge(merge, changed):
        return [f"A later merge builds on this one. Undo that one first: {later}, of {_moment(later.made_at)}."]
    return [
        *chain.from_iterable(_told(model, keys) for model, keys in changed.items()),
        *_new_capacities(merge),
        *chain.from_iterable(map(_taken, journal)),
        *_missing(journal),
    ]


def _changed(table: Table, *, is_locked: bool) -> list[int]:
    """Keys of the rows that are not as the merge left them. A column that has come into the table since says nothing."""
    keys = table.before.keys() | table.after.keys()
    now = images.read(table.model, Q(pk__in=list(keys)), is_locked=is_locked)
    return sorted(key for key in keys if not _is_same(table.after.get(key), now.get(key)))


def _is_same(left: Image | None, right: Image | None) -> bool:
    if left is None or right is None:
        return left is right
    return all(left[column] == right[column] for column in left.keys() & right.keys())


def _later_merge(merge: Merge, changed: dict[type[models.Model], list[int]]) -> Merge | None:
    """The latest merge that is not undone and has changed one of these rows too."""
    ours = {(model._meta.db_table, key) for model, keys in changed.items() for key in keys}
    if not ours:
        return None
    for later in Merge.objects.filter(pk__gt=merge.pk, undone_at=None).order_by("-pk"):
        if any((row["table"], row["key"]) in ours for row in later.journal["rows"]):
            return later
    return None


def _told(model: type[models.Model], keys: list[int]) -> Iterator[str]:
    """When each of the rows was changed, and by whom."""
    last = last_entries(model, keys) if keys else {}
    for key in keys:
        if entry := last.get(key):
            yield f"{_named(entry)} was {entry.label} {_when(entry)}."
        else:
            yield f"{str(model._meta.verbose_name).capitalize()} no. {key} is not as the merge left it."


def _new_capacities(merge: Merge) -> Iterator[str]:
    """Capacities that came since, and name what would go back: nobody has said whose they would then be."""
    rows = capacities_of(merge.journal["rows"]).exclude(pk__in=merge.journal["capacities"])
    new = list(rows.select_related("quote__speaker", "affiliation__person", "affiliation__organization").order_by("pk"))
    last = last_entries(QuoteAffiliation, [row.pk for row in new]) if new else {}
    for row in new:
        when = f" {_when(last[row.pk])}" if row.pk in last else ""
        yield f"Quote {row.quote} was given a capacity{when} that would go back with the merged record: {row.affiliation}."


def _taken(table: Table) -> Iterator[str]:
    """Slugs and Wikidata ids that were free since, and are another record's by now."""
    for field in table.model._meta.concrete_fields:
        if not field.unique or field.primary_key:
            continue
        back = _coming_back(table, field)
        others = table.model._base_manager.filter(**{f"{field.name}__in": back}).exclude(pk__in=list(table.before))
        for other in others:
            yield f"{field.verbose_name} {getattr(other, field.attname)} is another record's by now: {other}."


def _missing(journal: list[Table]) -> Iterator[str]:
    """What rows would refer to that come back, and is not there any more."""
    deleted = {table.model: set(table.deleted) for table in journal}
    wanted: dict[type[models.Model], set[int]] = {}
    for table in journal:
        for field in table.model._meta.concrete_fields:
            target: Any = field.related_model
            if target is not None and hasattr(target, "pgh_event_model"):
                keys = _coming_back(table, field) - deleted.get(target, set())
                wanted.setdefault(target, set()).update(keys)
    for target, keys in wanted.items():
        gone = keys - set(target._base_manager.filter(pk__in=keys).values_list("pk", flat=True))
        for sentence in _told(target, sorted(gone)):
            yield f"{sentence} What comes back would refer to it."


def _coming_back(table: Table, field: models.Field[Any, Any]) -> set[Any]:
    """The values of the column that rows will have again, and do not have since the merge."""
    column = str(field.column)
    pairs = ((image.get(column), table.after.get(key, {}).get(column)) for key, image in table.before.items())
    return {before for before, after in pairs if before is not None and before != after}


def _named(entry: Entry) -> str:
    return f"{entry.kind.capitalize()} {entry.record}"


def _when(entry: Entry) -> str:
    by = entry.who if entry.who == OUTSIDE else f"by {entry.who}"
    return f"on {_moment(entry.at)} {by}"


def _moment(at: Any) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"


def put_back(merge: Merge) -> list[str]:
    """What an undo puts back as it was: `["1 person", "12 quotes"]`."""
    counts = [(table.model._meta, len(table.before)) for table in tables(merge.journal)]
    return [
        f"{count} {meta.verbose_name if count == 1 else meta.verbose_name_plural}" for meta, count in counts if count
    ]
