"""A migration of the public tables, rolled through: read servers first, then home, and readers are answered all the while."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db.migrations import AddField
from django.db.migrations.loader import MigrationLoader

from quotes.publication import migrations
from quotes.publication.models import StaleMark
from quotes.replication import schema, tables
from tests.replication.servers import HOME, NORTH, SOUTH, Servers, manage, run, status_of, wait_for
from tests.replication.test_following import unattributed

MIGRATION = """
from django.db import migrations, models

class Migration(migrations.Migration):
    dependencies = (("publication", {after!r}),)
    operations = ({operations},)
"""
SHADE = 'migrations.AddField("publishedquote", "shade", models.CharField(max_length=9, {default}))'
INDEX = 'migrations.AddIndex("publishedquote", models.Index(fields=["shade"], name="published_by_shade"))'
SQL = """migrations.RunSQL("SELECT publication_lock()", migrations.RunSQL.noop)"""


class Next:
    """The publication's migrations with one more, in a package of their own."""

    def __init__(self, folder: Path, name: str, settings: Any) -> None:
        self.folder, self.package = folder / name, name
        shutil.copytree(Path(migrations.__file__ or "").parent, self.folder)
        self.last = max(path.stem for path in self.folder.glob("0*.py"))
        settings.MIGRATION_MODULES = {"publication": name}

    def write(self, *operations: str) -> None:
        text = MIGRATION.format(after=self.last, operations=", ".join(operations))
        (self.folder / "0099_next.py").write_text(text)


@pytest.fixture
def following_migration(following: Servers, tmp_path: Path, settings: Any, request: Any) -> Iterator[Next]:
    name = f"migrations_of_{abs(hash(request.node.name))}"
    sys.path.insert(0, str(tmp_path))
    yield Next(tmp_path, name, settings)
    sys.path.remove(str(tmp_path))
    for module in [module for module in sys.modules if module.startswith(name)]:
        del sys.modules[module]


def test_an_addition_is_rolled_through_while_readers_are_answered(reader: Servers, following_migration: Next) -> None:
    before = unattributed("Before the shade.")
    following_migration.write(SHADE.format(default='db_default="dim"'), INDEX, SQL)

    assert "north: 0099_next\nsouth: 0099_next" in manage("migrate")
    with pytest.raises(CommandError):  # which differ now: home lacks the column
        manage("status")
    between = unattributed("Between the servers.")
    wait_for(NORTH, SOUTH)
    assert status_of(f"/api/v1/quotes/{between.uid}/") == 200

    call_command("migrate", "publication", verbosity=0)
    assert "north: nothing to do" in manage("migrate")
    after = unattributed("After the shade.")
    run(HOME, f"UPDATE publication_publishedquote SET shade = 'dark' WHERE uid = '{before.uid}'")
    run(HOME, f"UPDATE publication_publishedquote SET change = publication_next_change() WHERE uid = '{after.uid}'")
    wait_for(NORTH, SOUTH)
    uids = ", ".join(f"'{quote.uid}'" for quote in (before, between, after))
    shades = f"SELECT shade FROM publication_publishedquote WHERE uid IN ({uids}) ORDER BY id"
    for name in (HOME, NORTH, SOUTH):
        assert run(name, shades) == [("dark",), ("dim",), ("dim",)]
        assert run(name, "SELECT 1 FROM pg_class WHERE relname = 'published_by_shade'")
    assert status_of(f"/api/v1/quotes/{after.uid}/") == 200
    assert "0.0 s behind" in manage("status")
    for name in (HOME, NORTH, SOUTH):  # as it was, for the tests that come
        run(name, "ALTER TABLE publication_publishedquote DROP COLUMN shade")
        run(name, "DELETE FROM django_migrations WHERE name = '0099_next'")


@pytest.mark.parametrize(
    "operation",
    [
        SHADE.format(default='default="dim"'),
        'migrations.RenameField("publishedquote", "listed", "shown")',
        'migrations.RemoveField("publishedquote", "record")',
    ],
)
def test_what_is_no_mere_addition_must_have_been_at_home_first(following_migration: Next, operation: str) -> None:
    following_migration.write(operation)
    with pytest.raises(CommandError, match=r"publication\.0099_next is no mere addition \(.+\)\. Let the home server"):
        manage("migrate")
    for name in (NORTH, SOUTH):
        assert not run(name, "SELECT 1 FROM django_migrations WHERE name = '0099_next'")


def test_columns_that_came_after_read_servers_are_filled_where_home_does_not_send_them_yet() -> None:
    loader = MigrationLoader(None)
    added = [
        (name, operation.model_name, operation.name, operation.field)
        for (app, name), migration in loader.disk_migrations.items()
        for operation in migration.operations
        if app == "publication" and name > "0004_removals" and isinstance(operation, AddField)
    ]
    assert [one[:3] for one in added if not (one[3].null or one[3].has_db_default())] == []


def test_every_table_of_the_publication_is_known_to_leave_home_or_to_stay() -> None:
    assert set(apps.get_app_config("publication").get_models()) == {*tables.MODELS, StaleMark}


def test_read_servers_have_the_columns_that_home_has(following: Servers) -> None:
    assert schema.differences("read_server_north") == schema.differences("read_server_south") == []
    run(NORTH, "ALTER TABLE publication_tombstone ADD COLUMN stray int")
    assert schema.differences("read_server_north") == ["publication_tombstone.stray is only there"]
    run(NORTH, "ALTER TABLE publication_tombstone DROP COLUMN stray")
