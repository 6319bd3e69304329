"""The time line of a debate."""

from __future__ import annotations

import pytest

from quotes.models import Topic
from quotes.pages import cards
from quotes.pages.cards import read_cards
from quotes.pages.timeline import timeline
from quotes.publication.models import PublishedQuote
from quotes.vocabulary import Stance
from tests.factories import (
    make_article,
    make_topic,
)
from tests.pages.reading import published, read

pytestmark = pytest.mark.django_db


def cards_dated(topic: Topic, *dates: str | None) -> list[cards.Card]:
    for date in dates:
        published("It is so.", (topic, Stance.SUPPORT), said_on=date, article=make_article(published=None))
    return read_cards(PublishedQuote.objects.newest_first())


def test_two_years_are_drawn_by_month_without_a_hole() -> None:
    drawn = timeline(cards_dated(make_topic("lamps"), "2024-02-03", "2024-05", "2026-01-01"), "lamps")
    assert drawn
    assert (drawn.interval, len(drawn.periods)) == ("month", 24)
    assert [period.name for period in drawn.periods if period.counts] == ["February 2024", "May 2024", "January 2026"]


def test_many_years_are_drawn_by_quarter_or_by_year() -> None:
    topic = make_topic("lamps")
    drawn = timeline(cards_dated(topic, "2019-02-03", "2025-11-30"), "lamps")
    assert drawn
    assert (drawn.interval, drawn.periods[0].name, drawn.periods[-1].name) == ("quarter", "Q1 2019", "Q4 2025")
    drawn = timeline(cards_dated(topic, "1999-01-01"), "lamps")
    assert drawn
    assert (drawn.interval, len(drawn.periods)) == ("year", 27)


def test_what_is_dated_by_the_year_or_not_at_all_is_counted_apart() -> None:
    drawn = timeline(cards_dated(make_topic("lamps"), "2025", "2025-03-04", None), "lamps")
    assert drawn
    assert (drawn.imprecise, drawn.undated) == (1, 1)
    assert sum(period.counts.total() for period in drawn.periods) == 2


def test_one_period_makes_no_time_line() -> None:
    assert timeline(cards_dated(make_topic("lamps"), "2025-03-04", "2025-03-09"), "lamps") is None
    assert "Over time" not in read("/topics/lamps/")
