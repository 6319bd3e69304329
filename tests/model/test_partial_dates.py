"""Partial dates: the same in Python, in the database and in a look-up."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import DataError, transaction

from quotes.models import Article
from quotes.partial_dates import PartialDate
from tests.factories import make_article, make_quote
from tests.model import ask, run

pytestmark = pytest.mark.django_db

VALID = (
    "0001",
    "1900-02",
    "2000-02",
    "2023-02",
    "2024-02",
    "2024-02-29",
    "2024-11-03",
    "2024-12",
    "9999",
    "9999-12-31",
)
NOT_A_DATE = (
    "",
    "24",
    "2024-1",
    "2024-11-3",
    "2024/11",
    "2024-11-03 ",
    "2024-11-03T10:00",
    "\uff12\uff10\uff12\uff14",
    "20241103",
    "2024\n",
)
NOT_IN_THE_CALENDAR = ("0000", "2024-00", "2024-13", "2024-02-30", "2023-02-29", "2024-04-31", "2024-01-00")


@pytest.mark.parametrize("words", VALID)
def test_the_database_and_python_see_the_same_period(words: str) -> None:
    start = ask("SELECT partial_date_start(%s)", words)
    end = ask("SELECT partial_date_end(%s)", words)
    assert (start, end) == (PartialDate(words).start, PartialDate(words).end)


@pytest.mark.parametrize("words", VALID)
def test_a_partial_date_comes_back_as_written(words: str) -> None:
    article = make_article(published=words)
    article.refresh_from_db()
    assert article.published == words and isinstance(article.published, PartialDate)


@pytest.mark.parametrize("words", NOT_A_DATE)
def test_the_database_knows_what_is_no_date(words: str) -> None:
    assert ask("SELECT is_partial_date(%s)", words) is False


@pytest.mark.parametrize("words", NOT_IN_THE_CALENDAR)
def test_the_database_knows_the_calendar(words: str) -> None:
    quote = make_quote()
    with pytest.raises(DataError), transaction.atomic():
        run("UPDATE quotes_quote SET said_on = %s WHERE id = %s", words, quote.pk)


@pytest.mark.parametrize("words", [*NOT_A_DATE[1:], *NOT_IN_THE_CALENDAR])
def test_python_refuses_the_same_words_and_names_them(words: str) -> None:
    with pytest.raises(ValueError, match="is not") as caught:
        PartialDate(words)
    assert repr(words) in str(caught.value)


@pytest.mark.parametrize("words", ["2024-13", "soon"])
def test_an_update_refuses_them_before_the_database(words: str) -> None:
    with pytest.raises(ValidationError, match="is not"):
        Article.objects.update(published=words)


def test_an_empty_form_field_is_an_unknown_date() -> None:
    article = make_article(published="")
    article.refresh_from_db()
    assert article.published is None


def test_a_whole_date_may_be_given_as_one() -> None:
    article = make_article(published=dt.date(2024, 11, 3))
    article.refresh_from_db()
    assert article.published == "2024-11-03"


def test_partial_dates_sort_by_the_beginning_of_their_period() -> None:
    ordered = ["2023-12-31", "2024", "2024-01", "2024-01-01", "2024-11", "2024-11-03", "2025"]
    for words in reversed(ordered):
        make_article(published=words)
    assert list(Article.objects.order_by("published").values_list("published", flat=True)) == ordered


@pytest.mark.parametrize(
    ("since", "until", "found"),
    [
        (dt.date(2024, 2, 1), dt.date(2024, 2, 29), True),
        (dt.date(2024, 2, 2), dt.date(2024, 2, 29), False),
        (dt.date(2024, 2, 1), dt.date(2024, 2, 28), False),
    ],
)
def test_a_month_lies_within_its_own_first_and_last_day(since: dt.date, until: dt.date, found: bool) -> None:
    make_article(published="2024-02")
    inside = Article.objects.filter(published__start__gte=since, published__end__lte=until)
    assert inside.exists() is found


def test_an_unknown_date_is_in_no_period() -> None:
    make_article(published=None)
    assert not Article.objects.filter(published__start__lte=dt.date.max).exists()


def test_the_bounds_can_be_selected() -> None:
    make_article(published="2024")
    bounds = Article.objects.values_list("published__start", "published__end").get()
    assert bounds == (dt.date(2024, 1, 1), dt.date(2024, 12, 31))


@pytest.mark.parametrize(
    ("earlier", "later", "in_order"),
    [
        ("2024", "2024", True),
        ("2024-12-31", "2024", True),
        ("2024-12-31", "2024-12-30", False),
        ("2025", "2024-12", False),
        (None, "2024", True),
        ("2024", None, True),
        (None, None, True),
    ],
)
def test_periods_are_in_order_unless_one_begins_after_the_other_ends(
    earlier: str | None, later: str | None, in_order: bool
) -> None:
    assert ask("SELECT periods_in_order(%s, %s)", earlier, later) is in_order
