"""A SQLite file from anybody, opened so that nothing but rows of plain tables can come out of it.

It is read from a copy, read-only. Virtual tables and generated columns are refused, and views are no tables: they would run the
file's own SQL. No function may be called; and both the size of a value and the work of SQLite's machine have an end.
"""

from __future__ import annotations

import contextlib
import sqlite3
import tempfile
from collections.abc import Iterator
from typing import Any

from quotes.datasets.importing.refusals import ImportRefused, Refusal, shown
from quotes.datasets.importing.tables import MAX_FILE_BYTES

SIGNATURE = b"SQLite format 3\0"
# What is read of each table.
_COLUMNS = {
    "SETTINGS": {"property", "value"},
    "STATEMENTTYPES": {"id", "label"},
    "VARIABLES": {"id", "variable", "statementtypeid"},
    "STATEMENTS": {"id", "statementtypeid", "documentid", "start", "stop", "coder"},
    "DOCUMENTS": {"id", "title", "text", "author", "source", "section", "notes", "type", "date"},
    "ENTITIES": {"id", "value"},
    "DATASHORTTEXT": {"statementid", "variableid", "entity"},
    "DATALONGTEXT": {"statementid", "variableid", "value"},
    "DATAINTEGER": {"statementid", "variableid", "value"},
    "DATABOOLEAN": {"statementid", "variableid", "value"},
}
_ALLOWED = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ}
# Instructions of SQLite's machine, and how many of them pass between two looks. The fullest file takes a tenth.
_MOST_WORK, _STEP = 500_000_000, 1_000_000


def refused(code: str, detail: str) -> ImportRefused:
    """A refusal of the file as a whole."""
    return ImportRefused([Refusal(code, detail)])


@contextlib.contextmanager
def opened(content: bytes) -> Iterator[Database]:
    """The database. Raises ImportRefused, also while it is read, where it is damaged, or none of DNA 3."""
    if len(content) > MAX_FILE_BYTES:
        raise refused("too_large", f"The file has {len(content):,} bytes; at most {MAX_FILE_BYTES:,} come in here.")
    with tempfile.NamedTemporaryFile(prefix="quotebase-dna-") as file:
        file.write(content)
        file.flush()
        try:
            with contextlib.closing(
                sqlite3.connect(f"file:{file.name}?mode=ro&immutable=1", uri=True, isolation_level=None)
            ) as connection:
                yield _checked(connection)
        except (
            sqlite3.Error,
            UnicodeDecodeError,
        ) as error:  # the latter where SQLite's own message quotes broken bytes
            detail = f"The SQLite file is damaged, or cut off, or not what DNA writes: {shown(str(error))}."
            raise refused("damaged", detail) from error


def _checked(connection: sqlite3.Connection) -> Database:
    """The connection, once it is known to have DNA's tables and can do no more than read them."""
    _restrict(connection)
    tables = _plain_tables(connection)  # first: the check that follows computes what columns compute
    for (finding,) in connection.execute("PRAGMA quick_check(1)"):
        if finding != "ok":
            raise refused("damaged", f"The SQLite file is damaged: {shown(str(finding))}.")
    version = _version(connection) if "SETTINGS" in tables else None
    if version is None:
        raise refused("not_dna", "This is a SQLite database, but none of the Discourse Network Analyzer.")
    if not version.startswith("3."):
        detail = (
            f"This is a file of DNA {shown(version)}. Make a new database in DNA 3, import this one into it "
            "(its menu Document, “Import from DNA database”), and bring in that one."
        )
        raise refused("old_version", detail)
    for table, columns in _COLUMNS.items():
        if missing := columns - tables.get(table, set()):
            detail = f"The table {table} of a DNA database is not there, or lacks {', '.join(sorted(missing))}."
            raise refused("not_dna", detail)
    connection.set_authorizer(lambda action, *names: sqlite3.SQLITE_OK if action in _ALLOWED else sqlite3.SQLITE_DENY)
    return Database(connection)


def _restrict(connection: sqlite3.Connection) -> None:
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_FILE_BYTES)
    work = 0

    def look() -> bool:
        nonlocal work
        work += _STEP
        return work > _MOST_WORK

    connection.set_progress_handler(look, _STEP)
    for pragma in ("trusted_schema = OFF", "ignore_check_constraints = ON", "temp_store = MEMORY", "mmap_size = 0"):
        connection.execute(f"PRAGMA {pragma}")


def _plain_tables(connection: sqlite3.Connection) -> dict[str, set[str]]:
    """The columns of the tables, in small letters, by table in capitals. Raises ImportRefused for tables that run code."""
    found: dict[str, set[str]] = {}
    for name, sql in connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'table'"):
        is_plain = str(sql).upper().startswith("CREATE TABLE")  # SQLite writes these two words as they are here
        columns = (
            connection.execute("SELECT name, hidden FROM pragma_table_xinfo(?)", [name]).fetchall() if is_plain else []
        )
        if not is_plain or any(hidden for _, hidden in columns):
            raise refused("not_dna", f"The table {shown(str(name))} computes its content, as none of DNA's does.")
        found[str(name).upper()] = {str(column).lower() for column, _ in columns}
    return found


def _version(connection: sqlite3.Connection) -> str | None:
    found = connection.execute("SELECT Value FROM SETTINGS WHERE Property = 'version'").fetchone()
    return str(found[0]) if found else None


class Database:
    """Rows of DNA's tables."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def rows(self, table: str, *columns: str, most: int | None = None) -> Iterator[tuple[Any, ...]]:
        """Columns of all rows. Raises ImportRefused where there are more than `most`."""
        found = self._connection.execute(f"SELECT {', '.join(columns)} FROM {table}")  # noqa: S608 - our own words
        for number, row in enumerate(found, 1):
            if most is not None and number > most:
                raise refused("too_many_rows", f"More than {most:,} rows in the table {table}. Cut it into several.")
            yield row

    def row(self, table: str, number: int, *columns: str) -> tuple[Any, ...] | None:
        """Columns of one row, by its ID."""
        sql = f"SELECT {', '.join(columns)} FROM {table} WHERE ID = ?"  # noqa: S608 - our own words
        found: tuple[Any, ...] | None = self._connection.execute(sql, [number]).fetchone()
        return found
