"""The OpenAPI document tells the truth: every parameter is in it, and every answer is as it says."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.test import Client
from drf_spectacular.validation import validate_schema
from jsonschema import Draft202012Validator

from quotes.api import views
from quotes.api.codings import CodingList
from quotes.curation import merge_organizations, withdraw
from quotes.models import Organization, Quote
from quotes.publication.models import PublishedEntity, PublishedQuote

# Of HTTP and of every page of ours, not of the API.
STANDARD = {
    "Content-Type",
    "Content-Length",
    "Content-Disposition",
    "Vary",
    "Allow",
    "X-Frame-Options",
    "X-Content-Type-Options",
    "Referrer-Policy",
    "Cross-Origin-Opener-Policy",
    "Content-Security-Policy",
}
PART = {"$ref": "#/components/schemas/Part"}
PAGING = {"cursor", "page_size", "count", "ordering"}
SHAPE = {"format", "dialect", "fields", "omit", "expand"}
LISTS = {
    "quotes": views.QuoteList,
    "people": views.PersonList,
    "organizations": views.OrganizationList,
    "articles": views.ArticleList,
    "topics": views.TopicList,
    "codings": CodingList,
}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    response = Client().get("/api/schema/", headers={"accept": "application/vnd.oai.openapi+json"})
    assert response.status_code == 200
    return response.json()


def operation(document: dict[str, Any], path: str) -> dict[str, Any]:
    return document["paths"][f"/api/v1/{path}/"]["get"]


def errors(document: dict[str, Any], schema: dict[str, Any], answer: Any) -> list[str]:
    validator = Draft202012Validator({**schema, "components": document["components"]})
    return [f"{list(error.path)}: {error.message}" for error in validator.iter_errors(answer)]


def body_schema(document: dict[str, Any], path: str, status: int = 200) -> dict[str, Any]:
    """The schema of an answer in JSON, with whole documents in it: a part of one may be anything."""
    content = operation(document, path)["responses"][str(status)]["content"]
    kind = "application/json" if status == 200 else "application/problem+json"
    return whole(content[kind]["schema"])


def whole(schema: Any) -> Any:
    if isinstance(schema, list):
        return [whole(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    if PART in schema.get("anyOf", ()):
        return schema["anyOf"][0]
    return {name: whole(member) for name, member in schema.items()}


def test_it_is_openapi_31(document: dict[str, Any]) -> None:
    assert document["openapi"] == "3.1.0"
    validate_schema(document)


@pytest.mark.parametrize("path", LISTS)
def test_every_parameter_of_a_list_is_described(document: dict[str, Any], path: str) -> None:
    described = {one["name"]: one for one in operation(document, path)["parameters"]}
    filters = set(LISTS[path].filterset_class.base_filters)
    own = {"highlight"} if path == "quotes" else set()
    assert set(described) == filters | PAGING | SHAPE | own
    assert all(one["description"] for one in described.values())


@pytest.mark.django_db
@pytest.mark.usefixtures("reference", "demonstration")
@pytest.mark.parametrize("path", LISTS)
def test_every_page_of_a_list_is_as_described(document: dict[str, Any], path: str) -> None:
    client, address, documents = Client(), f"/api/v1/{path}/?count=1&page_size=100", 0
    while address:
        answer = client.get(address).json()
        assert errors(document, body_schema(document, path), answer) == []
        documents += len(answer["results"])
        address = answer["next"]
    assert documents == answer["count"] > 3


@pytest.mark.django_db
@pytest.mark.usefixtures("reference")
def test_details_are_as_described(document: dict[str, Any]) -> None:
    paths = {"quotes/{uid}": PublishedQuote.objects.values_list("uid", flat=True)[0]}
    for kind, plural in (
        ("person", "people"),
        ("organization", "organizations"),
        ("article", "articles"),
        ("topic", "topics"),
    ):
        paths[plural + "/{slug}"] = PublishedEntity.objects.of_kind(kind).values_list("slug", flat=True)[0]
    for path, key in paths.items():
        answer = Client().get("/api/v1/" + re.sub(r"{\w+}", str(key), path) + "/").json()
        assert errors(document, body_schema(document, path), answer) == [], path


@pytest.mark.django_db
@pytest.mark.usefixtures("reference", "demonstration")
@pytest.mark.parametrize(
    ("path", "query"), [("quotes/facets", "facet=stance,speaker"), ("quotes/timeline", "group_by=stance&interval=year")]
)
def test_counts_are_as_described(document: dict[str, Any], path: str, query: str) -> None:
    described = {one["name"] for one in operation(document, path)["parameters"]}
    assert set(views.QuoteList.filterset_class.base_filters) < described
    answer = Client().get(f"/api/v1/{path}/?{query}").json()
    assert errors(document, body_schema(document, path), answer) == []


@pytest.mark.django_db
@pytest.mark.usefixtures("demonstration")
def test_what_is_looked_up_is_as_described(document: dict[str, Any]) -> None:
    text = PublishedQuote.objects.values_list("document", flat=True)[0]
    answer = Client().get("/api/v1/quotes/lookup/", {"text": json.loads(text)["text"][:900]}).json()
    assert answer["results"]
    assert errors(document, body_schema(document, "quotes/lookup"), answer) == []


@pytest.mark.django_db
@pytest.mark.usefixtures("demonstration")
def test_highlights_and_parts_are_as_described(document: dict[str, Any]) -> None:
    schema = operation(document, "quotes")["responses"]["200"]["content"]["application/json"]["schema"]
    marked = Client().get("/api/v1/quotes/?q=cameras or lamps&highlight=1").json()
    assert errors(document, whole(schema), marked) == []
    part = Client().get("/api/v1/quotes/?fields=uid,speaker&expand=speaker").json()
    assert errors(document, schema, part) == []


@pytest.mark.django_db
@pytest.mark.usefixtures("reference")
@pytest.mark.parametrize("path", LISTS)
def test_every_header_and_media_type_of_an_answer_is_described(document: dict[str, Any], path: str) -> None:
    described = operation(document, path)["responses"]["200"]
    formats = next(one for one in operation(document, path)["parameters"] if one["name"] == "format")["schema"]["enum"]
    for name in formats:
        answer = Client().get(f"/api/v1/{path}/?format={name}&page_size=2")
        assert answer["Content-Type"].partition(";")[0] in described["content"], name
        own = set(answer.headers) - STANDARD
        assert own <= set(described["headers"]), name


@pytest.mark.parametrize("path", [*LISTS, "quotes/facets", "quotes/timeline", "quotes/lookup"])
def test_every_status_that_any_address_may_have_is_described(document: dict[str, Any], path: str) -> None:
    assert {"200", "304", "400", "401", "406", "429", "503"} <= set(operation(document, path)["responses"])


@pytest.mark.django_db
@pytest.mark.usefixtures("reference", "demonstration")
def test_every_page_of_the_feed_of_changes_is_as_described(document: dict[str, Any]) -> None:
    assert {one["name"] for one in operation(document, "changes")["parameters"]} == {"since", "page_size"}
    quote = Quote.objects.published().order_by("pk").first()
    withdraw(quotes=[quote], reason="The paper took it back.", actor=None)
    merge_organizations(
        keep=Organization.objects.get(slug="harbor-ledger"),
        merged=Organization.objects.get(slug="hesper-wire"),
        actor=None,
    )
    address, events = "/api/v1/changes/?page_size=100", set()
    while address:
        answer = Client().get(address).json()
        assert errors(document, body_schema(document, "changes"), answer) == []
        events |= {(one["event"], one["kind"]) for one in answer["results"]}
        address = answer["next"]
    assert {event for event, _ in events} == {"saved", "withdrawn", "moved", "removed"}
    assert {kind for _, kind in events} == {"quote", "person", "organization", "article", "topic"}


@pytest.mark.django_db
def test_errors_are_as_described(document: dict[str, Any]) -> None:
    answer = Client().get("/api/v1/quotes/?stanse=support").json()
    assert errors(document, body_schema(document, "quotes", 400), answer) == []


def test_the_documentation_page_takes_nothing_from_elsewhere() -> None:
    page = Client().get("/api/docs/").content.decode()
    assert "swagger-ui" in page
    assert re.findall(r'(?:src|href)="(?:https?:)?//[^"]*', page) == []
