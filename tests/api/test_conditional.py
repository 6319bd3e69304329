"""An answer is named by its state: whoever has it already is told so, and nobody keeps what is not theirs."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpResponse

from quotes.curation import merge_people, publish, record_coding, withdraw
from quotes.models import Organization, Person, Quote
from quotes.publication.worker import refresh_all
from tests.api.asking import API, CLIENT, draft, published
from tests.factories import make_person, make_topic

pytestmark = pytest.mark.django_db

ADDRESSES = [
    "quotes/",
    "quotes/?q=lanterns&count=1&fields=uid,text",
    "quotes/facets/?facet=stance",
    "quotes/timeline/",
    "quotes/lookup/?text=the lanterns watch",
    "people/",
    "articles/?ordering=name",
]


def get(path: str, etag: str = "", **headers: str) -> HttpResponse:
    if etag:
        headers["If-None-Match"] = etag
    return CLIENT.get(f"{API}{path}", headers=headers)


@pytest.mark.parametrize("path", ADDRESSES)
def test_an_answer_that_the_reader_has_is_not_made_again(path: str) -> None:
    published()
    etag = get(path)["ETag"]
    again = get(path, etag)
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)
    assert "no-cache" in again["Cache-Control"]


@pytest.mark.parametrize("path", ADDRESSES)
def test_it_is_made_again_once_anything_public_changed(path: str) -> None:
    quote = published()
    etag = get(path)["ETag"]
    publish(quotes=[draft("The lanterns watch once more.")], actor=None)
    assert get(path, etag).status_code == 200
    etag = get(path)["ETag"]
    withdraw(quotes=[quote], reason="The paper took it back.", actor=None)
    assert get(path, etag).status_code == 200


def test_what_is_not_public_changes_nothing() -> None:
    published()
    etag = get("quotes/")["ETag"]
    draft("Nobody sees this.")
    refresh_all()
    assert get("quotes/", etag).status_code == 304


@pytest.mark.parametrize("given", ["*", 'W/{}, "other"', '"other", {}'])
def test_several_names_weak_ones_and_any_are_understood(given: str) -> None:
    published()
    etag = get("quotes/")["ETag"]
    assert get("quotes/", given.format(etag)).status_code == 304


def test_a_quote_that_is_withdrawn_is_withdrawn_whatever_the_reader_has() -> None:
    quote = published()
    etag = get(f"quotes/{quote.uid}/")["ETag"]
    withdraw(quotes=[quote], reason="The paper took it back.", actor=None)
    for name in (etag, "*", '"other"'):
        assert get(f"quotes/{quote.uid}/", name).status_code == 410


@pytest.mark.parametrize("given", ['"other"', "nonsense", '"', ","])
def test_other_names_are_not_this_answers(given: str) -> None:
    assert get("quotes/", given).status_code == 200


@pytest.mark.parametrize("query", ["?stanse=x", "?cursor=zzz", "?uid=1"])
def test_any_name_at_all_is_no_answer_to_a_question_that_is_wrong(query: str) -> None:
    assert get(f"quotes/{query}", "*").status_code == 400


def test_each_question_has_a_name_of_its_own_whatever_the_order_of_its_parameters() -> None:
    names = {get(f"quotes/{query}")["ETag"] for query in ("", "?kind=direct", "?kind=partial", "?kind=direct&count=1")}
    assert len(names) == 4
    assert get("quotes/?kind=direct&venue=speech")["ETag"] == get("quotes/?venue=speech&kind=direct")["ETag"]


def test_a_question_that_was_never_valid_is_an_error_with_any_name() -> None:
    assert get("quotes/?stanse=support", '"other"').status_code == 400
    assert "ETag" not in get("quotes/?stanse=support")


def test_a_quote_is_named_by_its_own_change_alone() -> None:
    quote, other = published(), published()
    path = f"quotes/{quote.uid}/"
    etag = get(path)["ETag"]
    withdraw(quotes=[other], reason="The paper took it back.", actor=None)
    assert get(path, etag).status_code == 304
    record_coding(quote=quote, topic=make_topic(), coder="adjudicator", stance="support", round=2, is_final=True)
    assert get(path, etag).status_code == 200


def test_what_is_expanded_counts() -> None:
    quote = published()
    path = f"quotes/{quote.uid}/?expand=article"
    etag = get(path)["ETag"]
    published("The lanterns burn on.", article=quote.article)  # its count of quotes
    assert get(path, etag).status_code == 200


def test_an_entity_is_named_by_its_count_too() -> None:
    quote = published(speaker=make_person(slug="ottoline-varga"))
    etag = get("people/ottoline-varga/")["ETag"]
    assert get("people/ottoline-varga/", etag).status_code == 304
    published(speaker=quote.speaker)
    assert get("people/ottoline-varga/", etag).status_code == 200


def test_a_document_says_when_it_changed_and_a_list_does_not() -> None:
    quote = published()
    assert get(f"quotes/{quote.uid}/")["Last-Modified"].endswith("GMT")
    assert "Last-Modified" not in get("quotes/")


def test_a_merge_renames_the_lists(varga: Person) -> None:
    other = make_person()
    published(speaker=other)
    etag = get("people/")["ETag"]
    merge_people(keep=varga, merged=other, actor=None)
    assert get("people/", etag).status_code == 200


@pytest.fixture
def varga() -> Person:
    person = make_person("Ottoline Varga", slug="ottoline-varga")
    published(speaker=person)
    return person


def test_anybody_may_keep_an_answer_and_must_ask_whether_it_still_holds() -> None:
    answer = get("quotes/")
    assert answer["Cache-Control"] == "public, no-cache"
    assert "Accept" in answer["Vary"]


@pytest.mark.parametrize("path", ["quotes/?stanse=support", "quotes/019bdfd3-3708-7f3f-8b39-87e92cb58961/"])
def test_nobody_keeps_an_error(path: str) -> None:
    assert get(path)["Cache-Control"] == "no-store"


def test_a_format_has_a_name_of_its_own() -> None:
    published()
    names = {get("quotes/?page_size=1")["ETag"], get("quotes/?page_size=1&format=ndjson")["ETag"]}
    assert len({*names, get("quotes/?page_size=1", Accept="text/csv")["ETag"]}) == 3


def test_a_head_says_what_a_get_would_and_gives_nothing() -> None:
    published()
    answer: Any = CLIENT.head(f"{API}quotes/")
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer["ETag"] == get("quotes/")["ETag"]


def test_a_renamed_organization_renames_what_shows_it() -> None:
    quote: Quote = published(organization=None)
    etag = get(f"quotes/{quote.uid}/")["ETag"]
    Organization.objects.update(name="Another name")
    Person.objects.filter(pk=quote.speaker_id).update(name="Another Name")
    refresh_all()
    assert get(f"quotes/{quote.uid}/", etag).status_code == 200


@pytest.mark.parametrize("query", ["", "?kind=indirect", "?page_size=1", "?count=1"])
def test_a_page_is_named_alike_whether_its_name_was_asked_for_or_not(query: str) -> None:
    """Where nothing is to be compared, the page itself tells the state that names it; a page without rows cannot."""
    published()
    unasked, asked = get(f"quotes/{query}"), get(f"quotes/{query}", '"another"')
    assert unasked["ETag"] == asked["ETag"]
    assert get(f"quotes/{query}", unasked["ETag"]).status_code == 304
    publish(quotes=[draft("The lanterns watch once more.")], actor=None)
    assert get(f"quotes/{query}")["ETag"] != unasked["ETag"]
