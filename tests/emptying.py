"""Tables emptied by DELETE: TRUNCATE, which Django uses, makes hundreds of files anew, and takes a third of a second."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection


def is_allowed() -> bool:
    """Whether the database's user may switch triggers off: a superuser, as the embedded server's is, or who was granted it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_parameter_privilege('session_replication_role', 'SET')")
        return bool(cursor.fetchone()[0])


def statements(tables: Sequence[str]) -> list[str]:
    """What empties the tables within a transaction: as with TRUNCATE, no trigger fires."""
    return [
        "SET LOCAL session_replication_role = replica",
        *(f"DELETE FROM {connection.ops.quote_name(table)}" for table in tables),
        "SET LOCAL session_replication_role = origin",
    ]


def flush_by_delete() -> None:
    """Let the flush that ends every test with transactions of its own empty the tables so too, where that is allowed."""
    if not is_allowed():
        return
    truncate = connection.ops.sql_flush

    def sql_flush(style: Any, tables: Sequence[str], *, reset_sequences: bool = False, **options: Any) -> list[str]:
        if reset_sequences or not tables:  # the command's own default
            return truncate(style, tables, reset_sequences=reset_sequences, **options)
        # Who still writes, as a live server does that a browser has just left, is waited for: TRUNCATE would, too.
        return [f"LOCK TABLE {', '.join(map(connection.ops.quote_name, tables))}", *statements(tables)]

    connection.ops.sql_flush = sql_flush
