"""A corpus is brought in by a process that is killed at random moments, spread over all of its stages, and then to its end.

    python -m benchmarks.kills --lines 100000 --kills 20

After each kill nothing may be half in, nothing twice, and the killed process's session must be gone; in the end everything
must be as an import makes it that nobody killed. Ends with status 1 where it is not.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import Counter
from pathlib import Path

from benchmarks import corpora, scratch

scratch.start_django()

from django.db import connection  # noqa: E402
from tqdm import tqdm  # noqa: E402

from benchmarks import killing  # noqa: E402
from quotes.models import Import  # noqa: E402

_LOOKS = 0.25  # the share of kills that hit the first look
# What a session's statement belongs to, the first that fits.
_STAGES = {
    "connecting": ("pg_type", "pg_catalog"),
    "looking": ("import_seen", "import_new"),
    "staging": ("import_staged (", "import_staged FROM", "TRUNCATE import_staged"),
    "making articles": ("INSERT INTO quotes_article",),
    "making people": ("quotes_person", "quotes_doubtfulspeaker", "quotes_redirect"),
    "joining utterances": ("import_fresh AS fresh SET", "import_fresh ("),
    "making quotes": ("INSERT INTO quotes_quote",),
    "noting rows": ("INSERT INTO quotes_importedrow", "FROM quotes_importedrow WHERE source"),
    "committing": ("COMMIT", "RELEASE"),
    "noting how far": ('UPDATE "quotes_import"', "quotes_import"),
    "publishing": ("publication_",),
    "taking stock": ("ANALYZE quotes_",),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=int, default=100_000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=7)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, scratch.database("quotebase_bench_kills"):
        path = Path(folder) / "corpus.jsonl"
        corpora.write_quotebank(path, arguments.lines)
        trial(path, arguments.lines, arguments.kills, arguments.seed)


def trial(path: Path, lines: int, kills: int, seed: int) -> None:
    seconds = _to_its_end(path)
    expected = killing.state()
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE quotes_import, quotes_quote, quotes_article, quotes_person CASCADE")
    stages: Counter[str] = Counter()
    gone: list[float] = []
    done: list[int] = []
    missed = 0
    for share in tqdm(_shares(kills, seed), desc="kills", disable=None):
        before = killing.rows_done()
        process = killing.start(path)
        was = killing.kill_when(process, _moment(share, lines, before, seconds))
        if was is None:
            missed += 1
            continue
        gone.append(killing.seconds_until_gone())
        stages[_stage(was)] += 1
        done.append(killing.rows_done())
        if wrong := killing.half_done():
            raise SystemExit(f"Killed at {was!r}: {wrong}")
    _to_its_end(path)
    found, batch = killing.state(), Import.objects.get()
    print(f"{lines:,} lines, {expected[1]:,} quotes; {seconds:.1f} s unkilled; {kills} kills with seed {seed}")
    print(f"  killed while  {', '.join(f'{name} {count}' for name, count in stages.most_common())}")
    print(f"  rows in then  {', '.join(f'{count:,}' for count in done)}")
    print(f"  half done     nothing, {len(gone)} times over{f'; {missed} came to their end first' if missed else ''}")
    print(f"  the session outlived its process by {max(gone):.2f} s at most")
    print(
        f"  in the end    {found[1]:,} quotes, import {batch.status}, {'equal' if found == expected else 'NOT EQUAL'}"
    )
    if found != expected or killing.half_done():
        raise SystemExit(1)


def _to_its_end(path: Path) -> float:
    started = time.perf_counter()
    if killing.start(path).wait(killing.PATIENCE):
        raise SystemExit(killing.said(path).read_text(encoding="utf-8"))
    return time.perf_counter() - started


def _shares(kills: int, seed: int) -> list[float]:
    """Shares of the whole work, rising."""
    return killing.random_moments(kills, 1.0, seed=seed)


def _moment(share: float, lines: int, before: int, seconds: float) -> killing.IsTime:
    """A fourth of the kills hit the look, as far on as their share says; the others come after so many lines, and by chance."""
    wanted = int(lines * (share - _LOOKS) / (1 - _LOOKS) * 0.97)
    is_look = wanted <= 0
    beyond = seconds * (0.2 * share / _LOOKS if is_look else 0.06 * killing.chance(share))
    seen: list[float] = []

    def is_time() -> bool:
        if not seen and _has_come(is_look, wanted, before):
            seen.append(time.monotonic())
        return bool(seen) and killing.sessions() > 0 and time.monotonic() - seen[0] >= beyond

    return is_time


def _has_come(is_look: bool, wanted: int, before: int) -> bool:
    if is_look:
        return "import_seen" in killing.stage()
    return killing.rows_done() >= wanted and (wanted > before or "import_staged" in killing.stage())


def _stage(statement: str) -> str:
    for name, marks in _STAGES.items():
        if any(mark in statement for mark in marks):
            return name
    return f"at {statement[:40]!r}" if statement else "between"


if __name__ == "__main__":
    main()
