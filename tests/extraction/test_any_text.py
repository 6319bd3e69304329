"""Any text at all: no error, segments in order and inside, work in proportion to the length."""

import sys
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from quotes.extraction import DIRECT, INDIRECT, PARTIAL, propose

PIECES = st.lists(
    st.sampled_from(
        [
            *"“”\"'‘’«»„\u201a`.,:;?!—()\n ",
            "\r\n\r\n",
            "said ",
            "Neva ",
            "Corrin ",
            "she ",
            "who ",
            "that ",
            "The plan ",
            "according to ",
            "👍🏽",
            "אב",
            "e\u0301",
            "told ",
            "I’ve ",
            "’s ",
            "Mr. ",
            "and ",
            "\u202e",
            "\u2028",
        ]
    ),
    max_size=60,
).map("".join)


@settings(max_examples=400, deadline=None)
@given(text=st.one_of(PIECES, st.text(max_size=80)))
@example(text="")
@example(text="“")
@example(text="“” said")
@example(text="said Corrin “,”")
@example(text="according to")
def test_any_text_gives_ordered_segments_inside_it(text: str) -> None:
    for found in propose(text):
        assert found.kind in (DIRECT, PARTIAL, INDIRECT)
        assert 0 <= found.confidence <= 1
        assert found.segments
        assert all(0 <= start < end <= len(text) for start, end in found.segments)
        assert all(left[1] <= right[0] for left, right in pairwise(found.segments))
        assert (found.speaker_start, found.speaker_end) == (-1, -1) or found.speaker == text[
            found.speaker_start : found.speaker_end
        ]
        for start, end in found.segments:
            assert text[start:end] == text[start:end].strip()
            has_closer = any(mark in text[start + 1 : end] for mark in "”“»\"'’‘`\u201a")
            assert found.kind == INDIRECT or text[start] not in "“„«" or has_closer


ADVERSARIAL = {
    "straight marks": '"',
    "opening marks": "“",
    "closing marks": "”",
    "apostrophes": "'",
    "openings without end": "“a ",
    "single openings": " 'a b's ",
    "nested openings": "“‘“‘",
    "guillemets": "«",
    "blanks": " ",
    "line breaks": "\r\n",
    "open paragraphs": "“A b c d e.\n\n",
    "quoted paragraphs": "“A b.”\n\n",
    "cues": "said ",
    "subjects": "X said, ",
    "relative clauses": "X, who said, ",
    "conjunctions": "and ",
    "titles": "Mr. ",
    "capitals": "Aa ",
    "one long word": "a",
    "hyphens": "a-",
    "quotations under one cue": "“a” said X. ",
    "pronouns": "“a,” he said. ",
    "parentheses": "(a ",
    "wrapped lines": "abcd " * 15 + "\n",
}


def calls(text: str) -> int:
    """How many functions are called while proposing, built-in ones included: a measure of work that no clock disturbs."""
    count = 0

    def seen(*_: object) -> None:
        nonlocal count
        count += 1

    sys.setprofile(seen)
    try:
        propose(text)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("unit", ADVERSARIAL.values(), ids=ADVERSARIAL)
def test_twice_the_text_is_twice_the_work(unit: str) -> None:
    text = unit * (8000 // len(unit))
    assert calls(text + text) < 2.5 * calls(text) + 500


@pytest.mark.parametrize("unit", ADVERSARIAL.values(), ids=ADVERSARIAL)
def test_two_hundred_thousand_characters_are_read(unit: str) -> None:
    propose((unit * (200_000 // len(unit) + 1))[:200_000])
