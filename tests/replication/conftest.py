"""Three servers for the package, two of them following; and connections that lead there, whatever the other tests use."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.test import override_settings

from tests.replication.servers import HOME, NORTH, SOUTH, Servers, leading, manage
from tests.running import open_folder

ALIASES = {NORTH: "read_server_north", SOUTH: "read_server_south"}


@pytest.fixture(scope="package")
def empty(django_db_blocker: Any) -> Iterator[Servers]:
    """The home server with its tables, and two that have none."""
    with open_folder() as folder, Servers(folder) as servers, django_db_blocker.unblock():
        places = {"default": servers.place(HOME)} | {ALIASES[name]: servers.place(name) for name in ALIASES}
        settings = {"READ_SERVERS": ALIASES, "PUBLICATION_IS_COPY": True, "PUBLICATION_ALIAS": "publication"}
        with leading(places), override_settings(**settings, EXPORTS_ALIAS="publication"):
            call_command("migrate", verbosity=0)
            yield servers


@pytest.fixture(scope="package")
def following(empty: Servers) -> Servers:
    """Both follow."""
    for name in ALIASES:
        manage("add", name)
    return empty


@pytest.fixture
def reader(following: Servers) -> Iterator[Servers]:
    """The public reads from whichever of the two answers."""
    with leading({"publication": following.readers_of(NORTH, SOUTH)}):
        yield following
