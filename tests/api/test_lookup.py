"""`quotes/lookup/?text=`: is this quote real, and who said it first?"""

from __future__ import annotations

from typing import Any

import pytest

from quotes.curation import publish, refresh_publication, withdraw
from quotes.models import Quote
from tests.api.asking import ask, draft, published
from tests.factories import make_article, make_evidence

pytestmark = pytest.mark.django_db
WORDS = "The lanterns watch everyone who walks along the harbor at night."


def look_up(text: str, *, status: int = 200) -> Any:
    return ask(f"text={text}", path="quotes/lookup/", status=status)


def found(text: str) -> list[Any]:
    return look_up(text)["results"]


@pytest.mark.parametrize(
    "pasted",
    [
        WORDS,
        WORDS.upper(),
        "“The lanterns watch everyone, who walks along the harbor — at night”",
        "lanterns watch everyone who walks along",
        "As she said: The lanterns watch everyone who walks along the harbor at night. And she left.",
        "The lanterns watch everyone who strolls along the harbor at night.",
    ],
)
def test_the_words_are_found_however_they_were_pasted(pasted: str) -> None:
    quote = published(WORDS)
    published("The candles watch nobody who walks along the harbor at night.")
    [first, *_] = found(pasted)
    assert first["quote"]["uid"] == str(quote.uid)
    assert first["likeness"] >= 0.9


def test_the_very_words_are_wholly_alike_and_the_likest_come_first() -> None:
    published("The lanterns watch everyone who walks along the pier at night.")
    published(WORDS)
    results = found(WORDS)
    assert results[0]["quote"]["text"] == WORDS
    assert results[0]["likeness"] == 1 > results[1]["likeness"] > 0.75


@pytest.mark.parametrize("words", ["a 97.1% accuracy rate", "Lanterns.", "U.S.-made lanterns"])
def test_numbers_abbreviations_and_short_quotes_are_found(words: str) -> None:
    published(words)
    assert [one["likeness"] for one in found(words.replace("%", "%25"))] == [1]


def test_other_sentences_are_not_found() -> None:
    published("The lanterns watch everyone in a wholly different sentence about budgets, boats and bridges.")
    assert found(WORDS) == []


def test_an_utterance_comes_once_with_its_first_appearance() -> None:
    later = published(WORDS, article=make_article(published="2025-03-05", title="Again"))
    first = published(WORDS, article=make_article(published="2025-03-04", title="First"), speaker=later.speaker)
    undated = draft(WORDS, article=make_article(published=None), speaker=later.speaker)
    Quote.objects.filter(pk=first.pk).update(same_utterance_as=later)
    Quote.objects.filter(pk=undated.pk).update(same_utterance_as=later)
    refresh_publication()
    published_uid = str(first.uid)
    [one] = found(WORDS)
    assert one["appearances"] == 2
    assert one["first_appearance"] == {
        "uid": published_uid,
        "api_url": f"/api/v1/quotes/{published_uid}/",
        "article": "First",
        "dated": "2025-03-04",
    }


@pytest.mark.parametrize("verification", ["fabricated", "retracted", "disputed"])
def test_whoever_asks_about_a_false_one_hears_it(verification: str) -> None:
    quote = draft(WORDS)
    make_evidence(quote)
    Quote.objects.filter(pk=quote.pk).update(verification=verification)
    quote.refresh_from_db()
    publish(quotes=[quote], actor=None)
    [one] = found(WORDS)
    assert one["quote"]["verification"] == verification


def test_drafts_and_withdrawn_quotes_are_not_found() -> None:
    draft(WORDS)
    withdraw(quotes=[published(WORDS)], reason="The paper took it back.", actor=None)
    assert found(WORDS) == []


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", "required"),
        ("text=", "empty"),
        ("text=the of and", "no_words"),
        ("text=" + "lantern " * 200, "too_long"),
        ("text=%00", "control_character"),
    ],
)
def test_what_cannot_be_looked_up_is_an_error(query: str, code: str) -> None:
    [error] = ask(query, path="quotes/lookup/", status=400)["errors"]
    assert (error["param"], error["code"]) == ("text", code)


def test_other_parameters_are_unknown() -> None:
    [error] = ask(f"text={WORDS}&stance=oppose", path="quotes/lookup/", status=400)["errors"]
    assert error["code"] == "unknown_parameter"


def test_it_costs_three_queries_however_much_is_alike(django_assert_num_queries: Any) -> None:
    for number in range(5):
        published(f"{WORDS} So it goes, {number}.")
    with django_assert_num_queries(5):  # whether there is a word, the state; candidates, appearances, the first of each
        assert len(found(WORDS)) == 5
