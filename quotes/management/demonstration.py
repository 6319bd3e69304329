"""What `manage.py run` puts into a new database: tables, the fixtures, and somebody who may log in."""

import contextlib
import secrets
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models.signals import post_save

from quotes import curation
from quotes.management.progress import progress_bar
from quotes.models import Article

FIXTURES = ("reference", "demonstration")
CURATOR = "curator"
# Without 0 o, 1 i l and the like: a password is read off a screen and typed.
LEGIBLE = "23456789abcdefghjkmnpqrstuvwxyz"
PREPARATION_LOCK = 5_417_302


def prepare(say: Callable[[str], object]) -> None:
    """Bring the tables up to date, and fill a database that holds no article. Tells `say` about what takes long."""
    with _one_at_a_time():
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            say("Creating the tables ...")
            call_command("migrate", interactive=False, verbosity=0)
        if not Article.objects.exists():
            say("Loading the fixtures ...")
            # One call is one transaction: killed midway it leaves an empty database, which the next start fills.
            _load(FIXTURES)
            curation.refresh_publication()


def _load(names: Iterable[str]) -> None:
    paths = [path for folder in settings.FIXTURE_DIRS for name in names for path in Path(folder).glob(f"{name}.json")]
    rows = sum(path.read_text(encoding="utf-8").count('"model": ') for path in paths)
    with progress_bar(rows, " rows") as bar:

        def count(raw: bool, **told: Any) -> None:
            bar.update(int(raw))

        post_save.connect(count)
        try:
            call_command("loaddata", *names, verbosity=0)
        finally:
            post_save.disconnect(count)


@contextlib.contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Two starts on one database wait for one another.

    The lock has a connection of its own, because `loaddata` closes the usual one. It ends with that connection.
    """
    with contextlib.closing(connection.copy()) as own, own.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [PREPARATION_LOCK])
        yield


def make_curator() -> str | None:
    """Make the demonstration's curator, who may do everything, and return the password, which is kept nowhere.

    None where there is a user already: a database in use gets no account that nobody asked for.
    """
    users = get_user_model().objects
    with _one_at_a_time():
        if users.exists():
            return None
        password = "-".join("".join(secrets.choice(LEGIBLE) for _ in range(4)) for _ in range(4))
        users.create_superuser(CURATOR, password=password)
    return password
