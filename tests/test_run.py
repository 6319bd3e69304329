"""`manage.py run`, as `make run` starts it: real processes on a database of their own, whatever DATABASE_URL says."""

import re
import signal
import socket
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.running import PATIENCE_SECONDS, Run


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
        started.kill()


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
