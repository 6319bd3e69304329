"""What a result cannot be read without: when, on what machine, with which versions."""

from __future__ import annotations

import datetime as dt
import os
import platform
import sqlite3
from collections.abc import Iterable
from pathlib import Path

import django
from django.db import connection

from benchmarks.candidates import Candidate


def description(quotes: int, candidates: Iterable[Candidate]) -> str:
    """One line of each."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version')")
        (postgres,) = cursor.fetchone()
    versions = {one.name.partition(",")[0]: one.version for one in candidates if one.version}
    known = ", ".join(f"{name} {version}" for name, version in versions.items())
    return "\n".join(
        (
            f"{dt.datetime.now(dt.UTC):%Y-%m-%d}, {quotes:,} quotes",
            f"{_processor()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {platform.system()}",
            f"Python {platform.python_version()}, Django {django.__version__}, PostgreSQL {postgres}, "
            f"SQLite {sqlite3.sqlite_version}, {known}",
        )
    )


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
