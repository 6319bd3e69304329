"""Published means published: a draft, a quote in review or a withdrawn one shows nowhere, nor what only it knows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from quotes.models import Quote
from tests.api.asking import ask, draft, found, listed, moved_to, published, refused
from tests.factories import (
    make_article,
    make_capacity,
    make_coding,
    make_organization,
    make_person,
    make_topic,
)

pytestmark = pytest.mark.django_db

UNPUBLISHED = ["draft", "in_review", "withdrawn"]
# What is known from the secret quote alone, by the list that must not have it.
SECRETS = {
    "people": ["zephyrine-quill", "yorick-pennant"],
    "organizations": ["zealous-office", "zealous-ministry", "zealous-gazette"],
    "articles": ["zealous-article"],
    "topics": ["zealous-topic", "zealous-theme"],
}
# A filter that would find it, and what only a reader who knows the secret could have asked.
QUESTIONS = [
    "speaker=zephyrine-quill",
    "author=yorick-pennant",
    "affiliation=zealous-office",
    "affiliation=zealous-ministry",
    "outlet=zealous-gazette",
    "article=zealous-article",
    "topic=zealous-topic",
    "topic=zealous-theme",
    "position=zealous-topic:oppose",
]


@pytest.fixture(scope="module", params=UNPUBLISHED)
def secret(request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any) -> Iterator[Quote]:
    """A quote that is not published, about everything that nobody else has spoken of, beside a published one."""
    with django_db_blocker.unblock(), transaction.atomic():
        published("The lanterns are lit.")
        office = make_organization("zealous-office", parent=make_organization("zealous-ministry"))
        article = make_article(slug="zealous-article", outlet=make_organization("zealous-gazette"))
        article.authors.add(make_person(slug="yorick-pennant"))
        speaker = make_person(slug="zephyrine-quill")
        quote = draft("Zanzibarine lamps.", speaker=speaker, article=article, venue="hearing")
        make_capacity(quote, office)
        make_coding(quote, make_topic("zealous-topic", parent=make_topic("zealous-theme")), "oppose")
        yield moved_to(quote, request.param)
        transaction.set_rollback(True)


def test_it_is_in_no_list_and_no_count(secret: Quote) -> None:
    assert secret not in found()
    assert ask("count=1")["count"] == 1


@pytest.mark.parametrize(
    "query", ["venue=hearing", "stance=oppose", "organization_kind=government_agency", "q=zanzibarine"]
)
def test_no_filter_and_no_search_finds_it(query: str, secret: Quote) -> None:
    assert found(query) == []


def test_its_uid_finds_nothing(secret: Quote) -> None:
    assert found(f"uid={secret.uid}") == []


@pytest.mark.parametrize("query", QUESTIONS)
def test_who_and_what_it_names_are_unknown_to_filters(query: str, secret: Quote) -> None:
    assert refused(query)["code"].startswith("unknown_")


@pytest.mark.parametrize("query", QUESTIONS)
def test_a_misspelt_name_does_not_bring_out_one_that_only_it_knows(query: str, secret: Quote) -> None:
    name, _, value = query.partition("=")
    misspelt = value.replace("e", "ee", 1)
    error = refused(f"{name}={misspelt}")
    assert "suggestion" not in error
    assert value.split(":")[0] not in error["detail"]


@pytest.mark.parametrize("path", SECRETS)
def test_who_and_what_it_names_are_in_no_list(path: str, secret: Quote) -> None:
    assert not set(listed(f"{path}/")) & set(SECRETS[path])


@pytest.mark.parametrize(("path", "slug"), [(path, slug) for path, slugs in SECRETS.items() for slug in slugs])
def test_who_and_what_it_names_have_no_page(path: str, slug: str, secret: Quote) -> None:
    ask(path=f"{path}/{slug}/", status=404)


@pytest.mark.parametrize("path", SECRETS)
def test_who_and_what_it_names_are_not_searched(path: str, secret: Quote) -> None:
    assert listed(f"{path}/", "q=zealous or zephyrine or yorick") == []
