"""What the whole suite shares: a database of its own, and a folder for the processes that it starts."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from tests import running

# They protect data from a crash of the machine, which is nothing to tests.
CARELESS = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


def pytest_configure(config: pytest.Config) -> None:
    """The embedded server is one for tests alone, whose data nobody misses. A server in DATABASE_URL is as it is."""
    folder = settings.LOCAL_FOLDER / "tests" / "postgres"
    for database in settings.DATABASES.values():
        if database["ENGINE"] == "quotebase.postgres":
            database["OPTIONS"] |= {"data_folder": folder, "server_options": CARELESS}


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A temporary folder that the embedded server may enter even as another account, unlike pytest's `tmp_path`."""
    with running.open_folder() as folder:
        yield folder


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """pytest-django's, and at the end nobody is left in the database: a live server's threads end when their clients do."""
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
