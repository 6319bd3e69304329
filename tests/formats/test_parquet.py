"""Parquet: real types, nulls, row groups, metadata; read by Arrow."""

from __future__ import annotations

import datetime as dt
import io
import json
from dataclasses import replace
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from quotes.datasets.formats import FORMATS, TABLES
from quotes.datasets.formats.parquet import ROWS_IN_GROUP
from quotes.publication.records import COLUMNS, flat_values
from tests.formats.invented import BOTH, quote
from tests.formats.test_csv import coding
from tests.formats.writing import (
    CONTEXT,
    ENTITIES,
    MODIFIED,
    documents,
    published,
    published_quotes,
    quote_row,
    written,
)


def read(kind: str, rows: Any, context: Any = CONTEXT) -> pa.Table:
    return pq.read_table(io.BytesIO(written("parquet", kind, rows, context)))


def test_columns_have_their_types() -> None:
    types = {field.name: str(field.type) for field in read("quote", [quote_row(BOTH[0])]).schema}
    others = {name: type_ for name, type_ in types.items() if type_ != "string"}
    assert others == {
        "speaks_for_organization": "bool",
        "dated_start": "date32[day]",
        "dated_end": "date32[day]",
        "modified": "timestamp[us, tz=UTC]",
    }
    assert str(read("topic", []).schema.field("quote_count").type) == "int64"
    assert str(read("coding", [coding()]).schema.field("round").type) == "int64"


@pytest.mark.usefixtures("loaded")
def test_every_cell_of_every_quote_is_there(db: None) -> None:
    rows = published_quotes()
    lines = read("quote", rows).to_pylist()
    assert len(lines) == len(rows) > 5
    for document, line in zip(documents(rows), lines, strict=True):
        for column, value in zip(COLUMNS, flat_values(document), strict=True):  # type: ignore[arg-type]
            expected = dt.date.fromisoformat(value) if column.type == "date" and value else value
            assert line[column.name] == (None if value == "" else expected), column.name
        assert line["modified"] == MODIFIED


@pytest.mark.usefixtures("demonstration")
@pytest.mark.parametrize("kind", ENTITIES)
def test_other_kinds_have_their_tables(kind: str, db: None) -> None:
    rows = published(kind)
    lines = read(kind, rows).to_pylist()
    assert [line["slug"] for line in lines] == [document["slug"] for document in documents(rows)]
    assert [line["quote_count"] for line in lines] == list(range(len(rows)))


@pytest.mark.parametrize("words", ["NaN", "NULL", "true", "2025-01-01", "007", ' "a", b\n\nc ', "x" * 3_000_000])
def test_words_are_never_taken_for_something_else(words: str) -> None:
    assert read("quote", [quote_row(quote(text=words)), quote_row(BOTH[0])])["text"][0].as_py() == words


def test_an_empty_cell_is_null() -> None:
    [line] = read("quote", [quote_row(quote(cue="", said_on=None))]).to_pylist()
    assert (line["cue"], line["said_on"]) == (None, None)


def test_times_may_have_fractions_of_seconds_or_none() -> None:
    moments = [MODIFIED, MODIFIED.replace(microsecond=0), MODIFIED.replace(microsecond=500_000)]
    rows = [replace(quote_row(BOTH[0]), members={"modified": moment}) for moment in moments]
    assert read("quote", rows)["modified"].to_pylist() == moments


def test_what_the_answer_states_of_itself_is_in_its_metadata() -> None:
    metadata = read("quote", [quote_row(BOTH[0])], replace(CONTEXT, release="2026-01")).schema.metadata
    assert json.loads(metadata[b"applied"]) == CONTEXT.applied
    assert metadata[b"codebook_version"] == b"1.0"
    assert metadata[b"generated_at"] == b"2026-02-03T04:05:06Z"
    assert metadata[b"release"] == b"2026-01"
    assert metadata[b"rows"] == b"quotes"


@pytest.mark.parametrize("kind", TABLES)
def test_every_column_says_what_it_means(kind: str) -> None:
    fields = read(kind, []).schema
    assert {field.name: field.metadata[b"description"].decode() for field in fields} == {
        column.name: column.meaning for column in TABLES[kind].columns
    }


def test_fields_choose_columns() -> None:
    table = read("quote", [quote_row(BOTH[0], fields={"dated_end", "uid"})])
    assert table.to_pylist() == [{"uid": BOTH[0]["uid"], "dated_end": dt.date(2025, 2, 28)}]


def test_rows_go_out_in_groups_as_they_come() -> None:
    row = quote_row(BOTH[0])
    given = [0]

    def rows() -> Any:
        for _ in range(2 * ROWS_IN_GROUP + 1):
            given[0] += 1
            yield row

    chunks = FORMATS["parquet"].write("quote", rows(), CONTEXT)
    first = next(chunks)
    assert given[0] <= ROWS_IN_GROUP + 1
    file = pq.ParquetFile(io.BytesIO(first + b"".join(chunks)))
    groups = [file.metadata.row_group(number).num_rows for number in range(file.num_row_groups)]
    assert groups == [ROWS_IN_GROUP, ROWS_IN_GROUP, 1]
    assert file.metadata.row_group(0).column(0).compression == "ZSTD"
