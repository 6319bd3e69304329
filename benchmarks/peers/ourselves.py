"""The service by HTTP, as `make run` serves it, but for the worker: beside peers that are servers too."""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks.calling import over_http
from benchmarks.candidates import OURS, Candidate, service
from benchmarks.peers.serving import free_port, start

BY_HTTP = f"{OURS} by HTTP"


def candidate(folder: Path) -> Candidate:
    """The service, running on a port of its own."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "--config", "quotebase/gunicorn.py", "--bind", f"127.0.0.1:{port}"]
    end = start(
        [*command, "--workers", "1", "--threads", "2", "--log-level", "warning", "quotebase.wsgi"],
        port,
        folder / "gunicorn.log",
    )
    ours = service(over_http(port), name=BY_HTTP)
    return Candidate(ours.name, ours.version, ours.questions, ours.ask, ours.read, close=end)
