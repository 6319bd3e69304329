"""One-mode and two-mode networks from kept statements.

The formulas are DNA's, as its `Exporter` computes them (version 3): A[i, j, k] counts the kept statements of actor i on concept
j with agreement k; ties are computed for pairs that share something, so that the work grows with ties, not with nodes squared.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from quotes.networks.statements import Statement

Pair = tuple[str, str]


class TooLarge(ValueError):
    """More ties than a network may have."""


@dataclass(frozen=True, slots=True)
class Network:
    """Nodes in order with what they are worth, and the ties between them.

    `rows` and `columns` are the labels of the matrix, the same for a one-mode network. `ties` holds a weight for each pair of
    a row and a column that is not zero; of a one-mode network, whose matrix is symmetric, each pair once, in order.
    `frequencies` says how many kept statements a node has.
    """

    mode: str
    rows: list[str]
    columns: list[str]
    ties: dict[Pair, float]
    row_frequencies: Mapping[str, int]
    column_frequencies: Mapping[str, int]

    def matrix(self) -> list[list[float]]:
        """The weights, a list for each row; the diagonal of a one-mode network is zero."""
        return [[self.weight(row, column) for column in self.columns] for row in self.rows]

    def weight(self, row: str, column: str) -> float:
        """The weight between two nodes, 0 where there is no tie."""
        if self.mode == "onemode" and row > column:
            row, column = column, row
        return self.ties.get((row, column), 0.0)


@dataclass(slots=True)
class Counts:
    """A[i, j, k], sparse: `[oppose, support]` by actor and concept, and all nodes, tied or not."""

    cells: dict[Pair, list[int]] = field(default_factory=dict)
    actors: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    concepts: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    kept: int = 0

    @classmethod
    def of(cls, statements: Iterable[Statement]) -> Counts:
        """Count kept statements."""
        counts = cls()
        for one in statements:
            counts.cells.setdefault((one.actor, one.concept), [0, 0])[one.agrees] += 1
            counts.actors[one.actor] += 1
            counts.concepts[one.concept] += 1
            counts.kept += 1
        return counts

    def with_isolates(self, actors: Iterable[str], concepts: Iterable[str]) -> None:
        """Nodes that have no kept statement; those that have one stay as they are."""
        for nodes, names in ((self.actors, actors), (self.concepts, concepts)):
            for name in names:
                nodes[name] += 0

    def turned(self) -> Counts:
        """Concepts in the place of actors, and the other way round."""
        cells = {(concept, actor): cell for (actor, concept), cell in self.cells.items()}
        return Counts(cells, self.concepts, self.actors, self.kept)


def two_mode(counts: Counts, aggregation: str = "ignore", normalization: str = "no") -> Network:
    """Actors by concepts.

    `ignore` counts statements, `subtract` takes the opposing from the supporting ones, `combine` says 1 for support alone,
    2 for opposition alone and 3 for both. `activity` divides by all statements of the actor, `prominence` by all on the
    concept. Raises ValueError for `combine` with either: the quotient would mean nothing.
    """
    if aggregation == "combine" and normalization != "no":
        raise ValueError("combined weights are names, not amounts: they cannot be divided")
    ties: dict[Pair, float] = {}
    for (actor, concept), (oppose, support) in sorted(counts.cells.items()):
        if aggregation == "combine":
            weight: float = bool(support) + 2 * bool(oppose)
        else:
            weight = support + oppose if aggregation == "ignore" else support - oppose
        if weight:
            ties[actor, concept] = weight / _two_mode_divisor(counts, actor, concept, normalization)
    return _network("twomode", counts, sorted(counts.concepts), ties)


def _two_mode_divisor(counts: Counts, actor: str, concept: str, normalization: str) -> int:
    return {"no": 1, "activity": counts.actors[actor], "prominence": counts.concepts[concept]}[normalization]


@dataclass(slots=True)
class _Shared:
    """What two actors have in common, over all concepts: products of counts, by whether they agree; and for Jaccard's measure."""

    congruence: int = 0
    conflict: int = 0
    common: int = 0  # statements of either on what both say, with the same agreement


def one_mode(
    counts: Counts, aggregation: str = "ignore", normalization: str = "no", *, most: int | None = None
) -> Network:
    """Actors by actors, through concepts that both speak of.

    `congruence` sums the products of their counts with the same agreement, `conflict` of those with opposite ones, `ignore`
    both, and `subtract` the first less the second. `average` divides by the mean of their numbers of statements, `cosine` by
    their product (this is DNA's, not the textbook's cosine), `jaccard` by what only one says, or the other, plus the
    congruence. Raises TooLarge where more than `most` pairs of actors share a concept (before anything is computed, so a
    pair counts for each concept).
    """
    by_concept: defaultdict[str, list[tuple[str, int, int]]] = defaultdict(list)
    for (actor, concept), (oppose, support) in sorted(counts.cells.items()):
        by_concept[concept].append((actor, oppose, support))
    pairs = sum(len(found) * (len(found) - 1) // 2 for found in by_concept.values())
    if most is not None and pairs > most:
        raise TooLarge(f"up to {pairs:,} ties, more than {most:,}")
    shared: defaultdict[Pair, _Shared] = defaultdict(_Shared)
    for found in by_concept.values():
        for position, (one, oppose, support) in enumerate(found):
            for other, its_oppose, its_support in found[position + 1 :]:
                pair = shared[one, other]
                pair.congruence += oppose * its_oppose + support * its_support
                pair.conflict += oppose * its_support + support * its_oppose
                pair.common += (oppose + its_oppose) * (bool(oppose) and bool(its_oppose))
                pair.common += (support + its_support) * (bool(support) and bool(its_support))
    ties: dict[Pair, float] = {}
    for (one, other), pair in sorted(shared.items()):
        weight = _one_mode_weight(pair, aggregation)
        if weight:
            ties[one, other] = weight / _one_mode_divisor(pair, counts.actors[one], counts.actors[other], normalization)
    return _network("onemode", counts, sorted(counts.actors), ties)


def _one_mode_weight(pair: _Shared, aggregation: str) -> int:
    return {
        "ignore": pair.congruence + pair.conflict,
        "congruence": pair.congruence,
        "conflict": pair.conflict,
        "subtract": pair.congruence - pair.conflict,
    }[aggregation]


def _one_mode_divisor(pair: _Shared, one: int, other: int, normalization: str) -> float:
    """Never zero where the pair has a weight: both have statements, and Jaccard's union is not empty."""
    return {
        "no": 1.0,
        "average": (one + other) / 2,
        "jaccard": float(one + other - pair.common + pair.congruence),
        "cosine": float(one * other),
    }[normalization]


def _network(mode: str, counts: Counts, columns: list[str], ties: dict[Pair, float]) -> Network:
    is_square = mode == "onemode"
    return Network(
        mode, sorted(counts.actors), columns, ties, counts.actors, counts.actors if is_square else counts.concepts
    )
