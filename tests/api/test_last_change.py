"""The number of the last change: it stands for one state of all that is public, as entity tags of lists need it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from quotes import curation
from quotes.models import Person, Quote
from quotes.publication.changes import last_change
from quotes.vocabulary import EntityKind
from tests.api.asking import ask, draft, published
from tests.api.mirror import public_state
from tests.factories import (
    make_capacity,
    make_coding,
    make_organization,
    make_person,
    make_round,
    make_topic,
)

pytestmark = pytest.mark.django_db


VERBS: dict[str, tuple[Callable[[dict[str, Any]], Any], bool]] = {
    "publish": (lambda one: curation.publish(quotes=[one["draft"]], actor=None), True),
    "withdraw": (lambda one: curation.withdraw(quotes=[one["quote"]], reason="x", actor=None), True),
    "submit": (lambda one: curation.submit_for_review(quotes=[one["draft"]], actor=None), False),
    "return": (lambda one: curation.return_to_draft(quotes=[one["in_review"]], actor=None), False),
    "code finally": (lambda one: code(one, is_final=True), True),
    "code in an open round": (lambda one: code(one, round=7), False),
    "code in a closed round": (lambda one: code(one, round=1), True),
    "code a draft in a closed round": (lambda one: code(one, round=1, quote=one["draft"]), False),
    "close a round": (lambda one: curation.close_round(number=2, actor=None), True),
    "close a round without codings": (lambda one: curation.close_round(number=3, actor=None), False),
    "reopen a round": (lambda one: curation.reopen_round(number=1, actor=None), True),
    "readdress": (lambda one: curation.readdress(kind=EntityKind.PERSON, old="old", new=one["speaker"].slug), True),
    "readdress a draft's": (lambda one: curation.readdress(kind=EntityKind.PERSON, old="o", new="silent"), False),
    "merge people": (lambda one: curation.merge_people(keep=one["speaker"], merged=one["other"], actor=None), True),
    "merge organizations": (
        lambda one: curation.merge_organizations(keep=one["watch"], merged=one["office"], actor=None),
        True,
    ),
    "merge what is in no quote": (
        lambda one: curation.merge_people(keep=make_person(), merged=make_person(), actor=None),
        False,
    ),
    "forget a text": (lambda one: curation.forget_text(snapshot=one["quote"].snapshot), False),
    "rename a speaker": (lambda one: rename(one["speaker"]), True),
    "rename a draft's speaker": (lambda one: rename(one["draft"].speaker), False),
    "rename a withdrawn quote's speaker": (lambda one: rename(one["withdrawn"].speaker), False),
    "nothing": (lambda one: curation.refresh_publication(), False),
}


def code(one: dict[str, Any], *, quote: Quote | None = None, **judgement: Any) -> None:
    curation.record_coding(quote=quote or one["quote"], topic=one["topic"], coder="b", stance="oppose", **judgement)


def rename(person: Person) -> None:
    Person.objects.filter(pk=person.pk).update(name="Ilvy Sarn")
    curation.refresh_publication()


@pytest.fixture
def one() -> dict[str, Any]:
    """Quotes of every status and what the verbs can be done to."""
    watch, office, topic = make_organization("harbor-watch"), make_organization("lamp-office"), make_topic("lamps")
    speaker, other = make_person(slug="neva"), make_person(slug="n-corrin")
    make_round(1, closed_at="2026-11-03T10:00:00Z")
    make_round(2)
    make_round(3)
    quotes = [draft(speaker=speaker), draft(speaker=other), draft()]
    for quote, organization in zip(quotes, (watch, office, watch), strict=True):
        make_capacity(quote, organization)
    make_coding(quotes[0], topic, round=1, coder="a")
    make_coding(quotes[0], topic, round=2, coder="a", is_final=False)
    curation.publish(quotes=quotes, actor=None)
    curation.withdraw(quotes=quotes[2:], reason="Misheard.", actor=None)
    in_review = draft()
    curation.submit_for_review(quotes=[in_review], actor=None)
    return {
        "quote": quotes[0],
        "withdrawn": quotes[2],
        "draft": draft(speaker=make_person(slug="silent")),
        "in_review": in_review,
        "speaker": speaker,
        "other": other,
        "watch": watch,
        "office": office,
        "topic": topic,
    }


def everything_public() -> Any:
    counts = {
        plural: {
            document["slug"]: document["quote_count"] for document in ask("page_size=100", path=f"{plural}/")["results"]
        }
        for plural in ("people", "organizations", "articles", "topics")
    }
    return public_state(), counts, ask("page_size=100", path="codings/")["results"]


@pytest.mark.parametrize("verb", VERBS)
def test_the_last_change_grows_exactly_when_a_public_answer_changes(verb: str, one: dict[str, Any]) -> None:
    function, changes_something = VERBS[verb]
    before, last = everything_public(), last_change()
    function(one)
    assert (everything_public() != before) == changes_something
    assert (last_change() > last) == changes_something
    assert last_change() >= last


def test_the_last_change_is_one_query(django_assert_num_queries: Any) -> None:
    published()
    with django_assert_num_queries(1):
        assert last_change() > 0


def test_the_last_change_is_zero_before_there_is_any() -> None:
    assert last_change() == 0


def test_a_change_that_came_to_nothing_is_no_change() -> None:
    quote, last = draft(), last_change()
    with transaction.atomic():
        curation.publish(quotes=[quote], actor=None)
        transaction.set_rollback(True)
    assert last_change() == last
