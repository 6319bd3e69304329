"""The databases that are measured: made once for each size, kept in .local/benchmarks, made anew when their maker changes."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from psycopg import sql

from benchmarks import data
from quotes.publication.models import PublishedQuote
from quotes.publication.projection import VERSION

HERE = Path(__file__).parent
# Up to so many quotes, what several processes have published is checked as well.
SMALL = 5_000
TABLES = HERE / "peers" / "tables.sql"
Say = Callable[[str], None]


def use(quotes: int, *, say: Say, processes: int = 1) -> str:
    """Point all connections at the database with so many quotes, which is made where there is none; returns its name."""
    makers = b"".join((HERE / f"{module}.py").read_bytes() for module in ("copying", "data", "frequencies", "words"))
    name = f"quotes_{quotes}_{hashlib.blake2b(makers, digest_size=4).hexdigest()}"
    point_at(name)
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT to_regclass('quotes_quote') IS NOT NULL")
        is_there = cursor.fetchone() == (True,)
    executor = MigrationExecutor(connections["default"])
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0)
    if not is_there or not _is_filled():
        _drop_others(name, quotes)
        _timed(say, f"{quotes:,} quotes made", lambda: _fill(quotes))
    if PublishedQuote.objects.outdated(VERSION).exists() or not _noted("published"):
        options = {"rebuild": True, "processes": processes, "verbosity": 0}
        _timed(say, "published by --rebuild", lambda: call_command("publication", **options))
        if quotes <= SMALL:
            call_command("publication", check=True, verbosity=0)
        _note("published")
    stamp = hashlib.blake2b(TABLES.read_bytes(), digest_size=4).hexdigest()
    if not _noted(f"peers {stamp}"):
        _timed(say, "the peers' tables made", lambda: _execute(TABLES.read_text()))
        _note(f"peers {stamp}")
        _execute("VACUUM ANALYZE")
    return name


def point_at(name: str) -> None:
    """Every connection of this process, and of those that it starts, is to the database of this name."""
    os.environ["QUOTEBASE_BENCHMARK_DATABASE"] = name
    for alias in connections:
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name


def connect() -> psycopg.Connection[Any]:
    """A connection to the same database without Django, with what the read side sets."""
    wrapper = connections["default"]
    parameters = {key: value for key, value in wrapper.get_connection_params().items() if key in _PLAIN}
    return psycopg.connect(**parameters, autocommit=True, options="-c jit=off -c TimeZone=UTC")


_PLAIN = ("host", "port", "user", "password", "dbname")


def _is_filled() -> bool:
    return _noted("filled")


def _fill(quotes: int) -> None:
    _execute("TRUNCATE quotes_organization, quotes_person, quotes_topic, quotes_codinground CASCADE")
    with connect() as connection:
        connection.autocommit = False
        data.fill(connection, quotes)
    _note("filled")


def _execute(statement: str) -> None:
    with connect() as connection:
        connection.execute(statement)


def _note(what: str) -> None:
    """Remember, in the database itself, that a step was finished."""
    with connect() as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS benchmarks_done (what text PRIMARY KEY)")
        connection.execute("INSERT INTO benchmarks_done VALUES (%s) ON CONFLICT DO NOTHING", [what])


def _noted(what: str) -> bool:
    with connect() as connection:
        if connection.execute("SELECT to_regclass('benchmarks_done')").fetchone() == (None,):
            return False
        return connection.execute("SELECT FROM benchmarks_done WHERE what = %s", [what]).fetchone() is not None


def _drop_others(name: str, quotes: int) -> None:
    """Those of the same size that older code made."""
    with connect() as connection:
        found = connection.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE %s AND datname <> %s", [f"quotes\\_{quotes}\\_%", name]
        ).fetchall()
        for (old,) in found:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(old)))


def _timed(say: Say, what: str, do: Callable[[], Any]) -> None:
    start = time.monotonic()
    do()
    say(f"{what}: {time.monotonic() - start:.0f} s")


assert settings.ROOT_URLCONF == "benchmarks.urls", "run with DJANGO_SETTINGS_MODULE=benchmarks.settings"  # noqa: S101
