"""Search: folding, curly marks and apostrophes, web syntax, names; on rows as the public reads them."""

from __future__ import annotations

import pytest

from quotes import search
from quotes.curation import refresh_publication
from quotes.models import Quote
from tests.api.asking import ask, capacity, found, published, refused, said_at
from tests.factories import make_article, make_organization, make_person

pytestmark = pytest.mark.django_db


def matches(text: str, q: str) -> bool:
    """Whether a quote of these words is found by this query."""
    quote = published(text)
    return quote in found(f"q={q}")


# Case, accents, endings


@pytest.mark.parametrize(
    ("text", "q"),
    [
        ("The LANTERN is lit.", "lantern"),
        ("The lantern is lit.", "LANTERN"),
        ("Señor Ångström spoke.", "senor angstrom"),
        ("Senor Angstrom spoke.", "señor ångström"),
        ("A naïve view.", "nai\u0308ve"),
        ("Straße und Laterne.", "STRASSE"),
        ("The ﬁle is open.", "file"),
        ("Çelik spoke.", "celik"),
        ("The lanterns were watching.", "lantern watch"),
        ("In 2025 we agreed to 41%.", "2025 41"),
    ],
)
def test_case_accents_and_endings_do_not_matter(text: str, q: str) -> None:
    assert matches(text, q)


def test_other_words_are_not_found() -> None:
    assert not matches("The lanterns are lit.", "chandelier")


# Typographic marks


@pytest.mark.parametrize("apostrophe", ["'", "’", "%27", "%E2%80%99"])
@pytest.mark.parametrize("text", ["We saw the bureau’s lanterns.", "We saw the bureau's lanterns."])
def test_an_apostrophe_of_either_form_finds_either_form(text: str, apostrophe: str) -> None:
    assert matches(text, f"bureau{apostrophe}s")


@pytest.mark.parametrize("text", ["We saw the bureau’s lanterns.", "We saw the bureau's lanterns."])
def test_the_word_is_found_without_its_apostrophe(text: str) -> None:
    assert matches(text, "bureau")


@pytest.mark.parametrize("text", ["We don’t watch.", "We don't watch."])
@pytest.mark.parametrize("q", ["don’t watch", "don't watch"])
def test_contractions_are_found_in_either_form(text: str, q: str) -> None:
    assert matches(text, q)


@pytest.mark.parametrize(
    "text",
    [
        "They said “this lantern” was dim.",
        "They said ‘this lantern’ was dim.",
        "They said «this lantern» was dim.",
        "They said „this lantern‟ was dim.",
        "They said…this—lantern—was dim.",
        "They said\u00a0this\u2009lantern\u200b was dim.",
    ],
)
def test_typographic_marks_are_no_part_of_a_word(text: str) -> None:
    assert matches(text, "lantern dim")


# Web syntax


@pytest.mark.parametrize("q", ['"dim lantern"', "“dim lantern”", "„dim lantern“", "«dim lantern»", "%22dim+lantern%22"])
def test_a_phrase_in_marks_of_any_form_is_exact(q: str) -> None:
    together = published("A dim lantern is no lantern.")
    published("The lantern is dim.")
    assert found(f"q={q}") == [together]


def test_words_without_marks_may_stand_anywhere() -> None:
    quotes = {published("A dim lantern."), published("The lantern is dim.")}
    assert set(found("q=dim lantern")) == quotes


def test_words_are_and() -> None:
    published("A dim lantern.")
    published("A bright bridge.")
    assert found("q=dim bridge") == []


@pytest.mark.parametrize("q", ["dim or bright", "dim OR bright", "dim Or bright"])
def test_or_is_or(q: str) -> None:
    quotes = {published("A dim lantern."), published("A bright bridge.")}
    published("A long pier.")
    assert set(found(f"q={q}")) == quotes


def test_a_minus_excludes() -> None:
    quote = published("A dim lantern.")
    published("A dim bridge.")
    assert found("q=dim -bridge") == [quote]


def test_a_minus_excludes_a_phrase() -> None:
    quote = published("A lantern, rather dim.")
    published("A dim lantern.")
    assert found('q=lantern -"dim lantern"') == [quote]


def test_an_exclusion_alone_is_a_question_too() -> None:
    quote = published("A long pier.")
    published("A dim bridge.")
    assert found("q=-bridge") == [quote]


@pytest.mark.parametrize(
    "q",
    ["dim'; DROP TABLE", "dim:*", "dim & !", "dim <-> ", "(dim", "dim\\", '"dim', "dim | |", "!dim", "%25 dim", "'dim"],
)
def test_query_operators_of_the_database_are_only_marks(q: str) -> None:
    published("A dim lantern.")
    assert ask(f"q={q.replace('&', '%26')}")["results"] is not None


