"""Citation software takes the citations: citeproc formats every CSL item, pybtex and rispy parse what is served."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.clients.packages import needed

citeproc = needed("citeproc")
sources = needed("citeproc.source.json")
pybtex = needed("pybtex.database")
plain = needed("citeproc.formatter.plain")
rispy = needed("rispy")

STYLE = Path(__file__).with_name("plain.csl")

pytestmark = pytest.mark.parametrize("name", ["quotes", "articles"])


@pytest.fixture
def fetch(api: str, name: str) -> Callable[[str], str]:
    """The list in a format, as text."""

    def read(written: str) -> str:
        with urllib.request.urlopen(f"{api}/{name}/?format={written}") as answer:  # noqa: S310 - our own http address
            return answer.read().decode()

    return read


def keys(ask: Callable[[str], Any], name: str) -> list[str]:
    """What the list shows, by its keys, in its order."""
    found, query = [], f"{name}/?page_size=100"
    while query:
        page = ask(query)
        found += [one.get("uid") or one["slug"] for one in page["results"]]
        query = page["next"] and page["next"].partition("/api/v1/")[2]
    return found


def formatted(items: list[dict[str, Any]]) -> dict[str, str]:
    """Each item as citeproc prints it, by its id; a complaint of citeproc's is an error."""
    style = citeproc.CitationStylesStyle(str(STYLE))
    book = citeproc.CitationStylesBibliography(style, sources.CiteProcJSON(items), plain)
    for item in items:
        book.register(citeproc.Citation([citeproc.CitationItem(item["id"])]))
    return {key: str(entry) for key, entry in zip(book.keys, book.bibliography(), strict=True)}


def test_citeproc_formats_every_item(fetch: Callable[[str], str], ask: Callable[[str], Any], name: str) -> None:
    items = json.loads(fetch("csl"))
    entries = formatted(items)
    assert list(entries) == keys(ask, name)
    for item in items:
        assert item["title"] in entries[item["id"]]
        assert item["URL"] in entries[item["id"]]


def test_pybtex_parses_every_entry(fetch: Callable[[str], str], ask: Callable[[str], Any], name: str) -> None:
    entries = pybtex.parse_string(fetch("bib"), "bibtex").entries
    assert list(entries) == keys(ask, name)
    for entry in entries.values():
        assert entry.fields["title"]
        assert entry.fields["url"].startswith("https://")


def test_rispy_parses_every_entry(fetch: Callable[[str], str], ask: Callable[[str], Any], name: str) -> None:
    entries = rispy.loads(fetch("ris"))
    assert [entry["id"] for entry in entries] == keys(ask, name)
    assert all(entry["title"] or entry["primary_title"] for entry in entries)
