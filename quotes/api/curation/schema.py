"""What the OpenAPI document says of the addresses for curators: bodies and answers from the shapes that they are held to."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_view

from quotes.api.curation import actors, coding, imports, quote_shapes, root, shapes, sources, statements
from quotes.api.curation.bodies import body_schema
from quotes.api.curation.views import Collection, Item
from quotes.api.problems import MEDIA_TYPE, Problem
from quotes.api.typed_schemas import components, reference
from quotes.datasets.importing import KINDS, PlanDocument
from quotes.publication.parameters import ParameterField

JSON = "application/json"
MERGE_PATCH = "application/merge-patch+json"

_COLLECTIONS: dict[type[Collection], str] = {
    actors.PersonList: "people",
    actors.OrganizationList: "organizations",
    actors.AffiliationList: "affiliations",
    sources.ArticleList: "articles",
    sources.SnapshotList: "snapshots",
    coding.TopicList: "topics",
    statements.QuoteList: "quotes",
    coding.CodingList: "codings",
}
_ITEMS: dict[type[Item], str] = {
    actors.PersonItem: "people",
    actors.OrganizationItem: "organizations",
    actors.AffiliationItem: "affiliations",
    sources.ArticleItem: "articles",
    sources.SnapshotItem: "snapshots",
    coding.TopicItem: "topics",
    statements.QuoteItem: "quotes",
    coding.CodingItem: "codings",
}
_ACTIONS: dict[type[Item], tuple[str, str]] = {
    actors.PersonMerge: ("people_merge", "Merge a person into another"),
    actors.OrganizationMerge: ("organizations_merge", "Merge an organization into another"),
    statements.QuoteSubmit: ("quotes_submit", "Hand a draft over to an editor"),
    statements.QuoteReturn: ("quotes_return", "Hand a quote in review back"),
    statements.QuotePublish: ("quotes_publish", "Publish a quote"),
    statements.QuoteWithdraw: ("quotes_withdraw", "Take a published quote back"),
}
_ERRORS = {
    400: "Something in the request is wrong; `errors` says what and where.",
    401: "There is no token, or none that is valid.",
    403: "The token's user lacks the right; `detail` names it.",
    404: "There is no such record, or none that the user may know of.",
    409: "It cannot be done as things are; one error for each obstacle.",
    412: "The record is not as If-Match says: `etag` is the current tag, `changed` names what is different since.",
    413: "The body is too long.",
    415: "The body is no JSON in UTF-8, or compressed.",
    428: "If-Match is missing.",
}
_READING = (400, 401, 403, 404)
_MAKING = (*_READING, 409, 413, 415)
_CHANGING = (*_MAKING, 412, 428)
_IMPORT_FORM = {
    "type": "object",
    "properties": {
        "file": {"type": "string", "format": "binary", "description": "A table: docs/importing.md."},
        "format": {
            "type": "string",
            "enum": list(KINDS),
            "description": "By the file's name where it is left out.",
        },
        "source": {
            "type": "string",
            "description": "Whose ids `external_id` holds; the file's name where it is left out.",
        },
        "default": {"type": "array", "items": {"type": "string"}, "description": "COLUMN=VALUE where a cell is empty."},
        "status": {
            "type": "string",
            "enum": ["draft", "in_review"],
            "default": "draft",
            "description": "Of new quotes.",
        },
    },
    "required": ["file"],
}
_IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, required=True, description="The ETag of the record as it was read."
)


class Bearer(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """The security scheme of the addresses that take a token."""

    target_class = "quotes.api.authentication.TokenAuthentication"
    name = "bearer"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "A token from the admin: `qb_…`."}


def describe() -> None:
    """Attach to every view what it takes and answers."""
    for collection, plural in _COLLECTIONS.items():
        _describe_collection(collection, plural)
    for item, plural in _ITEMS.items():
        _describe_item(item, plural)
    for action, (name, summary) in _ACTIONS.items():
        _describe_action(action, name, summary)
    _describe_reading(
        statements.QuoteHistory, "quotes_history", "What was done to a quote", reference(quote_shapes.History)
    )
    _describe_imports()
    _describe_reading(root.Root, "root", "Where everything is, and whose token this is", {"type": "object"})


def _describe_imports() -> None:
    plan = reference(PlanDocument)
    table = extend_schema(
        operation_id="curation_imports_create",
        tags=["curation"],
        summary="Look at a table of quotes, or with apply=1 bring it in as drafts",
        parameters=[
            OpenApiParameter(
                "apply", {"type": "string", "enum": ["0", "1"]}, description="1: bring it in. Else nothing is made."
            )
        ],
        request={"multipart/form-data": _IMPORT_FORM},
        responses={(200, JSON): plan, (201, JSON): plan, (202, JSON): plan, **_problems(*_MAKING)},
    )
    extend_schema_view(post=table)(imports.ImportList)
    page = extend_schema(
        operation_id="curation_articles_import",
        tags=["curation"],
        summary="Fetch an article by its address and keep it with a snapshot of its text",
        request={JSON: body_schema(shapes.ArticleAddress, is_change=False)},
        responses={
            (200, JSON): reference(shapes.KeptArticle),
            (201, JSON): reference(shapes.KeptArticle),
            **_problems(*_MAKING),
        },
    )
    extend_schema_view(post=page)(imports.ArticleImport)


def add_components(result: dict[str, Any], generator: Any, **kwargs: Any) -> dict[str, Any]:
    """drf-spectacular's postprocessing hook: the shapes, as named components."""
    records = [view.shape for view in (*_COLLECTIONS, *_ITEMS)]
    members = [view.members for view in _COLLECTIONS]
    schemas = result.setdefault("components", {}).setdefault("schemas", {})
    made = components(*records, *members, quote_shapes.History, shapes.KeptArticle, PlanDocument)
    schemas.update({name: made[name] for name in made if name not in schemas})
    return result


