"""DNA's own file: a SQLite database that DNA 3.0 opens. It needs all of itself to be written, so it is made aside and then sent.

A document's text is the quotes of the article that are in the file, one after another: the article's own is not ours to give.
A statement's place counts UTF-16 units, as DNA's window does where a coder marks words.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from quotes.datasets.dna import schema
from quotes.datasets.dna.statements import AS_STATED, Losses, Selection, Statement, statements
from quotes.datasets.formats import Row

_VERSION = "3.0.11"
_BETWEEN = "\n\n"
_CHUNK = 1 << 20
_EPOCH = dt.date(1970, 1, 1)
_ADMIN = 1


def database(rows: Iterable[Row], losses: Losses, selection: Selection = AS_STATED) -> Iterator[bytes]:
    """The database of quotes, whole. The same quotes give the same bytes, with the same version of SQLite."""
    with tempfile.TemporaryDirectory(prefix="quotebase-dna-") as folder:
        path = Path(folder) / "quotes.dna"
        with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode = OFF")
            connection.execute("BEGIN")
            _begin(connection)
            writer = _Writer(connection, losses)
            for one in statements(rows, selection, losses):
                writer.write(one)
            losses.counts["documents"] = len(writer.documents)
            connection.execute("COMMIT")
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                yield chunk


def _begin(connection: sqlite3.Connection) -> None:
    """The tables, the one coder, and the statement type with its variables."""
    for statement in schema.create_statements():
        connection.execute(statement)
    _insert(connection, "SETTINGS", Property="version", Value=_VERSION)
    _insert(connection, "CODERS", ID=_ADMIN, Name="Admin", Red=255, Green=255, Blue=0, Password=schema.PASSWORD_HASH)
    _insert(connection, "STATEMENTTYPES", ID=schema.STATEMENT_TYPE, Label="DNA Statement", Red=239, Green=208, Blue=51)
    for number, name, kind in schema.VARIABLES:
        _insert(connection, "VARIABLES", ID=number, Variable=name, DataType=kind, StatementTypeId=schema.STATEMENT_TYPE)
    for variable in schema.ENTITY_VARIABLES.values():
        for attribute in schema.ATTRIBUTES:
            _insert(connection, "ATTRIBUTEVARIABLES", VariableId=variable, AttributeVariable=attribute)


def _insert(connection: sqlite3.Connection, table: str, **values: Any) -> int:
    """Insert a row; return its ID. Table and columns are this module's own words."""
    places = ", ".join("?" * len(values))
    sql = f"INSERT INTO {table} ({', '.join(values)}) VALUES ({places})"  # noqa: S608
    return connection.execute(sql, list(values.values())).lastrowid or 0


class _Writer:
    """Statements into the tables. Of a document its ID and the length of its text, in UTF-16 units, are kept."""

    def __init__(self, connection: sqlite3.Connection, losses: Losses) -> None:
        self.connection, self.losses = connection, losses
        self.documents: dict[str, tuple[int, int]] = {}
        self._wide: set[str] = set()
        self._entities: dict[tuple[int, str], int] = {}
        self._place: tuple[str, int, int, int] = ("", 0, 0, 0)
        rows = connection.execute("SELECT VariableId, AttributeVariable, ID FROM ATTRIBUTEVARIABLES")
        self._attributes = {(variable, name): number for variable, name, number in rows}
        for variable in schema.ENTITY_VARIABLES.values():
            self._entity(variable, "")  # DNA keeps one for statements without a value

    def write(self, one: Statement) -> None:
        document, start, stop = self._position(one.quote)
        self.losses.counts["units"] += one.quote["article"]["slug"] in self._wide
        statement = _insert(
            self.connection,
            "STATEMENTS",
            StatementTypeId=schema.STATEMENT_TYPE,
            DocumentId=document,
            Start=start,
            Stop=stop,
            Coder=_ADMIN,
        )
        topic = one.topic
        about = {"Alias": topic["name"], "Notes": topic["proposition"]}
        entities = {
            "person": self._entity(schema.ENTITY_VARIABLES["person"], one.person),
            "organization": self._entity(schema.ENTITY_VARIABLES["organization"], one.organization),
            "concept": self._entity(schema.ENTITY_VARIABLES["concept"], self.losses.cut(topic["slug"]), about),
        }
        for name, entity in entities.items():
            self._value("DATASHORTTEXT", statement, schema.ENTITY_VARIABLES[name], Entity=entity)
        self._value("DATABOOLEAN", statement, schema.AGREEMENT, Value=int(one.agrees))
        for variable, value in zip(schema.LONG_TEXTS, one.own_values, strict=True):
            self._value("DATALONGTEXT", statement, variable, Value=value)

    def _value(self, table: str, statement: int, variable: int, **value: Any) -> None:
        _insert(self.connection, table, StatementId=statement, VariableId=variable, **value)

    def _entity(self, variable: int, value: str, about: Mapping[str, str] | None = None) -> int:
        if (variable, value) not in self._entities:
            entity = _insert(self.connection, "ENTITIES", VariableId=variable, Value=value, Red=0, Green=0, Blue=0)
            for name in schema.ATTRIBUTES:
                attribute, text = self._attributes[variable, name], self.losses.cut((about or {}).get(name, ""))
                _insert(
                    self.connection,
                    "ATTRIBUTEVALUES",
                    EntityId=entity,
                    AttributeVariableId=attribute,
                    AttributeValue=text,
                )
            self._entities[variable, value] = entity
        return self._entities[variable, value]

    def _position(self, quote: Mapping[str, Any]) -> tuple[int, int, int]:
        """The quote's document, and its words' place there; they are put there where they are not yet."""
        uid, text, article = quote["uid"], quote["text"], quote["article"]
        if self._place[0] != uid:
            document, length = self.documents.get(article["slug"]) or (self._document(article), 0)
            before = _BETWEEN if length else ""
            start = length + len(before)
            stop = start + _units(text)
            self.connection.execute("UPDATE DOCUMENTS SET Text = Text || ? WHERE ID = ?", [before + text, document])
            self.documents[article["slug"]] = document, stop
            self._place = uid, document, start, stop
            if _units(text) > len(text):
                self._wide.add(article["slug"])
        return self._place[1:]

    def _document(self, article: Mapping[str, Any]) -> int:
        day = dt.date.fromisoformat(self.losses.first_day(article["published"]))
        return _insert(
            self.connection,
            "DOCUMENTS",
            Title=self.losses.cut(article["title"]),
            Text="",
            Coder=_ADMIN,
            Author=self.losses.cut("; ".join(one["name"] for one in article["authors"])),
            Source=self.losses.cut(article["outlet"]["name"] if article["outlet"] else ""),
            Notes=article["url"],
            Type=article["genre"],
            Date=(day - _EPOCH).days * 86_400,
        )


def _units(text: str) -> int:
    """The length of a text in UTF-16 units.

    >>> _units("lamp"), _units("\\N{ELECTRIC LIGHT BULB}")
    (4, 2)
    """
    return len(text.encode("utf-16-le")) // 2
