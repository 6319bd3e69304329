"""Times candidates in turns, and says how they compare: medians, tails, ratios, and the spread of these over the rounds."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

Ask = Callable[[], object]


@dataclass
class Times:
    """Milliseconds of each question, round by round."""

    rounds: list[list[float]] = field(default_factory=list)

    @property
    def all(self) -> list[float]:
        return sorted(one for times in self.rounds for one in times)

    @property
    def p50(self) -> float:
        return statistics.median(self.all)

    @property
    def p95(self) -> float:
        return percentile(self.all, 0.95)

    @property
    def worst(self) -> float:
        """The worst question, each at its best: what a hiccup of the machine did once is no tail."""
        return max(self._best)

    @property
    def slowest(self) -> int:
        """Which question that is: its place."""
        return self._best.index(self.worst)

    @property
    def _best(self) -> list[float]:
        return [min(times) for times in zip(*self.rounds, strict=True)]


def percentile(ordered: Sequence[float], share: float) -> float:
    """The value that this share of the ordered ones do not exceed."""
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]


def compare(candidates: Mapping[str, Sequence[Ask]], *, rounds: int) -> dict[str, Times]:
    """The times of each candidate's questions. In each round every candidate is asked all of its own, in changing order."""
    times = {name: Times() for name in candidates}
    names = list(candidates)
    gc.collect()
    gc.disable()
    try:
        for number in range(rounds):
            for name in names[number % len(names) :] + names[: number % len(names)]:
                times[name].rounds.append([_time(ask) for ask in candidates[name]])
            gc.collect()
    finally:
        gc.enable()
    return times


def _time(ask: Ask) -> float:
    start = time.perf_counter()
    ask()
    return (time.perf_counter() - start) * 1_000


@dataclass(frozen=True, slots=True)
class Ratio:
    """How many times as long one took as the other, and the least and the most of it in any round."""

    middle: float
    least: float
    most: float

    def __str__(self) -> str:
        return f"{self.middle:.2f} ({self.least:.2f}–{self.most:.2f})"


def ratio(times: Times, to: Times) -> Ratio:
    """Of the medians, round by round."""
    found = [
        statistics.median(one) / statistics.median(other) for one, other in zip(times.rounds, to.rounds, strict=True)
    ]
    return Ratio(times.p50 / to.p50, min(found), max(found))
