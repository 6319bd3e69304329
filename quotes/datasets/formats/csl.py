"""CSL-JSON, for Zotero, pandoc and citeproc: https://docs.citationstyles.org/en/stable/specification.html."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import orjson

from quotes.datasets.formats.chunks import encoded
from quotes.datasets.formats.cited import Item, items
from quotes.datasets.formats.rows import Context, Row


def write(kind: str, rows: Iterable[Row], context: Context) -> Iterator[bytes]:
    """The rows' items as one JSON array."""
    return encoded(_lines(items(kind, rows)))


def _lines(cited: Iterable[Item]) -> Iterator[str]:
    yield "[\n"
    comma = ""
    for item in cited:
        yield comma + orjson.dumps(item).decode()
        comma = ",\n"
    yield "\n]\n"
