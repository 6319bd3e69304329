"""An empty database of the project's tables for one benchmark, on the same server as the project's own, and gone afterwards."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager


def start_django() -> None:
    """Before anything of the project is imported."""
    import django

    os.environ.setdefault("QUOTEBASE_MODE", "local")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quotebase.settings")
    django.setup()


@contextmanager
def database(name: str) -> Iterator[None]:
    """The default connection leads to a new database with every migration applied, until the block ends."""
    from django.db import connection, connections

    own = connection.settings_dict["NAME"]
    connection.settings_dict.setdefault("TEST", {})["NAME"] = name
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        yield
    finally:
        connections.close_all()
        connection.creation.destroy_test_db(own, verbosity=0)
