"""What a pasted text says of itself: only what is plain."""

from __future__ import annotations

import pytest

from quotes.reading.pasted import read_pasted

BODY = "The lanterns of Sutherby stay lit, the council said.\n\nNobody had asked for more."


def test_the_first_line_is_the_title() -> None:
    assert read_pasted(f"\n  Sutherby keeps\tits lanterns \r\n\r\n{BODY}").title == "Sutherby keeps its lanterns"
    assert read_pasted(f"Who put the lanterns out?\n{BODY}").title == "Who put the lanterns out?"


@pytest.mark.parametrize(
    "text",
    [BODY, "One line alone", "", f"By Orla Tamsin\n{BODY}", f"March 4, 2025\n{BODY}", "x" * 300 + "\ny"],
)
def test_a_first_line_that_is_something_else_is_no_title(text: str) -> None:
    assert read_pasted(text).title is None


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("By Orla Tamsin", ("Orla Tamsin",)),
        ("BY ORLA TAMSIN", ("ORLA TAMSIN",)),
        ("by Orla Tamsin, Bertil Quill and Selma van Roe", ("Orla Tamsin", "Bertil Quill", "Selma van Roe")),
        ("By Orla Tamsin, Staff Writer", ("Orla Tamsin",)),
        ("By: Orla O’Tamsin-Ray & J. B. Quill | Lantern News Desk", ("Orla O’Tamsin-Ray", "J. B. Quill")),
        ("By the harbor of Sutherby", ()),
        ("By", ()),
        ("Orla Tamsin", ()),
        ("By Tuesday", ()),
    ],
)
def test_a_byline_gives_its_names(line: str, names: tuple[str, ...]) -> None:
    assert read_pasted(f"Sutherby\n{line}\n{BODY}").authors == names


@pytest.mark.parametrize(
    ("line", "date"),
    [
        ("March 4, 2025", "2025-03-04"),
        ("Published: Tuesday, Mar. 4, 2025 at 10:30 a.m. EST", "2025-03-04"),
        ("4 March 2025", "2025-03-04"),
        ("4th March, 2025", "2025-03-04"),
        ("Sept. 4, 2025", "2025-09-04"),
        ("2025-03-04", "2025-03-04"),
        ("2025-03-04T10:00:00Z", "2025-03-04"),
        ("Updated March 5, 2025", None),
        ("February 30, 2025", None),
        ("Ma 4, 2025", None),
        ("03/04/2025", None),
        ("On March 4, 2025 the council met", None),
    ],
)
def test_a_line_that_is_a_date_gives_it(line: str, date: str | None) -> None:
    assert read_pasted(f"Sutherby\n{line}\n{BODY}").published == date


def test_the_text_is_kept_whole_and_normalised() -> None:
    assert read_pasted("  Cafe\u0301\r\nlit\x02.\x00 ").text == "Café\nlit."
