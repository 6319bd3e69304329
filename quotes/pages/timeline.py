"""A time line of stances: quotes by month, quarter or year, support above the line, opposition below, the others apart.

Geometry in the units of the drawing, as plain numbers; the template writes the SVG.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from quotes.pages import wording
from quotes.pages.addresses import quotes_where
from quotes.pages.cards import Card
from quotes.publication.querysets import UNKNOWN_DATE
from quotes.vocabulary import Stance

WIDTH, LEFT = 1120, 86
# Heights: of all lanes together at most, of one quote at most, and of the room for numbers above, between and below lanes.
_LANES, _UNIT, _ABOVE, _BETWEEN, _BELOW = 300, 15.0, 18, 44, 36
# The finest interval that gives no more bins than this: months in a bin.
_MOST_BINS = 36
_INTERVALS = {1: "month", 3: "quarter", 12: "year", 120: "decade"}


@dataclass(frozen=True)
class Period:
    """One bin: its name, its quotes by stance, and the filters that find them."""

    name: str
    tick: str
    year: str
    counts: Counter[str]
    after: str
    before: str


@dataclass(frozen=True)
class Block:
    """A rectangle for the quotes of one stance in one period."""

    stance: str
    x: str
    y: str
    width: str
    height: str
    count: int
    label_x: str
    label_y: str
    title: str
    address: str


@dataclass(frozen=True)
class Tick:
    x: str
    label: str
    year: str


@dataclass(frozen=True)
class Timeline:
    """Periods without a hole between the first and the last quote, and their drawing.

    `axis` is the line between support and opposition, `apart` the base of what lies in between.
    """

    interval: str
    periods: list[Period]
    blocks: list[Block]
    ticks: list[Tick]
    axis: int
    apart: int
    imprecise: int
    undated: int

    width, left = WIDTH, LEFT

    @property
    def height(self) -> int:
        return self.apart + _BELOW


def timeline(cards: Sequence[Card], topic: str) -> Timeline | None:
    """The time line of the cards' stances toward the topic; None where fewer than two periods have any."""
    taken = [(card, stance) for card in cards if (stance := card.toward(topic)) in wording.TAKEN]
    dated = [(card, stance) for card, stance in taken if card.day > UNKNOWN_DATE]
    if not dated:
        return None
    months = _interval([_month(card.day) for card, _ in dated])
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    for card, stance in dated:
        counts[_month(card.day) // months][str(stance)] += 1
    if len(counts) < 2:
        return None
    periods = [_period(number, months, counts[number]) for number in range(min(counts), max(counts) + 1)]
    scale = _scale(periods)
    return Timeline(
        interval=_INTERVALS[months],
        periods=periods,
        blocks=_blocks(periods, topic, scale),
        ticks=_ticks(periods),
        axis=scale.axis,
        apart=scale.apart,
        imprecise=sum(_is_imprecise(card, months) for card, _ in dated),
        undated=len(taken) - len(dated),
    )


@dataclass(frozen=True)
class _Scale:
    """One scale for all lanes, so that heights can be compared above, below and apart."""

    unit: float
    axis: int
    apart: int


def _scale(periods: Sequence[Period]) -> _Scale:
    above = max(period.counts[Stance.SUPPORT] for period in periods)
    below = max(period.counts[Stance.OPPOSE] for period in periods)
    between = max(sum(period.counts[stance] for stance in wording.BETWEEN) for period in periods)
    unit = min(_UNIT, _LANES / (above + below + between))
    axis = round(_ABOVE + max(above * unit, _ABOVE))
    return _Scale(unit, axis, round(axis + max(below * unit, _ABOVE) + _BETWEEN + between * unit))


def _month(day: dt.date) -> int:
    """Months since the year 0: divided by the months of an interval, the number of its period."""
    return day.year * 12 + day.month - 1


def _interval(months: Sequence[int]) -> int:
    first, last = min(months), max(months)
    return next((size for size in _INTERVALS if last // size - first // size < _MOST_BINS), 120)


def _is_imprecise(card: Card, months: int) -> bool:
    """The date stands for more than one period, and is counted in the first."""
    return card.document["dated"]["precision"] == "year" and months < 12


def _period(number: int, months: int, counts: Counter[str]) -> Period:
    first, last = number * months, number * months + months - 1
    year, month = divmod(first, 12)
    start = dt.date(max(year, 1), month + 1, 1)
    names = {
        1: (f"{start:%B %Y}", f"{start:%b}"),
        3: (f"{_quarter(month)} {year}", _quarter(month)),
        12: (f"{year}", f"{year}"),
        120: (f"{year}–{last // 12}", f"{year}s"),
    }
    name, tick = names[months]
    shows_year = months < 12 and month == 0
    return Period(name, tick, f"{year}" if shows_year else "", counts, _written(first), _written(last))


def _quarter(month: int) -> str:
    return f"Q{month // 3 + 1}"


def _written(month: int) -> str:
    return f"{month // 12:04d}-{month % 12 + 1:02d}"


def _ticks(periods: Sequence[Period]) -> list[Tick]:
    step = (WIDTH - LEFT) / len(periods)
    ticks = []
    for number, period in enumerate(periods):
        year = period.year or (period.before[:4] if number == 0 and len(period.tick) < 4 else "")
        ticks.append(Tick(_n(LEFT + (number + 0.5) * step), period.tick, year))
    return ticks


def _blocks(periods: Sequence[Period], topic: str, scale: _Scale) -> list[Block]:
    step = (WIDTH - LEFT) / len(periods)
    width = min(step - 4, 40.0)
    blocks = []
    for number, period in enumerate(periods):
        x = LEFT + (number + 0.5) * step - width / 2
        for stance, y, label_y in _stacked(period, scale):
            count = period.counts[stance]
            blocks.append(
                Block(
                    stance=stance,
                    x=_n(x),
                    y=_n(y),
                    width=_n(width),
                    height=_n(count * scale.unit),
                    count=count,
                    label_x=_n(x + width / 2),
                    label_y=_n(label_y) if label_y else "",
                    title=f"{period.name}: {count} {wording.STANCES[stance].label.lower()}",
                    address=quotes_where(
                        topic=topic, stance=stance, dated_after=period.after, dated_before=period.before
                    ),
                )
            )
    return blocks


def _stacked(period: Period, scale: _Scale) -> list[tuple[Stance, float, float]]:
    """(stance, top, baseline of its number or 0): support upward, opposition downward, the others stacked apart."""
    counts = period.counts
    found = []
    if height := counts[Stance.SUPPORT] * scale.unit:
        found.append((Stance.SUPPORT, scale.axis - height, scale.axis - height - 5))
    if height := counts[Stance.OPPOSE] * scale.unit:
        found.append((Stance.OPPOSE, float(scale.axis), scale.axis + height + 14))
    top = float(scale.apart)
    for stance in wording.BETWEEN:
        if counts[stance]:
            top -= counts[stance] * scale.unit
            found.append((stance, top, 0.0))
    return found


def _n(number: float) -> str:
    """A number as SVG has it, whatever the language of the page."""
    return f"{number:.1f}"
