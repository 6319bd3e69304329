"""A client that openapi-python-client generates from the served OpenAPI document: it imports, walks all pages, and is typed."""

from __future__ import annotations

import datetime as dt
import enum
import importlib
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest

from tests.clients.packages import needed

needed("openapi_python_client")

PACKAGE = "quotebase_generated_client"
LISTS = ("quotes", "people", "organizations", "articles", "topics")


@pytest.fixture(scope="module")
def part(root: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Any]]:
    """Imports a module of the generated package, by its path in it."""
    folder = tmp_path_factory.mktemp("generated")
    (folder / "config.yml").write_text(f"package_name_override: {PACKAGE}\npost_hooks: []\n", encoding="utf-8")
    generate = [sys.executable, "-m", "openapi_python_client", "generate", "--url", f"{root}/api/schema/"]
    places = ["--config", str(folder / "config.yml"), "--output-path", str(folder / "made")]
    made = subprocess.run([*generate, *places, "--fail-on-warning"], capture_output=True, text=True)
    assert made.returncode == 0, made.stdout + made.stderr
    sys.path.insert(0, str(folder / "made"))
    yield lambda path: importlib.import_module(f"{PACKAGE}.{path}")
    sys.path.remove(str(folder / "made"))
    for name in [name for name in sys.modules if name.partition(".")[0] == PACKAGE]:
        del sys.modules[name]


@pytest.fixture(scope="module")
def client(part: Callable[[str], Any], root: str) -> Iterator[Any]:
    with part("client").Client(base_url=root, raise_on_unexpected_status=True) as client:
        yield client


def pages(part: Callable[[str], Any], client: Any, name: str, **parameters: Any) -> Iterator[Any]:
    """Every page of a list, by the generated function, with the cursor that the page before names."""
    function = part(f"api.{name}.{name}_list").sync
    page = function(client=client, page_size=20, **parameters)
    yield page
    while page.next_:
        [cursor] = parse_qs(urlsplit(page.next_).query)["cursor"]
        page = function(client=client, page_size=20, cursor=cursor, **parameters)
        yield page


@pytest.mark.parametrize("name", LISTS)
def test_it_walks_all_pages_of_a_list(part: Callable[[str], Any], client: Any, name: str) -> None:
    counted = getattr(part("models"), f"{name.capitalize()}ListCount")("1")
    walked = list(pages(part, client, name, count=counted))
    found = [getattr(one, "uid", None) or one.slug for page in walked for one in page.results]
    assert len(found) == len(set(found)) == walked[0].count > 3
    assert type(walked[0].results[0]) is getattr(part("models"), {"people": "Person"}.get(name, name[:-1].capitalize()))


def test_its_quotes_are_typed(part: Callable[[str], Any], client: Any) -> None:
    found = [quote for page in pages(part, client, "quotes") for quote in page.results]
    for quote in found:
        assert type(quote.uid) is UUID
        assert isinstance(quote.kind, enum.Enum)
        assert isinstance(quote.verification, enum.Enum)
        assert isinstance(quote.modified, dt.datetime)
        assert quote.modified.tzinfo
        assert all(isinstance(one.stance, enum.Enum) and one.topic.slug for one in quote.stances)
    assert {type(quote.speaker).__name__ for quote in found} == {"Reference", "NoneType"}
    assert {type(quote.said_on) for quote in found} == {str, type(None)}
    assert {type(one.provided_on) for quote in found for one in quote.evidence} <= {dt.date}


def test_its_filters_are_the_apis(part: Callable[[str], Any], client: Any, ask: Callable[[str], Any]) -> None:
    models, listing = part("models"), part("api.quotes.quotes_list")
    page = listing.sync(
        client=client,
        stance=[models.QuotesListStanceItem("oppose"), models.QuotesListStanceItem("mixed")],
        topic=["gatelight-pilot"],
        published_after="2025",
        count=models.QuotesListCount("1"),
    )
    assert page.count == ask("quotes/?stance=oppose,mixed&topic=gatelight-pilot&published_after=2025&count=1")["count"]


def test_an_error_is_typed_too(part: Callable[[str], Any], client: Any) -> None:
    problem = part("api.quotes.quotes_list").sync(client=client, topic=["gatelight-pilott"])
    assert type(problem).__name__ == "Problem"
    assert problem.status == 400
    assert [(one.param, one.suggestion) for one in problem.errors] == [("topic", "gatelight-pilot")]


def test_one_quote_and_the_counts_are_read(part: Callable[[str], Any], client: Any, ask: Callable[[str], Any]) -> None:
    uid = ask("quotes/")["results"][0]["uid"]
    assert part("api.quotes.quotes_read").sync(UUID(uid), client=client).uid == UUID(uid)
    facet = part("models").QuotesFacetsFacetItem("stance")
    counts = part("api.quotes.quotes_facets").sync(client=client, facet=[facet])
    assert counts.count == ask("quotes/?count=1")["count"]
    assert counts.facets["stance"].values[0].count > 0
    bins = part("api.quotes.quotes_timeline").sync(client=client).bins
    assert sum(one.count for one in bins) > 100
