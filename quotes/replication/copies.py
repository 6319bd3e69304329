"""A read server's end: is it fit and empty, its subscription, and the door for readers, which opens when the copy is whole."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import OperationalError, connections
from psycopg import sql

from quotes.replication import ReplicationError, home
from quotes.replication.tables import PUBLICATION, READERS, TABLES, slot_of

OLDEST_MAJOR = 17
# What texts are compared and ordered by: pages of a list would overlap where two servers differ.
_LOCALE = """
    SELECT pg_encoding_to_char(encoding), datlocprovider, coalesce(datlocale, ''), datcollate
    FROM pg_database WHERE datname = current_database()
"""
_OWN_TABLES = (*TABLES, "django_migrations")


def alias_of(name: str) -> str:
    """The read server's name among DATABASES. Raises ReplicationError for one that QUOTEBASE_READ_SERVERS does not name."""
    if name not in settings.READ_SERVERS:
        known = ", ".join(sorted(settings.READ_SERVERS)) or "none"
        raise ReplicationError(
            f"There is no address for {name!r}: QUOTEBASE_READ_SERVERS names {known}. "
            f"Add {name}=postgresql://owner@host/database to it."
        )
    return str(settings.READ_SERVERS[name])


class Copy:
    """One read server, through its owner's connection."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.alias = alias_of(name)
        self.subscription = sql.Identifier(slot_of(name))

    def run(self, statement: sql.Composed | str, values: Sequence[Any] | None = None) -> list[tuple[Any, ...]]:
        """The rows of a statement on the read server."""
        with connections[self.alias].cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchall() if cursor.description else []

    def must_be_fit(self) -> None:
        """Raises ReplicationError where this database cannot become a read server's."""
        version = self.run("SELECT current_setting('server_version_num')::int / 10000")[0][0]
        if version < OLDEST_MAJOR:
            raise ReplicationError(f"{self.name} runs PostgreSQL {version}; quotebase needs {OLDEST_MAJOR} or later.")
        identity = "SELECT system_identifier FROM pg_control_system()"
        if self.run(identity) == home.run(identity):
            raise ReplicationError(f"{self.name} is the home server itself: a read server is another server.")
        here, there = home.run(_LOCALE)[0], self.run(_LOCALE)[0]
        if here != there:
            raise ReplicationError(
                f"The database of {self.name} has {_in_words(there)}; the home server has {_in_words(here)}. Texts would be "
                "ordered otherwise. Make it as docs/deployment.md says."
            )
        self._must_be_empty()

    def _must_be_empty(self) -> None:
        rows = self.run(
            "SELECT schemaname || '.' || tablename FROM pg_tables"
            " WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1"
        )
        others = [row[0] for row in rows if row[0] not in {f"public.{table}" for table in _OWN_TABLES}]
        if others:
            raise ReplicationError(f"The database of {self.name} is not empty: it holds {', '.join(others[:3])}.")
        for table in (table for table in TABLES if (f"public.{table}",) in rows):
            if self.run(sql.SQL("SELECT 1 FROM {} LIMIT 1").format(sql.Identifier(table))):
                raise ReplicationError(
                    f"{self.name} holds rows that follow nothing. `read_server remove {self.name}` first."
                )

    def is_subscribed(self) -> bool:
        rows = self.run(
            "SELECT 1 FROM pg_subscription WHERE subname = %s"
            " AND subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())",
            [slot_of(self.name)],
        )
        return bool(rows)

    def subscribe(self) -> None:
        """Copy the tables, and follow from there on."""
        self.run(
            sql.SQL("CREATE SUBSCRIPTION {} CONNECTION {} PUBLICATION {}").format(
                self.subscription, sql.Literal(home.conninfo()), sql.Identifier(PUBLICATION)
            )
        )

    def renew_tables(self) -> None:
        """Follow the tables that home publishes by now."""
        self.run(sql.SQL("ALTER SUBSCRIPTION {} REFRESH PUBLICATION").format(self.subscription))

    def unsubscribe(self) -> None:
        """Follow no more. Drops the slot at home, too, unless home is not in reach from here."""
        drop = sql.SQL("DROP SUBSCRIPTION {}").format(self.subscription)
        try:
            self.run(drop)
        except OperationalError:
            self.run(sql.SQL("ALTER SUBSCRIPTION {} DISABLE").format(self.subscription))
            self.run(sql.SQL("ALTER SUBSCRIPTION {} SET (slot_name = NONE)").format(self.subscription))
            self.run(drop)

    def unfinished(self) -> list[str]:
        """The tables that are still being copied, or have not caught up with the others."""
        rows = self.run(
            "SELECT srrelid::regclass::text FROM pg_subscription_rel JOIN pg_subscription ON pg_subscription.oid = srsubid"
            " WHERE subname = %s AND srsubstate <> 'r' ORDER BY 1",
            [slot_of(self.name)],
        )
        return [row[0] for row in rows]

    def close(self) -> None:
        """Let no reader in, and see those out who are: they find another server."""
        database = sql.Identifier(self._database())
        self.run(sql.SQL("REVOKE CONNECT, TEMPORARY ON DATABASE {} FROM PUBLIC").format(database))
        if self._has_readers():
            self.run(sql.SQL("REVOKE CONNECT ON DATABASE {} FROM {}").format(database, sql.Identifier(READERS)))
            self.run(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                " WHERE usename = %s AND datname = current_database()",
                [READERS],
            )

    def open(self) -> bool:
        """Let readers in, to read these tables and nothing else. Returns whether their role had to be made."""
        is_new = not self._has_readers()
        readers = sql.Identifier(READERS)
        if is_new:
            self.run(sql.SQL("CREATE ROLE {} LOGIN").format(readers))
        self.run("ANALYZE")  # the copied tables, before anybody asks
        tables = sql.SQL(", ").join(map(sql.Identifier, TABLES))
        self.run(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(readers))
        self.run(sql.SQL("GRANT SELECT ON {} TO {}").format(tables, readers))
        self.run(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(sql.Identifier(self._database()), readers))
        return is_new

    def empty(self) -> None:
        """Drop the tables: what is withdrawn from now on would stay in them."""
        self.run(sql.SQL("DROP TABLE IF EXISTS {}").format(sql.SQL(", ").join(map(sql.Identifier, _OWN_TABLES))))

    def _database(self) -> str:
        return str(self.run("SELECT current_database()")[0][0])

    def _has_readers(self) -> bool:
        return bool(self.run("SELECT 1 FROM pg_roles WHERE rolname = %s", [READERS]))


def _in_words(locale: Sequence[str]) -> str:
    encoding, provider, name, collate = locale
    kind = {"b": "builtin", "c": "libc", "i": "icu"}.get(provider, provider)
    return f"{encoding}, {kind} {name or collate}"
