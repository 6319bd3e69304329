"""The OpenAPI document: what each view takes and answers, from its filter set and the shapes of its documents."""

from __future__ import annotations

from typing import Any, get_type_hints

import django_filters
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_view

from quotes.api.problems import MEDIA_TYPE, Problem
from quotes.api.typed_schemas import components, reference, schema
from quotes.publication import shapes
from quotes.publication.aggregates import Bin, Facet, Timeline
from quotes.publication.filters import QuoteFilterSet
from quotes.publication.hidden import Hidden
from quotes.publication.paging import ListParameters
from quotes.publication.parameters import ParameterField, PositionField

_DOCUMENTS = {
    "Quote": shapes.QuoteDocument,
    "Person": shapes.PersonDocument,
    "Organization": shapes.OrganizationDocument,
    "Article": shapes.ArticleDocument,
    "Topic": shapes.TopicDocument,
}
_PLURALS = {"Person": "people"}

_APPLIED = {"type": "object", "description": "The filters as understood, defaults included."}
_FACETS = {
    "count": {"type": "integer", "description": "All matching quotes."},
    "facets": {"type": "object", "additionalProperties": reference(Facet)},
}
_TIMELINE = {
    "interval": {"type": "string"},
    "group_by": {"type": ["string", "null"]},
    **{name: schema(hint) for name, hint in get_type_hints(Timeline).items()},
}
_ERRORS = {
    400: "A parameter or value is not understood; `errors` names it, with the closest that exists.",
    404: "There is nothing public at this address. Drafts and what never was answer alike.",
    406: "The media type asked for is not served.",
    410: "The quote was published and is withdrawn; `reason` and `withdrawn_at` say why and when.",
}


def describe(views: Any, aggregate_views: Any) -> None:
    """Attach to every view of the modules what it takes and answers."""
    for name, document in _DOCUMENTS.items():
        plural = _PLURALS.get(name, f"{name.lower()}s")
        _describe_list(getattr(views, f"{name}List"), document, plural)
        _describe_detail(getattr(views, f"{name}Detail"), document, plural, is_quote=name == "Quote")
    _describe_aggregate(aggregate_views.QuoteFacets, "quotes_facets", "Count by the values of filters", _FACETS)
    _describe_aggregate(aggregate_views.QuoteTimeline, "quotes_timeline", "Count over time", _TIMELINE)
    operation = extend_schema(
        operation_id="root", tags=["about"], responses={200: {"type": "object"}}, summary="Where everything is"
    )
    extend_schema_view(get=operation)(views.Root)


def _describe_list(view: Any, document: type, plural: str) -> None:
    operation = extend_schema(
        operation_id=f"{plural}_list",
        tags=[plural],
        summary=f"List {plural}",
        parameters=[*_filters(view.filterset_class), *_list_parameters(view.orderings)],
        responses={(200, "application/json"): _page(document), **_problems(400, 406)},
    )
    extend_schema_view(get=operation)(view)


def _describe_detail(view: Any, document: type, plural: str, *, is_quote: bool) -> None:
    responses: dict[Any, Any] = {(200, "application/json"): _served(document)}
    if not is_quote:
        responses[301] = OpenApiResponse(description="Merged with another, whose address is in Location.")
    operation = extend_schema(
        operation_id=f"{plural}_read",
        tags=[plural],
        summary="Read one",
        responses={**responses, **_problems(400, 404, 406, *([410] if is_quote else []))},
    )
    extend_schema_view(get=operation)(view)


def _describe_aggregate(view: Any, operation_id: str, summary: str, members: dict[str, Any]) -> None:
    fields = view.parameters_class({}).fields
    answer = {"applied": _APPLIED, **members}
    operation = extend_schema(
        operation_id=operation_id,
        tags=["quotes"],
        summary=summary,
        parameters=[*_filters(QuoteFilterSet), *(_parameter(name, field, None) for name, field in fields.items())],
        responses={(200, "application/json"): _closed(answer), **_problems(400, 406)},
    )
    extend_schema_view(get=operation)(view)


def _problems(*statuses: int) -> dict[Any, Any]:
    return {
        (status, MEDIA_TYPE): OpenApiResponse(response=reference(Problem), description=_ERRORS[status])
        for status in statuses
    }


def _filters(filterset_class: Any) -> list[OpenApiParameter]:
    filters: dict[str, django_filters.Filter] = filterset_class.base_filters
    defaults = filterset_class.defaults
    return [_parameter(name, one.field, defaults.get(name)) for name, one in filters.items()]


def _list_parameters(orderings: Any) -> list[OpenApiParameter]:
    fields = ListParameters({}, orderings=orderings).fields  # type: ignore[arg-type]
    return [_parameter(name, field, None) for name, field in fields.items()]


def _parameter(name: str, field: Any, default: Any) -> OpenApiParameter:
    assert isinstance(field, ParameterField)  # noqa: S101 - filter sets here are made of these alone
    is_repeated = isinstance(field, PositionField)
    value = dict(field.schema)
    if default is not None and not field.is_many:
        value["default"] = default
    text = str(field.help_text)
    if default is not None and field.is_many:
        text += f" Default: {', '.join(default)}."
    if field.is_many:
        text += " Comma or repetition is OR."
    if field.is_many or is_repeated:
        value = {"type": "array", "items": value}
    return OpenApiParameter(
        name,
        value,
        OpenApiParameter.QUERY,
        description=text,
        style="form",
        explode=is_repeated,
    )


def _served(document: type) -> dict[str, Any]:
    """A document with what is added when it goes out."""
    added: dict[str, Any] = {"modified": {"type": "string", "format": "date-time"}}
    if document is not shapes.QuoteDocument:
        added["quote_count"] = {"type": "integer", "description": "Published quotes that its `quotes_url` answers."}
    stored = components(document)[reference(document)["$ref"].rpartition("/")[2]]
    return {
        **stored,
        "properties": {**stored["properties"], **added},
        "required": [*stored["required"], *added],
    }


def _closed(members: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": members, "required": list(members), "additionalProperties": False}


def _page(document: type) -> dict[str, Any]:
    link = {"anyOf": [{"type": "string", "format": "uri"}, {"type": "null"}]}
    return {
        "type": "object",
        "properties": {
            "next": link,
            "previous": link,
            "applied": _APPLIED,
            "count": {"type": "integer", "description": "With count=1: all matches, exactly."},
            "hidden": {
                "type": "array",
                "items": reference(Hidden),
                "description": "With count=1: how many a default left out, and the address that shows them.",
            },
            "results": {"type": "array", "items": _served(document)},
        },
        "required": ["next", "previous", "applied", "results"],
        "additionalProperties": False,
    }


def add_components(result: dict[str, Any], generator: Any, **kwargs: Any) -> dict[str, Any]:
    """drf-spectacular's postprocessing hook: the shapes, as named components."""
    made = components(*_DOCUMENTS.values(), Hidden, Problem, Facet, Bin)
    schemas = result.setdefault("components", {}).setdefault("schemas", {})
    schemas.update({name: made[name] for name in made if name not in schemas})
    return result
