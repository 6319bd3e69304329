"""NDJSON: a document a line."""

from __future__ import annotations

import orjson
import pytest

from quotes.datasets.formats import Row
from quotes.publication.models import PublishedQuote
from quotes.publication.serving import quote_json
from tests.formats.invented import BOTH
from tests.formats.test_csv import coding
from tests.formats.writing import ENTITIES, documents, published, quote_row, written


@pytest.mark.usefixtures("loaded")
def test_a_line_is_what_the_api_serves(db: None) -> None:
    quotes = list(PublishedQuote.objects.order_by("uid"))
    answer = written("ndjson", "quote", [Row(row.document, {"modified": row.modified}) for row in quotes])
    assert answer == b"".join(orjson.dumps(quote_json(row)) + b"\n" for row in quotes)


@pytest.mark.usefixtures("demonstration")
@pytest.mark.parametrize("kind", ENTITIES)
def test_a_line_has_the_members_added_to_its_document(kind: str, db: None) -> None:
    rows = published(kind)
    lines = [orjson.loads(line) for line in written("ndjson", kind, rows).splitlines()]
    assert [list(line)[-2:] for line in lines] == [["quote_count", "modified"]] * len(rows)
    assert [{name: line[name] for name in document} for line, document in zip(lines, documents(rows), strict=True)] == (
        documents(rows)
    )


def test_line_ends_in_a_quote_do_not_end_a_line() -> None:
    assert written("ndjson", "quote", [quote_row(one) for one in BOTH]).count(b"\n") == 2


def test_fields_choose_members() -> None:
    answer = written("ndjson", "quote", [quote_row(BOTH[1], fields={"uid", "kind", "modified"})])
    assert answer.decode() == (
        f'{{"uid":"{BOTH[1]["uid"]}","kind":"indirect","modified":"2026-01-02T03:04:05.000678Z"}}\n'
    )


def test_a_document_without_members_is_passed_on() -> None:
    row = coding()
    assert written("ndjson", "coding", [row]).decode() == row.document + "\n"


def test_no_rows_are_no_bytes() -> None:
    assert written("ndjson", "quote", []) == b""
