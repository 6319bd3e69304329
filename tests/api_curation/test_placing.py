"""Words are put where they stand in the snapshot, to the character, or refused with what is wrong."""

from __future__ import annotations

from typing import Any

import pytest

from quotes.curation import forget_text
from quotes.models import Article, Quote, Snapshot
from quotes.publication.models import PublishedQuote
from tests import factories
from tests.api_curation.asking import TEXT, Program, told

pytestmark = pytest.mark.django_db


def test_words_are_anchored_where_they_stand(curator: Program, body: dict[str, Any]) -> None:
    answer = curator.send("POST", "quotes/", body)
    record = told(answer, 201)
    [segment] = record["segments"]
    assert record["text"] == segment["exact"] == "will be lit."
    assert segment["start"] == TEXT.index("will be lit.")
    assert segment["suffix"].startswith("” “Lit")
    assert answer.headers["Location"] == f"/api/v1/curation/quotes/{record['uid']}/"
    assert (record["status"], record["created_by"]) == ("draft", "curator")
    assert record["affiliations"] == [
        {
            "organization": "harbor-watch",
            "role": "warden",
            "start": None,
            "role_as_stated": "the warden",
            "standing": "current",
            "is_primary": True,
        }
    ]
    assert Quote.objects.get().created_by == curator.user
    assert not PublishedQuote.objects.exists()


def test_a_split_quotation_is_a_segment_for_each_part(curator: Program, body: dict[str, Any]) -> None:
    words = ["will be lit.", "Lit,", "and kept."]
    record = curator.make("quotes/", {**body, "words": words})
    assert [segment["exact"] for segment in record["segments"]] == words
    assert record["text"] == "will be lit. Lit, and kept."


def test_words_that_stand_twice_need_a_start(curator: Program, body: dict[str, Any]) -> None:
    first, second = TEXT.index("Every"), TEXT.rindex("Every")
    error = curator.refused("quotes/", {**body, "words": ["Every lantern,"]})
    assert (error["param"], error["code"]) == ("words[0]", "ambiguous_words")
    assert error["detail"].startswith(f"These words stand 2 times, at {first}, {second}.")
    record = curator.make("quotes/", {**body, "words": ["Every lantern,"], "starts": [second]})
    assert record["segments"][0]["start"] == second


def test_a_start_where_the_words_do_not_stand_is_refused(curator: Program, body: dict[str, Any]) -> None:
    error = curator.refused("quotes/", {**body, "starts": [3]})
    assert (error["param"], error["code"]) == ("starts[0]", "not_there")
    assert curator.refused("quotes/", {**body, "starts": [None, 3]})["param"] == "starts"


@pytest.mark.parametrize("words", [["Will be lit."], ["will be  lit."], ["“zzz”"], ["and kept.", "will be lit."], [""]])
def test_words_that_do_not_stand_there_to_the_character_are_refused(
    curator: Program, body: dict[str, Any], words: list[str]
) -> None:
    error = curator.refused("quotes/", {**body, "words": words})
    assert error["code"] == "not_in_text"
    assert not Quote.objects.exists()


def test_segments_name_places_and_the_server_takes_the_words(curator: Program, body: dict[str, Any]) -> None:
    del body["words"]
    start = TEXT.index("Lit,")
    record = curator.make("quotes/", {**body, "segments": [{"start": start, "end": start + 4}]})
    assert (record["text"], record["segments"][0]["prefix"][-3:]) == ("Lit,", " “"[-1:] and "” “"[-3:])


@pytest.mark.parametrize(
    "segments",
    [
        [{"start": 5, "end": 5}],
        [{"start": 9, "end": 5}],
        [{"start": 0, "end": 100_000}],
        [{"start": 9, "end": 12}, {"start": 11, "end": 14}],
        [{"start": 9, "end": 12}, {"start": 1, "end": 3}],
    ],
)
def test_places_outside_of_the_text_or_of_order_are_refused(
    curator: Program, body: dict[str, Any], segments: Any
) -> None:
    del body["words"]
    assert curator.refused("quotes/", {**body, "segments": segments})["code"] == "out_of_place"


def test_words_and_segments_are_not_given_both_nor_neither(curator: Program, body: dict[str, Any]) -> None:
    error = curator.refused("quotes/", {**body, "segments": [{"start": 1, "end": 2}]})
    assert (error["param"], error["code"]) == ("segments", "either_or")
    del body["words"]
    assert curator.refused("quotes/", body)["param"] == "words"
    assert curator.refused("quotes/", {**body, "starts": [1]})["code"] == "required"


def test_a_quote_without_a_snapshot_stands_nowhere(curator: Program, body: dict[str, Any]) -> None:
    record = curator.make("quotes/", {**body, "snapshot": None, "verification": "unverified", "words": ["A", "b"]})
    assert (record["text"], record["segments"], record["snapshot"]) == ("A b", [], None)
    error = curator.refused("quotes/", {**body, "snapshot": None, "words": ["A"]})
    assert "Anchor them first" in error["detail"]


def test_a_text_that_is_not_kept_cannot_be_looked_into(
    curator: Program, body: dict[str, Any], snapshot: Snapshot
) -> None:
    forget_text(snapshot=snapshot)
    assert curator.refused("quotes/", body)["code"] == "text_not_kept"


def test_a_snapshot_is_the_articles_own(curator: Program, body: dict[str, Any]) -> None:
    other = factories.make_snapshot(factories.make_article(), "Another text.")
    assert curator.refused("quotes/", {**body, "snapshot": other.sha256})["code"] == "unknown_snapshot"
    record = curator.make("quotes/", body)
    factories.make_article(slug="elsewhere")
    error = curator.refused(f"quotes/{record['uid']}/", {"article": "elsewhere"}, method="PATCH")
    assert error["detail"] == "The snapshot is of another article."


def test_another_snapshot_has_the_same_words_elsewhere(curator: Program, body: dict[str, Any]) -> None:
    uid = curator.make("quotes/", body)["uid"]
    newer = factories.make_snapshot(Article.objects.get(), "It is said that all will be lit. Soon.")
    record = curator.change(f"quotes/{uid}/", {"snapshot": newer.sha256})
    assert (record["text"], record["segments"][0]["start"]) == ("will be lit.", 20)
    gone = factories.make_snapshot(Article.objects.get(), "Nothing of the kind.")
    error = curator.refused(f"quotes/{uid}/", {"snapshot": gone.sha256}, method="PATCH")
    assert error["code"] == "not_in_text"


def test_the_snapshot_that_it_has_moves_nothing(curator: Program, body: dict[str, Any], snapshot: Snapshot) -> None:
    second = TEXT.rindex("Every")
    uid = curator.make("quotes/", {**body, "words": ["Every lantern,"], "starts": [second]})["uid"]
    record = curator.change(f"quotes/{uid}/", {"snapshot": snapshot.sha256, "article": "the-vote"})
    assert record["segments"][0]["start"] == second
