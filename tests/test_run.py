"""`manage.py run`, as `make run` starts it: real processes on a database of their own, whatever DATABASE_URL says."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings

from quotebase.postgres import reaper

PATIENCE_SECONDS = 120


class Run:
    """The command, serving on a free port with its data in `folder`."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.data = folder / "local" / "postgres"
        self.output = folder / "output"
        environment = {name: value for name, value in os.environ.items() if not name.startswith("DATABASE_")}
        environment |= {"QUOTEBASE_MODE": "local", "QUOTEBASE_LOCAL_FOLDER": str(folder / "local")}
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "run", *(arguments or ["--port", "0"])],
                cwd=settings.BASE_DIR,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )

    def said(self) -> str:
        return self.output.read_text(encoding="utf-8")

    def until_ready(self) -> "Run":
        wait_until(lambda: "quotebase is running" in self.said() or self.process.poll() is not None)
        assert self.process.poll() is None, self.said()
        return self

    def end(self, number: signal.Signals) -> int:
        """End the command, wait until everything that it started is gone, and return its exit status."""
        children = children_of(self.process.pid)
        assert len(children) == 2, "gunicorn and the publication's worker"
        grandchildren = [pid for child in children for pid in children_of(child)]
        self.process.send_signal(number)
        status = self.process.wait(PATIENCE_SECONDS)
        wait_until(lambda: not any(is_alive(pid) for pid in children + grandchildren))
        self.wait_for_the_end_of_the_database()
        return status

    def wait_for_the_end_of_the_database(self) -> None:
        wait_until(lambda: reaper.postmaster_of(self.data.resolve()) is None)

    def root(self) -> str:
        address = re.search(r"http://127\.0\.0\.1:\d+", self.said())
        assert address, self.said()
        return address[0]

    def ask(self, question: str) -> object:
        """One value from the database that the command uses."""
        postmaster = reaper.postmaster_of(self.data.resolve())
        assert postmaster and postmaster.socket_folder
        place = {"host": str(postmaster.socket_folder), "dbname": "quotebase", "user": "quotebase"}
        with psycopg.connect(**place) as connection:
            row = connection.execute(question.encode()).fetchone()
        assert row
        return row[0]


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "this took too long"
        time.sleep(0.05)


def children_of(pid: int) -> list[int]:
    listing = subprocess.run(["ps", "-A", "-o", "ppid=,pid="], capture_output=True, text=True, check=True).stdout
    return [int(child) for parent, child in map(str.split, listing.splitlines()) if int(parent) == pid]


def is_alive(pid: int) -> bool:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, 0)
        return True
    return False


def status_of(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=PATIENCE_SECONDS) as response:  # noqa: S310 - our own http address
            return response.status
    except urllib.error.HTTPError as error:
        return error.code


@pytest.fixture
def start(open_folder: Path) -> Iterator[Callable[..., Run]]:
    """Starts the command with the given arguments; whatever still runs after the test is killed."""
    runs: list[Run] = []

    def run(*arguments: str) -> Run:
        runs.append(Run(open_folder, *arguments))
        return runs[-1]

    yield run
    for started in runs:
        started.process.kill()
        started.process.wait(PATIENCE_SECONDS)
        started.wait_for_the_end_of_the_database()


def test_the_first_start_fills_the_database_and_the_second_keeps_it(start: Callable[..., Run]) -> None:
    first = start().until_ready()
    assert status_of(f"{first.root()}/livez") == status_of(f"{first.root()}/readyz") == 200
    assert first.ask("SELECT count(*) > 1 FROM quotes_article")
    assert first.ask("SELECT count(*) > 1 FROM publication_publishedquote")
    [password] = re.findall(r"user curator, password (\S+)", first.said())
    assert password not in str(first.ask("SELECT string_agg(password, ',') FROM auth_user WHERE is_superuser"))
    first.ask("UPDATE auth_user SET first_name = 'Kept' RETURNING 1")
    assert first.end(signal.SIGINT) == 0

    second = start().until_ready()
    assert "password" not in second.said()
    assert "Loading" not in second.said()
    assert second.ask("SELECT string_agg(first_name, ',') FROM auth_user") == "Kept"

    # A kill -9 leaves no time to tidy up: everything ends all the same.
    assert second.end(signal.SIGKILL) == -signal.SIGKILL


def test_a_port_in_use_is_said_in_one_line_before_anything_is_done(start: Callable[..., Run]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        run = start("--port", str(port))
        assert run.process.wait(PATIENCE_SECONDS) == 1
    assert run.said() == f"CommandError: Port {port} is in use. Choose another: make run PORT={port + 1}\n"
    assert not run.data.exists()


def test_a_host_that_is_not_here_is_said_in_one_line(start: Callable[..., Run]) -> None:
    run = start("--host", "192.0.2.1")
    assert run.process.wait(PATIENCE_SECONDS) == 1
    assert run.said().startswith("CommandError: Cannot serve on HOST=192.0.2.1 PORT=8000: ")
    assert run.said().count("\n") == 1
