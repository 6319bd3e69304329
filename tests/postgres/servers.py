"""Processes that use the embedded PostgreSQL, and what can be seen of a server from outside."""

import contextlib
import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from quotebase.postgres import reaper

PROJECT = Path(__file__).resolve().parents[2]
IS_ROOT = os.geteuid() == 0
needs_root = pytest.mark.skipif(not IS_ROOT, reason="root alone can hand the server to another account")

PRELUDE = """
import os, pathlib, signal, sys, time
import psycopg
from quotebase.postgres import EmbeddedPostgresError, server
data = pathlib.Path(sys.argv[1])

def ask(question, **options):
    socket_folder = server.ensure_running(data, **options)
    with psycopg.connect(**server.connection_parameters(socket_folder), dbname="quotebase") as connection:
        return connection.execute(question).fetchone()[0]

def wait_for_the_end_of_input():
    print("ready", flush=True)
    sys.stdin.read()
"""
WITH_DJANGO = """
import django
from django.conf import settings
from django.db import connection
settings.configure(DATABASES={"default": {"ENGINE": "quotebase.postgres", "NAME": "quotebase",
    "OPTIONS": {"data_folder": sys.argv[1], "server_options": {"fsync": "off"}}}})
django.setup()

def query(question):
    with connection.cursor() as cursor:
        return cursor.execute(question).fetchone()[0]
"""
OWNER_OF_THE_SERVER = """
print(os.stat(f"/proc/{(data / 'postmaster.pid').read_text().split()[0]}").st_uid)
"""
PRINT_THE_ERROR = """
try:
    ask("SELECT 1")
except EmbeddedPostgresError as error:
    print(error)
"""
USE_IT = "print(ask('SELECT 40 + 2')); wait_for_the_end_of_input()"


class Client:
    """A process that runs a script; it lives until its input is closed, or it is killed."""

    def __init__(self, script: str, data: Path, **environment: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", PRELUDE + script, str(data)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, "PYTHONPATH": str(PROJECT), "TMPDIR": str(data.parent), **environment},
            process_group=0,
        )
        self.said = ""

    def until_ready(self) -> "Client":
        assert self.process.stdout
        for line in self.process.stdout:
            if line == "ready\n":
                return self
            self.said += line
        raise AssertionError(self.said)

    def finish(self) -> str:
        self.said += self.process.communicate(timeout=60)[0]
        assert self.process.returncode == 0, self.said
        return self.said.strip()

    def end(self, number: signal.Signals) -> None:
        os.killpg(self.process.pid, number)
        self.process.communicate(timeout=20)


def run(script: str, data: Path, **environment: str) -> str:
    """What the script prints."""
    return Client(script, data, **environment).finish()


def is_held(data: Path, name: str) -> bool:
    with contextlib.suppress(FileNotFoundError):
        lock = reaper.open_lock(data.resolve(), name)
        try:
            return not reaper.take(lock, fcntl.LOCK_SH)
        finally:
            os.close(lock)
    return False


def is_running(data: Path) -> bool:
    """Whether any process of the server of this folder lives."""
    return is_held(data, "server")


def has_ended(data: Path) -> bool:
    """Whether neither the server nor its reaper lives."""
    return not is_held(data, "reaper") and not is_running(data)


def pid_of(data: Path) -> int:
    postmaster = reaper.postmaster_of(data.resolve())
    assert postmaster
    return postmaster.pid


def wait_until(condition: Callable[[], bool], *, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "this took too long"
        time.sleep(0.02)


def pid_of_reaper(data: Path) -> int:
    argument = os.fsencode(data.resolve())
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            arguments = (folder / "cmdline").read_bytes().split(b"\0")
            if argument in arguments and os.fsencode(reaper.__file__) in arguments:
                return int(folder.name)
    raise AssertionError("no reaper")


def stopped_child_of(pid: int) -> int:
    """One of the server's own processes, now halted, so that its end takes as long as a test wants."""
    child = int(Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0])
    os.kill(child, signal.SIGSTOP)
    return child
