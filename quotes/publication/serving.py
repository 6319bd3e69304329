"""Stored documents as they go out: `modified` and counts, which change without the document, added to its end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import orjson

from quotes.publication.models import PublishedEntity, PublishedQuote, Total


def quote_json(row: PublishedQuote) -> orjson.Fragment:
    """The quote's JSON object, as a fragment that orjson passes through."""
    return _with(row.document, {"modified": row.modified})


def entities_json(rows: Iterable[PublishedEntity]) -> list[orjson.Fragment]:
    """The entities' JSON objects, each with its `quote_count` (one query for all of them)."""
    rows = list(rows)
    totals = dict(Total.objects.filter(pk__in=[row.counted for row in rows]).values_list("code", "quotes"))
    return [_with(row.document, {"quote_count": totals.get(row.counted, 0), "modified": row.modified}) for row in rows]


def _with(document: str, members: Mapping[str, object]) -> orjson.Fragment:
    """The JSON object with members added. The document ends in "}" and is never empty."""
    added = orjson.dumps(members, option=orjson.OPT_UTC_Z)
    return orjson.Fragment(document[:-1].encode() + b"," + added[1:])
