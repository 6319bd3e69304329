"""What dates mean in filters: inclusive at both ends, partial dates stand for their whole period, unknown ones are left out."""

from __future__ import annotations

import pytest

from quotes.curation import refresh_publication
from quotes.models import Person, Quote
from quotes.publication.models import PublishedQuote
from tests.api.asking import ask, found, published, refused
from tests.factories import make_article

pytestmark = pytest.mark.django_db


def test_the_day_it_was_said_is_in_effect_before_the_articles() -> None:
    quote = published(said_on="2021-05", article=make_article(published="2025-03-04"))
    assert found("dated_before=2021") == [quote]
    assert found("dated_after=2022") == []


def test_the_day_the_article_came_out_does_not_stand_in_for_the_day_it_was_said() -> None:
    published(said_on=None, article=make_article(published="2025-03-04"))
    assert found("said_after=2025&said_before=2025") == []


@pytest.mark.parametrize("field", ["said", "published", "dated"])
def test_a_range_has_two_ends(field: str) -> None:
    inside = published(said_on="2025-03", article=make_article(published="2025-03"))
    published(said_on="2024-03", article=make_article(published="2024-03"))
    published(said_on="2026-03", article=make_article(published="2026-03"))
    assert found(f"{field}_after=2025-01-15&{field}_before=2025-03-01") == [inside]


def test_a_period_across_a_whole_range_may_lie_in_it() -> None:
    quote = published(said_on="2024")
    assert found("said_after=2024-05-01&said_before=2024-05-31") == [quote]


def test_the_ends_of_a_range_may_be_crossed_and_nothing_lies_between() -> None:
    published(said_on="2022-03")
    assert found("said_after=2025&said_before=2020") == []


@pytest.mark.parametrize(
    "value", ["2025-02-30", "2025-13", "25", "2025-3-4", "0000", "now", "infinity", "٢٠٢٤", "2025-03-04T10:00"]
)
@pytest.mark.parametrize("parameter", ["said_after", "said_before", "published_after", "dated_before"])
def test_what_is_no_date_is_refused(parameter: str, value: str) -> None:
    error = refused(f"{parameter}={value}")
    assert (error["param"], error["code"]) == (parameter, "invalid")


# modified_since


def modified(quote: Quote) -> str:
    return ask(path=f"quotes/{quote.uid}/")["modified"]


def test_what_was_modified_at_the_very_moment_is_found() -> None:
    published()
    quote = published()
    assert found(f"modified_since={modified(quote)}") == [quote]


def test_a_quote_whose_speaker_was_renamed_is_modified() -> None:
    published()
    quote = published()
    published()
    last = found("ordering=-modified")[0]
    moment = modified(last)
    Person.objects.filter(pk=quote.speaker_id).update(name="Ottoline Varga")
    refresh_publication()
    assert found(f"modified_since={moment}&ordering=-modified") == [quote, last]


def test_modified_since_takes_a_day_in_utc() -> None:
    quote = published()
    day = PublishedQuote.objects.get(pk=quote.pk).modified.date()
    assert found(f"modified_since={day.isoformat()}") == [quote]
    assert found(f"modified_since={day.replace(year=day.year + 1).isoformat()[:4]}-12-31") == []


def test_modified_since_takes_any_offset() -> None:
    quote = published()
    assert found("modified_since=2001-01-01T00:00:00%2B14:00") == [quote]
    assert found("modified_since=9999-12-31T23:59:59-14:00") == []


@pytest.mark.parametrize(
    "value", ["2025", "yesterday", "2025-03-04T10:00:00", "2025-03-04T10:00:00%2B99:99", "1e9", "NaN"]
)
def test_what_is_no_moment_is_refused(value: str) -> None:
    assert refused(f"modified_since={value}")["param"] == "modified_since"
