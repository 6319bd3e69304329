"""What the workbench refuses: in words, naming the member, and never as an error of the server's."""

from __future__ import annotations

from typing import Any

import pytest

from quotes.models import Affiliation, Person, Quote
from tests import factories
from tests.admin.workbench.requests import Workbench, refused


@pytest.mark.parametrize("body", ["", "nonsense", "[1]", "null", '{"id": NaN}', "[" * 5000, '"\\ud800"'])
def test_garbage_is_refused_in_words(bench: Workbench, body: str) -> None:
    for path in ("quotes/", "people/", "organizations/", "quotes/1/remove/", "quotes/1/submit/"):
        response = bench.post(path, body)
        assert 400 <= response.status_code < 500, (path, response.content)
        assert response.json()["detail"]


BAD = [
    ("segments", [[5, 5]], 400),
    ("segments", [[-1, 5]], 400),
    ("segments", [[5, 10**6]], 400),
    ("segments", [[20, 25], [10, 15]], 400),
    ("segments", [[1]], 400),
    ("segments", [[1, 2, 3]], 400),
    ("segments", [], 400),
    ("segments", "words", 400),
    ("segments", [[1.5, 2]], 400),
    ("segments", [[True, 5]], 400),
    ("segments", [[1, 10**40]], 400),
    ("segments", [[1, 2]] * 51, 400),
    ("kind", "loud", 400),
    ("kind", None, 400),
    ("speaker", None, 400),
    ("speaker", 999999, 400),
    ("speaker", "neva", 400),
    ("speaker", 10**40, 400),
    ("organization", 999999, 400),
    ("source_type", "organization", 400),
    ("speaks_for_organization", "yes", 400),
    ("cue", "c" * 101, 400),
    ("cue", 5, 400),
    ("cue", "nul\0", 400),
    ("source_label", "l" * 501, 400),
    ("framing", "f" * 20_001, 400),
    ("said_on", "yesterday", 400),
    ("said_on", "2999-01-01", 400),
    ("venue", "moon", 400),
    ("capacities", [{"affiliation": 999999, "standing": "current"}], 400),
    ("capacities", [{"standing": "current"}], 400),
    ("capacities", "spokesperson", 400),
    ("colour", "red", 400),
]


@pytest.mark.parametrize(("member", "value", "status"), BAD, ids=[f"{name}-{n}" for n, (name, *_) in enumerate(BAD)])
def test_what_cannot_be_is_refused_naming_the_member(
    bench: Workbench, neva: Person, member: str, value: Any, status: int
) -> None:
    response = bench.post("quotes/", bench.new(neva, **{member: value}))
    assert response.status_code == status, response.content
    named = " ".join(response.json()["errors"])
    expected = "speaker" if member == "source_type" else member
    assert expected in named, named
    assert not Quote.objects.exists()


def test_a_capacity_of_somebody_else_is_refused(bench: Workbench, neva: Person) -> None:
    body = bench.new(
        factories.make_person(), capacities=[{"affiliation": Affiliation.objects.get().pk, "standing": "current"}]
    )
    assert "no capacity of" in refused(bench.post("quotes/", body), 400, "capacities")


def test_codings_that_cannot_be_are_refused(bench: Workbench, neva: Person) -> None:
    saved = bench.save(bench.new(neva))
    topic = factories.make_topic()
    for coding in ({"topic": 999999, "stance": "support"}, {"topic": topic.pk, "stance": "loud"}, {"topic": topic.pk}):
        body = {"id": saved["id"], "version": saved["version"], "codings": [coding]}
        refused(bench.post("quotes/", body), 400)


def test_quotes_of_another_article_are_not_reached(bench: Workbench) -> None:
    stranger = factories.make_quote()
    for path, body in (
        ("quotes/", {"id": stranger.pk, "values": {"cue": "told"}}),
        (f"quotes/{stranger.pk}/remove/", {}),
        (f"quotes/{stranger.pk}/submit/", {}),
        (f"quotes/{10**25}/remove/", {}),
    ):
        refused(bench.post(path, body), 404)
    refused(bench.post("quotes/", bench.new() | {"snapshot": stranger.snapshot_id}), 400, "snapshot")


def test_a_body_of_two_megabytes_is_refused(bench: Workbench) -> None:
    refused(bench.post("quotes/", {"values": {"framing": "f" * (2 << 20)}}), 413)
    refused(bench.post("quotes/", {"values": {"framing": "f" * (3 << 20)}}), 413)


def test_searches_that_cannot_be_are_refused_or_find_nothing(bench: Workbench) -> None:
    for path in ("people/", "organizations/"):
        refused(bench.client.get(bench.base + path, {"q": "x" * 201}), 400, "q")
        refused(bench.client.get(bench.base + path, {"q": "\0"}), 400)
        for words in ("", "%", "_", "\\", "'", "{", "zzzz"):
            assert bench.client.get(bench.base + path, {"q": words}).status_code == 200


def test_other_methods_mean_nothing(bench: Workbench) -> None:
    refused(bench.client.get(f"{bench.base}quotes/1/remove/"), 405)
    refused(bench.client.put(f"{bench.base}quotes/"), 405)
