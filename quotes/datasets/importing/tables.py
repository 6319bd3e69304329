"""A file's bytes as rows of cells, whatever its format. A cell is text: what a spreadsheet would run as a formula, too."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import PurePath

from quotes.datasets.importing.refusals import ImportRefused, Refusal, shown

MAX_FILE_BYTES = 50 * 10**6
MAX_ROWS = 100_000
MAX_CELL = 10**6  # characters
FORMATS = {
    ".csv": "csv",
    ".tsv": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".parquet": "parquet",
    ".xlsx": "xlsx",
}
# Those of other programs share their endings with ours, so they are named (`--format dna`).
KINDS = (*sorted(set(FORMATS.values())), "dna", "hypothesis")

_SIGNATURES = {
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
    b"PK\x03\x04": "a ZIP archive (a workbook is one: its name ends in .xlsx)",
    b"PAR1": "Parquet (its name ends in .parquet)",
    b"\x1f\x8b": "gzip",
    b"SQLite format 3\0": "a SQLite database (one of the Discourse Network Analyzer comes in by --format dna)",
    b"%PDF": "PDF",
    b"\x7fELF": "a program",
}


@dataclass(frozen=True)
class SourceFile:
    """A file to import. `source` names the collection that its rows' own ids are unique in: the file's name, unless said."""

    name: str
    content: bytes = field(repr=False)
    format: str = ""
    source: str = ""

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    @property
    def kind(self) -> str:
        """The format, as said or as the file's name ends. Raises ImportRefused."""
        suffix = PurePath(self.name).suffix.lower()
        kind = self.format or FORMATS.get(suffix, "")
        if kind not in KINDS:
            known = ", ".join(KINDS)
            raise ImportRefused([Refusal("unknown_format", f"{shown(kind or self.name)!r}: not one of {known}.")])
        return kind

    @property
    def collection(self) -> str:
        return self.source or PurePath(self.name).stem


@dataclass(frozen=True)
class Row:
    """A row's cells by header. `refusals` are what stood in the way of reading them.

    `position` is where the words begin in their page, in UTF-16 units, where the format says so.
    """

    number: int
    cells: dict[str, str] = field(default_factory=dict)
    refusals: tuple[Refusal, ...] = ()
    position: int | None = None


def decoded(content: bytes) -> str:
    """The text of a UTF-8 file; a byte order mark may stand at its very start. Raises ImportRefused, naming the place."""
    if len(content) > MAX_FILE_BYTES:
        raise _refused("too_large", f"The file has {len(content):,} bytes; at most {MAX_FILE_BYTES:,} come in here.")
    if not content.strip(b" \t\r\n\xef\xbb\xbf"):
        raise _refused("empty", "The file is empty.")
    for signature, kind in _SIGNATURES.items():
        if content.startswith(signature):
            raise _refused("not_text", f"This is {kind}. Save the table as CSV in UTF-8, or as JSON Lines.")
    if (at := content.find(b"\0")) >= 0:
        raise _refused("not_text", f"NUL at byte {at}: this is no UTF-8 text. Save the table as CSV in UTF-8.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        detail = (
            f"Line {line} is not UTF-8: byte {content[error.start]:#04x} at {error.start}. Save the table in UTF-8."
        )
        raise _refused("not_utf8", detail, row=line) from None


def counted(rows: Iterable[Row]) -> Iterator[Row]:
    """The rows, as long as there are not too many. Raises ImportRefused."""
    for number, row in enumerate(rows, 1):
        if number > MAX_ROWS:
            raise _refused("too_many_rows", f"More than {MAX_ROWS:,} rows. Cut the table into several files.")
        yield row


def check_cell(row: int, column: str, value: str) -> Refusal | None:
    """Why a cell's text is not taken, if it is not: too long, or characters that no text has."""
    if len(value) > MAX_CELL:
        return Refusal("too_long", f"{len(value):,} characters; at most {MAX_CELL:,}.", row, column, shown(value))
    for char in value:
        if (
            (char < " " and char not in "\t\n\r")
            or "\x7f" <= char <= "\x9f"
            or char == "\ufeff"
            or "\ud800" <= char <= "\udfff"
        ):
            detail = f"The character U+{ord(char):04X}, which stands for no letter or mark."
            return Refusal("control_character", detail, row, column, shown(value))
    return None


def _refused(code: str, detail: str, *, row: int | None = None) -> ImportRefused:
    return ImportRefused([Refusal(code, detail, row)])
