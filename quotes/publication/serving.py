"""Stored documents as they go out: `modified` and counts, which change without the document, added to its end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from quotes.publication.models import PublishedEntity, PublishedQuote, Total

# What is added to the stored documents of quotes, and of entities.
OF_QUOTES = ("modified",)
OF_ENTITIES = ("quote_count", "modified")


def quote_json(row: PublishedQuote) -> orjson.Fragment:
    """The quote's JSON object, as a fragment that orjson passes through."""
    return with_members(row.document, {"modified": row.modified})


def entities_json(rows: Iterable[PublishedEntity]) -> list[orjson.Fragment]:
    """The entities' JSON objects, each with its `quote_count` (one query for all of them)."""
    rows = list(rows)
    counts = quote_counts(rows)
    return [with_members(row.document, {"quote_count": counts[row.pk], "modified": row.modified}) for row in rows]


def quote_counts(rows: Iterable[PublishedEntity]) -> dict[int, int]:
    """How many published quotes each of the entities has, by the entity's key: one query."""
    rows = list(rows)
    totals = dict(Total.objects.filter(pk__in=[row.counted for row in rows]).values_list("code", "quotes"))
    return {row.pk: totals.get(row.counted, 0) for row in rows}


def entity_json(row: PublishedEntity) -> orjson.Fragment:
    """The entity's JSON object without its count: what a mirror keeps."""
    return with_members(row.document, {"modified": row.modified})


def with_members(document: str | bytes, members: Mapping[str, object]) -> orjson.Fragment:
    """The JSON object with members added. The document ends in "}" and is never empty."""
    stored = document.encode() if isinstance(document, str) else document
    if not members:
        return orjson.Fragment(stored)
    added = orjson.dumps(members, option=orjson.OPT_UTC_Z)
    return orjson.Fragment(stored[:-1] + b"," + added[1:])


def document_with(document: Any, name: str, member: object) -> orjson.Fragment:
    """A document that is a fragment already, or was taken apart, with one more member at its end."""
    return with_members(orjson.dumps(document), {name: member})
