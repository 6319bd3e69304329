"""The home server's end: is it fit to be followed, what it publishes, and the slots that keep what a read server has not yet."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import OperationalError, connection
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from quotes.replication import ReplicationError
from quotes.replication.tables import PREFIX, PUBLICATION, TABLES, slot_of

# Beside its own slot, a new read server takes two for a while, to copy the tables with.
SLOTS_NEEDED = 3
# To drop a slot that somebody takes again and again.
PATIENCE_SECONDS = 30
# In one statement, so that whoever held the slot has no time to come back in between.
_END_AND_DROP = sql.SQL("""
    DO $$ BEGIN
        PERFORM pg_terminate_backend(active_pid, 5000) FROM pg_replication_slots
            WHERE slot_name = {slot} AND active_pid IS NOT NULL;
        PERFORM pg_drop_replication_slot({slot});
    END $$
""")


def run(statement: sql.Composed | str, values: Sequence[Any] | None = None) -> list[tuple[Any, ...]]:
    """The rows of a statement on the home server."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else []


def _setting(name: str) -> str:
    return str(run("SELECT current_setting(%s)", [name])[0][0])


def must_be_followable() -> None:
    """Raises ReplicationError, saying what to set, where the home server cannot be followed by one more server."""
    if (level := _setting("wal_level")) != "logical":
        raise ReplicationError(
            f"The home server runs with wal_level = {level}; read servers need wal_level = logical. "
            "On the home server: ALTER SYSTEM SET wal_level = 'logical', then restart it. "
            "The embedded server is started so with QUOTEBASE_PG_LOGICAL=on."
        )
    for name, used in (
        ("max_replication_slots", "SELECT count(*) FROM pg_replication_slots"),
        ("max_wal_senders", "SELECT count(*) FROM pg_stat_replication"),
    ):
        most, taken = int(_setting(name)), run(used)[0][0]
        if most - taken < SLOTS_NEEDED:
            raise ReplicationError(
                f"{name} = {most} on the home server, of which {taken} are taken; one more read server needs "
                f"{SLOTS_NEEDED} while it copies the tables. Raise it, and restart the home server."
            )


def advice() -> list[str]:
    """What would be better set otherwise on the home server."""
    if _setting("max_slot_wal_keep_size") != "-1":
        return []
    return [
        "max_slot_wal_keep_size is -1 on the home server: it keeps its log for a read server that is away until its own disk "
        "is full. Set a limit, such as ALTER SYSTEM SET max_slot_wal_keep_size = '10GB' and SELECT pg_reload_conf(); a read "
        "server that was away for longer then needs `read_server resync`."
    ]


def publish_tables() -> bool:
    """Publish exactly the tables that are public and exist by now. Returns whether anything had to change."""
    wanted = [row[0] for row in run("SELECT tablename FROM pg_tables WHERE tablename = ANY(%s)", [list(TABLES)])]
    is_there = run("SELECT 1 FROM pg_publication WHERE pubname = %s", [PUBLICATION])
    if is_there and _published() == set(wanted):
        return False
    begin = "ALTER PUBLICATION {} SET TABLE {}" if is_there else "CREATE PUBLICATION {} FOR TABLE {}"
    tables = sql.SQL(", ").join(map(sql.Identifier, sorted(wanted)))
    run(sql.SQL(begin).format(sql.Identifier(PUBLICATION), tables))
    return True


def _published() -> set[str]:
    rows = run("SELECT tablename FROM pg_publication_tables WHERE pubname = %s", [PUBLICATION])
    return {row[0] for row in rows}


def conninfo() -> str:
    """How read servers reach the home server: REPLICATION_DATABASE_URL, else as this process does."""
    if settings.REPLICATION_CONNINFO:
        return str(settings.REPLICATION_CONNINFO)
    known = connection.get_connection_params()
    names = ("host", "port", "user", "password", "dbname", "sslmode", "sslrootcert")
    return make_conninfo(**{name: known[name] for name in names if known.get(name)})


def let_it_copy() -> None:
    """Grant what the first copy needs to the role that read servers come as, where that is not the owner."""
    role = conninfo_to_dict(conninfo()).get("user")
    if not role or run("SELECT current_user = %s", [role])[0][0]:
        return
    allowed = run("SELECT rolreplication OR rolsuper FROM pg_roles WHERE rolname = %s", [role])
    if not allowed or not allowed[0][0]:
        raise ReplicationError(
            f"REPLICATION_DATABASE_URL names the role {role}, which "
            + ("may not replicate" if allowed else "the home server does not have")
            + f". On the home server: {'ALTER' if allowed else 'CREATE'} ROLE {role} LOGIN REPLICATION PASSWORD '…'"
        )
    tables = sql.SQL(", ").join(map(sql.Identifier, sorted(_published())))
    run(sql.SQL("GRANT SELECT ON {} TO {}").format(tables, sql.Identifier(str(role))))


def slots() -> list[str]:
    """The names of the read servers that have a slot here."""
    rows = run(
        "SELECT slot_name FROM pg_replication_slots WHERE database = current_database() AND starts_with(slot_name, %s)"
        " ORDER BY slot_name",
        [PREFIX],
    )
    return [row[0].removeprefix(PREFIX) for row in rows]


def drop_slot(name: str) -> bool:
    """Drop a read server's slot, whoever holds it. Returns whether there was one."""
    if name not in slots():
        return False
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            run(_END_AND_DROP.format(slot=sql.Literal(slot_of(name))))
        except OperationalError:  # taken for dead, it has come back meanwhile
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            break
    return True


def forget_publication() -> None:
    """Drop the publication once nobody follows."""
    if not slots():
        run(sql.SQL("DROP PUBLICATION IF EXISTS {}").format(sql.Identifier(PUBLICATION)))
