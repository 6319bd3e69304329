"""XLSX workbooks, as spreadsheet programs keep them: the sheet `quotes`, else the first one. Values, never formulas."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

from quotes.datasets.importing.columns import Header, read_header
from quotes.datasets.importing.refusals import ImportRefused, Refusal, shown
from quotes.datasets.importing.tables import MAX_FILE_BYTES, Row

SHEET = "quotes"
# A workbook is a ZIP archive: what it unpacks to is looked at before anything is unpacked.
MAX_UNPACKED = 5 * MAX_FILE_BYTES
MAX_PARTS = 2_000
_DOCTYPES = tuple(
    "<!DOCTYPE".encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
)


def xlsx_rows(content: bytes) -> tuple[Header, Iterator[Row]]:
    """The header (the first row that holds anything) and the rows, numbered as the program shows them. Raises ImportRefused."""
    from openpyxl import load_workbook  # type: ignore[import-untyped] # it has no types

    _check_archive(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        sheet = book[SHEET] if SHEET in book.sheetnames else book.worksheets[0]
        rows = _filled(enumerate(sheet.iter_rows(), 1))
        number, cells = next(rows)
    except StopIteration:
        raise _refused("empty", "The sheet has no header.") from None
    except Exception as error:  # a damaged workbook fails in any way that its parts can
        raise _refused("not_xlsx", f"This workbook cannot be read: {shown(str(error))}") from error
    names = [_text(cell) for cell in cells]
    while names and not names[-1]:
        names.pop()
    return _numbered(read_header, names, number), _rows(names, rows)


def _numbered(read: Any, names: list[str], number: int) -> Header:
    """The header, refused by the row that it really is."""
    try:
        header: Header = read(names)
    except ImportRefused as refused:
        raise ImportRefused(
            [Refusal(one.code, one.detail, number, one.column, one.value) for one in refused.refusals]
        ) from None
    return header


def _rows(names: list[str], rows: Iterator[tuple[int, Any]]) -> Iterator[Row]:
    columns = read_header(names).columns
    try:
        for number, cells in rows:
            refusals = []
            found: dict[str, str] = {}
            for column, cell in zip([*columns, *[""] * (len(cells) - len(columns))], cells, strict=False):
                value = _text(cell)
                if cell.data_type == "e":
                    detail = "An error of the spreadsheet stands in place of a value."
                    refusals.append(Refusal("not_text", detail, number, column or None, shown(value)))
                elif column:
                    found[column] = value
            if len(cells) > len(columns) and any(_text(cell) for cell in cells[len(columns) :]):
                detail = f"There are cells to the right of the {len(columns)} headers."
                refusals.append(Refusal("ragged", detail, number))
            yield Row(number, found, tuple(refusals))
    except Exception as error:  # as above: its parts are read as the rows are
        raise _refused("not_xlsx", f"This workbook cannot be read on: {shown(str(error))}") from error


def _filled(rows: Iterator[tuple[int, Any]]) -> Iterator[tuple[int, Any]]:
    return ((number, cells) for number, cells in rows if any(cell.value is not None for cell in cells))


def _text(cell: Any) -> str:
    """A cell's value as a person would type it: dates as ISO 8601 has them, whole numbers without a point."""
    value = cell.value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dt.datetime):
        is_day = (value.hour, value.minute, value.second) == (0, 0, 0)
        return value.date().isoformat() if is_day else value.isoformat(timespec="seconds")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


def _check_archive(content: bytes) -> None:
    if len(content) > MAX_FILE_BYTES:
        raise _refused("too_large", f"The file has {len(content):,} bytes; at most {MAX_FILE_BYTES:,} come in here.")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            unpacked = sum(part.file_size for part in parts)
            if len(parts) > MAX_PARTS or unpacked > MAX_UNPACKED:
                raise _refused(
                    "too_large", f"The workbook unpacks to {unpacked:,} bytes; at most {MAX_UNPACKED:,} come in here."
                )
            for part in parts:
                with archive.open(part) as stream:
                    if _declares_a_type(stream):
                        raise _refused(
                            "not_xlsx", f"{shown(part.filename)} declares a document type; no workbook does."
                        )
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, RuntimeError, zlib.error) as error:
        raise _refused("not_xlsx", "This is no XLSX workbook, or a part of one.") from error


def _declares_a_type(stream: Any) -> bool:
    """Whether a part has a DOCTYPE: the only place where XML declares entities, which might expand without end."""
    before = b""
    while piece := stream.read(1 << 20):
        if any(one in before + piece for one in _DOCTYPES):
            return True
        before = piece[-40:]
    return False


def _refused(code: str, detail: str) -> ImportRefused:
    return ImportRefused([Refusal(code, detail)])
