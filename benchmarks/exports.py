"""Whole result sets beside COPY: `python -m benchmarks.exports --quotes 100000`.

In one run, in turns: psycopg draining `COPY ... TO STDOUT` of the stored documents and records (as they lie, and in the order of
the exports), `manage.py export`'s path into a sink, and the API's answer through WSGI. Before anything is timed, the bytes are
held against what the writers make of single rows. The first byte counts from the question, memory is the peak of a process
that does nothing else, at a tenth of the quotes and at all of them.

The quotes are copies of the demonstration's, in a database of the benchmark's own on the embedded server, dropped at the end.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from typing import IO, Any, cast
from wsgiref.util import setup_testing_defaults

os.environ.setdefault("QUOTEBASE_MODE", "local")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quotebase.settings")

import django

DATABASE = "exports_benchmark"
ROOT = "http://localhost"
FORMATS = ("ndjson", "csv")
TABLE = "publication_publishedquote"
ORDER = "ORDER BY dated_start DESC, uid DESC"
# Copies keep clear of the originals' keys.
STRIDE = 1_000_000
COPIES = """
    INSERT INTO publication_publishedquote (
        id, uid, document, record, facets, mentions, search, listed, utterance, dated_start, dated_end, said_start, said_end,
        published_start, published_end, change, modified, version, digest
    )
    SELECT
        one.id + number * %(stride)s, fresh.uid, replace(document, one.uid::text, fresh.uid::text),
        replace(record, one.uid::text, fresh.uid::text), facets, mentions, search, listed, utterance + number * %(stride)s,
        greatest(dated_start, '2000-01-01') + (number %% 4000)::integer,
        greatest(dated_end, '2000-01-01') + (number %% 4000)::integer,
        said_start, said_end, published_start, published_end, change + number * %(stride)s,
        modified + number * interval '1.000001 s', version, digest
    FROM generate_series(%(first)s::bigint, %(last)s) AS number
    CROSS JOIN publication_publishedquote AS one
    CROSS JOIN LATERAL (SELECT md5(one.uid::text || number)::uuid AS uid) AS fresh
    WHERE one.id < %(stride)s
"""


@dataclass(frozen=True)
class Drained:
    """Seconds to the first byte and to the last, from the question on."""

    first: float
    whole: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--quotes", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--memory-of", choices=FORMATS, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    django.setup()
    if asked.memory_of:
        with _scratch_connections():
            told_memory(asked.memory_of)
        return
    with _scratch_database():
        bench(asked.quotes, asked.rounds)


def bench(quotes: int, rounds: int) -> None:
    memory: dict[str, list[tuple[int, int]]] = {name: [] for name in FORMATS}
    made = 0
    for size in (quotes // 10, quotes):
        made = grow_to(size, made)
        for name in FORMATS:
            memory[name].append(memory_of(name))
    rows = memory["csv"][-1][0]
    for name in FORMATS:
        check_equal(name)
    ways = candidates()
    timed: dict[str, list[Drained]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            timed[name].append(way())
    report(rows, timed, memory)


# What is compared


def candidates() -> dict[str, Callable[[], Drained]]:
    ways: dict[str, Callable[[], Drained]] = {}
    for column in ("document", "record"):
        ways[f"COPY {column}s"] = partial(drained_copy, column)
        ways[f"COPY {column}s in order"] = partial(drained_copy, column, ORDER)
    for name in FORMATS:
        ways[f"export {name}"] = partial(drained, partial(run_export, name))
        ways[f"HTTP {name}"] = partial(drained, partial(run_request, name))
    return ways


def drained_copy(column: str, order: str = "") -> Drained:
    from django.db import connections

    sql = f"COPY (SELECT {column} FROM {TABLE} {order}) TO STDOUT"

    def drain(sink: Callable[[Any], object]) -> None:
        with connections["exports"].cursor() as cursor, cursor.cursor.copy(sql) as copy:
            for block in copy:
                sink(block)

    return drained(drain)


def drained(drain: Callable[[Callable[[Any], object]], object]) -> Drained:
    first = 0.0
    start = time.perf_counter()

    def sink(chunk: Any) -> None:
        nonlocal first
        first = first or time.perf_counter()

    drain(sink)
    return Drained(first - start, time.perf_counter() - start)


class _Sink:
    def __init__(self, take: Callable[[bytes], object]) -> None:
        self.write = take


def run_export(name: str, take: Callable[[bytes], object]) -> int:
    """What `manage.py export` does, but for the file; the number of rows."""
    from quotes.datasets.exporting import Question, export

    return export(Question("quotes", name, root=ROOT), cast(IO[bytes], _Sink(take))).rows


def run_request(name: str, take: Callable[[bytes], object]) -> None:
    for chunk in asked_by_http(name):
        take(chunk)


def asked_by_http(name: str) -> Iterator[bytes]:
    """The body of the API's answer, through the whole WSGI application."""
    from quotebase.wsgi import application

    environ: dict[str, Any] = {"PATH_INFO": "/api/v1/quotes/", "QUERY_STRING": f"format={name}"}
    environ |= {"HTTP_HOST": "localhost", "REMOTE_ADDR": "127.0.0.1"}
    setup_testing_defaults(environ)
    status: list[str] = []
    body = application(environ, cast(Any, lambda line, headers, error=None: status.append(line)))
    if status != ["200 OK"]:
        raise SystemExit(f"{status}: {b''.join(body)[:500]!r}")
    with contextlib.closing(cast(Any, body)):
        yield from body


