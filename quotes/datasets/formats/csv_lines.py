"""CSV (RFC 4180): UTF-8, CRLF, a header, every cell verbatim. The Excel dialect has a byte-order mark, and no formulas.

A quote's record is stored as it goes out here (quotes.publication.records), so whole quotes are sent without being computed.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

from quotes.datasets.formats import formulas
from quotes.datasets.formats.chunks import encoded
from quotes.datasets.formats.rows import Context, Row
from quotes.datasets.formats.stored import instant
from quotes.datasets.formats.tables import TABLES, Sheet, sheet
from quotes.publication import records

LINE_END = "\r\n"
BYTE_ORDER_MARK = "\ufeff"


def write(kind: str, rows: Iterable[Row], context: Context) -> Iterator[bytes]:
    """The rows as CSV, the header first."""
    yield from encoded(lines(sheet(kind, rows, context)))


def write_excel(kind: str, rows: Iterable[Row], context: Context) -> Iterator[bytes]:
    """The rows as CSV for spreadsheet programs: what they would run as a formula has an apostrophe before it (`formulas`)."""
    table = sheet(kind, rows, context)
    yield from encoded(_marked(_computed(table, lambda value: formulas.neutralise(text(value)))))


def stored_header() -> bytes:
    """The line above `stored`."""
    return (records.csv_record(column.name for column in TABLES["quote"].columns) + LINE_END).encode()


def stored(batch: Iterable[tuple[Any, Any]], root: str) -> bytes:
    """What `write` makes of whole quotes, from how they are stored: finished records, and `modified`, both as UTF-8."""
    start = f"{root}/{TABLES['quote'].address}/".encode()
    # A record begins with the uid, which has 36 characters, and the permalink goes before it.
    return b"".join([b"%b%b/,%b,%b\r\n" % (start, record[:36], record, modified) for record, modified in batch])


def lines(table: Sheet) -> Iterator[str]:
    """The header and the records, each with its line end."""
    return _computed(table, text)


def text(value: Any) -> str:
    """A value as a table of text has it.

    >>> text(None), text(True), text(7)
    ('', 'true', '7')
    """
    return instant(value) if isinstance(value, datetime) else records.cell(value)


def _computed(table: Sheet, cell: Callable[[Any], str]) -> Iterator[str]:
    line = csv.writer(_Line(), lineterminator=LINE_END).writerow
    yield line([column.name for column in table.columns])
    for row in table.rows:
        yield line([cell(value) for value in table.cells(row)])


def _marked(lines: Iterator[str]) -> Iterator[str]:
    yield BYTE_ORDER_MARK + next(lines)
    yield from lines


class _Line:
    """A file for csv.writer that keeps nothing: `writerow` returns what `write` does."""

    def write(self, line: str) -> str:
        return line
