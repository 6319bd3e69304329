"""What the whole suite shares: a database of its own, the shipped fixtures in it, and a folder for processes that it starts."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction

from tests import emptying, running
from tests.shipped import Shipped

# They protect data from a crash of the machine, which is nothing to tests.
CARELESS = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
LONG = (
    "tests/test_run.py",
    "tests/clients/",
    "tests/publication/test_random_edits.py",
    "tests/postgres/",
    "tests/replication/",
)


def pytest_configure(config: pytest.Config) -> None:
    """The embedded server is one for tests alone, whose data nobody misses. A server in DATABASE_URL is as it is."""
    folder = settings.LOCAL_FOLDER / "tests" / "postgres"
    for database in settings.DATABASES.values():
        if database["ENGINE"] == "quotebase.postgres":
            database["OPTIONS"] |= {"data_folder": folder, "server_options": CARELESS}


@pytest.hookimpl(trylast=True)  # after pytest-django, which puts what uses no database last
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long begins first: at the end no worker is alone with it, and one server is enough for all clients."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))


def pytest_collection_finish() -> None:
    """Thousands of collected tests are here to stay: the garbage collector need not walk through them again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A temporary folder that the embedded server may enter even as another account, unlike pytest's `tmp_path`."""
    with running.open_folder() as folder:
        yield folder


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """pytest-django's, and at the end nobody is left in the database: a live server's threads end when their clients do."""
    with django_db_blocker.unblock():
        emptying.flush_by_delete()
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Shipped:
    """Puts the shipped fixtures into the database, each time for the price of copying rows."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent  # the workers' own folders lie in one that is the session's
    (folder / "shipped").mkdir(exist_ok=True)
    return Shipped(folder / "shipped")


@pytest.fixture(scope="module")
def reference(shipped: Shipped, django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The reference article, published, to the end of the module; what a test changes is rolled back on top of it."""
    with django_db_blocker.unblock(), transaction.atomic():
        shipped.put("reference")
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def demonstration(shipped: Shipped, reference: None, django_db_blocker: Any) -> Iterator[None]:
    """The demonstration set beside it: people, organizations and outlets that do not exist, in a long debate."""
    with django_db_blocker.unblock(), transaction.atomic():
        shipped.put("reference", "demonstration")
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module", params=["reference", "demonstration"])
def loaded(request: pytest.FixtureRequest) -> None:
    """First the one, then both."""
    request.getfixturevalue(request.param)
