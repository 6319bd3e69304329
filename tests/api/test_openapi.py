"""The OpenAPI document tells the truth: every parameter is in it, and every answer is as it says."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from drf_spectacular.validation import validate_schema
from jsonschema import Draft202012Validator

from quotes.api import views
from quotes.publication.models import PublishedEntity, PublishedQuote

LISTS = {
    "quotes": views.QuoteList,
    "people": views.PersonList,
    "organizations": views.OrganizationList,
    "articles": views.ArticleList,
    "topics": views.TopicList,
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
    [content] = operation(document, path)["responses"][str(status)]["content"].values()
    return content["schema"]


def test_it_is_openapi_31(document: dict[str, Any]) -> None:
    assert document["openapi"] == "3.1.0"
    validate_schema(document)


@pytest.mark.parametrize("path", LISTS)
def test_every_parameter_of_a_list_is_described(document: dict[str, Any], path: str) -> None:
    described = {one["name"]: one for one in operation(document, path)["parameters"]}
    filters = set(LISTS[path].filterset_class.base_filters)
    assert set(described) == filters | {"cursor", "page_size", "count", "ordering"}
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
def test_errors_are_as_described(document: dict[str, Any]) -> None:
    answer = Client().get("/api/v1/quotes/?stanse=support").json()
    assert errors(document, body_schema(document, "quotes", 400), answer) == []


def test_the_documentation_page_takes_nothing_from_elsewhere() -> None:
    page = Client().get("/api/docs/").content.decode()
    assert "swagger-ui" in page
    assert re.findall(r'(?:src|href)="(?:https?:)?//[^"]*', page) == []
