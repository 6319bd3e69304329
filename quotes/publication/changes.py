"""What changed in public since when, by the change sequence: for mirrors to follow, and for caches to know what is stale.

Numbers are assigned under the publication's lock, which is held to the commit, so whoever sees one sees all before it. Times
are not: a feed by time loses what was begun earlier and committed later.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connections
from django.db.models import BigIntegerField, Exists, OuterRef, QuerySet
from django.db.models.expressions import RawSQL

from quotes.publication.documents import API
from quotes.publication.models import (
    PublishedCoding,
    PublishedEntity,
    PublishedQuote,
    PublishedRedirect,
    Removal,
    Tombstone,
)
from quotes.publication.parameters import ParameterField, refuse
from quotes.publication.serving import entity_json, quote_json
from quotes.publication.shapes import Changed, Moved, Removed, Saved, Withdrawn
from quotes.vocabulary import EntityKind

QUOTE = "quote"
_TABLES = (PublishedQuote, PublishedEntity, PublishedCoding, Tombstone, PublishedRedirect, Removal)
_LATEST = f"greatest(0, {', '.join(f'(SELECT max(change) FROM {one._meta.db_table})' for one in _TABLES)})"  # noqa: S608 - ours
_LISTS = {
    QUOTE: "quotes",
    EntityKind.PERSON.value: "people",
    EntityKind.ORGANIZATION.value: "organizations",
    EntityKind.ARTICLE.value: "articles",
    EntityKind.TOPIC.value: "topics",
}

Change = Saved | Withdrawn | Removed | Moved


@dataclass(frozen=True, slots=True)
class Page:
    """Some changes, up to which number they are complete, and whether there are more beyond it."""

    changes: list[Change]
    until: int
    has_more: bool


class SinceField(ParameterField):
    """A number of the change sequence."""

    schema = {"type": "integer", "format": "int64", "minimum": 0}  # noqa: RUF012 - read only

    def read_one(self, value: str) -> int:
        if not value.isascii() or not value.isdigit() or len(value) > 18:
            raise refuse("invalid", f"{value[:20]!r} is not the `until` of an answer, nor 0.")
        return int(value)


def last_change(*, using: str | None = None) -> int:
    """The greatest number of anything public; 0 before there is any. It grows whenever a public answer changes.

    One query, a look into the index of each table. The sequence's own last value would be wrong: it runs ahead of commits.
    """
    with connections[using or PublishedQuote.objects.db].cursor() as cursor:
        cursor.execute(f"SELECT {_LATEST}")
        return cursor.fetchone()[0]


def with_state(rows: QuerySet[Any]) -> QuerySet[Any]:
    """The rows, each with `state`: the `last_change()` of the very moment that the rows are read in."""
    return rows.annotate(state=RawSQL(_LATEST, (), output_field=BigIntegerField()))  # noqa: S611 - a constant


def read_changes(since: int, size: int, *, last: int) -> Page:
    """Up to `size` changes after `since`, up to `last` (a `last_change()`), in their order: a query a table.

    What happens between the queries has a number beyond `last`, and so comes next time.
    """
    found = [change for read in _READERS for change in read(since, last, size + 1)]
    found.sort(key=lambda change: change["change"])
    has_more = len(found) > size
    changes = found[:size]
    return Page(changes, changes[-1]["change"] if has_more else last, has_more)


def needless_removals() -> list[Removal]:
    """Removals of what is public: there must be none. What `--check` finds and `--rebuild` mends."""
    same = {"kind": OuterRef("kind"), "slug": OuterRef("slug")}
    names = Removal.objects.filter(
        Exists(PublishedEntity.objects.filter(**same)) | Exists(PublishedRedirect.objects.filter(**same))
    )
    uids = Removal.objects.filter(kind=QUOTE)
    public = {str(uid) for model in (PublishedQuote, Tombstone) for uid in _those_of(model, uids)}
    return [*names, *(removal for removal in uids if removal.slug in public)]


def _those_of(model: Any, removals: Any) -> Any:
    return model.objects.filter(uid__in=[removal.slug for removal in removals]).values_list("uid", flat=True)


def _between(model: Any, since: int, last: int, most: int, **condition: Any) -> Any:
    return model.objects.filter(change__gt=since, change__lte=last, **condition).order_by("change")[:most]


def _saved_quotes(since: int, last: int, most: int) -> list[Saved]:
    rows = _between(PublishedQuote, since, last, most).only("uid", "document", "modified", "change")
    return [_saved(_changed(row.change, QUOTE, str(row.uid)), quote_json(row)) for row in rows]


def _saved_entities(since: int, last: int, most: int) -> list[Saved]:
    rows = _between(PublishedEntity, since, last, most).only("kind", "slug", "document", "modified", "change")
    return [_saved(_changed(row.change, row.kind, row.slug), entity_json(row)) for row in rows]


def _saved(changed: Changed, document: Any) -> Saved:
    return {**changed, "event": "saved", "document": document}


def _withdrawn(since: int, last: int, most: int) -> list[Withdrawn]:
    return [
        {
            **_changed(row.change, QUOTE, str(row.uid)),
            "event": "withdrawn",
            "reason": row.reason,
            "withdrawn_at": row.withdrawn_at.isoformat().replace("+00:00", "Z"),
        }
        for row in _between(Tombstone, since, last, most)
    ]


def _moved(since: int, last: int, most: int) -> list[Moved]:
    return [
        {**_changed(row.change, row.kind, row.slug), "event": "moved", "target": row.target}
        for row in _between(PublishedRedirect, since, last, most)
    ]


def _removed(since: int, last: int, most: int) -> list[Removed]:
    rows = _between(Removal, since, last, most, kind__in=_LISTS)
    return [{**_changed(row.change, row.kind, row.slug), "event": "removed"} for row in rows]


_READERS: tuple[Callable[[int, int, int], Sequence[Change]], ...] = (
    _saved_quotes,
    _saved_entities,
    _withdrawn,
    _moved,
    _removed,
)


def _changed(change: int, kind: Any, name: str) -> Changed:
    return {"change": change, "kind": kind, "id": name, "api_url": f"{API}/{_LISTS[kind]}/{name}/"}