def test_an_open_quotation_mark_is_closed_by_the_end() -> None:
    quote = published("A dim lantern.")
    assert found('q="dim lantern') == [quote]


# Names


def test_a_speaker_is_found_by_name_and_alias() -> None:
    quote = published(speaker=make_person("Søren Çelik", aliases=["The Lamplighter"]))
    published()
    assert found("q=celik") == found("q=lamplighter") == [quote]


def test_an_organization_is_found_by_all_its_names() -> None:
    quote = said_at(make_organization("harbor-watch", short_name="HAWA", aliases=["Vigie du Port"]))
    published()
    for q in ("harbor watch", "hawa", "vigie"):
        assert found(f"q={q}") == [quote]


def test_each_organization_of_a_quote_is_found() -> None:
    quote = said_at(make_organization("harbor-watch"))
    capacity(quote, make_organization("lamp-guild"))
    assert found("q=guild") == found("q=harbor") == [quote]


def test_the_source_as_printed_and_the_title_are_found() -> None:
    quote = published(source_label="a chandler from Quay Row", article=make_article(title="Who lights the pier?"))
    published()
    assert found("q=chandler") == found("q=pier") == [quote]


def test_the_author_and_the_outlet_are_not_searched_with_quotes() -> None:
    article = make_article(outlet=make_organization("chandelier-courier"))
    article.authors.add(make_person("Bram Telleri"))
    published(article=article)
    assert found("q=telleri") == found("q=chandelier") == []


def test_the_article_around_the_quote_is_not_searched() -> None:
    published("The lanterns are lit.")
    assert found("q=council met") == []


def test_a_renamed_speaker_is_found_by_the_new_name_alone() -> None:
    quote = published(speaker=make_person("Ottoline Varga"))
    quote.speaker.name = "Ottoline Wend"
    quote.speaker.save()
    refresh_publication()
    assert (found("q=wend"), found("q=varga")) == ([quote], [])


# Relevance


def relevant(q: str) -> list[Quote]:
    return found(f"q={q}&ordering=relevance")


def test_who_is_called_so_comes_before_who_speaks_of_it() -> None:
    speaks = published("A lantern is lit.", article=make_article(published="2025-05"))
    called = published("No comment.", speaker=make_person("Ana Lantern"))
    assert relevant("lantern") == [called, speaks]


def test_words_close_together_come_first() -> None:
    apart = published("Dim was the street in which, long ago, there stood a lantern.")
    close = published("The dim lantern stands in the street.", article=make_article(published="2020"))
    assert relevant("dim lantern") == [close, apart]


def test_of_equal_relevance_the_later_entered_comes_first() -> None:
    first, second = published("A dim lantern."), published("A dim lantern.")
    assert relevant("dim") == [second, first]


def test_relevance_needs_words_to_be_relevant_to() -> None:
    error = refused("ordering=relevance")
    assert (error["param"], error["code"]) == ("ordering", "nothing_to_rank")


# Refused


@pytest.mark.parametrize(
    "q", ["the", "the and of", "“the”", "-the", "or", "...", "!!!", "-", '""', "’", "%20", "%E2%80%94"]
)
def test_a_query_without_a_word_that_is_searched_for_is_refused(q: str) -> None:
    published("The lanterns are lit.")
    error = refused(f"q={q}")
    assert (error["param"], error["code"]) == ("q", "no_words")


def test_stop_words_beside_others_are_left_out() -> None:
    quote = published("A dim lantern.")
    assert found("q=the lantern of") == [quote]


def test_five_hundred_characters_are_enough() -> None:
    published("A dim lantern.")
    assert ask(f"q={'dim ' * 125}".rstrip())["results"]
    assert refused(f"q={'d' * 501}")["code"] == "too_long"


@pytest.mark.parametrize("path", ["people/", "organizations/", "articles/", "topics/"])
def test_lists_of_names_refuse_stop_words_too(path: str) -> None:
    assert refused("q=the", path=path)["code"] == "no_words"


# The text as it is indexed


@pytest.mark.parametrize("text", ["", "—", "a\u0300\u0301", "İ", "ß", "Ǆ", "👩‍👩‍👧", "\ufeff", "²", "a-b_c"])
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert search.fold(search.fold(text)) == search.fold(text)


@pytest.mark.parametrize(
    ("text", "q"), [("Sølvane spoke.", "solvane"), ("Łodek came.", "lodek"), ("The lamp\u02bcs eye.", "lamp")]
)
def test_letters_that_unicode_does_not_take_apart_are_found_without_their_strokes(text: str, q: str) -> None:
    quote = published(text)
    assert found(f"q={q}") == [quote]
