"""How far read servers are behind, and how much more two of them answer than one: `python -m benchmarks.replication`.

Three real servers on this machine, with data on its disk and fsync on. Lag: each of some hundred quotes is published by the verb
that curators use, and looked for on both read servers until it is there. Reads: each read server is pinned to a core of its own,
together with the one process that asks it through the whole API: two cores are needed, and else nothing running on them. Where
something is, only the figures by processor time mean anything.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import django

OPTIONS = {"shared_buffers": "256MB", "max_connections": "40"}
READ = "read_server_"
NAMES = ("north", "south")
# Answers to a question before the next one: the kernel counts processor time in hundredths of a second.
BLOCK = 10
# Of asking one server, then two: each round asks another one first.
ROUNDS = 3
TARGETS = (
    "/api/v1/quotes/?stance=oppose&topic=live-face-recognition",
    "/api/v1/quotes/?kind=direct&page_size=50",
    "/api/v1/topics/",
)
# More of the shipped rows, under new keys: the read side knows no sources.
MULTIPLY = """
    INSERT INTO publication_publishedquote SELECT (jsonb_populate_record(row, jsonb_build_object(
        'id', 1000000 + n * 1000 + place, 'uid', gen_random_uuid(), 'change', publication_next_change()))).*
    FROM (SELECT row, row_number() OVER (ORDER BY id) AS place FROM publication_publishedquote AS row WHERE id < 1000000) AS one,
        generate_series(%s, %s) AS n
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=50_000, help="published quotes")
    parser.add_argument("--publishes", type=int, default=300, help="quotes to publish one after another")
    parser.add_argument("--seconds", type=float, default=8, help="of asking")
    parser.add_argument("--ask", metavar="CORE", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    os.environ.setdefault("QUOTEBASE_MODE", "local")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quotebase.settings")
    django.setup()
    if options.ask is not None:
        print(json.dumps(ask(options.ask, options.seconds)))
        return
    print(json.dumps(measure(options), indent=2))


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """All figures, as one JSON object; times in seconds."""
    from tests.replication.servers import HOME, Servers, leading

    with tempfile.TemporaryDirectory(prefix="quotebase-bench-", dir="/var/tmp") as name:
        folder = Path(name)
        folder.chmod(0o755)
        with Servers(folder, OPTIONS) as servers:
            places = {"default": servers.place(HOME)} | {READ + one: servers.place(one) for one in NAMES}
            with leading(places):
                return {
                    "cores": os.cpu_count(),
                    "load_before": os.getloadavg()[0],
                    "first_copy": first_copy(options.rows),
                    "one_by_one": lag(options.publishes),
                    "many_at_once": many_at_once(),
                    "reads": reads(servers, options.seconds),
                }


def first_copy(rows: int) -> dict[str, Any]:
    """Fills the home server, lets both follow, and says how long the second took."""
    from django.core.management import call_command
    from django.db import connection
    from django.test import override_settings

    from quotes.curation import refresh_publication
    from quotes.replication import setting_up

    call_command("migrate", verbosity=0)
    call_command("loaddata", "demonstration", verbosity=0)
    refresh_publication()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM publication_publishedquote")
        shipped = cursor.fetchone()[0]
        for number in range(rows // shipped):
            cursor.execute(MULTIPLY, [number, number])
        cursor.execute("VACUUM ANALYZE publication_publishedquote")
        cursor.execute(
            "SELECT count(*), pg_table_size('publication_publishedquote'), pg_indexes_size('publication_publishedquote')"
            " FROM publication_publishedquote"
        )
        count, size, indexes = cursor.fetchone()
    with override_settings(READ_SERVERS={name: READ + name for name in NAMES}):
        times = []
        for name in NAMES:
            started = time.perf_counter()
            setting_up.add(name, lambda unfinished: None)
            times.append(time.perf_counter() - started)
    return {
        "quotes": count,
        "table_bytes_a_quote": size // count,
        "index_bytes_a_quote": indexes // count,
        "seconds": round(times[-1], 2),
        "quotes_a_second": round(count / times[-1]),
    }


def drafts(count: int, words: str) -> list[Any]:
    from tests.factories import make_article, make_quote

    article = make_article()
    return [make_quote(f"{words} {number}.", article=article, source_label="a keeper") for number in range(count)]


def lag(publishes: int) -> dict[str, Any]:
    """Seconds from the commit of a publish to the row's being there, over both read servers."""
    from quotes.curation import publish

    quotes = drafts(publishes, "The lamp is lit")
    before = log_position()
    found: list[float] = []
    verbs: list[float] = []
    for quote in quotes:
        begun = time.perf_counter()
        publish(quotes=[quote], actor=None)
        committed = time.perf_counter()
        verbs.append(committed - begun)
        waiting = set(NAMES)
        while waiting:
            for name in [name for name in waiting if is_there(name, quote.pk)]:
                found.append(time.perf_counter() - committed)
                waiting.remove(name)
    written = (log_position() - before) // publishes
    return {"publishes": publishes, "log_bytes_a_publish": written, "publish": spread(verbs), "lag": spread(found)}


def log_position() -> int:
    """Bytes of the home server's log so far."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT (pg_current_wal_lsn() - '0/0')::bigint")
        return int(cursor.fetchone()[0])


def many_at_once(count: int = 500) -> dict[str, Any]:
    """The same for one transaction that publishes many."""
    from quotes.curation import publish

    quotes = drafts(count, "The bell is rung")
    begun = time.perf_counter()
    publish(quotes=quotes, actor=None)
    committed = time.perf_counter()
    while not all(is_there(name, quotes[-1].pk) for name in NAMES):
        time.sleep(0.001)
    return {"quotes": count, "publish": committed - begun, "lag": time.perf_counter() - committed}


def is_there(name: str, key: int) -> bool:
    from quotes.publication.models import PublishedQuote

    return PublishedQuote.objects.using(READ + name).filter(pk=key).exists()


def spread(values: list[float]) -> dict[str, float]:
    cuts = statistics.quantiles(values, n=20)
    return {"p50": round(statistics.median(values), 5), "p95": round(cuts[-1], 5), "worst": round(max(values), 5)}


def reads(servers: Any, seconds: float) -> dict[str, Any]:
    """Answers a second of one read server on one core, and of two on two."""
    for core, name in enumerate(NAMES):
        pin(servers, name, core)
    rounds = [(asked(servers, [name], seconds)[0], asked(servers, list(NAMES), seconds)) for name in NAMES * ROUNDS]
    figures: dict[str, Any] = {"milliseconds_of_processor": rounds[-1][0]["milliseconds"]}
    for per in ("second", "cpu_second"):
        one = [alone[per] for alone, _ in rounds]
        two = [sum(found[per] for found in both) for _, both in rounds]
        figures[f"a_{per}"] = {
            "one": round(statistics.median(one), 1),
            "two": round(statistics.median(two), 1),
            "ratio": round(statistics.median(two) / statistics.median(one), 2),
            "ratios": [round(many / few, 2) for few, many in zip(one, two, strict=True)],
        }
    return figures


def pin(servers: Any, name: str, core: int) -> None:
    """Let a server run on one core only: what it starts from now on inherits that."""
    from tests.postgres.servers import pid_of

    os.sched_setaffinity(pid_of(servers.folder / name), {core})


def asked(servers: Any, names: list[str], seconds: float) -> list[dict[str, Any]]:
    """What `ask` found of each of the servers, all asked at the same time."""
    running = [start_asking(servers, name, seconds) for name in names]
    return [json.loads(process.communicate()[0]) for process in running]


def start_asking(servers: Any, name: str, seconds: float) -> subprocess.Popen[str]:
    def url(place: dict[str, Any]) -> str:
        return f"postgresql://{place['USER']}@/{place['NAME']}?host={place['HOST']}&port={place['PORT']}"

    environment = {
        **os.environ,
        "DATABASE_URL": url(servers.place("home")),
        "PUBLICATION_DATABASE_URL": url(servers.readers_of(name)),
        "QUOTEBASE_RATE_ANONYMOUS": "off",
    }
    command = [
        sys.executable,
        "-m",
        "benchmarks.replication",
        "--ask",
        str(NAMES.index(name)),
        "--seconds",
        str(seconds),
    ]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)


def ask(core: int, seconds: float) -> dict[str, Any]:
    """Answers a second that this process gets, on its core: of the clock, and of processor time, which other processes do not
    take away; and milliseconds of processor time for an answer to each question. The first of each question is not counted.
    """
    from django.db import connections
    from django.test import Client

    os.sched_setaffinity(0, {core})
    client = Client(headers={"host": "localhost"})
    for target in 2 * TARGETS:
        answer(client, target)
    backend = connections["publication"].connection.info.backend_pid
    spent = {target: [0.0, 0.0, 0] for target in TARGETS}
    begun, count = time.perf_counter(), 0
    while (taken := time.perf_counter() - begun) < seconds:
        target = TARGETS[count // BLOCK % len(TARGETS)]
        python, postgres = time.process_time(), processor_time(backend)
        for _ in range(BLOCK):
            answer(client, target)
        count += BLOCK
        spent[target][0] += time.process_time() - python
        spent[target][1] += processor_time(backend) - postgres
        spent[target][2] += BLOCK
    return {
        "second": count / taken,
        "cpu_second": count / sum(python + postgres for python, postgres, _ in spent.values()),
        "milliseconds": {
            target: {"python": round(1_000 * python / asked, 2), "postgres": round(1_000 * postgres / asked, 2)}
            for target, (python, postgres, asked) in spent.items()
            if asked
        },
    }


def processor_time(pid: int) -> float:
    """Seconds that the process has had."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def answer(client: Any, target: str) -> None:
    response = client.get(target)
    if response.status_code != 200:
        raise RuntimeError(f"{target}: {response.status_code}: {response.content[:300]!r}")


if __name__ == "__main__":
    main()
