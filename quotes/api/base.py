"""What all views of the read API are: open to anyone, within limits, in the format asked for, named by its state."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.http import HttpResponseBase, QueryDict
from django.utils.cache import patch_vary_headers
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from quotes.api import limits
from quotes.api.caching import cache_control, entity_tag, not_modified
from quotes.api.deprecation import announce
from quotes.api.negotiation import StrictNegotiation, renderers_for
from quotes.api.problems import BadParameters, TooLarge
from quotes.publication.changes import last_change
from quotes.publication.parameters import refuse
from quotes.vocabulary import EntityKind

QUOTE = "quote"
MOST_BYTES = 65_536
Prepare = Callable[[Request], Callable[[], HttpResponseBase]]


class ReadView(APIView):
    """A public address. Its answers may be kept by anybody, and are asked after each time."""

    # What its documents are of; None where it answers in JSON alone.
    kind: ClassVar[EntityKind | str | None] = None
    content_negotiation_class = StrictNegotiation

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """No address here reads a body, so a large one is refused before anybody waits for it."""
        limits.count(request)
        super().initial(request, *args, **kwargs)
        length = request.META.get("CONTENT_LENGTH") or "0"
        is_short = length.isascii() and length.isdigit() and len(length) < 10 and int(length) <= MOST_BYTES
        if request.META.get("HTTP_TRANSFER_ENCODING") or not is_short:
            raise TooLarge("This address takes no body.")

    def get_renderers(self) -> list[BaseRenderer]:
        return [renderer() for renderer in renderers_for(self.kind)]

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        response.headers.setdefault("Cache-Control", cache_control(request, response.status_code))
        patch_vary_headers(response, ["Accept"])
        announce(request, response)
        limits.tell(request._request, response)
        return response

    def answer_in_state(self, request: Request, prepare: Prepare) -> HttpResponseBase:
        """What `prepare(request)()` answers, named by the publication's state; 304, without either, where the reader has it.

        `prepare` reads the question, and raises what is wrong with it. The state is read before the answer is made: an answer
        that is newer than its name is only asked for once more.
        """
        if "If-None-Match" in request.headers:
            unchanged = not_modified(request, entity_tag(request, last_change()), is_valid=False)
            if unchanged:
                return unchanged
        make = prepare(request)
        etag = entity_tag(request, last_change())
        unchanged = not_modified(request, etag)
        if unchanged:
            return unchanged
        response = make()
        # A whole result set is named by what its own connection sees.
        response.headers.setdefault("ETag", etag)
        return response


def raise_refusals(filter_refusals: Mapping[str, Any], *parameters: forms.Form) -> None:
    """Raise BadParameters with all that is wrong with a request, if anything is."""
    refusals = dict(filter_refusals)
    for form in parameters:
        refusals |= {name: list(found.as_data()) for name, found in form.errors.items()}
    if refusals:
        raise BadParameters(refusals)


def refuse_parameters(data: QueryDict, *, but: Sequence[str] = ()) -> None:
    """Raise BadParameters for whatever was given where nothing (but these) is taken."""
    unknown = [name for name in data if name not in but]
    if unknown:
        detail = (
            f"This address takes no parameters but {', '.join(but)}." if but else "This address takes no parameters."
        )
        raise BadParameters({name: [refuse("unknown_parameter", detail)] for name in unknown})
