"""What holds on every page."""

from __future__ import annotations

import doctest
import re
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client, RequestFactory

from quotebase.urls import handler500
from quotes.curation import publish
from quotes.pages import bars, cards, wording
from quotes.publication.models import PublishedEntity, PublishedQuote
from quotes.vocabulary import Stance
from tests.factories import (
    make_article,
    make_capacity,
    make_coding,
    make_organization,
    make_person,
    make_topic,
)
from tests.pages.reading import draft, permalink, published, read, said_at
from tests.shipped import Shipped

pytestmark = pytest.mark.django_db

PLURALS = {"person": "people", "organization": "organizations", "article": "articles", "topic": "topics"}


@pytest.fixture
def article(db: None, shipped: Shipped) -> None:
    """The reference article, published, for one test: other tests here begin with an empty site."""
    shipped.put("reference")


@pytest.mark.parametrize("module", [wording, bars, cards])
def test_worked_examples_hold(module: Any) -> None:
    assert doctest.testmod(module).failed == 0


@pytest.mark.usefixtures("article")
def test_every_address_of_the_reference_article_answers() -> None:
    addresses = [f"/{PLURALS[kind]}/{slug}/" for kind, slug in PublishedEntity.objects.values_list("kind", "slug")]
    addresses += [f"/quotes/{uid}/" for uid in PublishedQuote.objects.values_list("uid", flat=True)]
    assert len(addresses) > 30
    for address in ["/", "/about/", "/quotes/", *addresses]:
        read(address)


@pytest.mark.usefixtures("article")
def test_every_link_inside_leads_somewhere() -> None:
    waiting, seen = ["/", "/about/"], set()
    while waiting and len(seen) < 400:
        address = waiting.pop()
        if address in seen or address.startswith(("/api/", "/admin/", "/static/")):
            continue
        seen.add(address)
        found = re.findall(r'href="(/[^"]*|\?[^"]*)"', read(address))
        waiting += [unescape(one).partition("#")[0] for one in found]
    assert len(seen) > 100


@pytest.mark.usefixtures("article")
def test_the_reference_article_is_shown_as_printed_and_nothing_more() -> None:
    page = read(f"/quotes/{PublishedQuote.objects.newest_first()[0].uid}/")
    assert "As printed" in page
    assert "That proves what was printed, not that it was said" in page
    assert "Confirmed" not in page


def test_an_empty_site_says_so() -> None:
    assert "No quote is published yet" in read("/")
    assert "No published quote matches" in read("/quotes/")


def test_an_unknown_address_is_a_page_of_ours() -> None:
    for address in (f"/quotes/{uuid4()}/", "/topics/nowhere/", "/nowhere", "/people/Not A Slug/"):
        assert "nothing public at this address" in read(address, status=404)


def test_an_error_of_ours_is_a_page_of_ours() -> None:
    response = handler500(RequestFactory().get("/"))
    assert response.status_code == 500
    assert "went wrong on our side" in response.content.decode()


def test_pages_are_read_only() -> None:
    for address in ("/", "/quotes/", "/about/"):
        assert Client().post(address).status_code == 405
        assert Client().head(address).status_code == 200


def test_pages_load_nothing_from_elsewhere_and_run_nothing_inline() -> None:
    quote = said_at(make_organization("council"), make_topic("lamps"))
    for address in ("/", "/quotes/", "/topics/lamps/", permalink(quote), "/about/", "/quotes/?a=b", "/nowhere"):
        response = Client().get(address)
        page = response.content.decode()
        assert response["Content-Security-Policy"].startswith("default-src 'self';")
        assert "<script" not in page
        assert "<style" not in page
        assert not re.search(r"\s(style|on\w+)=", page)
        loaded = re.findall(r'<(?:link rel="(?:icon|stylesheet)"|img|iframe)[^>]*(?:href|src)="([^"]+)"', page)
        assert loaded
        assert all(one.startswith("/static/quotes/pages/") for one in loaded)


def test_no_page_at_all_runs_a_script_that_is_not_a_file_of_ours() -> None:
    for address in ("/admin/login/", "/api/docs/"):
        response = Client().get(address)
        assert response["Content-Security-Policy"].startswith("default-src 'self';")
        assert "script-src" not in response["Content-Security-Policy"]
        assert not re.search(r"<script(?![^>]*\ssrc=)[^>]*>\s*\S", response.content.decode())


# Queries of each page: see the views. What matters is that rows do not add any.
BUDGETS = {
    "/": 4,
    "/quotes/": 6,
    "/quotes/?topic=lamps&affiliation=council&q=lanterns": 28,
    "/topics/lamps/": 12,
    "/people/person/": 9,
    "/organizations/council/": 16,
    "/articles/article/": 8,
    "quote": 3,
}


def test_more_rows_cost_no_more_queries(django_assert_max_num_queries: Any) -> None:
    topic, council = make_topic("lamps"), make_organization("council")
    speaker, article = make_person(slug="person"), make_article(slug="article")
    first = published("It is so.", (topic, Stance.SUPPORT))
    for number in range(30):
        quote = draft(f"The lanterns watch {number}.", speaker=speaker, article=article)
        make_coding(quote, topic, Stance.values[number % 5])
        make_coding(quote, make_topic(parent=topic), Stance.SUPPORT)
        make_capacity(quote, council if number % 2 else make_organization(parent=council))
        publish(quotes=[quote], actor=None)
    for address, most in BUDGETS.items():
        with django_assert_max_num_queries(most):
            read(permalink(first) if address == "quote" else address)
