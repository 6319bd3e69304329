"""CSV (RFC 4180), with commas, semicolons or tabs, as spreadsheets write it. Stricter than they read it: nothing is guessed."""

from __future__ import annotations

import csv
import io
import re
from codecs import BOM_UTF8
from collections.abc import Iterator

from quotes.datasets.formats.formulas import restore
from quotes.datasets.importing.columns import Header, read_header
from quotes.datasets.importing.refusals import ImportRefused, Refusal, shown
from quotes.datasets.importing.tables import MAX_CELL, Row, decoded

# The standard library's limit is one for the whole process; it is no looser than what any reader here wants.
csv.field_size_limit(MAX_CELL)

_BARE_CR = re.compile(r"\r(?!\n)")


def csv_rows(content: bytes) -> tuple[Header, Iterator[Row]]:
    """The header and the rows of a CSV file. Raises ImportRefused for what makes the file unreadable as a whole."""
    text = decoded(content)
    if match := _BARE_CR.search(text):
        line = text.count("\n", 0, match.start()) + 1
        detail = "A line end of one CR, as old Macs wrote it. Save the table with line ends LF or CRLF."
        raise ImportRefused([Refusal("bare_cr", detail, line)])
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    records = _records(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    try:
        _, names = next(records)
    except StopIteration:
        raise ImportRefused([Refusal("empty", "The file has no header.")]) from None
    header = read_header(names)
    rows = _rows(header, records)
    # Our own dialect for spreadsheets begins with a byte order mark: what it made harmless is as it was again.
    return header, map(_restored, rows) if content.startswith(BOM_UTF8) else rows


def _restored(row: Row) -> Row:
    return Row(row.number, {name: restore(cell) for name, cell in row.cells.items()}, row.refusals)


def _rows(header: Header, records: Iterator[tuple[int, list[str]]]) -> Iterator[Row]:
    for number, cells in records:
        if not any(cells):
            continue
        if len(cells) != len(header.columns):
            detail = f"{len(cells)} cells under {len(header.columns)} headers."
            yield Row(number, refusals=(Refusal("ragged", detail, number, None, shown(" | ".join(cells))),))
            continue
        yield Row(number, {name: cell for name, cell in zip(header.columns, cells, strict=True) if name})


def _records(reader: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    """Records, numbered as a spreadsheet numbers its rows: a record of several lines is one row."""
    number = 0
    while True:
        number += 1
        try:
            yield number, next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise ImportRefused([_unreadable(number, str(error))]) from None


def _unreadable(row: int, message: str) -> Refusal:
    if "field limit" in message:
        return Refusal(
            "too_long", f"A cell of more than {MAX_CELL:,} characters; a quotation mark may be missing.", row
        )
    return Refusal("not_csv", f"Not CSV: {message}. A quotation mark may be missing, or not doubled.", row)
