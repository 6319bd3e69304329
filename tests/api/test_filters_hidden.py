"""`applied` and `hidden`: what an answer was asked, defaults included, and how many quotes a default left out."""

from __future__ import annotations

from typing import Any

import pytest

from quotes.curation import publish
from quotes.models import Organization, Quote
from quotes.vocabulary import Standing
from tests.api.asking import CLIENT, ask, capacity, draft, found, moved_to, published, said_at
from tests.factories import make_capacity, make_coding, make_evidence, make_organization, make_topic

pytestmark = pytest.mark.django_db

BUREAU = "affiliation=bureau-of-lanterns"


@pytest.fixture
def bureau() -> Organization:
    return make_organization("bureau-of-lanterns")


def unlisted(verification: str, organization: Organization | None = None, **fields: Any) -> Quote:
    quote = draft(verification=verification, **fields)
    make_evidence(quote)
    if organization:
        make_capacity(quote, organization)
    publish(quotes=[quote], actor=None)
    return quote


def hidden(query: str) -> dict[tuple[str, str], int]:
    items = ask(f"{query}&count=1")["hidden"]
    return {(item["parameter"], item["value"]): item["count"] for item in items}


def behind(query: str) -> dict[str, list[str]]:
    """By value, the uids that each link of `hidden` leads to."""
    items = ask(f"{query}&count=1")["hidden"]
    answers = {item["value"]: CLIENT.get(item["url"]).json() for item in items}
    return {value: [document["uid"] for document in answer["results"]] for value, answer in answers.items()}


def test_nothing_is_counted_as_hidden_unless_asked() -> None:
    answer = ask()
    assert "hidden" not in answer
    assert "count" not in answer


def test_nothing_is_hidden_where_nothing_is_left_out(bureau: Organization) -> None:
    said_at(bureau)
    assert hidden(BUREAU) == {}


@pytest.mark.parametrize("standing", ["former", "incoming", "unknown"])
def test_a_standing_that_the_default_leaves_out_is_counted(standing: str, bureau: Organization) -> None:
    said_at(bureau)
    said_at(bureau, standing)
    said_at(bureau, standing)
    assert hidden(BUREAU) == {("affiliation_status", standing): 2}


@pytest.mark.parametrize("standing", ["former", "incoming", "unknown"])
def test_the_link_shows_the_standing_that_was_left_out(standing: str, bureau: Organization) -> None:
    said_at(bureau)
    quote = said_at(bureau, standing)
    assert behind(BUREAU) == {standing: [str(quote.uid)]}


def test_a_former_capacity_of_a_quote_that_is_shown_is_not_counted(bureau: Organization) -> None:
    capacity(said_at(bureau), bureau, "former")
    assert hidden(BUREAU) == {}


def test_a_quote_with_two_former_capacities_is_counted_once(bureau: Organization) -> None:
    capacity(said_at(bureau, "former"), bureau, "former")
    assert hidden(BUREAU) == {("affiliation_status", "former"): 1}


def test_a_quote_left_out_for_two_standings_is_counted_behind_each_link_that_shows_it(bureau: Organization) -> None:
    quote = said_at(bureau, "former")
    capacity(quote, bureau, "unknown")
    assert hidden(BUREAU) == {("affiliation_status", "former"): 1, ("affiliation_status", "unknown"): 1}
    assert behind(BUREAU) == {"former": [str(quote.uid)], "unknown": [str(quote.uid)]}


def test_the_other_filters_hold_for_what_is_hidden(bureau: Organization) -> None:
    said_at(bureau, "former", kind="indirect")
    assert hidden(f"{BUREAU}&kind=direct") == {}


def test_the_kind_of_organization_leaves_standings_out_too() -> None:
    said_at(make_organization(kind="court"), "former")
    assert hidden("organization_kind=court") == {("affiliation_status", "former"): 1}


def test_without_an_affiliation_no_standing_is_left_out(bureau: Organization) -> None:
    said_at(bureau, "former")
    assert hidden("kind=direct") == {}


@pytest.mark.parametrize("standing", [*Standing.values, "any"])
def test_a_standing_that_the_caller_chose_hides_nothing(standing: str, bureau: Organization) -> None:
    for value in Standing.values:
        said_at(bureau, value)
    assert hidden(f"{BUREAU}&affiliation_status={standing}") == {}


