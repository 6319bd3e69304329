"""docs/api.md is so: every example answers what it says, and nothing that the API takes or answers is missing."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.http import QueryDict
from django.test import Client
from django.urls import URLResolver

from quotes.api import lookup, schema_answers, urls
from quotes.api.listing import FormatParameters, ListView
from quotes.api.shaping import ShapeParameters
from quotes.datasets.formats import FORMATS
from quotes.publication.filters import QuoteFilterSet
from quotes.vocabulary import EntityKind
from tests.api.asking import API, CLIENT, ask

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference", "demonstration")]

DOCS = settings.BASE_DIR / "docs"
PAGE = (DOCS / "api.md").read_text(encoding="utf-8")
COUNTED = re.findall(r"^\| `(\w+)` \|.* `(\w+/\?[^`]+)` \| (\d+) \|$", PAGE, flags=re.MULTILINE)
CODES = re.findall(r"^\| `(\w+)` \| [^|]+ \| (?:`(\w+/[^`]*)` )?\|$", PAGE, flags=re.MULTILINE)
COMMANDS = re.findall(
    r"^\$ curl -s '127\.0\.0\.1:8000(\S+)'(?: \| jq (-\w+) '(.+)')?\n((?:(?!\$ curl|```).*\n)*)",
    PAGE,
    flags=re.MULTILINE,
)
CURATION = "/api/v1/curation/"


def addresses(patterns: Any, prefix: str) -> Iterator[tuple[str, Any]]:
    """The addresses of a URL conf, as the OpenAPI document writes them, with their views."""
    for one in patterns:
        route = re.sub(r"\(\?P<(\w+)>[^)]*\)|<(?:\w+:)?(\w+)>", r"{\1\2}", str(one.pattern)).strip("^$")
        if isinstance(one, URLResolver):
            yield from addresses(one.url_patterns, prefix + route)
        else:
            yield prefix + route, one.callback.cls


# The last of a prefix answers whatever no other does.
ADDRESSES = {address: view for address, view in addresses(urls.urlpatterns, "/api/") if view.__name__ != "Nowhere"}
READING = [address for address in ADDRESSES if not address.startswith(CURATION)]


@pytest.mark.parametrize(("name", "question", "count"), COUNTED, ids=[question for _, question, _ in COUNTED])
def test_an_example_finds_what_the_page_says(name: str, question: str, count: str) -> None:
    assert name in QueryDict(question.partition("?")[2])
    path, _, query = question.partition("?")
    assert ask(f"{query}&count=1", path=path)["count"] == int(count)


@pytest.mark.parametrize(("code", "question"), CODES, ids=[code for code, _ in CODES])
def test_an_error_has_the_code_that_the_page_says(code: str, question: str) -> None:
    if question:
        path, _, query = question.partition("?")
        assert [error["code"] for error in ask(query, path=path, status=400)["errors"]] == [code]


@pytest.mark.parametrize(("address", "options", "program", "printed"), COMMANDS, ids=[one[0] for one in COMMANDS])
def test_a_command_prints_what_the_page_shows(address: str, options: str, program: str, printed: str) -> None:
    response = CLIENT.get(address)
    body = b"".join(response) if response.streaming else response.content
    if program:
        jq = shutil.which("jq")
        if not jq:
            pytest.skip("there is no jq: install it to run the commands of docs/api.md")
        body = subprocess.run([jq, options, program], input=body, capture_output=True, check=True).stdout
    assert body.decode().replace("\r\n", "\n") == printed


def test_the_page_has_its_examples() -> None:
    assert len(COUNTED) > 60
    assert len(CODES) > 20
    assert len(COMMANDS) >= 9


def codes_in(folder: Path) -> Iterator[str]:
    """The codes of all errors that the folder's modules make: the first argument of `refuse`. Curators' are a folder below."""
    for module in folder.glob("*.py"):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "refuse":
                code: Any = node.args[0]
                if isinstance(code, ast.Constant):
                    yield str(code.value)
                else:  # "unknown_" + kind
                    yield from (f"{code.left.value}{kind}" for kind in EntityKind.values)


def test_every_code_of_an_error_is_documented_and_no_other() -> None:
    quotes = settings.BASE_DIR / "quotes"
    assert {code for code, _ in CODES} == {*codes_in(quotes / "api"), *codes_in(quotes / "publication")}


def test_every_status_of_an_error_is_documented() -> None:
    assert set(re.findall(r"^\| (\d{3}) \|", PAGE, flags=re.MULTILINE)) >= {str(one) for one in schema_answers._ERRORS}


@pytest.mark.parametrize("address", [*READING, CURATION])
def test_every_address_is_documented(address: str) -> None:
    assert f"`{address}`" in PAGE


@pytest.fixture(scope="module")
def openapi() -> dict[str, Any]:
    return Client().get("/api/schema/", headers={"accept": "application/vnd.oai.openapi+json"}).json()


def test_every_address_is_in_the_openapi_document(openapi: dict[str, Any]) -> None:
    assert {address for address in ADDRESSES if address.startswith("/api/v1/")} == set(openapi["paths"])


def parameters_of(view: Any) -> set[str]:
    """The names of the query parameters that a view of the read API takes."""
    if not hasattr(view, "shape"):
        own = lookup.TextParameters if view is lookup.QuoteLookup else getattr(view, "parameters_class", None)
        filters = QuoteFilterSet.base_filters if view.__module__.endswith(("aggregates", "networks")) else {}
        return {*(own({}).fields if own else ()), *filters}
    shape = set(ShapeParameters(QueryDict(), shape=view.shape).fields)
    if issubclass(view, ListView):
        own = view.parameters_class(QueryDict(), orderings=view.orderings, kind=view.kind, written=None).fields
        return {*view.filterset_class.base_filters, *own, *shape}
    return {*FormatParameters(QueryDict(), kind=view.kind, written=None).fields, *shape}


@pytest.mark.parametrize("address", [address for address in READING if "/v1/" in address])
def test_every_parameter_is_on_the_page_and_in_the_openapi_document(openapi: dict[str, Any], address: str) -> None:
    names = parameters_of(ADDRESSES[address])
    assert [name for name in sorted(names) if f"`{name}`" not in PAGE] == []
    described = openapi["paths"][address]["get"].get("parameters", [])
    assert {one["name"] for one in described if one["in"] == "query"} == names


@pytest.mark.parametrize("address", [one for one in READING if issubclass(ADDRESSES[one], ListView)])
def test_every_filter_of_a_list_has_an_example(address: str) -> None:
    filters = ADDRESSES[address].filterset_class.base_filters
    path = address.removeprefix(API)
    shown = {name for name, question, _ in COUNTED if question.startswith(path)}
    others = {name for name, _, _ in COUNTED}
    # What several lists have in common is shown once.
    assert set(filters) <= (shown if path == "quotes/" else others)


def test_every_format_is_documented() -> None:
    rows = re.findall(r"^\| `(\w+)` \| `([\w/.+-]+)` \| `\.(\w+)` \|", PAGE, flags=re.MULTILINE)
    assert sorted(rows) == sorted((one.name, one.accepts[0], one.extension) for one in FORMATS.values())
