"""The same question to both sides: the API's filter set over the publication, and the models."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import QueryDict

from quotes.models import Quote
from quotes.publication.filters import QuoteFilterSet
from quotes.publication.models import PublishedQuote
from quotes.querysets import QuoteQuerySet

Keys = frozenset[int]
Question = tuple[str, Keys]


def api(query: str) -> list[int]:
    """The keys of the quotes that the API's filter set finds."""
    filterset = QuoteFilterSet(QueryDict(query), PublishedQuote.objects.all())
    assert not filterset.refusals(), (query, filterset.refusals())
    return list(filterset.qs.values_list("pk", flat=True))


def public() -> QuoteQuerySet:
    return Quote.objects.published().listed()


def keys(quotes: QuoteQuerySet) -> Keys:
    return frozenset(quotes.values_list("pk", flat=True))


def assert_same(questions: Iterable[Question], *, at_least: int) -> None:
    """Both sides give the same quotes, none twice; enough questions have an answer to make the comparison one."""
    answered, wrong = 0, []
    for query, expected in questions:
        answer = api(query)
        answered += bool(expected)
        if len(answer) != len(expected) or set(answer) != expected:
            wrong.append(query)
    assert wrong == []
    assert answered >= at_least


def spread(items: Iterable[Any], most: int) -> list[Any]:
    """Every nth of the items, so that about this many are left."""
    items = list(items)
    return items[:: -(-len(items) // most) or 1]
