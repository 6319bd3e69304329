"""Answers in the OpenAPI document: shapes, formats, headers, and every status that an address may have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from drf_spectacular.utils import OpenApiResponse

from quotes.api.problems import MEDIA_TYPE, Problem
from quotes.api.typed_schemas import component_name, components, reference
from quotes.datasets.formats import FORMATS
from quotes.publication import shapes
from quotes.publication.hidden import Hidden
from quotes.publication.highlighting import Highlight

JSON = "application/json"
APPLIED = {"type": "object", "description": "The question as it was understood, defaults included."}
PART = {"$ref": "#/components/schemas/Part"}
_PART_COMPONENT = {
    "type": "object",
    "description": "With fields, omit or expand: some members of the document, and references made whole.",
    "additionalProperties": True,
}
_ADDED: Mapping[str, Any] = {
    "modified": {"type": "string", "format": "date-time", "description": "When the public last saw it change."},
    "quote_count": {"type": "integer", "description": "Published quotes that its `quotes_url` answers."},
}
# By document: what is added to it, and what may be.
_SERVED: Mapping[type, tuple[list[str], dict[str, Any]]] = {
    shapes.QuoteDocument: (["modified"], {"highlight": reference(Highlight)}),
    shapes.PersonDocument: (["quote_count", "modified"], {}),
    shapes.OrganizationDocument: (["quote_count", "modified"], {}),
    shapes.ArticleDocument: (["quote_count", "modified"], {}),
    shapes.TopicDocument: (["quote_count", "modified"], {}),
    shapes.CodingDocument: ([], {}),
}
# What a client that reads JSON finds in them.
_FORMAT_SCHEMAS: Mapping[str, dict[str, Any]] = {
    "jsonld": {"type": "object", "additionalProperties": True},
    "csl": {"type": "array", "items": {"type": "object", "additionalProperties": True}},
}
_ERRORS = {
    400: "A parameter or value is not understood; `errors` names it, with the closest that exists.",
    401: "The token is not known, has run out, or was revoked. Without one, everybody may read.",
    404: "There is nothing public at this address. Drafts and what never was answer alike.",
    406: "The media type asked for is not served.",
    410: "The quote was published and is withdrawn; `reason` and `withdrawn_at` say why and when.",
    413: "No body is read here, and this one is large.",
    429: "Too many requests: `Retry-After` says when to come again.",
    503: "The question takes too long, or too many whole result sets are being read: `Retry-After` says when to come again.",
}
# Of whole result sets.
PARTS: Mapping[Any, OpenApiResponse] = {
    206: OpenApiResponse(
        description="The part that Range asks for, of a whole result set in another format than JSON."
    ),
    416: OpenApiResponse(description="There is no such part; Content-Range says how long it is."),
}
_TEXT = {"schema": {"type": "string"}}
_HEADERS = {
    "ETag": {"description": "The name of this answer: send it back as If-None-Match.", **_TEXT},
    "Cache-Control": {"description": "Whether the answer may be kept.", **_TEXT},
    "Last-Modified": {"description": "When the public last saw the document change.", **_TEXT},
    "Link": {"description": "RFC 8288: the pages before and after (`prev`, `next`), and what will go.", **_TEXT},
    "RateLimit": {"description": "What is left: requests (r) and seconds until it begins anew (t).", **_TEXT},
    "RateLimit-Policy": {"description": "The limit: requests (q) in a window of seconds (w).", **_TEXT},
    "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer", "minimum": 0}},
    "Accept-Ranges": {"description": "`bytes`: parts of it can be asked for.", **_TEXT},
    "Content-Range": {"description": "Which part this is, and of how much.", **_TEXT},
    "Location": {"description": "Where it is now.", "schema": {"type": "string", "format": "uri-reference"}},
    "WWW-Authenticate": {"description": "How to prove who one is: with a bearer token.", **_TEXT},
    "Deprecation": {"description": "RFC 9745: since when something that the request uses is going to go.", **_TEXT},
    "Sunset": {"description": "RFC 8594: when it will be gone.", **_TEXT},
}
_ALWAYS = ("Cache-Control", "RateLimit", "RateLimit-Policy")
_BY_STATUS: Mapping[str, tuple[str, ...]] = {
    "200": ("ETag", "Link", "Last-Modified", "Accept-Ranges", "Deprecation", "Sunset"),
    "206": ("ETag", "Content-Range", "Accept-Ranges"),
    "301": ("Location",),
    "416": ("Content-Range",),
    "304": ("ETag",),
    "401": ("WWW-Authenticate",),
    "429": ("Retry-After",),
    "503": ("Retry-After",),
}


def document(shape: type) -> dict[str, Any]:
    """A document as it goes out, whole or in part."""
    return {"anyOf": [reference(shape), PART]} if shape in _SERVED else reference(shape)


def page(shape: type) -> dict[str, Any]:
    """A page of documents."""
    link = {"anyOf": [{"type": "string", "format": "uri"}, {"type": "null"}]}
    members = {
        "next": link,
        "previous": link,
        "applied": APPLIED,
        "results": {"type": "array", "items": document(shape)},
    }
    counted = {
        "count": {"type": "integer", "description": "With count=1: all matches, exactly."},
        "hidden": {
            "type": "array",
            "items": reference(Hidden),
            "description": "With count=1: how many a default left out, and the address that shows them.",
        },
    }
    return {
        "type": "object",
        "properties": {**members, **counted},
        "required": list(members),
        "additionalProperties": False,
    }


def closed(members: dict[str, Any]) -> dict[str, Any]:
    """An object with these members, and no others."""
    return {"type": "object", "properties": members, "required": list(members), "additionalProperties": False}


def formats(kind: Any) -> dict[Any, Any]:
    """What is answered in other formats than JSON."""
    return {
        (200, accepted): OpenApiResponse(_FORMAT_SCHEMAS.get(one.name, {"type": "string"}), description="")
        for one in FORMATS.values()
        if kind in one.kinds
        for accepted in one.accepts
    }


def problems(*statuses: int) -> dict[Any, Any]:
    """Problem details of these statuses, and of those that any address may have."""
    return {
        (status, MEDIA_TYPE): OpenApiResponse(response=reference(Problem), description=_ERRORS[status])
        for status in (*statuses, 401, 413, 429, 503)
    }


def made_components(*others: type) -> dict[str, Any]:
    """The named components: every document as it is served, and what they and the other answers are made of."""
    made = components(*_SERVED, *others, Hidden, Highlight, Problem)
    for shape, (added, possible) in _SERVED.items():
        one = made[component_name(shape)]
        one["properties"] |= {name: _ADDED[name] for name in added} | possible
        one["required"] = [*one["required"], *added]
    return {**made, "Part": _PART_COMPONENT}


def add_headers(operation: dict[str, Any]) -> None:
    """To every response of a reading operation the headers that it has, and 304."""
    responses = operation["responses"]
    if "200" in responses:
        responses["304"] = {"description": "The reader has this answer already: If-None-Match names it."}
    for status, response in responses.items():
        names = [*_ALWAYS, *_BY_STATUS.get(status, ())]
        response["headers"] = {name: _HEADERS[name] for name in names}


def operations(result: dict[str, Any], beginning: str) -> Iterator[dict[str, Any]]:
    """The reading operations under addresses that begin so."""
    for path, methods in result["paths"].items():
        if path.startswith(beginning) and not path.startswith(f"{beginning}curation/"):
            yield from (operation for method, operation in methods.items() if method == "get")
