"""How many quotes a default left out, and where they are: a researcher must not take a filtered answer for the whole."""

from __future__ import annotations

from typing import Any, TypedDict

from django.db.models import Exists, OuterRef

from quotes.publication.filters import QuoteFilterSet
from quotes.publication.models import PublishedQuote
from quotes.vocabulary import UNLISTED, Standing


class Hidden(TypedDict):
    """So many more quotes match with this value of this parameter."""

    parameter: str
    value: str
    count: int
    url: str


def hidden(filterset: QuoteFilterSet, *, path: str) -> list[Hidden]:
    """What the defaults left out of a valid filter set's answer, value by value; nothing where the caller chose.

    A quote that the answer has already, for another of its capacities, is not counted.
    """
    found = []
    # A join, not a list to compare with: of a million rows PostgreSQL would go through the list for each.
    shown = Exists(filterset.qs.order_by().filter(pk=OuterRef("pk")))
    for parameter, values in _left_out(filterset):
        for value in values:
            asked = filterset.asked_otherwise(PublishedQuote.objects.all(), **{parameter: [value]}).qs.order_by()
            # What is unlisted is in no answer that did not ask for it.
            left_out = asked if parameter == "verification" else asked.filter(~shown)
            if count := left_out.count():
                address = f"{path}?{_query(filterset, parameter, value)}"
                found.append(Hidden(parameter=parameter, value=value, count=count, url=address))
    return found


def _query(filterset: QuoteFilterSet, parameter: str, value: str) -> str:
    data = filterset.data.copy()
    data[parameter] = value
    for own in filterset.others:
        data.pop(own, None)
    return data.urlencode()


def _left_out(filterset: QuoteFilterSet) -> list[tuple[str, list[Any]]]:
    data = filterset.data
    left_out: list[tuple[str, list[Any]]] = []
    if "affiliation_status" not in data and ("affiliation" in data or "organization_kind" in data):
        left_out.append(("affiliation_status", [value for value in Standing.values if value != Standing.CURRENT]))
    if "verification" not in data:
        left_out.append(("verification", [str(value) for value in UNLISTED]))
    return left_out
