"""Ranges of dates, one by one: inclusive at both ends, and a partial date stands for its whole period on either side."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from quotes.curation import publish
from quotes.models import Quote
from tests.api.asking import ask, draft
from tests.factories import make_article

pytestmark = pytest.mark.django_db

# (the date, the parameter's end, the parameter's value, whether it is found)
RANGES = [
    ("2025-03-04", "after", "2025-03-04", True),
    ("2025-03-04", "after", "2025-03-05", False),
    ("2025-03-04", "before", "2025-03-04", True),
    ("2025-03-04", "before", "2025-03-03", False),
    # A partial date in the question.
    ("2025-03-04", "after", "2025-03", True),
    ("2025-03-04", "before", "2025-03", True),
    ("2025-03-04", "after", "2025", True),
    ("2025-03-04", "before", "2025", True),
    ("2025-03-04", "after", "2025-04", False),
    ("2025-03-04", "before", "2025-02", False),
    ("2025-03-04", "after", "2026", False),
    ("2025-03-04", "before", "2024", False),
    # A partial date in the source.
    ("2025-03", "after", "2025-03-31", True),
    ("2025-03", "after", "2025-04-01", False),
    ("2025-03", "before", "2025-03-01", True),
    ("2025-03", "before", "2025-02-28", False),
    ("2024", "after", "2024-12-31", True),
    ("2024", "after", "2025-01-01", False),
    ("2024", "before", "2024-01-01", True),
    ("2024", "before", "2023-12-31", False),
    # On both sides.
    ("2024", "after", "2024-06", True),
    ("2024", "before", "2024-06", True),
    ("2024-02", "before", "2024-02", True),
    ("2024-02", "after", "2024-02", True),
    ("2024-02", "after", "2024-03", False),
    ("2024-02", "before", "2024-01", False),
    ("2024", "after", "2025", False),
    ("2024", "before", "2023", False),
    # Unknown.
    (None, "after", "0001", False),
    (None, "before", "9999", False),
]


@pytest.fixture(scope="module")
def calendar(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[tuple[str, str | None], Quote]]:
    """For each field and each date of RANGES a quote that has this date there; its other dates would be found by none."""
    with django_db_blocker.unblock(), transaction.atomic():
        quotes = {}
        for date in dict.fromkeys(date for date, *_ in RANGES):
            quotes["said", date] = draft(said_on=date, article=make_article(published="1999"))
            quotes["published", date] = draft(said_on="1999", article=make_article(published=date))
            quotes["dated", date] = draft(said_on=None, article=make_article(published=date))
        publish(quotes=quotes.values(), actor=None)
        yield quotes
        transaction.set_rollback(True)


@pytest.mark.parametrize("field", ["said", "published", "dated"])
@pytest.mark.parametrize(("date", "end", "value", "is_found"), RANGES)
def test_a_date_is_in_a_range_as_its_whole_period_is(
    field: str, date: str | None, end: str, value: str, is_found: bool, calendar: dict[tuple[str, str | None], Quote]
) -> None:
    uid = calendar[field, date].uid
    answers = {
        "said": f"said_{end}={value}",
        "published": f"published_{end}={value}",
        "dated": f"dated_{end}={value}",
    }
    assert ask(f"uid={uid}&{answers[field]}&count=1&verification=attested")["count"] == is_found