@pytest.mark.parametrize("verification", ["retracted", "fabricated"])
def test_what_is_not_listed_is_counted(verification: str) -> None:
    published()
    unlisted(verification)
    unlisted(verification, kind="indirect")
    assert hidden("") == {("verification", verification): 2}
    assert hidden("kind=direct") == {("verification", verification): 1}


@pytest.mark.parametrize("verification", ["retracted", "fabricated"])
def test_the_link_shows_what_is_not_listed(verification: str) -> None:
    published()
    quote = unlisted(verification)
    assert behind("kind=direct") == {verification: [str(quote.uid)]}


def test_a_verification_that_the_caller_chose_hides_nothing() -> None:
    unlisted("fabricated")
    assert hidden("verification=attested") == {}


def test_what_is_hidden_for_standing_and_for_verification_are_told_apart(bureau: Organization) -> None:
    said_at(bureau)
    said_at(bureau, "former")
    unlisted("retracted", bureau)
    assert hidden(BUREAU) == {("affiliation_status", "former"): 1, ("verification", "retracted"): 1}


def test_what_two_defaults_leave_out_is_hidden_behind_the_first_of_them(bureau: Organization) -> None:
    said_at(bureau, "former")
    capacity(unlisted("fabricated"), bureau, "former", is_primary=True)
    [former] = ask(f"{BUREAU}&count=1")["hidden"]
    assert (former["value"], former["count"]) == ("former", 1)
    [fabricated] = CLIENT.get(f"{former['url']}&count=1").json()["hidden"]
    assert (fabricated["value"], fabricated["count"]) == ("fabricated", 1)


def test_the_links_keep_the_filters_and_drop_paging(bureau: Organization) -> None:
    said_at(bureau, "former")
    [item] = ask(f"{BUREAU}&kind=direct&page_size=1&ordering=dated&count=1")["hidden"]
    assert item["url"] == f"/api/v1/quotes/?{BUREAU}&kind=direct&affiliation_status=former"


@pytest.mark.parametrize("status", ["draft", "in_review", "withdrawn"])
def test_what_is_not_published_is_not_counted_as_hidden(status: str, bureau: Organization) -> None:
    said_at(bureau)
    quote = draft(verification="fabricated")
    make_evidence(quote)
    make_capacity(quote, bureau)
    moved_to(quote, status)
    assert hidden(BUREAU) == {}


# applied


def test_the_defaults_are_applied_where_nothing_is_said() -> None:
    assert ask()["applied"] == {
        "verification": ["unverified", "attested", "confirmed", "disputed"],
        "ordering": "-dated",
        "page_size": 25,
    }


def test_the_defaults_of_modifiers_are_applied_where_there_is_something_to_modify(bureau: Organization) -> None:
    said_at(bureau)
    applied = ask(BUREAU)["applied"]
    assert applied["affiliation"] == ["bureau-of-lanterns"]
    assert applied["affiliation_status"] == ["current"]
    assert applied["affiliation_scope"] == "descendants"
    assert "topic_scope" not in applied


def test_topics_are_exact_unless_said_otherwise() -> None:
    quote = draft()
    make_coding(quote, make_topic("lanterns"), "oppose")
    publish(quotes=[quote], actor=None)
    assert ask("topic=lanterns")["applied"]["topic_scope"] == "exact"
    assert ask("position=lanterns:oppose&topic_scope=descendants")["applied"]["topic_scope"] == "descendants"


def test_what_the_caller_said_is_applied_as_it_was_said(bureau: Organization) -> None:
    said_at(bureau)
    applied = ask("stance=oppose,mixed&stance=support&said_after=2024-11&q=lanterns&page_size=3&ordering=dated")[
        "applied"
    ]
    assert applied["stance"] == ["oppose", "mixed", "support"]
    assert (applied["said_after"], applied["q"]) == ("2024-11", "lanterns")
    assert (applied["page_size"], applied["ordering"]) == (3, "dated")


def test_a_verification_that_was_asked_for_takes_the_defaults_place() -> None:
    assert ask("verification=fabricated")["applied"]["verification"] == ["fabricated"]


def test_the_count_is_of_all_pages(bureau: Organization) -> None:
    for _ in range(3):
        said_at(bureau)
    answer = ask("count=1&page_size=1")
    assert (answer["count"], len(answer["results"])) == (3, 1)
    assert len(found()) == 3
