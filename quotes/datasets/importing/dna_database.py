"""DNA 3's own database, a SQLite file: its statements with the words that they mark, read as if they came from an event list.

Of the statement types those are read that have the variables `concept` and `agreement`; the others, and further variables, are
named as left out. A document's notes are its article's address where they are one. Rows are counted by the statements' IDs.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from quotes.datasets.importing.columns import Header
from quotes.datasets.importing.dna_sqlite import SIGNATURE, Database, opened, refused
from quotes.datasets.importing.dna_statements import Told, known_columns, statement_rows
from quotes.datasets.importing.refusals import Refusal, shown
from quotes.datasets.importing.tables import MAX_CELL, MAX_FILE_BYTES, MAX_ROWS, Row

__all__ = ["SIGNATURE", "database_rows"]

_MOST_VARIABLES = 10_000
_MOST_ID = 2**31 - 1
# Of a name, a title or the like; DNA itself keeps them under 191.
_LONGEST = 4_000
# Statements may overlap, so that their words are more than the file's; beyond this they are no coder's work.
_MOST_WORDS = 2 * MAX_FILE_BYTES
_EPOCH = dt.datetime(1970, 1, 1)  # DNA's times are of no zone
_VALUES = {"boolean": "DATABOOLEAN", "integer": "DATAINTEGER", "long text": "DATALONGTEXT"}


@dataclass(frozen=True, slots=True)
class _Statement:
    id: int
    type: int
    document: int
    start: int
    stop: int
    coder: int


@dataclass(slots=True)
class _Types:
    """The statement types: their names, and the variables of each, by ID."""

    labels: dict[int, str] = field(default_factory=dict)
    variables: dict[int, dict[int, str]] = field(default_factory=dict)

    def is_read(self, number: int) -> bool:
        return {"concept", "agreement"} <= set(self.variables.get(number, {}).values())


class _Document:
    """A document and its text, cut where statements are: at UTF-16 units, which DNA's window counts."""

    def __init__(self, values: Mapping[str, str], text: str) -> None:
        self.values, self.text = values, text
        self._units = None if text.isascii() or max(text) <= "\uffff" else text.encode("utf-16-le", "surrogatepass")

    def words(self, start: int, stop: int) -> str | None:
        """The words from `start` to `stop`; None where that is no place in the text."""
        length = len(self.text) if self._units is None else len(self._units) // 2
        if not 0 <= start < stop <= length:
            return None
        if self._units is None:
            return self.text[start:stop]
        return self._units[2 * start : 2 * stop].decode("utf-16-le", "surrogatepass")


def database_rows(content: bytes) -> tuple[Header, Iterator[Row]]:
    """The statements as rows of our columns. Raises ImportRefused for what is damaged, or no database of DNA 3."""
    with opened(content) as database:
        types = _types(database)
        statements = _statements(database)
        wanted = [one for one in statements if types.is_read(one.type)]
        values = _values(database, types, {one.id for one in wanted})
        found = list(_told(database, wanted, values))
    return Header((), tuple(_left_out(types, statements))), statement_rows(found)


def _types(database: Database) -> _Types:
    types = _Types(dict(database.rows("STATEMENTTYPES", "ID", "Label", most=_MOST_VARIABLES)))
    for number, name, type in database.rows("VARIABLES", "ID", "Variable", "StatementTypeId", most=_MOST_VARIABLES):
        types.variables.setdefault(type, {})[number] = _short(name)
    if not any(map(types.is_read, types.labels)):
        detail = "No statement type has the variables concept and agreement, which a position is read from."
        raise refused("missing_column", detail)
    return types


def _statements(database: Database) -> list[_Statement]:
    """In the order of documents, so that each is read once."""
    columns = ("ID", "StatementTypeId", "DocumentId", "Start", "Stop", "Coder")
    found = []
    for row in database.rows("STATEMENTS", *columns, most=MAX_ROWS):
        if not all(isinstance(value, int) for value in row) or not 0 < row[0] <= _MOST_ID:
            raise refused("damaged", f"A statement has values that are no numbers of DNA's: {shown(str(row))}.")
        found.append(_Statement(*row))
    return sorted(found, key=lambda one: (one.document, one.id))


