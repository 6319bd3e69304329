"""Typed words become places in a text, and a text with its quotes becomes runs. No database."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotes.admin.text_panel import cut, excerpts
from quotes.admin.words import anchor_lines, find_places, read_starts, split_lines, without_marks
from quotes.anchoring import AnchorError, anchor_words, words_at
from quotes.models import Quote

TEXT = "🦉 “Yes,” he said, “it’s a lamp.” Yes, a lamp.\nA  lamp."


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("“Yes,”", "Yes,"),
        ('"Yes,"', "Yes,"),
        ("„Ja“", "Ja"),
        ("« Oui »", "Oui"),
        ("“Yes,” and “no”", "“Yes,” and “no”"),
        ("“Yes", "“Yes"),
        ("“", "“"),
        ("plain", "plain"),
    ],
)
def test_marks_around_the_whole_line_are_taken_off(line: str, words: str) -> None:
    assert without_marks(line) == words


def test_lines_are_segments() -> None:
    assert split_lines("“Yes,”\r\n \r\nit's  a\tlamp.") == ["Yes,", "it's a lamp."]


def test_white_space_and_the_shape_of_marks_do_not_matter() -> None:
    assert find_places(TEXT, "it's a lamp.") == [(19, 31)]
    assert [TEXT[start:end] for start, end in find_places(TEXT, "A lamp.")] == ["A  lamp."]
    assert find_places(TEXT, "IT'S A LAMP.") == []
    assert find_places("aaa", "aa") == [(0, 2), (1, 3)]
    assert find_places(TEXT, "") == []


def test_words_with_the_meaning_of_patterns_are_words() -> None:
    assert find_places("a (b|c)* [d] \\n $", "(b|c)* [d] \\n $") == [(2, 17)]


def test_a_second_segment_stands_after_the_first() -> None:
    segments = anchor_lines(TEXT, ["Yes,", "it's a lamp."], [3])
    assert words_at(TEXT, segments) == "Yes, it’s a lamp."
    with pytest.raises(AnchorError, match="does not stand after position"):
        anchor_lines(TEXT, ["it's a lamp.", "he said,"], [])


def test_a_start_that_was_left_over_does_not_stand_in_the_way() -> None:
    assert anchor_lines(TEXT, ["he said,"], [999])[0]["start"] == 9


def test_positions_are_read_with_commas_or_spaces() -> None:
    assert read_starts(" 3, 20  41,") == [3, 20, 41]
    assert read_starts("") == []


def test_the_context_is_that_of_every_other_anchor() -> None:
    assert anchor_lines(TEXT, ["he said,"], []) == anchor_words(TEXT, ["he said,"])


def quote_at(*places: tuple[int, int], key: int = 1) -> Quote:
    return Quote(pk=key, text="x", segments=[{"start": start, "end": end} for start, end in places])


def test_overlapping_quotes_are_cut_where_they_begin_and_end() -> None:
    this, other = quote_at((2, 6), key=1), quote_at((4, 8), key=2)
    runs = cut("0123456789", [this, other], this=this)
    assert [(run.text, run.is_this, len(run.quotes)) for run in runs] == [
        ("01", False, 0),
        ("23", True, 1),
        ("45", True, 2),
        ("67", False, 1),
        ("89", False, 0),
    ]


def test_segments_that_no_text_has_are_left_out() -> None:
    assert [run.text for run in cut("0123", [quote_at((2, 9)), quote_at((3, 3)), Quote(segments=[{}])])] == ["0123"]


@given(st.text(max_size=60), st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=6))
def test_the_runs_are_the_text_again(text: str, places: list[tuple[int, int]]) -> None:
    runs = cut(text, [quote_at(place, key=key) for key, place in enumerate(places)])
    assert "".join(run.text for run in runs) == text


def test_without_a_text_the_context_stands_around_each_segment() -> None:
    segments = [{"start": 3, "end": 7, "prefix": "🦉 “", "suffix": "” he"}, {"start": 20, "end": 24, "prefix": "“"}]
    assert excerpts(Quote(text="Yes, it’s", segments=segments)) == [
        {"prefix": "🦉 “", "exact": "Yes,", "suffix": "” he"},
        {"prefix": "“", "exact": "it’s", "suffix": ""},
    ]
    assert excerpts(Quote(text="Yes,", segments=[])) == [{"prefix": "", "exact": "Yes,", "suffix": ""}]
