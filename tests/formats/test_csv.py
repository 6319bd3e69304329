"""CSV: RFC 4180, verbatim; and the dialect that spreadsheets open."""

from __future__ import annotations

import csv
import io
from collections import Counter
from typing import Any

import orjson
import pytest

from quotes.datasets.formats import FORMATS, TABLES, Row
from quotes.datasets.formats.csv_lines import stored as stored_batch
from quotes.datasets.formats.csv_lines import stored_header
from quotes.datasets.formats.formulas import restore
from quotes.publication.models import PublishedQuote
from quotes.publication.records import cell, csv_record, flat_values
from tests.formats.invented import BOTH, quote
from tests.formats.writing import (
    CONTEXT,
    ENTITIES,
    documents,
    published,
    published_quotes,
    quote_row,
    written,
)

ROOT = CONTEXT.root


def table(answer: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.decode(), newline=""), strict=True))


def test_the_answer_is_utf_8_without_a_mark_and_ends_lines_in_crlf() -> None:
    answer = written("csv", "quote", [quote_row(BOTH[1])])
    assert answer.startswith(b"permalink,uid,text,")
    assert answer.endswith(b"\r\n")
    assert answer.count(b"\r\n") == 2


def test_a_record_with_a_line_end_in_it_can_be_read() -> None:
    [row] = table(written("csv", "quote", [quote_row(quote(text="one\ntwo", cue="\r"))]))
    assert (row["text"], row["cue"]) == ("one\ntwo", "\r")


@pytest.mark.usefixtures("loaded")
def test_every_cell_of_every_quote_is_verbatim(db: None) -> None:
    rows = published_quotes()
    read = table(written("csv", "quote", rows))
    assert len(read) == len(rows) > 5
    for document, line in zip(documents(rows), read, strict=True):
        assert list(line.values())[1:-1] == [cell(value) for value in flat_values(document)]
        assert line["permalink"] == ROOT + document["permalink"]
        assert line["modified"] == "2026-01-02T03:04:05.000678Z"


@pytest.mark.usefixtures("demonstration")
def test_the_stored_record_goes_out_as_it_is(db: None) -> None:
    rows = list(PublishedQuote.objects.order_by("uid"))
    stored = stored_batch([(row.record.encode(), b"2026-01-02T03:04:05.000678Z") for row in rows], ROOT)
    assert stored_header() + stored == written("csv", "quote", published_quotes())


@pytest.mark.usefixtures("demonstration")
@pytest.mark.parametrize("kind", ENTITIES)
def test_other_kinds_have_their_tables(kind: str, db: None) -> None:
    rows = published(kind)
    read = table(written("csv", kind, rows))
    assert [row["slug"] for row in read] == [document["slug"] for document in documents(rows)]
    assert {row["permalink"] for row in read} == {
        ROOT + document["api_url"].removeprefix("/api/v1") for document in documents(rows)
    }
    assert [row["quote_count"] for row in read] == [str(number) for number in range(len(rows))]


def coding(**members: Any) -> Row:
    members = {
        "quote": BOTH[0]["uid"],
        "quote_url": BOTH[0]["api_url"],
        "topic": BOTH[0]["stances"][0]["topic"],
        "stance": "support",
        "coder": "coder-a",
        "round": 1,
        "certainty": "high",
        "justification": "Plain.",
        "codebook_version": "1.0",
        "is_final": False,
    } | members
    return Row(orjson.dumps(members).decode(), {})


def test_codings_have_a_table() -> None:
    [row] = table(written("csv", "coding", [coding()]))
    assert (row["topic"], row["round"], row["is_final"]) == ("lanterns", "1", "false")
    assert row["permalink"] == f"{ROOT}/quotes/{BOTH[0]['uid']}/"


def test_fields_choose_columns_in_the_tables_order() -> None:
    answer = written("csv", "quote", [quote_row(BOTH[1], fields={"modified", "uid", "organization"})])
    assert (
        answer.decode() == f"uid,organization,modified\r\n{BOTH[1]['uid']},harbor-watch,2026-01-02T03:04:05.000678Z\r\n"
    )


def test_an_answer_without_rows_has_its_header() -> None:
    assert written("csv", "topic", []).decode() == "permalink,slug,name,proposition,parent,quote_count,modified\r\n"


def test_the_header_is_the_first_chunk() -> None:
    chunks = FORMATS["csv"].write("quote", iter([quote_row(BOTH[0])] * 3), CONTEXT)
    assert next(chunks).decode().split(",")[-1] == "modified\r\n"


def test_excel_gets_a_mark_and_no_formula() -> None:
    answer = written("excel", "quote", [quote_row(quote(cue="@SUM(1)", framing="'-1"))])
    assert answer.startswith(b"\xef\xbb\xbfpermalink,")
    [row] = table(answer.removeprefix(b"\xef\xbb\xbf"))
    assert (row["text"][:2], row["cue"], row["framing"]) == ("'=", "'@SUM(1)", "''-1")


@pytest.mark.usefixtures("loaded")
def test_the_excel_dialect_can_be_taken_back(db: None) -> None:
    rows = published_quotes()
    plain = table(written("csv", "quote", rows))
    excel = table(written("excel", "quote", rows).removeprefix(b"\xef\xbb\xbf"))
    assert [{name: restore(value) for name, value in row.items()} for row in excel] == plain


@pytest.mark.parametrize("kind", TABLES)
def test_no_column_is_there_twice(kind: str) -> None:
    assert max(Counter(column.name for column in TABLES[kind].columns).values()) == 1


def test_a_record_is_one_line_of_a_csv_file_that_has_line_ends_in_cells() -> None:
    assert csv_record(["a\nb", "c\rd", "e"]) == '"a\nb","c\rd",e'
