"""XLSX: the flat table as strings on a sheet that one can read, and a second sheet that says what it is.

The file is made in a temporary folder, which is gone in every case, and sent when it is whole: a ZIP's parts cannot be
interleaved. What a spreadsheet would run as a formula is neutralised as in the Excel dialect of CSV.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING, Any

from quotes.datasets.formats import formulas, xlsx_about
from quotes.datasets.formats.chunks import SIZE
from quotes.datasets.formats.csv_lines import text
from quotes.datasets.formats.rows import Context, Row
from quotes.datasets.formats.tables import TABLES, Sheet, sheet
from quotes.datasets.formats.xlsx_cells import cut, fits

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format as CellFormat
    from xlsxwriter.worksheet import Worksheet

# Excel's limit, less the header.
ROWS_ON_SHEET = 1_048_575
WIDTHS = {"text": 80, "display": 80, "proposition": 60, "article_title": 50, "title": 50, "justification": 60}
WIDTH = 22


def write(kind: str, rows: Iterable[Row], context: Context) -> Iterator[bytes]:
    """The rows as an XLSX file: sheets "quotes", "about" and, past a sheet's limit, "quotes 2", "quotes 3", ..."""
    with tempfile.TemporaryDirectory(prefix="quotebase-") as folder:
        path = Path(folder) / "table.xlsx"
        save(path, sheet(kind, rows, context), kind, context)
        with path.open("rb") as file:
            while chunk := file.read(SIZE):
                yield chunk


def save(path: Path, table: Sheet, kind: str, context: Context, *, rows_on_sheet: int = ROWS_ON_SHEET) -> None:
    """Make the file. Its temporary parts lie beside it."""
    from xlsxwriter import Workbook

    # Formulas, links and numbers are never made of strings: every cell is written as a string.
    with Workbook(str(path), {"constant_memory": True, "tmpdir": str(path.parent)}) as workbook:
        workbook.use_zip64()
        created = context.generated_at.astimezone(UTC).replace(tzinfo=None)
        workbook.set_properties({"title": TABLES[kind].name, "created": created})
        book = _Book(workbook, TABLES[kind].name, table)
        worksheet = book.next_worksheet()
        about = workbook.add_worksheet("about")
        for row in table.rows:
            if book.rows_here == rows_on_sheet:
                worksheet = book.next_worksheet()
            book.write(worksheet, table.cells(row))
        xlsx_about.write(about, book.bold, book.wrapped, xlsx_about.lines(table, context, book.rows, book.cuts))


@dataclass(slots=True)
class _Book:
    """The workbook while it is filled: how many rows it has, and which cells had to be cut."""

    workbook: Workbook
    name: str
    table: Sheet
    rows: int = 0
    rows_here: int = 0
    sheets: int = 0
    cuts: xlsx_about.Cuts = field(default_factory=xlsx_about.Cuts)
    bold: CellFormat = field(init=False)
    wrapped: CellFormat = field(init=False)

    def __post_init__(self) -> None:
        self.bold = self.workbook.add_format({"bold": True})
        self.wrapped = self.workbook.add_format({"text_wrap": True, "valign": "top"})

    def next_worksheet(self) -> Worksheet:
        """A sheet with its header."""
        self.sheets += 1
        self.rows_here = 0
        worksheet = self.workbook.add_worksheet(self.name if self.sheets == 1 else f"{self.name} {self.sheets}")
        worksheet.freeze_panes(1, 0)
        for number, column in enumerate(self.table.columns):
            worksheet.set_column(number, number, WIDTHS.get(column.name, WIDTH), self.wrapped)
            worksheet.write_string(0, number, column.name, self.bold)
        return worksheet

    def write(self, worksheet: Worksheet, values: list[Any]) -> None:
        self.rows += 1
        self.rows_here += 1
        for number, value in enumerate(values):
            if cell := formulas.neutralise(text(value)):
                self._write_cell(worksheet, number, cell)

    def _write_cell(self, worksheet: Worksheet, number: int, cell: str) -> None:
        if not fits(cell):
            from xlsxwriter.utility import xl_rowcol_to_cell

            place = f"{worksheet.get_name()}!{xl_rowcol_to_cell(self.rows_here, number)}"
            self.cuts.add(place, self.table.columns[number].name, len(cell))
            cell = cut(cell)
        if cell.startswith("<r>"):
            # The library takes such a string for its own mark-up. In two parts it is text.
            worksheet.write_rich_string(self.rows_here, number, self.wrapped, cell[:1], cell[1:], self.wrapped)
        else:
            worksheet.write_string(self.rows_here, number, cell)
