"""Bringing a corpus in, against plain COPY of the very rows that result, into the same live tables, in the same run.

    python -m benchmarks.imports --lines 100000

Both sides pay for history, indexes, triggers and constraints. Rounds alternate, and each begins with the same rows of an earlier
import in the tables, and the planner's statistics of them; what is in the tables afterwards must be equal.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks import corpora, scratch

scratch.start_django()

from django.db import connection, transaction  # noqa: E402
from tqdm import tqdm  # noqa: E402

from quotes.datasets import bulk  # noqa: E402
from quotes.models import Article, DoubtfulSpeaker, Import, ImportedRow, Person, Quote  # noqa: E402

TABLES = [model._meta.db_table for model in (Person, Article, Import, DoubtfulSpeaker, Quote, ImportedRow)]
EVENTS = [f"{table}event" for table in TABLES]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, scratch.database("quotebase_bench_imports"):
        compare(Path(folder), arguments.lines, arguments.rounds)


def compare(folder: Path, lines: int, rounds: int) -> None:
    path = folder / "corpus.jsonl"
    corpora.write_quotebank(path, lines)
    file = bulk.CorpusFile(path, "quotebank").hashed()
    before = folder / "before"
    before.mkdir()
    make_earlier(folder, before, lines=5_000)
    earlier = state()
    looks, imports, copies = [], [], []
    expected: Any = None
    for _ in tqdm(range(rounds), desc="rounds", disable=None):
        reset(before)
        looks.append(timed(lambda: bulk.look(file)))
        imports.append(timed(lambda: bulk.bring_in(file, rows=lines)))
        found = state()
        expected = expected or found
        _compare(found, expected)
        export(folder, beyond=before)
        reset(before)
        copies.append(timed(lambda: load(folder)))
        _compare(state(), expected)
    quotes, articles = (now - then for now, then in zip(expected[:2], earlier[:2], strict=True))
    print(f"{lines:,} lines, {quotes:,} quotes, {articles:,} articles; PostgreSQL {_version()}")
    for name, times in (("plain COPY", copies), ("bring in", imports), ("look (before)", looks)):
        print(f"  {name:<14} {quotes / statistics.median(times):>9,.0f} quotes/s   {min(times):.2f}–{max(times):.2f} s")
    ratios = [copy / one for copy, one in zip(copies, imports, strict=True)]
    with_look = [copy / (one + look) for copy, one, look in zip(copies, imports, looks, strict=True)]
    print(f"  bring in / COPY        {_percent(ratios)}   (goal: at least 40 %)")
    print(f"  look + bring in / COPY {_percent(with_look)}")
    print(
        f"  resident at most       {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MiB (goal: at most 400)"
    )


def _compare(found: tuple[int, ...], expected: tuple[int, ...]) -> None:
    if found != expected:
        raise SystemExit(f"The two ways, or two rounds, made different rows: {found} and {expected}")


def _percent(ratios: list[float]) -> str:
    return f"{100 * statistics.median(ratios):.0f} % ({100 * min(ratios):.0f}–{100 * max(ratios):.0f})"


def _version() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return str(cursor.fetchone()[0])


def timed(work: Any) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def make_earlier(folder: Path, before: Path, *, lines: int) -> None:
    """Another corpus, brought in, and its rows kept as files."""
    path = folder / "earlier.jsonl"
    corpora.write_quotebank(path, lines, seed=11)
    bulk.bring_in(bulk.CorpusFile(path, "quotebank", "earlier").hashed(), rows=lines)
    export(before)


def reset(before: Path) -> None:
    """The tables as after the earlier import."""
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join([*TABLES, *EVENTS])}, publication_stalemark CASCADE")
    load(before)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute("CHECKPOINT")


def state() -> tuple[int, ...]:
    """How many rows each table has, and what their words come to."""
    counted = [table for table in (*TABLES, *EVENTS) if not table.startswith("quotes_import")]
    sums = [
        "SELECT sum(hashtext(text)) FROM quotes_quote",
        "SELECT sum(hashtext(external_id || digest)) FROM quotes_importedrow",
    ]
    queries = ["SELECT count(*) FROM quotes_quote", "SELECT count(*) FROM quotes_article"]
    queries += [f"SELECT count(*) FROM {table}" for table in counted] + sums
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(f'({query})' for query in queries)}")
        found: tuple[int, ...] = cursor.fetchone()
        return found


def export(folder: Path, *, beyond: Path | None = None) -> None:
    """The rows of each table into a file; only those that were not there `beyond` that export."""
    for table in TABLES:
        last = int((beyond / f"{table}.last").read_text()) if beyond else 0
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT coalesce(max(id), 0) FROM {table}")
            (folder / f"{table}.last").write_text(str(cursor.fetchone()[0]))
        query = f"COPY (SELECT * FROM {table} WHERE id > {last} ORDER BY id) TO STDOUT (FORMAT binary)"
        with connection.cursor() as cursor, (folder / table).open("wb") as file, cursor.cursor.copy(query) as copy:
            for block in copy:
                file.write(block)


def load(folder: Path) -> None:
    """Each table in a transaction of its own, as whoever loads by hand would."""
    for table in TABLES:
        with (
            transaction.atomic(),
            connection.cursor() as cursor,
            (folder / table).open("rb") as file,
            cursor.cursor.copy(f"COPY {table} FROM STDIN (FORMAT binary)") as copy,
        ):
            while block := file.read(1 << 20):
                copy.write(block)


if __name__ == "__main__":
    main()