def _describe_collection(view: type[Collection], plural: str) -> None:
    listing = extend_schema(
        operation_id=f"curation_{plural}_list",
        tags=["curation"],
        summary=f"List {plural}",
        parameters=[*_parameters(view), _header("Link", "The neighbouring pages (RFC 8288).", 200)],
        responses={(200, JSON): _page(view.shape), **_problems(*_READING)},
    )
    making = extend_schema(
        operation_id=f"curation_{plural}_create",
        tags=["curation"],
        summary=f"Make one of {plural}",
        parameters=[_header("ETag", "Of the new record.", 201), _header("Location", "Its address.", 201)],
        request={JSON: body_schema(view.members, is_change=False)},
        responses={(201, JSON): reference(view.shape), **_problems(*_MAKING)},
    )
    extend_schema_view(get=listing, post=making)(view)


def _describe_item(view: type[Item], plural: str) -> None:
    operations = {"get": _reading(f"{plural}_read", "Read one", reference(view.shape), has_tag=True)}
    if "patch" in view.http_method_names:
        body = body_schema(view.members, is_change=True)
        operations["patch"] = extend_schema(
            operation_id=f"curation_{plural}_change",
            tags=["curation"],
            summary="Change the members that are sent",
            parameters=[_IF_MATCH, _header("ETag", "Of the record as it is then.", 200)],
            request={MERGE_PATCH: body},  # plain JSON is taken for one as well; two alike confuse generators of clients
            responses={(200, JSON): reference(view.shape), **_problems(*_CHANGING)},
        )
    operations["delete"] = extend_schema(
        operation_id=f"curation_{plural}_delete",
        tags=["curation"],
        summary="Delete one that nothing refers to",
        parameters=[_IF_MATCH],
        request=None,
        responses={204: OpenApiResponse(description="It is gone."), **_problems(*_READING, 409, 412, 428)},
    )
    extend_schema_view(**operations)(view)


def _describe_action(view: type[Item], name: str, summary: str) -> None:
    operation = extend_schema(
        operation_id=f"curation_{name}",
        tags=["curation"],
        summary=summary,
        parameters=[_IF_MATCH, _header("ETag", "Of the record as it is then.", 200)],
        request={JSON: body_schema(view.members, is_change=False)},
        responses={(200, JSON): reference(view.shape), **_problems(*_CHANGING)},
    )
    extend_schema_view(post=operation)(view)


def _describe_reading(view: type[Any], name: str, summary: str, answer: dict[str, Any]) -> None:
    extend_schema_view(get=_reading(name, summary, answer, has_tag=False))(view)


def _reading(name: str, summary: str, answer: dict[str, Any], *, has_tag: bool) -> Any:
    return extend_schema(
        operation_id=f"curation_{name}",
        tags=["curation"],
        summary=summary,
        parameters=[_header("ETag", "What If-Match of a write names.", 200)] if has_tag else [],
        responses={(200, JSON): answer, **_problems(*_READING)},
    )


def _header(name: str, text: str, status: int) -> OpenApiParameter:
    """A header of the answer."""
    return OpenApiParameter(name, str, OpenApiParameter.HEADER, description=text, response=[status])


def _parameters(view: type[Collection]) -> list[OpenApiParameter]:
    fields: dict[str, Any] = view.parameters_class({}, orderings=view.orderings()).fields  # type: ignore[arg-type]
    return [_parameter(name, field) for name, field in fields.items()]


def _parameter(name: str, field: ParameterField) -> OpenApiParameter:
    value: dict[str, Any] = {"type": "array", "items": dict(field.schema)} if field.is_many else dict(field.schema)
    text = f"{field.help_text}{' Comma or repetition is OR.' if field.is_many else ''}"
    return OpenApiParameter(name, value, OpenApiParameter.QUERY, description=text, style="form", explode=False)


def _page(shape: type) -> dict[str, Any]:
    link = {"anyOf": [{"type": "string", "format": "uri"}, {"type": "null"}]}
    return {
        "type": "object",
        "properties": {
            "next": link,
            "previous": link,
            "count": {"type": "integer", "description": "With count=1: all of them, exactly."},
            "results": {"type": "array", "items": reference(shape)},
        },
        "required": ["next", "previous", "results"],
        "additionalProperties": False,
    }


def _problems(*statuses: int) -> dict[Any, Any]:
    return {
        (status, MEDIA_TYPE): OpenApiResponse(response=reference(Problem), description=_ERRORS[status])
        for status in sorted(statuses)
    }
