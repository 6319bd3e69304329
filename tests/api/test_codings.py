"""`codings/`: what single coders judged, of closed rounds, and nothing of those that are open."""

from __future__ import annotations

from itertools import product
from typing import Any
from urllib.parse import unquote

import pytest
from django.core import signing

from quotes import curation
from quotes.models import Quote
from tests.api.asking import CLIENT, ask, draft, refused
from tests.factories import make_coding, make_round, make_topic

pytestmark = pytest.mark.django_db


@pytest.fixture
def quotes() -> list[Quote]:
    """Three quotes, two topics, two blind coders in round 1 (closed), and one in round 2 (open), who is final."""
    make_round(1, closed_at="2026-11-03T10:00:00Z")
    make_round(2)
    topics = [make_topic("gates"), make_topic("lamps")]
    quotes = [draft(f"Lamp {number}.") for number in range(3)]
    for quote, topic in product(quotes, topics):
        make_coding(quote, topic, "support", coder="coder-a", round=1, is_final=False, justification="So it says.")
        make_coding(quote, topic, "oppose", coder="coder-b", round=1, certainty="low", is_final=topic.slug == "gates")
        make_coding(quote, topic, "mixed", coder="judge", round=2, is_final=topic.slug == "lamps")
    curation.publish(quotes=quotes, actor=None)
    return quotes


def codings(query: str = "") -> list[tuple[str, str, str]]:
    """(topic, coder, stance) of each coding of a whole answer."""
    answer = ask(f"{query}&count=1&page_size=100", path="codings/")
    assert answer["count"] == len(answer["results"])
    return [(one["topic"]["slug"], one["coder"], one["stance"]) for one in answer["results"]]


def test_a_coding_says_who_judged_what_how_and_in_which_round(quotes: list[Quote]) -> None:
    [coding] = ask(f"quote={quotes[0].uid}&topic=gates&coder=coder-a", path="codings/")["results"]
    assert coding == {
        "quote": str(quotes[0].uid),
        "quote_url": f"/api/v1/quotes/{quotes[0].uid}/",
        "topic": {
            "slug": "gates",
            "name": "Gates",
            "proposition": "The council should adopt gates.",
            "api_url": "/api/v1/topics/gates/",
        },
        "stance": "support",
        "certainty": "high",
        "justification": "So it says.",
        "coder": "coder-a",
        "codebook_version": "1.0",
        "round": 1,
        "is_final": False,
    }


def test_open_rounds_are_not_there_not_even_in_the_count(quotes: list[Quote]) -> None:
    assert len(codings()) == 12
    assert {coder for _, coder, _ in codings()} == {"coder-a", "coder-b"}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("topic=lamps", {("lamps", "coder-a", "support"), ("lamps", "coder-b", "oppose")}),
        ("stance=support", {("lamps", "coder-a", "support"), ("gates", "coder-a", "support")}),
        ("certainty=low", {("lamps", "coder-b", "oppose"), ("gates", "coder-b", "oppose")}),
        ("coder=coder-a&topic=gates,lamps", {("lamps", "coder-a", "support"), ("gates", "coder-a", "support")}),
        ("final=1", {("gates", "coder-b", "oppose")}),
        ("final=0&coder=coder-b", {("lamps", "coder-b", "oppose")}),
        ("round=1&topic=gates&stance=oppose", {("gates", "coder-b", "oppose")}),
        ("stance=mixed", set()),
    ],
)
def test_filters_hold_on_the_same_coding(quotes: list[Quote], query: str, expected: set[Any]) -> None:
    assert set(codings(query)) == expected
    assert len(codings(query)) == 3 * len(expected)


def test_the_codings_of_some_quotes_alone(quotes: list[Quote]) -> None:
    assert len(codings(f"quote={quotes[0].uid},{quotes[1].uid}")) == 8


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("topic=lampz", "unknown_topic"),
        ("stance=against", "unknown_value"),
        ("coder=coder-c", "unknown_coder"),
        ("coder=judge", "unknown_coder"),
        ("round=2", "unknown_round"),
        ("round=3", "unknown_round"),
        ("round=x", "unknown_round"),
        ("final=yes", "unknown_value"),
        ("quote=1", "invalid"),
        ("speaker=neva", "unknown_parameter"),
        ("ordering=stance", "unknown_value"),
    ],
)
def test_what_is_not_understood_is_refused(quotes: list[Quote], query: str, code: str) -> None:
    assert refused(query, path="codings/")["code"] == code


def test_a_misspelt_coder_is_refused_with_the_closest_public_one(quotes: list[Quote]) -> None:
    assert refused("coder=codera", path="codings/")["suggestion"] == "coder-a"


def test_an_open_round_is_refused_like_one_that_never_was(quotes: list[Quote]) -> None:
    messages = [refused(f"round={number}", path="codings/")["detail"] for number in (2, 3)]
    assert messages[0].replace("2", "3") == messages[1]


@pytest.mark.parametrize("ordering", ["quote", "-quote"])
def test_pages_hold_every_coding_once_in_a_total_order(quotes: list[Quote], ordering: str) -> None:
    address, found = f"/api/v1/codings/?page_size=5&ordering={ordering}", []
    while address:
        answer = CLIENT.get(address).json()
        found += [(one["quote"], one["topic"]["slug"], one["round"], one["coder"]) for one in answer["results"]]
        address = answer["next"]
    assert found == sorted(set(found), reverse=ordering == "-quote")
    assert len(found) == 12


def test_cursors_hold_no_internal_key(quotes: list[Quote]) -> None:
    cursor = unquote(ask("page_size=1", path="codings/")["next"].rpartition("cursor=")[2])
    _, _, *values = signing.loads(cursor, salt="quotes.api.cursor")
    assert values == [str(quotes[0].uid), "gates", 1, "coder-a"]


def test_the_codings_of_a_withdrawn_quote_are_gone(quotes: list[Quote]) -> None:
    curation.withdraw(quotes=quotes[:2], reason="Misheard.", actor=None)
    assert len(codings()) == 4


def test_the_number_of_queries_does_not_depend_on_the_rows(quotes: list[Quote], django_assert_num_queries: Any) -> None:
    for _ in range(2):
        with django_assert_num_queries(2):  # the state, the page
            ask("page_size=100", path="codings/")
        with django_assert_num_queries(6):  # the state, the topics, the coders, the rounds, the page, the count
            ask("topic=lamps,gates&coder=coder-a,coder-b&round=1&count=1", path="codings/")
        more = [draft() for _ in range(3)]
        for quote in more:
            make_coding(quote, make_topic(), coder="coder-a", round=1)
        curation.publish(quotes=more, actor=None)
