"""The shipped fixtures in the database of a test, for the price of copying their rows.

`loaddata` and the projection of what it loads take six seconds, and some twenty modules ask about the outcome. So whoever asks
first loads the fixtures, notes every row in a folder that all processes of the test session share, and takes them back. From
then on the rows are copied in as they are, with the same keys, without triggers and checks: a twentieth of a second.
tests/test_shipped.py holds that both ways end in the same database.
"""

from __future__ import annotations

import fcntl
import json
from pathlib import Path

from django.core.management import call_command
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from quotes.curation import refresh_publication
from tests import emptying

SEQUENCES = "sequences.json"
NOT_OURS = "^(auth|django)_"  # accounts and the like, which no fixture brings


def load(*names: str) -> None:
    """Load and publish the fixtures, by name, as `manage.py run` does it."""
    call_command("loaddata", *names, verbosity=0)
    refresh_publication()


class Shipped:
    """Puts the shipped fixtures into the database; `folder` keeps their rows, and is the session's own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, *names: str) -> None:
        """Leave in the database what loading these fixtures into an empty one does, and nothing else.

        Until the transaction or savepoint that the caller is in is rolled back. Where the database's user may not switch triggers
        off, they are loaded each time.
        """
        with connection.cursor() as cursor:
            if emptying.is_allowed():
                copy_in(cursor, self._kept(*names))
            else:
                connection.check_constraints()
                cursor.execute(f"TRUNCATE {', '.join(tables(cursor))}")
                load(*names)

    def _kept(self, *names: str) -> Path:
        """The folder that keeps the rows of these fixtures; made by the first process that asks."""
        kept = self.folder / "+".join(names)
        with (self.folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not kept.exists():
                keep(kept, *names)
        return kept


def keep(folder: Path, *names: str) -> None:
    """Load the fixtures into empty tables, note the rows and the sequences in a new folder, and undo the loading."""
    unfinished = folder.with_suffix(".unfinished")
    unfinished.mkdir()
    with transaction.atomic(), connection.cursor() as cursor:
        empty(cursor)
        restart_sequences(cursor)
        load(*names)
        for table in tables(cursor):
            if rows := rows_of(cursor, table):
                (unfinished / table).write_bytes(rows)
        (unfinished / SEQUENCES).write_text(json.dumps(sequences(cursor)))
        transaction.set_rollback(True)
    unfinished.rename(folder)


def copy_in(cursor: CursorWrapper, folder: Path) -> None:
    """Replace all rows by those that are kept in the folder, and let sequences go on behind them."""
    empty(cursor)
    cursor.execute("SET LOCAL session_replication_role = replica")  # no triggers: what they do is among the rows
    for path in sorted(folder.iterdir()):
        if path.name != SEQUENCES:
            with cursor.copy(f'COPY "{path.name}" FROM STDIN') as copy:
                copy.write(path.read_bytes())
    cursor.execute("SET LOCAL session_replication_role = origin")
    last_values = json.loads((folder / SEQUENCES).read_text())
    cursor.execute(
        "SELECT setval(kept.name::regclass, greatest(kept.last_value, here.last_value))"
        " FROM unnest(%s::text[], %s::bigint[]) AS kept (name, last_value)"
        " JOIN pg_sequences AS here ON here.schemaname = 'public' AND here.sequencename = kept.name",
        [list(last_values), list(last_values.values())],
    )


def empty(cursor: CursorWrapper) -> None:
    cursor.execute("; ".join(emptying.statements(tables(cursor))))


def tables(cursor: CursorWrapper) -> list[str]:
    """The tables of this project's data."""
    query = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename !~ %s ORDER BY 1"
    cursor.execute(query, [NOT_OURS])
    return [name for (name,) in cursor.fetchall()]


def rows_of(cursor: CursorWrapper, table: str) -> bytes:
    """All rows in PostgreSQL's text format, a line for each."""
    with cursor.copy(f'COPY "{table}" TO STDOUT') as copy:
        return b"".join(bytes(part) for part in copy)


def sequences(cursor: CursorWrapper) -> dict[str, int]:
    """The last value of each of this project's sequences that was used."""
    cursor.execute(
        "SELECT sequencename, last_value FROM pg_sequences"
        " WHERE schemaname = 'public' AND last_value IS NOT NULL AND sequencename !~ %s ORDER BY 1",
        [NOT_OURS],
    )
    return dict(cursor.fetchall())


def restart_sequences(cursor: CursorWrapper) -> None:
    """Until the transaction is rolled back: unlike nextval() and setval(), this is undone with it."""
    for name in sequences(cursor):
        cursor.execute(f'ALTER SEQUENCE "{name}" RESTART')
