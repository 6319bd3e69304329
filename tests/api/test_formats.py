"""Every list and every document comes in every format that it has, and a whole result set is all of its pages."""

from __future__ import annotations

import pytest

from quotes.datasets.formats import FORMATS
from tests.api.asking import API, CLIENT, ask
from tests.api.exporting import lines, table

KINDS = {
    "quotes": "quote",
    "people": "person",
    "organizations": "organization",
    "articles": "article",
    "topics": "topic",
}
COMBINATIONS = [(path, name) for path, kind in KINDS.items() for name, one in FORMATS.items() if kind in one.kinds]


@pytest.mark.django_db
@pytest.mark.usefixtures("reference")
@pytest.mark.parametrize(("path", "name"), COMBINATIONS)
def test_every_list_comes_in_every_format_that_it_has(path: str, name: str) -> None:
    answer = CLIENT.get(f"{API}{path}/?format={name}")
    assert (answer.status_code, answer["Content-Type"]) == (200, FORMATS[name].media_type)
    assert len(answer.getvalue()) > 200
    assert answer["Content-Disposition"].endswith(f'filename="{path}.{FORMATS[name].extension}"')


@pytest.mark.django_db
@pytest.mark.usefixtures("reference")
@pytest.mark.parametrize(("path", "name"), COMBINATIONS)
def test_so_does_every_document(path: str, name: str) -> None:
    address = ask("page_size=1", path=f"{path}/")["results"][0]["api_url"]
    answer = CLIENT.get(f"{address}?format={name}")
    assert (answer.status_code, answer["Content-Type"]) == (200, FORMATS[name].media_type)
    assert len(answer.getvalue()) > 100


@pytest.mark.django_db
@pytest.mark.usefixtures("demonstration")
@pytest.mark.parametrize(
    "query", ["", "affiliation_status=any&organization_kind=government_agency", "q=lamps&ordering=dated"]
)
def test_a_whole_result_set_is_all_pages_in_their_order(query: str) -> None:
    documents, address = [], f"{API}quotes/?page_size=50&{query}"
    while address:
        answer = CLIENT.get(address).json()
        documents += answer["results"]
        address = answer["next"]
    assert lines(query) == documents
    assert [row["uid"] for row in table(query)] == [document["uid"] for document in documents]


@pytest.mark.django_db
@pytest.mark.usefixtures("demonstration")
def test_entities_come_whole_too_with_their_counts() -> None:
    first = ask("page_size=100", path="people/")
    assert first["next"] is None
    rows = table("", path="people/")
    assert [(row["slug"], int(row["quote_count"])) for row in rows] == [
        (one["slug"], one["quote_count"]) for one in first["results"]
    ]


@pytest.mark.django_db
@pytest.mark.usefixtures("reference")
@pytest.mark.parametrize("query", ["omit=topic", "fields=quote", "page_size=2&omit=topic", "page_size=2&fields=stance"])
def test_codings_come_in_part_too(query: str) -> None:
    assert all(lines(query, path="codings/"))
