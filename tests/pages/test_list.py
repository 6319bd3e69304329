"""The list: the API's filters, for readers."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client

from quotes.vocabulary import Stance, Standing
from tests.factories import (
    make_organization,
    make_topic,
)
from tests.pages.reading import link, plain, published, read, said_at, uids_in

pytestmark = pytest.mark.django_db


def test_the_list_is_the_api_s_answer_to_the_same_question() -> None:
    topic, council = make_topic("lamps"), make_organization("council")
    for stance in (Stance.SUPPORT, Stance.OPPOSE, Stance.SUPPORT, Stance.NEUTRAL):
        said_at(council, topic, stance)
    query = "topic=lamps&stance=support,neutral&affiliation=council&kind__not=indirect&ordering=dated"
    answer = Client().get(f"/api/v1/quotes/?{query}").json()
    page = read(f"/quotes/?{query}")
    assert uids_in(page) == [document["uid"] for document in answer["results"]]
    assert len(answer["results"]) == 3
    assert link(page, "as JSON") == f"/api/v1/quotes/?{query}".replace(",", "%2C")


def test_pages_of_the_list_hold_every_quote_once_in_both_directions() -> None:
    for _ in range(7):
        published("It is so.")
    page = read("/quotes/?page_size=3")
    pages = [uids_in(page)]
    while "Next →" in page:
        page = read(link(page, "Next →"))
        pages.append(uids_in(page))
    assert [len(one) for one in pages] == [3, 3, 1]
    assert len({uid for one in pages for uid in one}) == 7
    assert uids_in(read(link(page, "← Previous"))) == pages[1]


def test_a_misspelt_filter_is_refused_with_a_way_out() -> None:
    published("It is so.", (make_topic("lamps"), Stance.SUPPORT))
    page = read("/quotes/?stanse=support&topic=lamps", status=400)
    assert "Did you mean &#x27;stance&#x27;?" in page
    assert len(uids_in(read(link(page, "Ask again with stance").replace("?", "/quotes/?", 1)))) == 1
    page = read("/quotes/?topic=lampz", status=400)
    assert link(page, "Ask again with lamps") == "?topic=lamps"


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("stance=suport", "stance"),
        ("affiliation_status=former", "affiliation_status"),
        ("cursor=xyz", "cursor"),
        ("page_size=1000", "page_size"),
        ("ordering=relevance", "ordering"),
        ("said_after=2025-13", "said_after"),
        ("q=the", "q"),
        ("topic=a%00b", "topic"),
        ("position=lamps", "position"),
    ],
)
def test_a_refusal_names_the_parameter(query: str, parameter: str) -> None:
    assert f"<dt><code>{parameter}</code></dt>" in read(f"/quotes/?{query}", status=400)


def test_empty_fields_of_the_form_are_left_out() -> None:
    response = Client().get("/quotes/?q=&topic=&stance=support&stance=&affiliation=&affiliation_status=")
    assert (response.status_code, response["Location"]) == (302, "/quotes/?stance=support")


def test_the_form_keeps_what_was_asked() -> None:
    make_organization("council")
    published("It is so.", (make_topic("lamps"), Stance.SUPPORT))
    page = read("/quotes/?topic=lamps&stance=support,oppose&kind=direct&q=lanterns")
    assert '<option value="lamps" selected>' in page
    assert 'value="support" checked' in page
    assert 'value="oppose" checked' in page
    assert '<input type="hidden" name="kind" value="direct">' in page
    assert 'name="q" value="lanterns"' in page


def test_what_a_default_leaves_out_is_counted_and_can_be_shown() -> None:
    topic, council = make_topic("lamps"), make_organization("council")
    said_at(council, topic)
    gone = [said_at(council, topic, standing=Standing.FORMER) for _ in range(2)]
    page = read("/quotes/?affiliation=council")
    assert "Left out unless asked for: 2 by former members" in plain(page)
    assert set(uids_in(read(link(page, "2")))) == {str(quote.uid) for quote in gone}
    assert "2 by former members" in plain(read("/organizations/council/"))


def test_a_filter_can_be_taken_off_with_what_only_modifies_it() -> None:
    said_at(make_organization("council", name="Harbour Council"), make_topic("lamps"))
    page = read("/quotes/?affiliation=council&affiliation_status=any&q=lanterns&ordering=relevance")
    assert "affiliation: Harbour Council" in plain(page)
    found = re.search(r'href="([^"]+)" aria-label="Remove the filter affiliation"', page)
    assert found
    assert unescape(found[1]) == "/quotes/?q=lanterns&ordering=relevance"
    read(unescape(found[1]))


@pytest.mark.django_db
def test_everything_that_matches_can_be_had_in_other_formats_under_the_same_filters(client: Client) -> None:
    published("The lanterns watch.")
    page = client.get("/quotes/?kind=direct&page_size=1").content.decode()
    addresses = re.findall(r'href="(/api/v1/quotes/\?[^"]*format=[^"]*)"', page)
    assert len(addresses) == 8
    for address in addresses:
        assert "kind=direct" in address and "page_size" not in address
        assert client.get(unescape(address)).getvalue(), address


@pytest.mark.django_db
def test_a_list_by_relevance_is_downloaded_by_date_which_leaves_nothing_out(client: Client) -> None:
    published("The lanterns watch.")
    page = client.get("/quotes/?q=lanterns&ordering=relevance").content.decode()
    [csv] = re.findall(r'href="([^"]*format=csv)"', page)
    assert client.get(unescape(csv)).getvalue().count(b"\r\n") == 2
