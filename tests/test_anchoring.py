"""Worked examples of each verdict, in code points, without a database."""

import doctest
from typing import Any

import pytest

from quotes import anchoring
from quotes.anchoring import (
    AnchorError,
    Verdict,
    anchor_words,
    check_anchor,
    find_words,
    normalise_text,
    segment_at,
    words_at,
)

PAGE = "The council met. “The lanterns watch everyone,” said Orla Tamsin. “Nobody asked the harbor.” So it ended."
LANTERNS = "The lanterns watch everyone,"
HARBOR = "Nobody asked the harbor."


def anchored(page: str, *exacts: str) -> tuple[str, list[dict[str, Any]]]:
    segments = anchor_words(page, exacts)
    return words_at(page, segments), segments


def test_the_examples_in_the_documentation_are_true() -> None:
    assert doctest.testmod(anchoring).failed == 0


def test_words_at_their_place_are_verbatim() -> None:
    anchor = check_anchor(PAGE, *anchored(PAGE, LANTERNS))
    assert anchor.verdict == Verdict.VERBATIM
    assert anchor.places == ((18, 46),)


def test_words_pushed_down_by_a_new_first_line_have_moved_by_its_length() -> None:
    anchor = check_anchor("Updated.\n" + PAGE, *anchored(PAGE, LANTERNS))
    assert anchor.verdict == Verdict.MOVED
    assert anchor.places == ((27, 55),)


def test_words_that_stand_once_have_moved_even_when_their_context_was_rewritten() -> None:
    anchor = check_anchor(f"A column on “{LANTERNS}” a saying.", *anchored(PAGE, LANTERNS))
    assert anchor.verdict == Verdict.MOVED


def test_context_picks_the_right_one_of_two_places() -> None:
    page = "Later: “Nobody asked the harbor.” " + PAGE
    anchor = check_anchor(page, *anchored(PAGE, HARBOR))
    assert anchor.verdict == Verdict.MOVED
    assert anchor.places == ((page.rindex(HARBOR), page.rindex(HARBOR) + len(HARBOR)),)


def test_words_at_two_places_without_their_context_are_ambiguous() -> None:
    anchor = check_anchor(f"“{HARBOR}” And again: “{HARBOR}”", *anchored(PAGE, HARBOR))
    assert anchor.verdict == Verdict.AMBIGUOUS
    assert anchor.places == ()


def test_other_words_in_the_same_context_are_altered() -> None:
    page = PAGE.replace("watch everyone", "watch only some")
    anchor = check_anchor(page, *anchored(PAGE, LANTERNS))
    assert anchor.verdict == Verdict.ALTERED
    assert anchor.places == ()


def test_a_repaired_comma_is_an_alteration() -> None:
    assert check_anchor(PAGE.replace("everyone,”", "everyone.”"), *anchored(PAGE, LANTERNS)).verdict == Verdict.ALTERED


def test_straightened_quotation_marks_leave_the_words_verbatim() -> None:
    page = PAGE.replace("“", '"').replace("”", '"')
    assert check_anchor(page, *anchored(PAGE, LANTERNS)).verdict == Verdict.VERBATIM


def test_neither_words_nor_context_are_missing() -> None:
    assert check_anchor("A page about tides.", *anchored(PAGE, LANTERNS)).verdict == Verdict.MISSING


def test_a_split_quotation_is_as_good_as_its_worst_segment() -> None:
    page = PAGE.replace("asked the harbor", "asked the pier")
    anchor = check_anchor(page, *anchored(PAGE, LANTERNS, HARBOR))
    assert anchor.verdict == Verdict.ALTERED
    assert anchor.places == ()


def test_a_split_quotation_that_moved_says_where_each_segment_is() -> None:
    page = "Updated.\n" + PAGE
    anchor = check_anchor(page, *anchored(PAGE, LANTERNS, HARBOR))
    assert anchor.verdict == Verdict.MOVED
    assert [page[start:end] for start, end in anchor.places] == [LANTERNS, HARBOR]


def test_a_split_quotation_is_verbatim_up_to_a_segment_that_moved() -> None:
    page = PAGE.replace("said Orla Tamsin", "said Orla Tamsin on Monday")
    anchor = check_anchor(page, *anchored(PAGE, LANTERNS, HARBOR))
    assert anchor.verdict == Verdict.MOVED
    assert [page[start:end] for start, end in anchor.places] == [LANTERNS, HARBOR]


def test_segments_found_in_the_wrong_order_tell_no_place() -> None:
    anchor = check_anchor(f"“{HARBOR}” Then: “{LANTERNS}”", *anchored(PAGE, LANTERNS, HARBOR))
    assert anchor.verdict == Verdict.AMBIGUOUS


def test_an_emoji_counts_as_one_code_point() -> None:
    page = "🏮 said: “Light 🏮🏮 is light.”"
    words, segments = anchored(page, "Light 🏮🏮 is light.")
    assert (segments[0]["start"], segments[0]["end"]) == (9, 27)
    assert check_anchor(page, words, segments).verdict == Verdict.VERBATIM


def test_an_emoji_of_several_code_points_is_counted_by_all_of_them() -> None:
    page = "👩‍🚒: “Out.”"
    assert anchor_words(page, ["Out."])[0]["start"] == 6


def test_a_combining_accent_is_composed_before_positions_are_counted() -> None:
    decomposed = "Cafe\u0301 owner: “We saw re\u0301sume\u0301s.”"
    page = normalise_text(decomposed)
    words, segments = anchored(page, "We saw résumés.")
    assert segments[0]["start"] == 13
    assert check_anchor(normalise_text(decomposed), words, segments).verdict == Verdict.VERBATIM


def test_an_accent_that_cannot_be_composed_is_a_code_point_of_its_own() -> None:
    page = normalise_text("q\u0301: “So.”")
    assert anchor_words(page, ["So."])[0]["start"] == 5


def test_line_ends_are_counted_as_one() -> None:
    assert normalise_text("a\r\nb\rc\n") == "a\nb\nc\n"


def test_context_is_cut_at_the_ends_of_the_text() -> None:
    assert segment_at("“Yes,”", 1, 5) == {"start": 1, "end": 5, "prefix": "“", "suffix": "”"}


def test_words_that_do_not_stand_there_are_named() -> None:
    with pytest.raises(AnchorError, match="tides"):
        anchor_words(PAGE, ["The tides watch everyone,"])


def test_segments_out_of_order_cannot_be_anchored() -> None:
    with pytest.raises(AnchorError, match="lanterns"):
        anchor_words(PAGE, [HARBOR, LANTERNS])


def test_a_quote_without_positions_cannot_be_checked() -> None:
    with pytest.raises(AnchorError):
        check_anchor(PAGE, LANTERNS, [{"prefix": "“", "suffix": "”"}])


@pytest.mark.parametrize(
    ("exact", "around", "place"),
    [
        ("Lit. Lit", {}, None),  # it stands twice, and overlaps itself
        ("So it  ended", {}, (15, 26)),
        ("Lit", {"prefix": "Lit.Lit."}, (10, 13)),
        ("Lit", {"suffix": ".\nSo it"}, (10, 13)),
        ("Lit", {"prefix": "Lit."}, None),
        ("Lit", {"units": 5}, (5, 8)),
        ("Lit", {"units": 4}, None),
        ("lit", {}, None),
        (" ", {}, None),
    ],
)
def test_marked_words_are_found_only_where_nothing_is_in_doubt(
    exact: str, around: dict[str, Any], place: tuple[int, int] | None
) -> None:
    assert find_words("Lit. Lit. Lit. So it\nended.", exact, **around) == place
