"""How many queries each address costs: a number that depends on what is asked, never on how much is there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from quotes.curation import merge_organizations, publish, withdraw
from quotes.models import Organization, Quote
from tests.api.asking import API, CLIENT, draft
from tests.factories import (
    make_article,
    make_capacity,
    make_coding,
    make_evidence,
    make_organization,
    make_person,
    make_topic,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", params=[3, 30])
def rows(request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any) -> Iterator[list[Quote]]:
    """That many quotes with people, organizations, articles and topics of their own, all of one family."""
    with django_db_blocker.unblock(), transaction.atomic():
        quotes = list(_family(request.param))
        publish(quotes=quotes, actor=None)
        yield quotes
        transaction.set_rollback(True)


def _family(size: int) -> Iterator[Quote]:
    watch, lanterns = make_organization("harbor-watch"), make_topic("lanterns")
    for number in range(size):
        article = make_article(slug=f"vote-{number}", outlet=make_organization(f"gazette-{number}", parent=watch))
        article.authors.add(make_person(slug=f"author-{number}"))
        quote = draft(f"Lantern {number}.", article=article, speaker=make_person(slug=f"speaker-{number}"))
        make_capacity(quote, make_organization(f"pier-{number}", parent=watch))
        make_capacity(quote, watch, standing="former", is_primary=False)
        make_coding(quote, make_topic(f"lantern-{number}", parent=lanterns), "oppose")
        make_evidence(quote)
        yield quote


@pytest.fixture
def costs(rows: list[Quote], django_assert_num_queries: Any) -> Any:
    """`costs(2, "quotes/")`: the address answers 200 (or `status`) with exactly that many queries."""

    def check(number: int, path: str, *, status: int = 200) -> Any:
        with django_assert_num_queries(number):
            answer = CLIENT.get(f"{API}{path}")
        assert answer.status_code == status, answer.content
        return answer.json() if answer.content else None

    return check


# Lists


@pytest.mark.parametrize("size", ["1", "25", "100"])
def test_a_page_of_quotes_is_one_query(size: str, costs: Any) -> None:
    costs(1, f"quotes/?page_size={size}")  # the page, which tells the state


@pytest.mark.parametrize("ordering", ["-dated", "dated", "-said_on", "-published", "-modified"])
def test_no_order_costs_more(ordering: str, costs: Any) -> None:
    costs(1, f"quotes/?ordering={ordering}")  # the page, which tells the state


def test_the_next_page_costs_as_much_as_the_first(costs: Any) -> None:
    address = costs(1, "quotes/?page_size=1")["next"].partition(API)[2]  # the page, which tells the state
    costs(1, address)  # the page, which tells the state


@pytest.mark.parametrize(
    "query",
    [
        "stance=oppose,support&kind=direct&verification=attested,disputed&venue__not=hearing",
        "source_type=person&language=en&language__not=pt&organization_kind=government_agency",
        "published_after=2024&published_before=2026&modified_since=2001-01-01",
    ],
)
def test_filters_by_closed_vocabularies_and_dates_cost_nothing(query: str, costs: Any) -> None:
    costs(1, f"quotes/?{query}")  # the page, which tells the state


@pytest.mark.parametrize(
    "query",
    [
        "affiliation=harbor-watch",
        "affiliation=harbor-watch,pier-0,pier-1,pier-2&affiliation_status=any",
        "speaker__not=speaker-0,speaker-1",
        "topic=lantern-0&stance=oppose",
        "topic=lanterns&topic_scope=descendants",
        "position=lantern-0:oppose",
        "outlet=gazette-0",
        "author=author-0",
        "article=vote-0",
    ],
)
def test_a_filter_by_names_costs_one_query_however_many_they_are(query: str, costs: Any) -> None:
    costs(2, f"quotes/?{query}")  # the names, the page


def test_filters_by_names_of_several_kinds_cost_one_query_each(costs: Any) -> None:
    # The organizations, the speaker, the topic, the article; the page.
    costs(5, "quotes/?affiliation=harbor-watch,pier-0&speaker=speaker-0&topic=lantern-0&article=vote-0")


def test_positions_cost_one_query_however_many_they_are(costs: Any) -> None:
    positions = [f"lantern-{number}:oppose,lantern-{number}:mixed,lanterns:support" for number in range(3)]
    costs(
        4, "quotes/?" + "&".join(f"position={value}" for value in positions)
    )  # the topics, and a page without a row: twice, with the state


def test_a_search_costs_one_query_more(costs: Any) -> None:
    costs(2, "quotes/?q=lantern")  # whether q has a word, the page


def test_a_search_by_relevance_costs_no_more_than_one_by_date(costs: Any) -> None:
    costs(2, "quotes/?q=lantern&ordering=relevance")  # whether q has a word, the page


def test_one_utterance_once_costs_nothing(costs: Any) -> None:
    costs(1, "quotes/?distinct=utterance")  # the page, which tells the state


def test_the_count_costs_one_query_and_one_for_each_value_that_a_default_leaves_out(costs: Any) -> None:
    costs(4, "quotes/?count=1")  # the page, which tells the state, the count; the retracted, the fabricated


def test_the_count_by_affiliation_asks_for_each_standing_too(costs: Any) -> None:
    answer = costs(8, "quotes/?count=1&affiliation=pier-0")
    # The name, the page, the count; then the numbers of the former, incoming, unknown, retracted, fabricated.
    assert answer["count"] == 1


def test_the_count_costs_one_query_where_the_caller_chose(costs: Any) -> None:
    costs(2, "quotes/?count=1&verification=attested")  # the page, which tells the state, the count


@pytest.mark.parametrize("path", ["people/", "organizations/", "articles/", "topics/"])
def test_a_page_of_names_is_three_queries(path: str, costs: Any) -> None:
    costs(3, path)  # the state, the page, the counts of quotes
    costs(3, f"{path}?page_size=2")
    costs(4, f"{path}?count=1")  # and the count of all


@pytest.mark.parametrize(
    "path",
    [
        "people/?affiliation=harbor-watch",
        "organizations/?parent=harbor-watch&kind=government_agency",
        "articles/?author=author-0&published_after=2024&genre=news",
        "topics/?parent=lanterns",
    ],
)
def test_a_filter_of_names_by_a_name_costs_one_query_more(path: str, costs: Any) -> None:
    costs(4, path)  # the state, the name, the page, the counts of quotes


@pytest.mark.parametrize("path", ["people/", "organizations/", "articles/", "topics/"])
def test_a_search_for_names_costs_one_query_more(path: str, costs: Any) -> None:
    costs(3, f"{path}?q=nowhere")  # the state, whether q has a word, the page (of nothing, so no counts)


def test_an_empty_page_of_quotes_is_three_queries(costs: Any) -> None:
    """It has no row to tell the state, which is asked for before the page is, again."""
    assert costs(3, "quotes/?kind=indirect")["results"] == []  # the page, the state, the page


# Refusals


def test_a_refusal_of_what_is_misspelt_costs_nothing(costs: Any) -> None:
    costs(0, "quotes/?stanse=oppose&kind=oral", status=400)


def test_a_refusal_of_an_unknown_name_costs_three_queries(costs: Any) -> None:
    costs(3, "quotes/?affiliation=harbor-wach", status=400)  # the name, old slugs, slugs that begin so


def test_an_old_slug_costs_two_queries_more(costs: Any) -> None:
    merge_organizations(
        keep=Organization.objects.get(slug="pier-0"), merged=Organization.objects.get(slug="pier-1"), actor=None
    )
    costs(4, "quotes/?affiliation=pier-1")  # the state; the name, old slugs, the new name; the page


# What the reader has already


def test_a_list_that_has_not_changed_costs_one_query(rows: list[Quote], django_assert_num_queries: Any) -> None:
    address = f"{API}quotes/?affiliation=harbor-watch&count=1"
    etag = CLIENT.get(address)["ETag"]
    with django_assert_num_queries(1):  # the state
        assert CLIENT.get(address, headers={"If-None-Match": etag}).status_code == 304


def test_a_quote_that_has_not_changed_is_not_read(rows: list[Quote], django_assert_num_queries: Any) -> None:
    address = f"{API}quotes/{rows[0].uid}/"
    etag = CLIENT.get(address)["ETag"]
    with django_assert_num_queries(1) as queries:  # its state
        assert CLIENT.get(address, headers={"If-None-Match": etag}).status_code == 304
    assert '"document"' not in queries[0]["sql"]


# Shape


@pytest.mark.parametrize("query", ["fields=uid", "omit=citation,article.outlet", "highlight=1&q=lantern&fields=uid"])
def test_what_is_left_out_of_a_document_costs_nothing(query: str, costs: Any) -> None:
    costs(
        3 if "q=" in query else 1, f"quotes/?{query}"
    )  # the page, which tells the state (whether q has a word; the highlights)


def test_expanding_costs_two_queries_however_much_is_expanded(costs: Any) -> None:
    costs(3, "quotes/?expand=speaker,organization,article,affiliations.organization,stances.topic")
    costs(5, "quotes/?expand=article,article.outlet,article.authors")  # two more for what is inside
    costs(5, "articles/?expand=outlet,authors")  # the state, the page, its counts; the entities, their counts


# Details


def test_a_quote_is_one_query(rows: list[Quote], costs: Any) -> None:
    costs(1, f"quotes/{rows[0].uid}/")  # the quote


@pytest.mark.parametrize(
    "path", ["people/speaker-0/", "organizations/harbor-watch/", "articles/vote-0/", "topics/lanterns/"]
)
def test_an_entity_is_two_queries(path: str, costs: Any) -> None:
    costs(2, path)  # the entity, its count of quotes


def test_a_missing_quote_and_a_withdrawn_one_are_two_queries(rows: list[Quote], costs: Any) -> None:
    withdraw(quotes=[rows[0]], reason="The paper took it back.", actor=None)
    costs(2, f"quotes/{rows[0].uid}/", status=410)  # the quote, the withdrawn one
    costs(2, "quotes/019bdfd3-3708-7f3f-8b39-87e92cb58961/", status=404)  # the quote, the withdrawn one


def test_a_missing_entity_is_two_queries(costs: Any) -> None:
    costs(2, "people/nobody-at-all/", status=404)  # the entity, old slugs


def test_the_root_asks_the_database_nothing(costs: Any) -> None:
    costs(0, "")
