"""The feed of changes: a mirror asks for what came after the number that it is at, and ends with exactly what is public."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from django import forms
from django.conf import settings
from django.http import HttpResponseBase
from rest_framework.request import Request
from rest_framework.response import Response

from quotes.api.base import ReadView, raise_refusals
from quotes.api.problems import BadParameters, Unavailable
from quotes.publication.changes import SinceField, last_change, read_changes
from quotes.publication.models import PublishedQuote
from quotes.publication.paging import DEFAULT_SIZE, PageSizeField, link_header
from quotes.publication.parameters import refuse
from quotes.publication.shapes import Changes
from quotes.publication.strict_filters import StrictFilterSet


class ChangesParameters(forms.Form):
    """What the feed takes."""

    since = SinceField(help_text="The `until` of the answer before; 0 for everything.")
    page_size = PageSizeField(help_text="Changes in an answer.")


class _NoFilters(StrictFilterSet):
    """The feed has no filters: a part of what changed would make a mirror of neither the whole nor a part."""

    class Meta:
        model = PublishedQuote
        fields: ClassVar[list[str]] = []


class ChangeFeed(ReadView):
    """What changed after `since`, in its order: each name once, in its latest state."""

    parameters_class = ChangesParameters

    def get(self, request: Request) -> HttpResponseBase:
        return self.answer_in_state(request, self.ask)

    def ask(self, request: Request) -> Callable[[], HttpResponseBase]:
        parameters = self.parameters_class(request.query_params)
        strict = _NoFilters(request.query_params, others=list(parameters.fields))
        raise_refusals(strict.refusals(), parameters)
        asked = parameters.cleaned_data
        return lambda: self.read(request, asked["since"] or 0, asked["page_size"] or DEFAULT_SIZE)

    def read(self, request: Request, since: int, size: int) -> Response:
        last = last_change()
        if since > last:
            if settings.PUBLICATION_IS_COPY:  # another read server was ahead of this one
                raise Unavailable(
                    f"{since} is beyond {last}, the last change that has arrived here. Ask again shortly."
                )
            message = f"{since} is beyond the last change here, {last}. Was this read elsewhere? Begin again with 0."
            raise BadParameters({"since": [refuse("beyond_last", message)]})
        page = read_changes(since, size, last=last)
        address = request.build_absolute_uri(f"{request.path}?since={page.until}&page_size={size}")
        following = address if page.has_more else None
        answer = Changes(since=since, until=page.until, next=following, results=page.changes)
        headers = link_header([("next", following)])
        return Response(answer, headers={"Link": headers} if headers else None)
