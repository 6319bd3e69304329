"""Starts a peer that is a server of its own, on a free port of this machine, and ends it."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

PATIENCE_SECONDS = 60


class Absent(RuntimeError):
    """A peer that cannot be had here, with the reason."""


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def start(
    command: Sequence[str], port: int, log: Path, environment: Mapping[str, str] | None = None
) -> Callable[[], None]:
    """Run the command until what this returns is called. Raises Absent where nothing answers on the port in time."""
    with log.open("wb") as output:
        child = subprocess.Popen(
            command, stdout=output, stderr=subprocess.STDOUT, env={**os.environ, **(environment or {})}
        )

    def end() -> None:
        child.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(10)
        if child.poll() is None:
            child.kill()
            child.wait()

    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline and child.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return end
        time.sleep(0.1)
    end()
    raise Absent(f"{command[0]} does not answer: {log.read_text(errors='replace')[-500:].strip()}")
