"""What a document holds: everything without which nobody may quote the words, and nothing of what is not public."""

from __future__ import annotations

import re
from typing import Any

import pytest

from quotes.anchoring import CONTEXT
from quotes.models import Quote
from quotes.publication import shapes
from tests.api.asking import ask, published
from tests.factories import (
    make_article,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def document(quote: Quote) -> dict[str, Any]:
    return ask(path=f"quotes/{quote.uid}/")


# Everything that a quotation needs


def test_a_document_has_the_members_that_its_shape_declares(document: dict[str, Any]) -> None:
    assert set(document) == shapes.QuoteDocument.__required_keys__ | {"modified"}


@pytest.mark.parametrize(
    ("path", "shape"),
    [
        ("people/ottoline-varga/", shapes.PersonDocument),
        ("organizations/harbor-watch/", shapes.OrganizationDocument),
        ("articles/the-lantern-vote/", shapes.ArticleDocument),
        ("topics/lanterns/", shapes.TopicDocument),
    ],
)
def test_documents_of_entities_have_the_members_that_their_shapes_declare(path: str, shape: Any, quote: Quote) -> None:
    assert set(ask(path=path)) == shape.__required_keys__ | {"quote_count", "modified"}


def test_a_quote_in_a_list_is_the_quote_at_its_address(document: dict[str, Any]) -> None:
    assert ask()["results"] == [document]


def test_a_quote_says_where_it_is(document: dict[str, Any], quote: Quote) -> None:
    assert document["uid"] == str(quote.uid)
    assert document["permalink"] == f"/quotes/{quote.uid}/"
    assert document["api_url"] == f"/api/v1/quotes/{quote.uid}/"


def test_a_quote_says_how_far_the_proof_goes(document: dict[str, Any]) -> None:
    assert (document["verification"], document["verification_note"]) == ("disputed", "The speaker denies it.")
    [evidence] = document["evidence"]
    assert evidence == {
        "kind": "document",
        "url": "https://archive.example/minutes",
        "description": "The minutes.",
        "provided_on": "2025-04-01",
    }


def test_a_quote_says_what_kind_of_quotation_and_of_source_it_is(document: dict[str, Any]) -> None:
    assert (document["kind"], document["source_type"], document["venue"]) == ("direct", "person", "hearing")
    assert (document["source_label"], document["cue"]) == ("Ottoline Varga, of the watch", "said")
    assert document["speaker"] == {
        "slug": "ottoline-varga",
        "name": "Ottoline Varga",
        "api_url": "/api/v1/people/ottoline-varga/",
    }


def test_a_quote_names_its_article_with_its_address_its_copy_and_what_became_of_it(document: dict[str, Any]) -> None:
    article = document["article"]
    assert (article["url"], article["archive_url"]) == ("https://gazette.example/vote", "https://archive.example/vote")
    assert (article["status"], article["status_note"]) == ("corrected", "A name was misspelt.")
    assert (article["outlet"]["slug"], article["published"]) == ("lantern-gazette", "2025-03-04")


def test_authors_stand_in_the_order_of_the_byline(document: dict[str, Any]) -> None:
    assert [author["slug"] for author in document["article"]["authors"]] == ["z-first", "a-second"]


def test_a_quote_says_in_what_capacity_it_was_said_as_stated(document: dict[str, Any]) -> None:
    capacities = [
        (item["organization"]["slug"], item["role"], item["role_as_stated"], item["standing"], item["is_primary"])
        for item in document["affiliations"]
    ]
    assert capacities == [
        ("harbor-watch", "warden", "the warden", "current", True),
        ("harbor-watch", "bell ringer", "once its bell ringer", "former", False),
    ]


def test_a_quote_names_whom_it_was_said_for(document: dict[str, Any]) -> None:
    assert (document["organization"]["slug"], document["speaks_for_organization"]) == ("harbor-watch", True)


def test_a_quote_has_its_final_stances_with_their_propositions(document: dict[str, Any]) -> None:
    [stance] = document["stances"]
    assert (stance["topic"]["slug"], stance["stance"], stance["certainty"]) == ("lanterns", "support", "low")
    assert stance["topic"]["proposition"] == "The council should adopt lanterns."
    assert (stance["coder"], stance["justification"], stance["codebook_version"]) == (
        "adjudicator",
        "She says so.",
        "1.0",
    )


def test_a_quote_has_its_citation(document: dict[str, Any], quote: Quote) -> None:
    assert document["citation"] == {
        "id": str(quote.uid),
        "type": "article-newspaper",
        "title": "The vote",
        "author": [{"family": "First", "given": "Z"}, {"literal": "Second"}],
        "container-title": "Lantern Gazette",
        "issued": {"date-parts": [[2025, 3, 4]]},
        "URL": "https://gazette.example/vote",
        "archive_location": "https://archive.example/vote",
        "accessed": {"date-parts": [[2025, 3, 5]]},
        "language": "en",
        "note": "Quoted: Ottoline Varga",
    }


@pytest.mark.parametrize(
    ("said_on", "article_date", "dated"),
    [
        ("2025-03", "2025-03-04", {"date": "2025-03", "basis": "said", "precision": "month"}),
        (None, "2025-03-04", {"date": "2025-03-04", "basis": "published", "precision": "day"}),
        (None, "2024", {"date": "2024", "basis": "published", "precision": "year"}),
        (None, None, {"date": None, "basis": "unknown", "precision": None}),
    ],
)
def test_a_quote_says_what_its_date_rests_on(said_on: str | None, article_date: str | None, dated: Any) -> None:
    published(said_on=said_on, article=make_article(published=article_date))
    assert ask()["results"][0]["dated"] == dated


def test_times_are_in_utc_and_say_so(document: dict[str, Any]) -> None:
    assert document["snapshot"]["retrieved_at"] == "2025-03-05T10:00:00Z"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", document["modified"])


# As one may print it


def test_a_quotation_split_by_its_attribution_shows_the_gap(document: dict[str, Any]) -> None:
    assert document["text"] == "Every lantern, will be lit."
    assert document["display"] == "“Every lantern,” […] “will be lit.”"


@pytest.mark.parametrize(
    ("kind", "display"),
    [("direct", "“Every lantern.”"), ("partial", "“Every lantern.”"), ("indirect", "Every lantern.")],
)
def test_only_what_was_in_quotation_marks_is_shown_in_them(kind: str, display: str) -> None:
    published("Every lantern.", kind=kind)
    assert ask()["results"][0]["display"] == display


def test_a_partial_quote_has_the_reporters_frame() -> None:
    published("deeply dim", kind="partial", framing="called the lantern")
    assert ask()["results"][0]["framing"] == "called the lantern"


# Anchors


def test_each_segment_has_its_place_its_words_and_its_context(document: dict[str, Any], quote: Quote) -> None:
    text = quote.snapshot.text
    for segment, words in zip(document["segments"], ["Every lantern,", "will be lit."], strict=True):
        assert segment["exact"] == words
        assert text[segment["start"] : segment["end"]] == words
        assert segment["prefix"] == text[segment["start"] - CONTEXT : segment["start"]]
        assert segment["suffix"] == text[segment["end"] : segment["end"] + CONTEXT]


def test_the_text_that_was_read_is_named_by_its_hash(document: dict[str, Any], quote: Quote) -> None:
    assert document["snapshot"]["sha256"] == quote.snapshot.sha256
    assert document["snapshot"]["length"] == len(quote.snapshot.text)
    assert set(document["snapshot"]) == {"sha256", "length", "retrieved_at"}


def test_a_quote_without_a_snapshot_has_its_words_as_one_segment_or_none() -> None:
    published(snapshot=None, segments=[{"prefix": "said: “", "suffix": "” and left"}])
    document = ask()["results"][0]
    assert document["snapshot"] is None
    assert document["segments"] == [
        {
            "start": None,
            "end": None,
            "exact": "The lanterns watch everyone.",
            "prefix": "said: “",
            "suffix": "” and left",
        }
    ]
