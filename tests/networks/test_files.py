"""Networks in files, read back by programs that others wrote."""

from __future__ import annotations

import csv
import datetime as dt
import io

import networkx
import pytest

from quotes.networks import Counts, Network, Statement, one_mode, two_mode
from quotes.networks.files import csv_matrix, dl, graphml

DAY = dt.date(2024, 5, 1)
NAMES = {"a": 'The “Lamp” & "Gate" Office', "b": "Büro; Ünion", "x": "Lamps\nare good", "y": "<Gates>"}


@pytest.fixture
def counts() -> Counts:
    said = [("a", "x", True), ("a", "x", True), ("a", "y", False), ("b", "x", False), ("b", "y", False)]
    return Counts.of(Statement(actor, concept, agrees, "one", DAY, DAY) for actor, concept, agrees in said)


def read_matrix(body: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(body.decode(), newline=""), delimiter=";"))


def test_networkx_reads_graphml_with_its_types() -> None:
    nodes = {"a": {"name": NAMES["a"], "frequency": 3}, "x": {"name": NAMES["y"], "frequency": 2, "note": None}}
    body = graphml(nodes, [("a", "x", {"weight": -0.25}), ("a", "a", {"weight": 2.0})], {"made_of": 5})
    graph = networkx.parse_graphml(body.decode())
    assert dict(graph.nodes(data=True)) == {
        "a": {"name": NAMES["a"], "frequency": 3},
        "x": {"name": "<Gates>", "frequency": 2},
    }
    assert {(one, other): data for one, other, data in graph.edges(data=True)} == {
        ("a", "x"): {"weight": -0.25},
        ("a", "a"): {"weight": 2.0},
    }
    assert graph.graph["made_of"] == 5
    assert not graph.is_directed()


def test_characters_that_xml_cannot_hold_are_replaced() -> None:
    graph = networkx.parse_graphml(graphml({"a": {"name": "bell \x07 rung \ufffe"}}, [], {}).decode())
    assert graph.nodes["a"]["name"] == "bell \ufffd rung \ufffd"


def test_a_column_of_whole_and_other_numbers_is_read_as_numbers() -> None:
    edges = [("a", "b", {"weight": 1}), ("a", "c", {"weight": 0.5})]
    graph = networkx.parse_graphml(graphml({"a": {}, "b": {}, "c": {}}, edges, {}).decode())
    assert sorted(data["weight"] for _, _, data in graph.edges(data=True)) == [0.5, 1.0]


def test_a_matrix_is_read_back_from_csv(counts: Counts) -> None:
    assert read_matrix(csv_matrix(two_mode(counts, "subtract"), NAMES)) == [
        ["", NAMES["x"], NAMES["y"]],
        [NAMES["a"], "2", "-1"],
        [NAMES["b"], "-1", "-1"],
    ]
    one = one_mode(counts, "congruence", "average")
    assert read_matrix(csv_matrix(one, NAMES))[1] == [NAMES["a"], "0", "0.4"]


def read_dl(body: bytes) -> tuple[str, list[str], list[list[float]]]:
    """The head, the labels and the numbers, as UCINET's guide describes a full matrix with labels."""
    head, _, rest = body.decode().partition("\n")
    labels, _, data = rest.partition("data:\n")
    names = [line.strip('"') for line in labels.splitlines() if line.startswith('"')]
    return head, names, [[float(cell) for cell in line.split()] for line in data.splitlines()]


@pytest.mark.parametrize("mode", ["onemode", "twomode"])
def test_a_matrix_is_read_back_from_dl(counts: Counts, mode: str) -> None:
    network: Network = one_mode(counts) if mode == "onemode" else two_mode(counts)
    head, labels, matrix = read_dl(dl(network, NAMES))
    sizes = {"onemode": "n = 2", "twomode": "nr = 2, nc = 2"}[mode]
    assert head == f"dl {sizes}, format = fullmatrix"
    actors, concepts = ["The “Lamp” & Gate Office", "Büro; Ünion"], ["Lamps are good", "<Gates>"]
    assert labels == (actors if mode == "onemode" else actors + concepts)
    assert matrix == network.matrix()
