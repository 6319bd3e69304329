"""Networks are what the Discourse Network Analyzer makes of the same statements (README.md here says how that was found)."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from quotes import networks
from quotes.networks import Counts, Statement, kept, one_mode, two_mode

GOLDEN = json.loads((Path(__file__).parent / "dna.json").read_text(encoding="utf-8"))
IN_ORDER = sorted(GOLDEN["statements"], key=lambda one: (one["time"], one["document"], one["id"]))
A_DAY = dt.date(2024, 5, 1)


def statement(actor: str, concept: str, *, agrees: bool = True, **others: Any) -> Statement:
    fields: dict[str, Any] = {"document": "one", "start": A_DAY, "end": A_DAY, **others}
    return Statement(actor, concept, agrees, **fields)


def given() -> list[Statement]:
    days = [dt.date.fromisoformat(one["time"][:10]) for one in IN_ORDER]
    return [
        Statement(one["actor"], one["concept"], bool(one["agreement"]), str(one["document"]), day, day)
        for one, day in zip(IN_ORDER, days, strict=True)
    ]


@pytest.mark.parametrize(
    "result",
    GOLDEN["results"],
    ids=[
        "-".join(one[name] for name in ("mode", "aggregation", "normalization", "duplicates"))
        for one in GOLDEN["results"]
    ],
)
def test_a_matrix_is_the_one_that_dna_computes(result: dict[str, Any]) -> None:
    by_agreement = result["aggregation"] != "ignore"
    counts = Counts.of(kept(given(), result["duplicates"], by_agreement=by_agreement))
    make = two_mode if result["mode"] == "twomode" else one_mode
    network = make(counts, result["aggregation"], result["normalization"])
    assert counts.kept == result["kept"]
    assert (network.rows, network.columns) == (result["rows"], result["columns"])
    for row, expected in zip(network.matrix(), result["matrix"], strict=True):
        assert row == pytest.approx(expected, abs=1e-12)


def test_every_setting_is_among_them() -> None:
    settings = {(one["mode"], one["aggregation"], one["normalization"]) for one in GOLDEN["results"]}
    two_modes = {
        ("twomode", aggregation, normalization)
        for aggregation in networks.TWO_MODE_AGGREGATIONS
        for normalization in networks.TWO_MODE_NORMALIZATIONS
        if aggregation != "combine" or normalization == "no"
    }
    one_modes = {
        ("onemode", aggregation, normalization)
        for aggregation in networks.ONE_MODE_AGGREGATIONS
        for normalization in networks.ONE_MODE_NORMALIZATIONS
    }
    assert settings == two_modes | one_modes
    assert {one["duplicates"] for one in GOLDEN["results"]} == {*networks.DUPLICATES} - {"day"}


def test_what_is_said_again_on_a_day_counts_once() -> None:
    said = [statement("a", "x", document=name) for name in ("one", "two")]
    said += [statement("a", "x", start=day, end=day) for day in (A_DAY + dt.timedelta(days=1),)]
    assert len(list(kept(said, "day", by_agreement=True))) == 2


def test_a_date_that_does_not_say_the_period_repeats_its_own_document_only() -> None:
    may = {"start": dt.date(2024, 5, 1), "end": dt.date(2024, 5, 31)}
    unknown = {"start": None, "end": None}
    for dates in (may, unknown):
        said = [statement("a", "x", document=name, **dates) for name in ("one", "one", "two")]
        assert [one.document for one in kept(said, "day", by_agreement=True)] == ["one", "two"]
    assert (
        len(
            list(
                kept([statement("a", "x", document=name, **may) for name in ("one", "two")], "month", by_agreement=True)
            )
        )
        == 1
    )


def test_isolates_are_nodes_without_ties() -> None:
    counts = Counts.of([statement("a", "x")])
    counts.with_isolates(["a", "b"], ["x", "y"])
    network = two_mode(counts)
    assert (network.rows, network.columns, network.matrix()) == (["a", "b"], ["x", "y"], [[1, 0], [0, 0]])
    assert (counts.actors["a"], counts.actors["b"]) == (1, 0)
    assert one_mode(counts, normalization="jaccard").matrix() == [[0, 0], [0, 0]]


def test_concepts_are_tied_by_the_actors_who_speak_of_both() -> None:
    counts = Counts.of(
        [statement("a", "x"), statement("a", "y"), statement("b", "y", agrees=False), statement("b", "x")]
    )
    network = one_mode(counts.turned(), "subtract")
    assert (network.rows, network.ties) == (["x", "y"], {})
    assert one_mode(counts.turned(), "conflict").ties == {("x", "y"): 1}


def test_combined_weights_are_not_divided() -> None:
    with pytest.raises(ValueError, match="cannot be divided"):
        two_mode(Counts.of([statement("a", "x")]), "combine", "activity")


def test_a_network_of_too_many_ties_is_refused_before_it_is_computed() -> None:
    counts = Counts.of(statement(actor, "x") for actor in "abcd")
    assert len(one_mode(counts, most=6).ties) == 6
    with pytest.raises(networks.TooLarge, match="up to 6 ties, more than 5"):
        one_mode(counts, most=5)
