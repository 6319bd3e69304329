"""`fields`, `omit` and `expand`: as much of a document as is wanted, and a misspelt member is an error."""

from __future__ import annotations

from typing import Any

import pytest

from quotes.models import Quote
from tests.api.asking import ask, refused

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _published(quote: Quote) -> None:
    """The quote of which everything is known."""


def only(query: str, *, path: str = "quotes/") -> dict[str, Any]:
    [document] = ask(query, path=path)["results"]
    return document


def test_fields_are_all_that_is_answered_in_the_documents_own_order() -> None:
    assert list(only("fields=text,uid,stances")) == ["uid", "text", "stances"]


def test_a_member_of_a_member_is_named_by_its_path_through_lists_too() -> None:
    assert only("fields=speaker.name,article.outlet.slug,affiliations.standing") == {
        "speaker": {"name": "Ottoline Varga"},
        "affiliations": [{"standing": "current"}, {"standing": "former"}],
        "article": {"outlet": {"slug": "lantern-gazette"}},
    }


def test_a_member_that_is_named_whole_is_whole() -> None:
    assert only("fields=article.slug,article") == {"article": only("")["article"]}


def test_omitted_members_are_all_that_is_missing() -> None:
    whole, rest = only(""), only("omit=citation,article.outlet,affiliations.role")
    assert list(rest) == [name for name in whole if name != "citation"]
    assert "outlet" not in rest["article"]
    assert rest["article"]["title"] == "The vote"
    assert all("role" not in one and one["standing"] for one in rest["affiliations"])


def test_an_expanded_reference_is_the_document_that_its_address_answers() -> None:
    paths = "speaker,organization,article,affiliations.organization,stances.topic"
    document = only(f"expand={paths}")
    for reference in [
        document["speaker"],
        document["organization"],
        document["article"],
        document["affiliations"][1]["organization"],
        document["stances"][0]["topic"],
    ]:
        assert reference == ask(path=reference["api_url"].removeprefix("/api/v1/"))


def test_what_is_inside_an_expanded_reference_can_be_expanded_and_picked() -> None:
    fields = "article.quote_count,article.outlet.aliases,article.authors.sort_name"
    assert only(f"expand=article,article.outlet,article.authors&fields={fields}") == {
        "article": {
            "outlet": {"aliases": []},
            "authors": [{"sort_name": "First, Z"}, {"sort_name": "Second"}],
            "quote_count": 1,
        }
    }


def test_entities_have_shapes_too() -> None:
    assert only("fields=slug,quote_count", path="topics/") == {"slug": "lanterns", "quote_count": 1}
    article = only("expand=outlet&fields=outlet.kind,outlet.aliases", path="articles/")
    assert article == {"outlet": {"kind": "media", "aliases": []}}


def test_a_detail_has_a_shape_too(quote: Quote) -> None:
    path = f"quotes/{quote.uid}/"
    assert ask("fields=speaker&expand=speaker", path=path)["speaker"]["sort_name"]
    assert "citation" not in ask("omit=citation", path=path)


@pytest.mark.parametrize(
    ("query", "param", "suggestion"),
    [
        ("fields=txet", "fields", "text"),
        ("fields=uid,speaker.nmae", "fields", "speaker.name"),
        ("omit=citations", "omit", "citation"),
        ("expand=speakr", "expand", "speaker"),
        ("expand=article.outlets", "expand", "article.outlet"),
    ],
)
def test_a_misspelt_member_is_an_error_that_names_the_closest(query: str, param: str, suggestion: str) -> None:
    error = refused(query)
    assert (error["param"], error["code"], error["suggestion"]) == (param, "unknown_value", suggestion)


def test_a_member_of_the_whole_document_is_known_only_where_it_is_expanded() -> None:
    assert refused("fields=speaker.sort_name")["param"] == "fields"
    assert only("fields=speaker.sort_name&expand=speaker") == {"speaker": {"sort_name": "Ottoline Varga"}}


def test_what_is_no_reference_cannot_be_expanded() -> None:
    assert refused("expand=citation")["param"] == "expand"


def test_fields_and_omit_at_once_are_a_contradiction() -> None:
    assert refused("fields=uid&omit=text")["code"] == "contradiction"


def test_paging_goes_on_in_the_same_shape() -> None:
    assert ask("fields=uid&page_size=1")["next"] is None
    assert refused("fields=uid&cursor=x")["code"] == "broken_cursor"
