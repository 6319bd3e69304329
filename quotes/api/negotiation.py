"""Which format an answer has: `?format=`, else the Accept header (RFC 9110, section 12), else JSON.

The formats themselves are written by quotes.datasets.formats; the classes here only tell REST framework what there is.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from rest_framework.exceptions import NotAcceptable
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from quotes.api.problems import BadParameters
from quotes.api.renderers import JSONRenderer
from quotes.datasets.formats import FORMATS, Format
from quotes.publication.parameters import refuse
from quotes.publication.suggestions import closest


class FormatRenderer(JSONRenderer):
    """A format that is not JSON: its view writes it. What comes here is a problem, which is told in JSON."""

    written: Format


@cache
def renderers_for(kind: str | None) -> tuple[type[BaseRenderer], ...]:
    """JSON, and a class for each media type in which listings of this kind can be had."""
    found: list[type[BaseRenderer]] = [JSONRenderer]
    for one in FORMATS.values():
        if kind in one.kinds:
            found += [
                type(one.name, (FormatRenderer,), {"media_type": accepted, "format": one.name, "written": one})
                for accepted in one.accepts
            ]
    return tuple(found)


def _preferred(request: Request, known: list[str]) -> str:
    """The type that the Accept header likes best, q= included, the first of equals. Raises NotAcceptable.

    Parameters of types are not looked at: `application/json; charset=utf-8` is JSON.
    """
    for one in request._request.accepted_types:  # by preference, without q=0
        for name in known:
            main, _, sub = name.partition("/")
            if one.main_type in ("*", main) and one.sub_type in ("*", sub):
                return name
    raise NotAcceptable


class StrictNegotiation(DefaultContentNegotiation):
    """REST framework's, but that q= counts, and that a format which is not served is an error that names those that are."""

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        asked = request.query_params.getlist("format")
        by_type = {str(renderer.media_type): renderer for renderer in renderers}
        if not asked:
            preferred = _preferred(request, list(by_type))
            return by_type[preferred], preferred
        by_name: dict[str, Any] = {}
        for renderer in renderers:
            by_name.setdefault(str(renderer.format), renderer)
        if len(set(asked)) > 1:
            raise BadParameters(
                {"format": [refuse("too_many", f"{len(asked)} values given; this parameter takes one.")]}
            )
        if asked[0] not in by_name:
            message = f"{asked[0][:60]!r} is not one of {', '.join(by_name)}."
            raise BadParameters({"format": [refuse("unknown_value", message, closest(asked[0], by_name))]})
        renderer = by_name[asked[0]]
        return renderer, str(renderer.media_type)
