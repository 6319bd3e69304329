"""Rows to write, and what a format makes of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from itertools import count
from typing import Any

import orjson

from quotes.datasets.formats import EXCEL_CSV, FORMATS, Context, Row
from quotes.publication.models import PublishedEntity, PublishedQuote

CONTEXT = Context(
    root="https://quotes.example",
    applied={"stance": ["oppose"], "topic_scope": "exact"},
    generated_at=dt.datetime(2026, 2, 3, 4, 5, 6, tzinfo=dt.UTC),
    codebook_version="1.0",
)
MODIFIED = dt.datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=dt.UTC)
ENTITIES = ("person", "organization", "article", "topic")


def written(name: str, kind: str, rows: Iterable[Row], context: Context = CONTEXT) -> bytes:
    """The whole answer; "excel" is CSV in that dialect."""
    form = EXCEL_CSV if name == "excel" else FORMATS[name]
    return b"".join(form.write(kind, rows, context))


def quote_row(document: dict[str, Any], fields: Iterable[str] | None = None) -> Row:
    """A quote as it is stored."""
    wanted = None if fields is None else frozenset(fields)
    return Row(orjson.dumps(document).decode(), {"modified": MODIFIED}, wanted)


def published_quotes() -> list[Row]:
    """All quotes that are loaded."""
    return [quote_row(orjson.loads(row.document)) for row in PublishedQuote.objects.order_by("uid")]


def published_entities(kind: str) -> list[Row]:
    """All people, organizations, articles or topics that are loaded, with counts that tell them apart."""
    rows = PublishedEntity.objects.filter(kind=kind).order_by("slug")
    return [
        Row(row.document, {"quote_count": number, "modified": MODIFIED})
        for number, row in zip(count(), rows, strict=False)
    ]


def published(kind: str) -> list[Row]:
    return published_quotes() if kind == "quote" else published_entities(kind)


def documents(rows: Iterable[Row]) -> list[dict[str, Any]]:
    return [orjson.loads(row.document) for row in rows]
