"""A home server and two read servers on this machine: real ones, each with its data and its socket."""

from __future__ import annotations

import contextlib
import json
import os
import signal
from collections.abc import Iterator, Mapping
from io import StringIO
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import close_old_connections, connections
from django.test import Client as Browser

from quotes.publication.changes import last_change
from quotes.replication.tables import READERS
from tests.postgres.servers import Client, has_ended, pid_of, wait_until

HOME, NORTH, SOUTH = "home", "north", "south"
# Small, quick to forgive a failure, and careless: what protects data from a crash of the machine is nothing to tests.
OPTIONS = {
    "fsync": "off",
    "full_page_writes": "off",
    "shared_buffers": "16MB",
    "max_connections": "40",
    "wal_retrieve_retry_interval": "100ms",
    "autovacuum": "off",
}
LOGICAL = {"wal_level": "logical"}
START = """
import json
sockets = {{}}
for name, options in json.loads({wanted!r}).items():
    sockets[name] = str(server.ensure_running(data / name, options))
print(json.dumps(sockets))
wait_for_the_end_of_input()
"""


class Servers:
    """The three, for as long as the context."""

    def __init__(self, folder: Path, options: Mapping[str, str] = OPTIONS) -> None:
        self.folder = folder
        self.options = dict(options)
        self.sockets: dict[str, str] = {}
        self.clients: list[Client] = []

    def __enter__(self) -> Servers:
        self.start(HOME, NORTH, SOUTH)
        return self

    def __exit__(self, *_: object) -> None:
        for client in self.clients:
            client.finish()
        wait_until(lambda: all(has_ended(self.folder / name) for name in self.sockets), seconds=20)

    def start(self, *names: str) -> None:
        """Start servers: they run until their client is told to finish, or they are killed."""
        wanted = {name: self.options | (LOGICAL if name == HOME else {}) for name in names}
        client = Client(START.format(wanted=json.dumps(wanted)), self.folder).until_ready()
        self.sockets |= json.loads(client.said)
        client.said = ""
        self.clients.append(client)

    def kill(self, name: str) -> None:
        """End a server as a power cut would."""
        os.kill(pid_of(self.folder / name), signal.SIGKILL)

    def place(self, *names: str, role: str = "quotebase", database: str = "quotebase") -> dict[str, Any]:
        """Where one server is, or any of several, as an entry of DATABASES."""
        return {
            "HOST": ",".join(self.sockets[name] for name in names),
            "PORT": "5432",
            "USER": role,
            "NAME": database,
        }

    def readers_of(self, *names: str) -> dict[str, Any]:
        """The same as readers come."""
        spread = {"load_balance_hosts": "random", "connect_timeout": 2}
        return {
            **self.place(*names, role=READERS),
            "OPTIONS": {**spread, "options": "-c default_transaction_read_only=on"},
        }


@contextlib.contextmanager
def leading(places: Mapping[str, Mapping[str, Any]]) -> Iterator[None]:
    """Within the context, these aliases of DATABASES lead there, for this thread."""
    before_settings, before = dict(connections.settings), {}
    for alias, place in places.items():
        before[alias] = connections[alias] if alias in connections.settings else None
        base = {**connections.settings["default"], "ENGINE": "django.db.backends.postgresql", "OPTIONS": {}}
        connections.settings[alias] = {**base, "CONN_HEALTH_CHECKS": True, **place}
        connections[alias] = connections.create_connection(alias)
    try:
        yield
    finally:
        for alias, connection in before.items():
            connections[alias].close()
            if connection is None:
                del connections[alias]
                del connections.settings[alias]
            else:
                connections.settings[alias] = before_settings[alias]
                connections[alias] = connection


def manage(*arguments: str) -> str:
    """What `manage.py read_server …` prints."""
    said = StringIO()
    call_command("read_server", *arguments, stdout=said, stderr=StringIO())
    return said.getvalue()


def run(name: str, statement: str) -> list[tuple[Any, ...]]:
    """The rows of a statement on one of the servers, as its owner."""
    alias = "default" if name == HOME else f"read_server_{name}"
    with connections[alias].cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


def wait_for(*names: str) -> None:
    """Until all that is public at home is there, too."""
    last = last_change(using="default")
    wait_until(lambda: all(last_change(using=f"read_server_{name}") >= last for name in names), seconds=30)


def status_of(address: str) -> int:
    """The status of the answer that a reader gets over whatever `publication` leads to."""
    close_old_connections()  # with this a request begins, but not the test client's
    return Browser().get(address).status_code
