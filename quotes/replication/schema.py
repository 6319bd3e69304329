"""The tables of a read server: made by the publication's own migrations, without the triggers that are home's.

DDL does not replicate. The router (quotebase.routing) lets only the replicated tables pass, and of SQL only what says that it is
meant for read servers (`RunSQL(..., hints={"read_servers": True})`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import (
    AddField,
    AddIndex,
    AlterModelOptions,
    CreateModel,
    RemoveIndex,
    RunPython,
    RunSQL,
)
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ProjectState

from quotes.replication import ReplicationError
from quotes.replication.tables import APP, TABLES, is_replicated

COLUMNS = """
    SELECT relname, attname, format_type(atttypid, atttypmod) FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
    WHERE relname = ANY(%s) AND relnamespace = 'public'::regnamespace AND attnum > 0 AND NOT attisdropped
"""


def pending(alias: str) -> list[Migration]:
    """The publication's migrations that this server has not had, in their order."""
    applied = _applied(alias)
    return [migration for migration in _all() if migration.name not in applied]


def must_be_safe(alias: str) -> None:
    """Raises ReplicationError for a pending migration that home must have had first, and has not.

    Additive ones come to read servers first: what a new column gets meanwhile is its default.
    """
    at_home = _applied(DEFAULT_DB_ALIAS)
    for migration in pending(alias):
        if migration.name not in at_home and (found := _first_unsafe(migration)):
            raise ReplicationError(
                f"{APP}.{migration.name} is no mere addition ({found}). Let the home server have it first: "
                "`manage.py migrate`, then this again. A read server that cannot follow across it needs `read_server resync`."
            )


def migrate(alias: str) -> list[str]:
    """Apply what is pending; each migration whole or not at all. Returns their names."""
    connection = connections[alias]
    recorder = MigrationRecorder(connection)
    recorder.ensure_schema()
    applied = _applied(alias)
    # The publication has no foreign keys, so its own migrations are all the state there is.
    state = ProjectState()
    done = []
    for migration in _all():
        if migration.name in applied:
            state = migration.mutate_state(state)
            continue
        with connection.schema_editor(atomic=migration.atomic) as editor:
            state = migration.apply(state, editor)
            recorder.record_applied(APP, migration.name)
        done.append(migration.name)
    return done


def differences(alias: str) -> list[str]:
    """How the columns of the replicated tables differ from home's: `publication_total.quotes is not there`."""
    here, there = _columns(DEFAULT_DB_ALIAS), _columns(alias)
    return [
        *(f"{column} is not there" for column in sorted(here.keys() - there.keys())),
        *(f"{column} is only there" for column in sorted(there.keys() - here.keys())),
        *(
            f"{column} is {there[column]} there and {here[column]} at home"
            for column in sorted(here.keys() & there.keys())
            if here[column] != there[column]
        ),
    ]


def _all() -> list[Migration]:
    loader = MigrationLoader(None)
    plan: list[tuple[str, str]] = []
    for leaf in loader.graph.leaf_nodes(APP):
        plan += [node for node in loader.graph.forwards_plan(leaf) if node[0] == APP and node not in plan]
    return [loader.graph.nodes[node] for node in plan]


def _applied(alias: str) -> set[str]:
    return {name for app, name in MigrationRecorder(connections[alias]).applied_migrations() if app == APP}


def _first_unsafe(migration: Migration) -> str:
    """The first operation for which it matters that home comes first, in words; empty where there is none."""
    unsafe: Sequence[Any] = [operation for operation in migration.operations if not _is_addition(operation)]
    return unsafe[0].describe() if unsafe else ""


def _is_addition(operation: Any) -> bool:
    if isinstance(operation, AddField):
        field = operation.field
        is_filled = field.null or field.has_db_default()
        return is_filled or not is_replicated(APP, operation.model_name_lower)
    # SQL and Python are home's; what is said to be for read servers was written with them in mind.
    return isinstance(operation, (CreateModel, AddIndex, RemoveIndex, AlterModelOptions, RunSQL, RunPython))


def _columns(alias: str) -> dict[str, str]:
    with connections[alias].cursor() as cursor:
        cursor.execute(COLUMNS, [list(TABLES)])
        return {f"{table}.{column}": kind for table, column, kind in cursor.fetchall()}
