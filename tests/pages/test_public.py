"""What must not be seen: drafts, other tables, other people's markup."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from quotes.curation import publish, refresh_publication
from quotes.vocabulary import Stance
from tests.factories import (
    make_article,
    make_capacity,
    make_coding,
    make_organization,
    make_person,
    make_topic,
)
from tests.pages.reading import draft, permalink, read, said_at

pytestmark = pytest.mark.django_db


def test_a_draft_and_all_that_only_it_names_do_not_exist() -> None:
    topic, council, outlet = (
        make_topic("hushed"),
        make_organization("secret-council"),
        make_organization("hidden-paper"),
    )
    quote = draft("Nobody may read this.", article=make_article(slug="unseen", title="Unseen", outlet=outlet))
    make_capacity(quote, council)
    make_coding(quote, topic, Stance.SUPPORT)
    refresh_publication()
    speaker = quote.speaker
    assert speaker
    names = ("Nobody may read this.", "Unseen", "Secret Council", "Hidden Paper", speaker.name, "Hushed")
    for address in ("/", "/quotes/", "/quotes/?q=nobody"):
        assert not any(name in read(address) for name in names)
    gone = ["/topics/hushed/", "/organizations/secret-council/", f"/people/{speaker.slug}/", "/articles/unseen/"]
    for address in [permalink(quote), *gone]:
        page = read(address, status=404)
        assert "nothing public at this address" in page
        assert not any(name in page for name in names)


def test_pages_read_the_tables_of_the_publication_and_no_other() -> None:
    topic, council = make_topic("lamps"), make_organization("council")
    quote = said_at(council, topic)
    assert quote.speaker
    addresses = ["/", "/quotes/?q=lanterns&affiliation=council", "/topics/lamps/", "/organizations/council/"]
    addresses += [permalink(quote), f"/people/{quote.speaker.slug}/", f"/articles/{quote.article.slug}/", "/about/"]
    for address in addresses:
        with CaptureQueriesContext(connection) as queries:
            read(address)
        tables = {table for query in queries for table in re.findall(r'(?:FROM|JOIN) "(\w+)"', query["sql"])}
        assert all(table.startswith("publication_") for table in tables), (address, tables)


def test_text_from_the_database_is_text() -> None:
    bad = "<script>alert(1)</script><b onclick='x'>&amp;"
    topic = make_topic("lamps", name=bad, proposition=bad)
    outlet = make_organization("paper", name=bad, short_name="<i>", aliases=[bad])
    article = make_article(slug="bad", title=bad, outlet=outlet)
    speaker = make_person(bad, slug="bad")
    quote = draft(bad, article=article, speaker=speaker, source_label=bad, cue=bad[:90], framing=bad)
    make_coding(quote, topic, Stance.SUPPORT, justification=bad)
    make_capacity(quote, make_organization("council", name=bad), role_as_stated=bad)
    publish(quotes=[quote], actor=None)
    addresses = ["/", "/quotes/", "/topics/lamps/", "/people/bad/", "/articles/bad/", "/organizations/paper/"]
    for address in [*addresses, permalink(quote), "/organizations/council/"]:
        page = read(address)
        assert "<script" not in page
        assert "onclick='x'" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in read(permalink(quote))


@pytest.mark.parametrize(
    "query", ["q=%3Cscript%3E", "topic=%3Cscript%3E", "%3Cscript%3E=1", "affiliation=%22%3E%3Cscript%3E"]
)
def test_what_is_asked_is_echoed_as_text(query: str) -> None:
    response = Client().get(f"/quotes/?{query}")
    assert response.status_code in {200, 400}
    assert b"<script" not in response.content
