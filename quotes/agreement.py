"""How far coders agree: Krippendorff's alpha for nominal data, with an interval, and what else one looks at beside it.

Plain values in, plain values out. A *unit* is what was judged (a quote, toward one topic), as the categories that coders put it
into, by coder. Coders may be any number, and need not have judged everything: a unit that one coder alone judged says
nothing about agreement and is left out everywhere.

Krippendorff, K. (2011), Computing Krippendorff's Alpha-Reliability, https://repository.upenn.edu/asc_papers/43. His
*coincidences* are the pairs of values within units, each unit's weighted by 1 / (values - 1): so it counts as often as
it has values.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

USABLE, TENTATIVE = 0.800, 0.667
NOTHING_PAIRED = "nothing was judged by two coders"
NO_VARIATION = "all judgements are the same, so nothing tells agreement from chance"

# Both are hashable: names, as a rule. A mapping's keys being invariant, naming that type would refuse every dict of names.
Coder = Any
Category = Any
Unit = Mapping[Coder, Category]


@dataclass(frozen=True)
class Measure:
    """A coefficient; or None, and the reason why it is not defined."""

    value: float | None
    reason: str = ""


@dataclass(frozen=True)
class Interval:
    """Where the coefficient lies with the given confidence; `undefined` of the resamples had none, and are left out."""

    low: float
    high: float
    resamples: int
    undefined: int = 0


@dataclass(frozen=True)
class Coincidences:
    """The coincidence matrix: `pairs[a, b]` = `pairs[b, a]`, `totals[a]` its row sums, and `units` that are in it."""

    pairs: Mapping[tuple[Category, Category], float]
    totals: Mapping[Category, float]
    units: int

    @property
    def values(self) -> float:
        """How many values are in it: all those of units with two or more."""
        return sum(self.totals.values())

    @property
    def agreeing(self) -> float:
        """The sum of its diagonal."""
        return sum(count for (one, other), count in self.pairs.items() if one == other)


def units_of(judgements: Iterable[tuple[Hashable, Coder, Category]]) -> list[dict[Coder, Category]]:
    """Units from single judgements: (what was judged, by whom, as what), in any order.

    >>> units_of([("q1", "a", "support"), ("q2", "a", "mixed"), ("q1", "b", "oppose")])
    [{'a': 'support', 'b': 'oppose'}, {'a': 'mixed'}]
    """
    units: dict[Hashable, dict[Coder, Category]] = defaultdict(dict)
    for unit, coder, category in judgements:
        units[unit][coder] = category
    return list(units.values())


def coincidences(units: Iterable[Unit]) -> Coincidences:
    """The coincidence matrix of the units.

    >>> coincidences([{"a": "yes", "b": "yes"}, {"a": "yes", "b": "no"}, {"b": "no"}]).pairs
    {('yes', 'yes'): 2.0, ('yes', 'no'): 1.0, ('no', 'yes'): 1.0}
    """
    pairs: dict[tuple[Category, Category], float] = defaultdict(float)
    totals: dict[Category, float] = defaultdict(float)
    paired = _paired(units)
    for unit in paired:
        counts = Counter(unit.values())
        for one, count in counts.items():
            totals[one] += count
            for other, others in counts.items():
                if found := count * (others - (one == other)):
                    pairs[one, other] += found / (len(unit) - 1)
    return Coincidences(dict(pairs), dict(totals), len(paired))


def krippendorff_alpha(units: Iterable[Unit]) -> Measure:
    """Krippendorff's alpha for nominal data: 1 - observed / expected disagreement; 1 is perfect, 0 is what chance gives.

    >>> units = [{"ben": "a", "gerry": "a"}, {"ben": "a", "gerry": "b"}, {"ben": "b", "gerry": "b"}]
    >>> round(krippendorff_alpha(units).value, 3)
    0.444

    Undefined (None, with the reason) where no unit has two values, and where all values are the same.
    """
    matrix = coincidences(units)
    if not matrix.units:
        return Measure(None, NOTHING_PAIRED)
    alpha = _alpha(list(matrix.totals.values()), matrix.agreeing)
    return Measure(alpha, "" if alpha is not None else NO_VARIATION)


def _alpha(totals: Sequence[float], agreeing: float) -> float | None:
    values = sum(totals)
    expected = values * values - sum(total * total for total in totals)
    return 1 - (values - 1) * (values - agreeing) / expected if expected else None


def alpha_interval(
    units: Iterable[Unit], *, confidence: float = 0.95, resamples: int = 1000, seed: int = 1
) -> Interval | None:
    """A percentile bootstrap interval of alpha, by drawing as many units as there are, with replacement.

    Whole units are resampled, as in Zapf, Castell, Morawietz and Karch (2016), Measuring inter-rater reliability for nominal
    data, BMC Medical Research Methodology 16:93, who found its coverage close to the one asked for; not single pairs of values
    against a fixed expected disagreement, as in Krippendorff's own algorithm. The seed makes it the same each time. None with
    fewer than two units, where alpha is undefined, and where it is in half of the resamples. It cannot tell how sure
    *perfect* agreement is: that gives [1, 1].
    """
    profiles = Counter(frozenset(Counter(unit.values()).items()) for unit in _paired(units))
    number = sum(profiles.values())
    if number < 2:
        return None
    # In an order of their own: the sets above come in one that differs from run to run.
    kinds = sorted((_Kind.of(dict(profile), count) for profile, count in profiles.items()), key=_Kind.sort_key)
    weights = list(accumulate(kind.count for kind in kinds))
    chance = random.Random(seed)  # noqa: S311 - statistics, no secrets
    drawn = [
        _alpha_of(Counter(chance.choices(range(len(kinds)), cum_weights=weights, k=number)), kinds)
        for _ in range(resamples)
    ]
    found = sorted(alpha for alpha in drawn if alpha is not None)
    if 2 * len(found) <= resamples:
        return None
    tail = (1 - confidence) / 2
    return Interval(_quantile(found, tail), _quantile(found, 1 - tail), resamples, resamples - len(found))


@dataclass(frozen=True)
class _Kind:
    """Units that have the same values, whoever gave them: what they add to the totals and to the diagonal."""

    count: int
    totals: Mapping[Category, int] = field(hash=False)
    agreeing: float

    @classmethod
    def of(cls, totals: Mapping[Category, int], count: int) -> _Kind:
        values = sum(totals.values())
        return cls(count, totals, sum(one * (one - 1) for one in totals.values()) / (values - 1))

    def sort_key(self) -> tuple[list[tuple[str, int]], int]:
        return sorted((str(category), count) for category, count in self.totals.items()), self.count


def _alpha_of(times: Mapping[int, int], kinds: Sequence[_Kind]) -> float | None:
    totals: dict[Category, float] = defaultdict(float)
    agreeing = 0.0
    for number, often in times.items():
        agreeing += often * kinds[number].agreeing
        for category, count in kinds[number].totals.items():
            totals[category] += often * count
    return _alpha(list(totals.values()), agreeing)


def _quantile(values: Sequence[float], share: float) -> float:
    """Of sorted values, between the two that are nearest."""
    place = share * (len(values) - 1)
    below = int(place)
    above = min(below + 1, len(values) - 1)
    return values[below] + (place - below) * (values[above] - values[below])


def percent_agreement(units: Iterable[Unit]) -> Measure:
    """The share of agreeing pairs, 0 to 1: 1 - observed disagreement. Of two coders, the share of units that they agree on.

    It says nothing of chance: with few categories, or one that is frequent, it is high by itself.
    """
    matrix = coincidences(units)
    return Measure(matrix.agreeing / matrix.values) if matrix.units else Measure(None, NOTHING_PAIRED)


def category_agreement(matrix: Coincidences) -> dict[Category, float]:
    """For each category: where one coder chose it, how often another did (0 to 1).

    Of two coders it is the proportion of specific agreement (Fleiss, 1981, Statistical Methods for Rates and Proportions, 13.1).
    """
    return {category: matrix.pairs.get((category, category), 0.0) / total for category, total in matrix.totals.items()}


def cohen_kappa(units: Iterable[Unit], first: Coder, second: Coder) -> Measure:
    """Cohen's kappa of two coders (1960, A Coefficient of Agreement for Nominal Scales), on the units that both judged.

    Chance is what the two coders' own distributions give, where alpha takes the one of both together.
    """
    table = confusion(units, first, second)
    number = sum(table.values())
    if not number:
        return Measure(None, NOTHING_PAIRED)
    rows: dict[Category, int] = defaultdict(int)
    columns: dict[Category, int] = defaultdict(int)
    for (one, other), count in table.items():
        rows[one] += count
        columns[other] += count
    observed = sum(count for (one, other), count in table.items() if one == other) / number
    if len(rows) == 1 and rows.keys() == columns.keys():
        return Measure(None, NO_VARIATION)
    by_chance = sum(rows[category] * columns[category] for category in list(rows) if category in columns) / number**2
    return Measure((observed - by_chance) / (1 - by_chance))


def confusion(units: Iterable[Unit], first: Coder, second: Coder) -> dict[tuple[Category, Category], int]:
    """How often the first coder chose the one category and the second the other, on the units that both judged.

    >>> confusion([{"a": "yes", "b": "no"}, {"a": "yes"}, {"a": "yes", "b": "yes"}], "a", "b")
    {('yes', 'no'): 1, ('yes', 'yes'): 1}
    """
    return dict(Counter((unit[first], unit[second]) for unit in units if first in unit and second in unit))


def coders_of(units: Iterable[Unit]) -> list[Coder]:
    """Who judged a unit that somebody else judged too, by name."""
    return sorted({coder for unit in _paired(units) for coder in unit}, key=str)


def verdict(alpha: float | None) -> str:
    """What alpha allows: `usable` from .800, `tentative` from .667, else `unusable`; `undefined` where there is none.

    Krippendorff's thresholds have three places, and so is alpha judged: as it is printed.

    >>> [verdict(alpha) for alpha in (0.8, 0.7996, 0.7994, 0.667, 0.666, None)]
    ['usable', 'usable', 'tentative', 'tentative', 'unusable', 'undefined']
    """
    if alpha is None:
        return "undefined"
    return "usable" if round(alpha, 3) >= USABLE else "tentative" if round(alpha, 3) >= TENTATIVE else "unusable"


def _paired(units: Iterable[Unit]) -> list[Unit]:
    return [unit for unit in units if len(unit) > 1]
