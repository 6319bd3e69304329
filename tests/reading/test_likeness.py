"""Which articles are here already: by an address written otherwise, or by much the same words."""

from __future__ import annotations

import doctest

import pytest

from quotes.reading import likeness, pasted, resembling
from quotes.reading.likeness import alike, folded_address, same_address
from tests.factories import make_article, make_organization, make_person, make_snapshot

WIRE = (
    "The council of Sutherby met on Tuesday evening to talk about the lanterns by the harbor. "
    "Nobody on the pier had asked for the lanterns to be put out before the winter came. "
    "“It’s the lamplighter’s own work,” the chair of the council told the people in the hall. "
    "The vote was taken shortly before midnight and the lanterns of the harbor stay lit."
)


@pytest.mark.django_db
def test_the_examples_in_the_documentation_are_true() -> None:
    for module in (likeness, pasted, resembling):
        assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize(
    "url",
    [
        "https://gazette.example/vote",
        "http://gazette.example/vote/",
        "https://www.gazette.example:443/vote",
        "https://Gazette.example/vote?utm_source=mail&utm_medium=x#comments",
        "https://m.gazette.example/vote?fbclid=abc",
        "https://gazette.example/%76ote",
        "https://gazette.example/vote/amp/",
    ],
)
def test_an_address_is_the_same_however_it_is_written(url: str) -> None:
    assert folded_address(url) == "gazette.example/vote"


def test_another_page_is_another_address() -> None:
    folded = {
        folded_address(f"https://gazette.example/{page}") for page in ("vote?id=1", "vote?id=2", "vote", "votes", "")
    }
    assert len(folded) == 5


@pytest.mark.parametrize("url", ["", "nonsense", "http://[::1", "http://gazette.example:port/"])
def test_what_is_no_address_is_like_none(url: str) -> None:
    assert folded_address(url) == ""


@pytest.mark.django_db
def test_articles_at_the_same_address_are_found() -> None:
    article = make_article(url="http://www.gazette.example/vote/?utm_source=x")
    make_article(url="https://gazette.example/vote-again")
    assert same_address(["https://gazette.example/vote", "", "nonsense"]) == [article]


@pytest.mark.django_db
def test_a_copy_with_other_typography_and_a_new_beginning_is_found() -> None:
    copy = make_article()
    plain = WIRE.replace("“", '"').replace("”", '"').replace("’", "'")
    make_snapshot(copy, f"HARBOR NEWS\n\nOur own line comes first here, as it does in every paper.\n\n{plain}")
    make_snapshot(
        make_article(), "Something else altogether happened on the same evening in the very same hall by the pier."
    )
    [found] = alike(WIRE) or []
    assert (found.article, found.share) == (copy, 1.0)


@pytest.mark.django_db
def test_articles_that_share_little_are_not_found() -> None:
    own = "The lamplighter of Sutherby walks along the pier every evening and never says a word. "
    make_snapshot(
        make_article(), own * 1 + "Nobody on the pier had asked for the lanterns to be put out before the winter came."
    )
    assert alike(WIRE) == []


@pytest.mark.django_db
def test_an_article_that_is_known_already_is_left_out() -> None:
    article = make_article()
    make_snapshot(article, WIRE)
    assert alike(WIRE, except_for=[article.pk]) == []


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["", "Short.", "“”" * 500, "a " * 5000, "word" * 5000, "1 2 3 4 " * 1000])
def test_any_text_can_be_asked_for(text: str) -> None:
    make_snapshot(make_article(), WIRE)
    assert alike(text) == []


@pytest.mark.django_db
def test_a_name_finds_who_bears_it_or_comes_close() -> None:
    orla, other = make_person("Orla Tamsin"), make_person("Selma Roe", aliases=["O. Tamsín"])
    gazette = make_organization("gazette", name="The Lantern Gazette", short_name="TLG")
    assert resembling.resembling(type(orla), "Orla Tamsin") == ([orla], True)
    assert resembling.resembling(type(orla), "Orla Tamsyn")[0] == [orla]
    assert resembling.resembling(type(orla), "O. Tamsin")[0] == [other, orla]
    assert resembling.resembling(type(orla), "Bertil Quill") == ([], False)
    assert resembling.resembling(type(gazette), "TLG") == ([gazette], True)
    assert resembling.resembling(type(gazette), "Lantern Gazette")[0] == [gazette]