def check_equal(name: str) -> None:
    """The three ways give the same bytes: row by row, from the command line, over HTTP."""
    from quotes.datasets.exporting import Question, all_rows
    from quotes.datasets.formats import FORMATS as WRITERS
    from quotes.datasets.formats import Context

    question = Question("quotes", name, root=ROOT)
    rows = all_rows(question.filterset.qs.order_by(*question.exported.ordering))
    context = Context(root=ROOT, applied={}, generated_at=cast(Any, None), codebook_version="")
    digests = [sha256(), sha256(), sha256()]
    for chunk in WRITERS[name].write("quote", rows, context):
        digests[0].update(chunk)
    run_export(name, digests[1].update)
    run_request(name, digests[2].update)
    if len({digest.digest() for digest in digests}) > 1:
        raise SystemExit(f"{name}: the ways differ: {[digest.hexdigest() for digest in digests]}")


# Memory


def memory_of(name: str) -> tuple[int, int]:
    """Rows, and the peak of a fresh process that exports them, in bytes."""
    command = [sys.executable, "-m", "benchmarks.exports", "--memory-of", name]
    told = subprocess.run(command, check=True, capture_output=True, text=True)
    rows, peak = json.loads(told.stdout)
    return rows, peak


def told_memory(name: str) -> None:
    rows = run_export(name, lambda chunk: None)
    print(json.dumps([rows, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024]))


# Data


@contextlib.contextmanager
def _scratch_connections() -> Iterator[None]:
    """All connections lead to the benchmark's own database."""
    from django.conf import settings
    from django.db import connections

    if settings.DATABASES["default"]["ENGINE"] != "quotebase.postgres":
        raise SystemExit("This makes and drops a database: only on the embedded server, so without DATABASE_URL.")
    before = {alias: connections[alias].settings_dict["NAME"] for alias in connections}
    for alias in connections:
        connections[alias].settings_dict["NAME"] = DATABASE
    try:
        yield
    finally:
        connections.close_all()
        for alias, name in before.items():
            connections[alias].settings_dict["NAME"] = name


@contextlib.contextmanager
def _scratch_database() -> Iterator[None]:
    from django.core.management import call_command
    from django.db import connection

    from quotes.curation import refresh_publication

    def drop() -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")

    drop()
    connection.close()
    try:
        with _scratch_connections():
            call_command("migrate", verbosity=0, interactive=False)
            call_command("loaddata", "reference", "demonstration", verbosity=0)
            refresh_publication()
            yield
    finally:
        drop()


def grow_to(size: int, copies: int) -> int:
    """So many quotes, more or less; `copies` of each original are there already. Returns how many are there now."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM publication_publishedquote WHERE id < %s", [STRIDE])
        [originals] = cursor.fetchone() or [0]
        wanted = max(copies, size // originals)
        cursor.execute("SET session_replication_role = replica")  # no totals: nothing here asks for them
        cursor.execute(COPIES, {"stride": STRIDE, "first": copies + 1, "last": wanted})
        cursor.execute("RESET session_replication_role")
        cursor.execute(f"VACUUM ANALYZE {TABLE}")
    return wanted


# Report


def report(rows: int, timed: dict[str, list[Drained]], memory: dict[str, list[tuple[int, int]]]) -> None:
    print(f"{rows:,} quotes, {len(next(iter(timed.values())))} rounds: medians (least to most)\n")
    print(f"{'':<26}{'rows/s':>22}{'':<24}{'first byte, ms':>16}")
    for name, found in timed.items():
        rates = [rows / one.whole for one in found]
        first = statistics.median(one.first for one in found) * 1000
        spread = f"({min(rates):,.0f} to {max(rates):,.0f})"
        print(f"{name:<26}{statistics.median(rates):>22,.0f} {spread:<23}{first:>16.1f}")
    print()
    for name, column in (("ndjson", "documents"), ("csv", "records")):
        for way in ("export", "HTTP"):
            for other in dict.fromkeys((f"COPY {column}", f"COPY {column} in order", "COPY documents")):
                ratios = [
                    theirs.whole / ours.whole for theirs, ours in zip(timed[other], timed[f"{way} {name}"], strict=True)
                ]
                spread = f"({min(ratios):.0%} to {max(ratios):.0%})"
                print(f"{way} {name:<8} {statistics.median(ratios):>6.0%} of {other:<26} {spread}")
    print()
    for name, sizes in memory.items():
        print(f"{name}: " + ", ".join(f"{count:,} rows in {peak / 2**20:,.0f} MiB" for count, peak in sizes))


if __name__ == "__main__":
    main()
