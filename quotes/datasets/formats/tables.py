"""The flat tables: which columns each kind of row has, and a row's cells in them. CSV, XLSX and Parquet share them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

import orjson

from quotes.datasets.formats.rows import Context, Row
from quotes.publication import entity_records, records
from quotes.publication.records import Column


@dataclass(frozen=True, slots=True)
class Table:
    """The columns of a kind, what its rows are called, and the address that their pages are under."""

    name: str
    address: str
    columns: tuple[Column[Any], ...]


def _member(name: str, type_: str, meaning: str) -> Column[Any]:
    return Column(name, type_, meaning, lambda document: document[name])


MODIFIED = _member("modified", "timestamp", "When the public last saw it change (UTC).")
CHANGING = (_member("quote_count", "integer", "How many published quotes it has."), MODIFIED)


def _table(name: str, key: str, columns: Iterable[Column[Any]], *members: Column[Any], address: str = "") -> Table:
    permalink: Column[Any] = Column("permalink", "string", "The page that shows it.", lambda document: document[key])
    return Table(name, address or name, (permalink, *columns, *members))


TABLES: Mapping[str, Table] = {
    "quote": _table("quotes", "uid", records.COLUMNS, MODIFIED),
    "person": _table("people", "slug", entity_records.PERSON_COLUMNS, *CHANGING),
    "organization": _table("organizations", "slug", entity_records.ORGANIZATION_COLUMNS, *CHANGING),
    "article": _table("articles", "slug", entity_records.ARTICLE_COLUMNS, *CHANGING),
    "topic": _table("topics", "slug", entity_records.TOPIC_COLUMNS, *CHANGING),
    "coding": _table("codings", "quote", entity_records.CODING_COLUMNS, address="quotes"),
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of one answer as cells: the columns that are wanted, and the rows still to come."""

    table: Table
    columns: tuple[Column[Any], ...]
    is_whole: bool
    rows: Iterator[Row]
    root: str

    def cells(self, row: Row) -> list[Any]:
        """The row's values in `columns`: strings, numbers, booleans, datetimes, None."""
        document = {**orjson.loads(row.document), **row.members}
        values = [column.of(document) for column in self.columns]
        if self.columns and self.columns[0].name == "permalink":
            values[0] = f"{self.root}/{self.table.address}/{values[0]}/"
        return values


def sheet(kind: str, rows: Iterable[Row], context: Context) -> Sheet:
    """The answer as a table. The first row is fetched: it says which columns are wanted."""
    table, rows = TABLES[kind], iter(rows)
    first = next(rows, None)
    wanted = first.fields if first else context.fields
    columns = tuple(column for column in table.columns if wanted is None or column.name in wanted)
    return Sheet(table, columns, wanted is None, rows if first is None else chain([first], rows), context.root)
