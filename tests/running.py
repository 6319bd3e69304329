"""`manage.py run` in a process of its own, for tests that need the real thing: a database, the worker and gunicorn."""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import psycopg
from django.conf import settings

from quotebase.postgres import reaper

PATIENCE_SECONDS = 120


@contextlib.contextmanager
def open_folder() -> Iterator[Path]:
    """A temporary folder that the embedded server may enter even as another account, unlike pytest's `tmp_path`."""
    memory = Path("/dev/shm")  # noqa: S108 - mkdtemp makes a private name in it
    is_roomy = memory.exists() and shutil.disk_usage(memory).free > 2**30  # a container's is often 64 MB
    folder = Path(tempfile.mkdtemp(prefix="quotebase-", dir=memory if is_roomy else None))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


class Run:
    """The command, serving on a free port with its data in `folder`."""

    def __init__(self, folder: Path, *arguments: str, variables: Mapping[str, str] | None = None) -> None:
        self.data = folder / "local" / "postgres"
        self.output = folder / "output"
        environment = {name: value for name, value in os.environ.items() if not name.startswith("DATABASE_")}
        self.environment = {
            **environment,
            "QUOTEBASE_MODE": "local",
            "QUOTEBASE_LOCAL_FOLDER": str(folder / "local"),
            **(variables or {}),
        }
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "run", *(arguments or ["--port", "0"])],
                cwd=settings.BASE_DIR,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )

    def said(self) -> str:
        return self.output.read_text(encoding="utf-8")

    def manage(self, *arguments: str) -> str:
        """What another command prints beside it, over the same data."""
        command = [sys.executable, "manage.py", *arguments]
        made = subprocess.run(command, cwd=settings.BASE_DIR, env=self.environment, capture_output=True, text=True)
        assert made.returncode == 0, made.stderr
        return made.stdout

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

    def kill(self) -> None:
        """End the command where it still runs, whatever it does, and wait for the end of its database."""
        self.process.kill()
        self.process.wait(PATIENCE_SECONDS)
        self.wait_for_the_end_of_the_database()

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
