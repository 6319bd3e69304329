"""Newline-delimited JSON: a document a line, as the API serves it. Links stay root-relative."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from quotes.datasets.formats.chunks import encoded
from quotes.datasets.formats.rows import Context, Row
from quotes.datasets.formats.stored import chosen_json


def write(kind: str, rows: Iterable[Row], context: Context) -> Iterator[bytes]:
    """The rows' documents, each ending in LF."""
    return encoded(f"{chosen_json(row)}\n" for row in rows)


def stored(batch: Iterable[tuple[Any, Any]]) -> bytes:
    """The same of whole quotes as they are stored: documents, which end in "}", and `modified`, both as UTF-8."""
    return b"".join([b'%b,"modified":"%b"}\n' % (document[:-1], modified) for document, modified in batch])
