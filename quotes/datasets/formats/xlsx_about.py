"""The second sheet of an XLSX file: what the table is, which filters chose it, what could not be kept, what columns mean."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import orjson

from quotes.datasets.formats import formulas
from quotes.datasets.formats.rows import Context
from quotes.datasets.formats.stored import instant
from quotes.datasets.formats.tables import Sheet
from quotes.datasets.formats.xlsx_cells import cut

if TYPE_CHECKING:
    from xlsxwriter.format import Format as CellFormat
    from xlsxwriter.worksheet import Worksheet

# What is listed of the cells that were cut; all are counted.
LISTED = 1_000


@dataclass(slots=True)
class Cuts:
    """The cells that were longer than a spreadsheet can hold: how many, and the first of them."""

    count: int = 0
    listed: list[tuple[str, str, str]] = field(default_factory=list)

    def add(self, place: str, column: str, length: int) -> None:
        self.count += 1
        if self.count <= LISTED:
            self.listed.append((place, column, f"{length:,} characters"))


def lines(table: Sheet, context: Context, rows: int, cuts: Cuts) -> Iterator[tuple[str, ...]]:
    """The sheet's rows of two or three cells; those of one cell are headings, an empty one stands between."""
    yield ("This table",)
    yield "rows", str(rows)
    yield "source", context.root
    yield "generated at", instant(context.generated_at)
    yield "codebook version", context.codebook_version
    if context.release:
        yield "release", context.release
    yield (
        "cells",
        "All are text. One that a spreadsheet would run as a formula has an apostrophe (') in front: take it off.",
    )
    yield "cells cut", f"{cuts.count}; a cell holds 32,767 characters. CSV, Parquet and JSON have them whole."
    yield ()
    yield ("Filters",)
    for name, value in context.applied.items():
        yield name, value if isinstance(value, str) else orjson.dumps(value, default=str).decode()
    yield ()
    yield ("Columns",)
    for column in table.columns:
        yield column.name, column.type, column.meaning
    if cuts.count:
        yield ()
        yield (f"Cells that were cut{f', the first {LISTED} of {cuts.count}' if cuts.count > LISTED else ''}",)
        yield from cuts.listed


def write(worksheet: Worksheet, bold: CellFormat, wrapped: CellFormat, rows: Iterable[tuple[str, ...]]) -> None:
    """Write the rows, headings in bold."""
    worksheet.set_column(0, 1, 24)
    worksheet.set_column(2, 2, 80, wrapped)
    for number, cells in enumerate(rows):
        for place, cell in enumerate(cells):
            worksheet.write_string(number, place, cut(formulas.neutralise(cell)), bold if len(cells) == 1 else None)
