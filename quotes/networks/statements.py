"""Statements as networks are made of them, and which of them are kept where one says the same again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass

# What counts as saying it again: in one document, in one period, or ever. `include` keeps all.
DUPLICATES = ("include", "document", "day", "week", "month", "year", "acrossrange")
# What becomes of agreement and disagreement (DNA's "qualifier").
TWO_MODE_AGGREGATIONS = ("ignore", "subtract", "combine")
ONE_MODE_AGGREGATIONS = ("ignore", "congruence", "conflict", "subtract")
TWO_MODE_NORMALIZATIONS = ("no", "activity", "prominence")
ONE_MODE_NORMALIZATIONS = ("no", "average", "jaccard", "cosine")


@dataclass(frozen=True, slots=True)
class Statement:
    """An actor agrees with a concept (a proposition) or not, in a document, on a day from `start` to `end` (None: unknown)."""

    actor: str
    concept: str
    agrees: bool
    document: str
    start: dt.date | None
    end: dt.date | None


def kept(statements: Iterable[Statement], duplicates: str, *, by_agreement: bool) -> Iterator[Statement]:
    """The statements that count: of duplicates the first, so give them in the order of time.

    Duplicates have actor and concept in common (`by_agreement`: agreement as well) and the document or period. DNA compares
    weeks and months without their year, so that a January falls on every other one; here a period is one of its year (weeks as
    ISO 8601 has them). A date that is not precise enough to say its period may be anywhere: such a statement repeats
    only what its own document says already.
    """
    if duplicates == "include":
        yield from statements
        return
    seen: set[Hashable] = set()
    for one in statements:
        key = (one.actor, one.concept, one.agrees if by_agreement else None, _place(one, duplicates))
        if key not in seen:
            seen.add(key)
            yield one


def _place(statement: Statement, duplicates: str) -> Hashable:
    if duplicates == "acrossrange":
        return None
    if duplicates != "document" and statement.start and statement.end:
        period = _period(statement.start, duplicates)
        if period == _period(statement.end, duplicates):
            return period
    return statement.document


def _period(day: dt.date, unit: str) -> tuple[int, ...]:
    """
    >>> _period(dt.date(2021, 1, 3), "week"), _period(dt.date(2021, 1, 3), "month")
    ((2020, 53), (2021, 1))
    """
    if unit == "week":
        return day.isocalendar()[:2]
    return (day.year, day.month, day.day)[: {"year": 1, "month": 2, "day": 3}[unit]]
