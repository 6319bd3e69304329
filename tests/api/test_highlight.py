"""`highlight=1`: where the words of q stand in each text, in code points, however the text is written."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.asking import ask, published, refused

pytestmark = pytest.mark.django_db


def marked(text: str, q: str) -> list[str]:
    """The marked parts of a quote's text, by the ranges; the HTML must say the same."""
    published(text)
    highlight: dict[str, Any] = ask(f"q={q}&highlight=1")["results"][0]["highlight"]
    parts = [text[start:end] for start, end in highlight["ranges"]]
    assert highlight["html"].count("<mark>") == len(parts)
    return parts


@pytest.mark.parametrize(
    ("text", "q", "parts"),
    [
        ("The lanterns watch everyone.", "lantern", ["lanterns"]),
        ("The lanterns watch; a Lantern sleeps.", "LANTERNS", ["lanterns", "Lantern"]),
        ("“This” is the harbor’s lantern… said Señor Ångström.", "this harbor senor", ["harbor", "Señor"]),
        ("Cafés burn \U0001f525 lanterns \U0001f469\u200d\U0001f52c.", "cafes lanterns", ["Cafés", "lanterns"]),
        ("The x\u0303lanterns\u0303 watch.", "xlanterns", ["x\u0303lanterns\u0303"]),
        ("<b>Lanterns</b> & lamps", "lanterns", ["Lanterns"]),
        ("The lanterns watch everyone at night.", '"lanterns watch"', ["lanterns", "watch"]),
        ("ﬁne lanterns", "fine", ["ﬁne"]),
        ("Lanterns, not lamps.", "lanterns -candles", ["Lanterns"]),
    ],
)
def test_the_words_that_matched_are_marked_where_they_stand(text: str, q: str, parts: list[str]) -> None:
    assert marked(text, q) == parts


def test_control_characters_are_no_marks_of_ours() -> None:
    assert marked("The \x02 lanterns \x03 watch\x01.", "lanterns watch") == ["lanterns", "watch"]


def test_a_word_that_is_too_long_to_be_searched_moves_no_mark() -> None:
    text = "y" * 3_000 + " lanterns watch"
    assert marked(text, "lanterns") in ([], ["lanterns"])


def test_the_html_is_the_text_with_marks_and_may_be_put_into_a_page_as_it_is() -> None:
    published("<b>Lanterns</b> & “lamps”")
    [document] = ask("q=lanterns&highlight=1")["results"]
    assert document["highlight"]["html"] == "&lt;b&gt;<mark>Lanterns</mark>&lt;/b&gt; &amp; “lamps”"


def test_a_quote_found_by_a_name_has_nothing_marked() -> None:
    quote = published()
    assert quote.speaker
    [document] = ask(f"q={quote.speaker.name}&highlight=1")["results"]
    assert document["highlight"] == {"ranges": [], "html": quote.text}


def test_without_it_there_is_no_such_member() -> None:
    published()
    assert "highlight" not in ask("q=lanterns&highlight=0")["results"][0]


def test_it_goes_with_fields_and_relevance() -> None:
    published()
    [document] = ask("q=lanterns&highlight=1&fields=uid&ordering=relevance")["results"]
    assert set(document) == {"uid", "highlight"}


def test_without_words_there_is_nothing_to_mark() -> None:
    assert refused("highlight=1")["code"] == "nothing_to_highlight"
