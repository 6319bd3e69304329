"""The OpenAPI document: what each view takes and answers, from its filter set and the shapes of its documents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_type_hints

from django.http import QueryDict
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view

from quotes.api import releases
from quotes.api import schema_answers as answers
from quotes.api.listing import FormatParameters
from quotes.api.schema_parameters import of_fields, of_filters
from quotes.api.shaping import ShapeParameters
from quotes.api.typed_schemas import reference, schema
from quotes.datasets.releases.describing import MEDIA_TYPES
from quotes.publication import shapes
from quotes.publication.aggregates import Bin, Facet, Timeline
from quotes.publication.filters import QuoteFilterSet
from quotes.publication.lookup import Found
from quotes.publication.network_documents import NetworkDocument

_PLURALS = {
    "Quote": "quotes",
    "Person": "people",
    "Organization": "organizations",
    "Article": "articles",
    "Topic": "topics",
}

_FACETS = {
    "applied": answers.APPLIED,
    "count": {"type": "integer", "description": "All matching quotes."},
    "facets": {"type": "object", "additionalProperties": reference(Facet)},
}
_TIMELINE = {
    "applied": answers.APPLIED,
    "interval": {"type": "string"},
    "group_by": {"type": ["string", "null"]},
    **{name: schema(hint) for name, hint in get_type_hints(Timeline).items()},
}
_LOOKUP = {"text": {"type": "string"}, "results": {"type": "array", "items": reference(Found)}}


def describe(views: Any, details: Any, aggregates: Any, lookup: Any) -> None:
    """Attach to every view of the modules what it takes and answers."""
    for name, plural in _PLURALS.items():
        describe_list(getattr(views, f"{name}List"), plural)
        _describe_detail(getattr(details, f"{name}Detail"), plural)
    fields = of_fields(aggregates.FacetParameters({}).fields)
    _describe(
        aggregates.QuoteFacets, "quotes_facets", "Count by the values of filters", _FACETS, fields, is_filtered=True
    )
    fields = of_fields(aggregates.TimelineParameters({}).fields)
    _describe(aggregates.QuoteTimeline, "quotes_timeline", "Count over time", _TIMELINE, fields, is_filtered=True)
    fields = of_fields(lookup.TextParameters({}).fields)
    _describe(lookup.QuoteLookup, "quotes_lookup", "Is this quote real, and who said it first?", _LOOKUP, fields)
    root = extend_schema(
        operation_id="root",
        tags=["about"],
        responses={(200, answers.JSON): {"type": "object", "additionalProperties": {"type": "string", "format": "uri"}}}
        | answers.problems(400, 406),
        summary="Where everything is",
    )
    extend_schema_view(get=root)(views.Root)


def describe_list(view: Any, plural: str) -> None:
    """A list: filters, order and page, shape and format."""
    parameters = view.parameters_class(QueryDict(), orderings=view.orderings, kind=view.kind, written=None).fields
    shape = ShapeParameters(QueryDict(), shape=view.shape).fields
    operation = extend_schema(
        operation_id=f"{plural}_list",
        tags=[plural],
        summary=f"List {plural}",
        parameters=[*of_filters(view.filterset_class), *of_fields(parameters), *of_fields(shape)],
        responses={
            (200, answers.JSON): answers.page(view.shape),
            **answers.formats(view.kind),
            **answers.PARTS,
            **answers.problems(400, 406),
        },
    )
    extend_schema_view(get=operation)(view)


def describe_changes(view: Any) -> None:
    """The feed of changes."""
    operation = extend_schema(
        operation_id="changes_list",
        tags=["changes"],
        summary="What changed since then",
        parameters=of_fields(view.parameters_class({}).fields),
        responses={(200, answers.JSON): reference(shapes.Changes), **answers.problems(400, 406)},
    )
    extend_schema_view(get=operation)(view)


def describe_releases() -> None:
    """Frozen data sets, and their files."""
    wanted: tuple[tuple[Any, str, str, dict[Any, Any]], ...] = (
        (releases.ReleaseList, "releases_list", "List releases", {(200, answers.JSON): reference(releases.Releases)}),
        (
            releases.ReleaseDetail,
            "releases_read",
            "Read one, or the latest",
            {(200, answers.JSON): reference(releases.ReleaseDocument), **answers.problems(404)},
        ),
        (
            releases.ReleaseFileView,
            "releases_file",
            "A file of a release",
            {
                **{
                    (200, media_type): OpenApiResponse({"type": "string", "format": "binary"}, description="")
                    for media_type in sorted(set(MEDIA_TYPES.values()))
                },
                302: OpenApiResponse(description="Of the latest: the file's own address is in Location."),
                **answers.PARTS,
                **answers.problems(404),
            },
        ),
    )
    for view, operation_id, summary, responses in wanted:
        operation = extend_schema(
            operation_id=operation_id,
            tags=["releases"],
            summary=summary,
            responses={**responses, **answers.problems(400, 406)},
        )
        extend_schema_view(get=operation)(view)


def describe_network(view: Any, formats: Mapping[str, tuple[str, str]]) -> None:
    """Discourse networks, and the formats that they alone have."""
    others: dict[Any, Any] = {
        (200, media_type): OpenApiResponse({"type": "string"}, description="") for media_type, _ in formats.values()
    }
    operation = extend_schema(
        operation_id="quotes_network",
        tags=["quotes"],
        summary="Who stands with whom",
        parameters=[*of_filters(QuoteFilterSet), *of_fields(view.parameters_class({}).fields)],
        responses={(200, answers.JSON): reference(NetworkDocument), **others, **answers.problems(400, 406)},
    )
    extend_schema_view(get=operation)(view)


def _describe_detail(view: Any, plural: str) -> None:
    responses: dict[Any, Any] = {(200, answers.JSON): answers.document(view.shape), **answers.formats(view.kind)}
    if plural == "quotes":
        responses |= answers.problems(400, 404, 406, 410)
    else:
        responses[301] = OpenApiResponse(description="Merged with another, or renamed: its address is in Location.")
        responses |= answers.problems(400, 404, 406)
    parameters = FormatParameters(QueryDict(), kind=view.kind, written=None).fields
    shape = ShapeParameters(QueryDict(), shape=view.shape).fields
    operation = extend_schema(
        operation_id=f"{plural}_read",
        tags=[plural],
        summary="Read one",
        parameters=[*of_fields(parameters), *of_fields(shape)],
        responses=responses,
    )
    extend_schema_view(get=operation)(view)


def _describe(
    view: Any, operation_id: str, summary: str, members: dict[str, Any], fields: list[Any], *, is_filtered: bool = False
) -> None:
    operation = extend_schema(
        operation_id=operation_id,
        tags=["quotes"],
        summary=summary,
        parameters=[*(of_filters(QuoteFilterSet) if is_filtered else ()), *fields],
        responses={(200, answers.JSON): answers.closed(members), **answers.problems(400, 406)},
    )
    extend_schema_view(get=operation)(view)


def complete(result: dict[str, Any], generator: Any, **kwargs: Any) -> dict[str, Any]:
    """drf-spectacular's postprocessing hook: the shapes as named components, and what all reading operations share."""
    made = answers.made_components(
        Facet, Bin, Found, NetworkDocument, shapes.CodingDocument, shapes.Changes, releases.Releases
    )
    schemas = result.setdefault("components", {}).setdefault("schemas", {})
    schemas.update({name: made[name] for name in made if name not in schemas})
    for operation in answers.operations(result, "/api/v1/"):
        answers.add_headers(operation)
    return result
