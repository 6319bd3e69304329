"""Stored documents, read and passed on: their JSON is not taken apart unless something in it is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import orjson

from quotes.datasets.formats.rows import Row


def whole_json(row: Row) -> str:
    """The document with its members at the end, on one line. The document ends in "}" and is never empty."""
    if not row.members:
        return row.document
    return f"{row.document[:-1]},{_json(row.members)[1:]}"


def chosen_json(row: Row) -> str:
    """The same with the wanted fields alone, in the document's order."""
    wanted = row.fields
    if wanted is None:
        return whole_json(row)
    members = {**orjson.loads(row.document), **row.members}
    return _json({name: value for name, value in members.items() if name in wanted})


def document(row: Row) -> dict[str, Any]:
    """The document with its members, as values; times are datetimes still."""
    return {**orjson.loads(row.document), **row.members}


def instant(moment: datetime) -> str:
    """ISO 8601 in UTC, with Z, as the API's JSON has it.

    >>> instant(datetime(2025, 3, 4, 12, 30, tzinfo=UTC))
    '2025-03-04T12:30:00Z'
    """
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _json(members: Mapping[str, Any]) -> str:
    return orjson.dumps(members, option=orjson.OPT_UTC_Z).decode()
