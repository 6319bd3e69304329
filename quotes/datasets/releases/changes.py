"""What happened to the quotes since the release before: two sorted tables, read side by side."""

from __future__ import annotations

import csv
import itertools
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

HEADER = ("uid", "change", "columns")
ADDED, CHANGED, RETRACTED, WITHDRAWN, REMOVED = "added", "changed", "retracted", "withdrawn", "removed"


def changes(before: Path | None, now: Path) -> Iterator[tuple[str, str, str]]:
    """uid, what happened, and the names of the columns that changed, joined by semicolons; in the order of uids.

    `retracted` left `quotes` for the table of that name, `withdrawn` is in `withdrawn`, `removed` in neither. Without a
    release before there is nothing to tell.
    """
    if before is None:
        return
    retracted = {row["uid"] for row in read(now / "retracted.csv")}
    withdrawn = {row["uid"] for row in read(now / "withdrawn.csv")}
    for uid, old, new in _side_by_side(read(before / "quotes.csv"), read(now / "quotes.csv")):
        if old is None:
            yield uid, ADDED, ""
        elif new is None:
            yield uid, RETRACTED if uid in retracted else WITHDRAWN if uid in withdrawn else REMOVED, ""
        elif old != new:
            names = [name for name in dict.fromkeys([*old, *new]) if old.get(name) != new.get(name)]
            yield uid, CHANGED, "; ".join(names)


def read(path: Path) -> Iterator[dict[str, str]]:
    """The rows of a table as strings by column."""
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


Row = dict[str, str]


def _side_by_side(old: Iterator[Row], new: Iterator[Row]) -> Iterator[tuple[str, Row | None, Row | None]]:
    one, other = next(old, None), next(new, None)
    while one is not None or other is not None:
        if other is None or (one is not None and one["uid"] < other["uid"]):
            assert one is not None  # noqa: S101 - one of the two is there
            yield one["uid"], one, None
            one = next(old, None)
        elif one is None or other["uid"] < one["uid"]:
            yield other["uid"], None, other
            other = next(new, None)
        else:
            yield one["uid"], one, other
            one, other = next(old, None), next(new, None)


def summary(folder: Path, previous: str | None) -> str:
    """The changes in words, for CHANGES.md."""
    if previous is None:
        return "# Changes\n\nThis is the first release.\n"
    rows = list(read(folder / "changes.csv"))
    counts = Counter(row["change"] for row in rows)
    lines = [f"# Changes since {previous}", ""]
    lines += [f"- {count:,} {change}" for change, count in sorted(counts.items())] or ["Nothing changed."]
    gone = {row["uid"]: row["change"] for row in rows if row["change"] in (RETRACTED, WITHDRAWN, REMOVED)}
    if gone:
        reasons = {row["uid"]: row["reason"] for row in read(folder / "withdrawn.csv")}
        notes = {row["uid"]: row["verification_note"] for row in read(folder / "retracted.csv")}
        lines += ["", "## Retractions", "", "Who used one of these must know:", ""]
        lines += [f"- {uid}: {what}. {reasons.get(uid) or notes.get(uid) or ''}".rstrip() for uid, what in gone.items()]
    return "\n".join(itertools.chain(lines, [""]))
