"""DNA's two kinds of file, told apart by their first bytes: its own database, and the event list that it exports (CSV)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping

from quotes.datasets.importing.columns import Header
from quotes.datasets.importing.dna_database import SIGNATURE, database_rows
from quotes.datasets.importing.dna_statements import Told, known_columns, statement_rows
from quotes.datasets.importing.refusals import ImportRefused, Refusal
from quotes.datasets.importing.tables import Row, decoded

_NEEDED = ("statement_id", "time", "text", "document_id", "document_title")


def dna_rows(content: bytes) -> tuple[Header, Iterator[Row]]:
    """The statements as rows of our columns. Raises ImportRefused where this is neither a database of DNA nor an event list."""
    if content.startswith(SIGNATURE):
        return database_rows(content)
    reader = csv.DictReader(io.StringIO(decoded(content), newline=""), delimiter=";", strict=True)
    names = list(reader.fieldnames or [])
    if missing := [name for name in _NEEDED if name not in names]:
        detail = f"This is no event list of DNA: there is no column {', '.join(missing)}."
        raise ImportRefused([Refusal("missing_column", detail, 1, missing[0])])
    known = known_columns(names)
    return Header((), tuple(name for name in names if name not in known)), statement_rows(_events(reader))


def _events(reader: csv.DictReader[str]) -> Iterator[Told]:
    try:
        for number, found in enumerate(reader, 2):
            yield _told(number, found)
    except csv.Error as error:
        raise ImportRefused([Refusal("not_csv", f"Not CSV: {error}.", reader.line_num)]) from None


def _told(number: int, found: Mapping[str | None, str | None]) -> Told:
    if None in found or None in found.values():
        return Told(number, {}, (Refusal("ragged", "More or fewer cells than headers.", number),))
    return Told(number, {str(name): str(value) for name, value in found.items()})
