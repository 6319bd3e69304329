"""`quotes/lookup/?text=`: is this quote real, and who said it first?"""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.http import HttpResponseBase
from rest_framework.request import Request
from rest_framework.response import Response

from quotes.api.base import ReadView, raise_refusals, refuse_parameters
from quotes.publication.lookup import MAX_LENGTH, look_up
from quotes.publication.parameters import SearchField, refuse


class TextParameters(forms.Form):
    """The words that somebody is said to have said."""

    text = SearchField(is_needed=True, most=MAX_LENGTH, help_text=f"The words, at most {MAX_LENGTH:,} characters.")

    def clean_text(self) -> str:
        if self.cleaned_data["text"] is None:
            raise refuse("required", "Give the words to look up, e.g. text=the lanterns watch everyone.")
        return self.cleaned_data["text"]


class QuoteLookup(ReadView):
    """Published quotes like the pasted words, the likest first, with where they appeared first. Fabricated ones included."""

    def get(self, request: Request) -> HttpResponseBase:
        return self.answer_in_state(request, self.ask)

    def ask(self, request: Request) -> Callable[[], HttpResponseBase]:
        parameters = TextParameters(request.query_params)
        refuse_parameters(request.query_params, but=list(parameters.fields))
        raise_refusals({}, parameters)
        text = parameters.cleaned_data["text"]
        return lambda: Response({"text": text, "results": look_up(text)})
