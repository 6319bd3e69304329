"""Bars of stances: how many quotes take each, as parts of a line. Geometry only; templates draw it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from quotes.pages.wording import STANCES, TAKEN, Word


@dataclass(frozen=True, slots=True)
class Part:
    """One stance's part of a bar: where it begins and how wide it is, as SVG lengths; and the list of its quotes."""

    stance: str
    count: int
    x: str
    width: str
    address: str

    @property
    def word(self) -> Word:
        return STANCES[self.stance]


@dataclass(frozen=True, slots=True)
class Bar:
    """The parts from support to oppose; stances that nobody takes have none."""

    parts: list[Part]
    total: int


def stance_bar(counts: Mapping[str, int], address: Callable[[str], str], *, most: int | None = None) -> Bar:
    """The bar of the counts; `most` is the total that fills the whole line (this bar's own, unless told).

    >>> [(part.stance.value, part.x, part.width) for part in stance_bar({"oppose": 1, "support": 3}, str).parts]
    [('support', '0.00%', '75.00%'), ('oppose', '75.00%', '25.00%')]
    """
    total = sum(counts.get(stance, 0) for stance in TAKEN)
    whole = most or total or 1
    parts, before = [], 0
    for stance in TAKEN:
        if count := counts.get(stance, 0):
            parts.append(Part(stance, count, _share(before, whole), _share(count, whole), address(stance)))
            before += count
    return Bar(parts, total)


def _share(count: int, whole: int) -> str:
    return f"{100 * count / whole:.2f}%"