def _values(database: Database, types: _Types, statements: set[int]) -> dict[int, dict[str, str]]:
    """Of each statement the values that are read, by the variable's name."""
    names = {
        number: name
        for type, variables in types.variables.items()
        if types.is_read(type)
        for number, name in variables.items()
        if name in known_columns(variables.values())
    }
    found: dict[int, dict[str, str]] = {number: {} for number in statements}
    entities: dict[int, list[tuple[int, str]]] = {}
    for statement, variable, entity in database.rows("DATASHORTTEXT", "StatementId", "VariableId", "Entity"):
        if statement in found and variable in names:
            entities.setdefault(entity, []).append((statement, names[variable]))
    for entity, value in database.rows("ENTITIES", "ID", "Value"):
        for statement, name in entities.pop(entity, ()):
            found[statement][name] = _short(value)
    if entities:
        raise refused("damaged", f"Statements name {len(entities)} entities that are not there.")
    for table in _VALUES.values():
        for statement, variable, value in database.rows(table, "StatementId", "VariableId", "Value"):
            if statement in found and variable in names:
                found[statement][names[variable]] = _short(value)
    return found


def _told(database: Database, statements: list[_Statement], values: Mapping[int, dict[str, str]]) -> Iterator[Told]:
    document, number = None, None
    characters = words = 0
    for one in statements:
        if one.document != number:
            document, number = _document(database, one.document), one.document
            characters += len(document.text) if document else 0
            if characters > MAX_FILE_BYTES:
                raise refused("damaged", "The documents have more text than the file has bytes.")
        if document is None:
            detail = f"Statement {one.id} is of document {one.document}, which is not there."
            yield Told(one.id, {}, (Refusal("unknown", detail, one.id, "document_id", str(one.document)),))
            continue
        text = document.words(one.start, one.stop) if one.stop - one.start <= MAX_CELL else None
        if text is None:
            detail = f"No place of at most {MAX_CELL:,} characters in the text of document {one.document}."
            yield Told(
                one.id, {}, (Refusal("invalid", detail, one.id, "start_position", f"{one.start} to {one.stop}"),)
            )
            continue
        words += len(text)
        if words > _MOST_WORDS:
            raise refused("too_large", f"The statements have more than {_MOST_WORDS:,} characters together.")
        said = {"statement_id": str(one.id), "text": text, "coder": str(one.coder)}
        yield Told(one.id, {**values[one.id], **document.values, **said})


def _document(database: Database, number: int) -> _Document | None:
    columns = ("Title", "Author", "Source", "Section", "Type", "Notes", "Date", "Text")
    found = database.row("DOCUMENTS", number, *columns)
    if found is None:
        return None
    title, author, source, section, type, notes, date, text = found
    if not isinstance(text, str):
        raise refused("damaged", f"The text of document {number} is no text.")
    values = {
        "document_id": str(number),
        "document_title": _short(title),
        "document_author": _short(author),
        "document_source": _short(source),
        "document_section": _short(section),
        "document_type": _short(type),
        "time": _time(date),
    }
    address = notes.strip() if isinstance(notes, str) else ""
    if address.startswith(("http://", "https://")) and len(address.split()) == 1:
        values["url"] = _short(address)
    return _Document(values, text)


def _time(seconds: object) -> str:
    """As the event list has it; what is no time is left for the row to refuse."""
    try:
        return (_EPOCH + dt.timedelta(seconds=int(str(seconds)))).isoformat(" ")
    except (OverflowError, ValueError):
        return _short(seconds)


def _short(value: object) -> str:
    """A name, a title, a number. Raises ImportRefused where DNA could have written none such."""
    if isinstance(value, bytes) or len(str(value)) > _LONGEST:
        raise refused("damaged", f"A name or title that is none of DNA's: {shown(str(value)[:100])}")
    return "" if value is None else str(value)


def _left_out(types: _Types, statements: list[_Statement]) -> Iterator[str]:
    """Statement types that are not read, and variables of those that are."""
    counts = Counter(one.type for one in statements)
    for number, count in sorted(counts.items()):
        label = shown(str(types.labels.get(number, number)))
        variables = types.variables.get(number, {}).values()
        if not types.is_read(number):
            yield f"{label} ({count:,} statements)"
            continue
        for name in sorted(set(variables) - known_columns(variables)):
            yield f"{shown(name)} of {label}"
