"""Where quotations begin and end, in every typography; the marks stand outside, in code points."""

import doctest

import pytest

from quotes.extraction import marks, paragraphs, proposing, tokens, words
from quotes.extraction.marks import quotations


def quoted(text: str) -> list[str]:
    return [text[each.start : each.end] for each in quotations(text)]


def test_the_examples_in_the_documentation_are_true() -> None:
    for module in (marks, paragraphs, proposing, tokens, words):
        assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize(
    "text",
    [
        "He said “It fails” twice",
        'He said "It fails" twice',
        "He said ``It fails'' twice",
        "He said ''It fails'' twice",
        "Er sagte „It fails“ zweimal",
        "Han sade ”It fails” igen",
        "Il dit « It fails » encore",
        "Il dit «\u00a0It fails\u00a0» encore",
        "Er sagte »It fails« zweimal",
        "He said ‘It fails’ twice",
        "He said 'It fails' twice",
        "Er sagte \u201aIt fails‘ zweimal",
        "He said 「It fails」 twice",
    ],
)
def test_every_style_of_quotation_marks_is_read(text: str) -> None:
    assert quoted(text) == ["It fails"]


@pytest.mark.parametrize(
    "text",
    ["It's the leaders' plan.", "It’s the leaders’ plan.", "Rock ’n’ roll of the ’90s", "'Tis late, Neva's dog's gone"],
)
def test_apostrophes_open_no_quotation(text: str) -> None:
    assert quoted(text) == []


def test_apostrophes_inside_single_marks_close_nothing() -> None:
    assert quoted("‘It’s Vale’s plan,’ she said") == ["It’s Vale’s plan,"]
    assert quoted("'The leaders' plan failed.'") == ["The leaders' plan failed."]


def test_feet_and_inches_open_no_quotation() -> None:
    assert quoted("The wall is 6'2\" high and 5'1\" deep") == []


def test_what_is_quoted_inside_a_quotation_is_a_part_of_it() -> None:
    assert quoted("“He told us ‘never’ and left,” she said") == ["He told us ‘never’ and left,"]
    assert quoted("“He told us “never” and left,” she said") == ["He told us “never” and left,"]


def test_a_quotation_left_open_ends_with_its_paragraph() -> None:
    [first, second] = quotations("“It fails.\n\n“It always did.”")
    assert (first.is_closed, second.is_closed) == (False, True)


def test_a_straight_mark_may_close_a_curly_one() -> None:
    assert quoted('“It fails," she said. “It always did.”') == ["It fails,", "It always did."]


def test_a_closing_mark_alone_is_no_quotation() -> None:
    assert quoted("It fails,” she said. Nothing more.") == []


def test_a_line_wrapped_at_a_width_does_not_end_a_quotation() -> None:
    text = "The speaker of the assembly told them: “It fails because\nnobody asked the people of the harbor.”"
    assert quoted(text) == ["It fails because\nnobody asked the people of the harbor."]
