"""Counts of quotes under any filters: `quotes/facets/` and `quotes/timeline/`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponseBase, QueryDict
from rest_framework.request import Request
from rest_framework.response import Response

from quotes.api.base import ReadView, raise_refusals
from quotes.api.problems import BadParameters
from quotes.publication import aggregates, counting
from quotes.publication.filters import QuoteFilterSet
from quotes.publication.models import PublishedQuote
from quotes.publication.paging import PageSizeField
from quotes.publication.parameters import ChoiceField, refuse

DEFAULT_VALUES = 20
# Each is a count of its own.
MOST_FACETS = 8


class FacetParameters(forms.Form):
    """What `quotes/facets/` takes besides the filters."""

    facet = ChoiceField(is_needed=True, choices=aggregates.facet_names(), help_text="Filters to count by.")
    exclude_self = ChoiceField(
        choices=["0", "1"], is_many=False, help_text="1: leave a facet's own filter out of the question for that facet."
    )
    limit = PageSizeField(help_text=f"Values of each facet, the commonest first; {DEFAULT_VALUES} by default.")


class TimelineParameters(forms.Form):
    """What `quotes/timeline/` takes besides the filters."""

    interval = ChoiceField(
        choices=aggregates.INTERVALS, is_many=False, help_text="The length of a bin; month by default."
    )
    group_by = ChoiceField(
        choices=aggregates.facet_names(), is_many=False, help_text="A filter to count by in each bin."
    )


class AggregateView(ReadView):
    """A question to the filter set, answered by counts."""

    parameters_class: type[forms.Form]

    def get(self, request: Request) -> HttpResponseBase:
        return self.answer_in_state(request, self.ask)

    def ask(self, request: Request) -> Callable[[], HttpResponseBase]:
        parameters = self.parameters_class(request.query_params)
        filterset = QuoteFilterSet(request.query_params, PublishedQuote.objects.all(), others=list(parameters.fields))
        raise_refusals(filterset.refusals() | self.missing(request.query_params), parameters)
        asked = parameters.cleaned_data
        return lambda: Response({"applied": filterset.applied(), **self.answer(filterset, asked)})

    def missing(self, data: QueryDict) -> dict[str, list[ValidationError]]:
        """Parameters that must be there, and are not."""
        return {}

    def answer(self, filterset: QuoteFilterSet, asked: dict[str, Any]) -> dict[str, Any]:
        raise NotImplementedError


class QuoteFacets(AggregateView):
    """How many of the matching quotes each value of a filter would leave."""

    parameters_class = FacetParameters

    def missing(self, data: QueryDict) -> dict[str, list[ValidationError]]:
        asked = [name for one in data.getlist("facet") for name in one.split(",")]
        if len(asked) > MOST_FACETS:
            return {"facet": [refuse("too_many", f"{len(asked)} facets asked for; at most {MOST_FACETS} at once.")]}
        return {} if "facet" in data else {"facet": [refuse("required", "Say what to count by, e.g. facet=stance.")]}

    def answer(self, filterset: QuoteFilterSet, asked: dict[str, Any]) -> dict[str, Any]:
        most = asked["limit"] or DEFAULT_VALUES
        excludes_self = asked["exclude_self"] == "1"
        facets = aggregates.read_facets(filterset, asked["facet"], most=most, excludes_self=excludes_self)
        return {"count": counting.count(filterset), "facets": facets}


class QuoteTimeline(AggregateView):
    """The matching quotes over time: each in the one bin that its date begins in."""

    parameters_class = TimelineParameters

    def answer(self, filterset: QuoteFilterSet, asked: dict[str, Any]) -> dict[str, Any]:
        interval = asked["interval"] or "month"
        try:
            timeline = aggregates.read_timeline(filterset, interval, group_by=asked["group_by"])
        except aggregates.TooManyBins as error:
            raise BadParameters({"interval": [refuse("too_many_bins", str(error))]}) from error
        return {"interval": interval, "group_by": asked["group_by"], **timeline}
