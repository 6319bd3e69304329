"""A discourse network as a document: nodes, ties, the question as understood, and what the network leaves out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypedDict

from quotes import networks
from quotes.publication.filters import QuoteFilterSet
from quotes.publication.networks import Node, Statements

# Pairs that share a topic, counted for each topic: some seconds' work.
MOST_PAIRS = 1_000_000


class NetworkNode(TypedDict):
    """An actor or a topic; `frequency` counts its kept statements."""

    id: str
    variable: str
    slug: str
    name: str
    frequency: int


class NetworkEdge(TypedDict):
    """An undirected tie; its weight is never zero."""

    source: str
    target: str
    weight: float


class NetworkCounts(TypedDict):
    """What the network is made of, and what it is not: of the final codings of the `quotes` that match."""

    quotes: int
    codings: int
    kept: int
    duplicates: int
    no_actor: int
    not_asked_for: int
    other_stances: dict[str, int]


class NetworkDocument(TypedDict):
    """A discourse network."""

    applied: dict[str, Any]
    counts: NetworkCounts
    nodes: list[NetworkNode]
    edges: list[NetworkEdge]


@dataclass(frozen=True, slots=True)
class Question:
    """How a network is made of statements; values as docs/networks.md lists them."""

    mode: str = "twomode"
    of: str = "actors"
    actor: str = "organization"
    actor_standing: tuple[str, ...] = ("current",)
    aggregation: str = "ignore"
    normalization: str = "no"
    duplicates: str = "include"
    isolates: str = "0"

    def told(self) -> dict[str, Any]:
        """What matters of it, as parameters."""
        told = {
            name: getattr(self, name)
            for name in ("mode", "actor", "aggregation", "normalization", "duplicates", "isolates")
        }
        if self.mode == "onemode":
            told["of"] = self.of
        if self.actor != "speaker":
            told["actor_standing"] = list(self.actor_standing)
        return told


def build(filterset: QuoteFilterSet, question: Question) -> tuple[networks.Network, NetworkDocument]:
    """The network of the quotes that match. Raises networks.TooLarge."""
    statements = Statements(filterset, question.actor, question.actor_standing)
    by_agreement = question.aggregation != "ignore"
    counts = networks.Counts.of(networks.kept(statements.read(), question.duplicates, by_agreement=by_agreement))
    if question.isolates == "1":
        counts.with_isolates(*statements.actors_and_topics())
    network = _network(counts, question)
    frequencies = {**network.row_frequencies, **network.column_frequencies}
    nodes = [
        _node(statements.nodes[node], frequencies[node]) for node in dict.fromkeys([*network.rows, *network.columns])
    ]
    edges = [NetworkEdge(source=one, target=other, weight=weight) for (one, other), weight in network.ties.items()]
    applied = {**filterset.applied(), **question.told()}
    return network, NetworkDocument(applied=applied, counts=_counts(statements, counts.kept), nodes=nodes, edges=edges)


def _node(node: Node, frequency: int) -> NetworkNode:
    return NetworkNode(id=node.id, variable=node.variable, slug=node.slug, name=node.name, frequency=frequency)


def _network(counts: networks.Counts, question: Question) -> networks.Network:
    if question.mode == "twomode":
        return networks.two_mode(counts, question.aggregation, question.normalization)
    tied = counts.turned() if question.of == "topics" else counts
    return networks.one_mode(tied, question.aggregation, question.normalization, most=MOST_PAIRS)


def _counts(statements: Statements, kept: int) -> NetworkCounts:
    left_out, others = statements.left_out, statements.stances
    return NetworkCounts(
        quotes=statements.quotes,
        codings=statements.codings,
        kept=kept,
        duplicates=statements.codings - kept - left_out.total() - others.total(),
        no_actor=left_out["no_actor"],
        not_asked_for=left_out["not_asked_for"],
        other_stances=dict(sorted(others.items())),
    )
