"""What holds of all formats: their golden files, constant memory, chunks of a size, what they serve."""

from __future__ import annotations

import os
import tracemalloc
from collections import deque
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import orjson
import pytest

from quotes.datasets.formats import EXCEL_CSV, FORMATS, TABLES, Format, Row
from quotes.publication.shapes import ArticleReference, QuoteDocument
from tests.formats.invented import ARTICLE, BOTH, SPLIT
from tests.formats.writing import CONTEXT, MODIFIED, quote_row, written

GOLDEN = Path(__file__).parent / "golden"
FILES = {
    "csv": "csv",
    "excel": "excel.csv",
    "ndjson": "ndjson",
    "jsonld": "jsonld",
    "bib": "bib",
    "ris": "ris",
    "csl": "csl",
}
# Rows for each writer, as many as it writes in a few seconds while memory is watched.
MANY = {
    "csv": 10_000,
    "ndjson": 100_000,
    "csl": 10_000,
    "parquet": 40_000,
    "jsonld": 4_000,
    "ris": 5_000,
    "bib": 1_000,
    "xlsx": 1_000,
}
MEGABYTE = 2**20
ENVIRONMENT = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"}


@pytest.mark.parametrize(("name", "extension"), FILES.items())
def test_the_invented_quotes_are_written_as_ever(name: str, extension: str) -> None:
    """A golden file that is missing is made, and the test fails for once: look at what was made."""
    path = GOLDEN / f"quotes.{extension}"
    answer = written(name, "quote", [quote_row(one) for one in BOTH])
    if not path.exists():
        path.write_bytes(answer)
        pytest.fail(f"{path.name} was not there, and is now: is it what it should be?")
    assert answer == path.read_bytes()


def test_the_invented_quotes_have_the_shape_of_real_ones() -> None:
    assert all(set(one) == set(QuoteDocument.__annotations__) for one in BOTH)
    assert set(ARTICLE) == set(ArticleReference.__annotations__)


def generated(count: int) -> Iterator[Row]:
    """Long rows, none of which shares its strings with another."""
    document = orjson.dumps(SPLIT | {"framing": "x" * 2_000}).decode()
    for number in range(count):
        yield Row(f'{document[:-1]},"n":{number}}}', {"modified": MODIFIED})


@pytest.mark.parametrize("name", FORMATS)
def test_rows_are_not_kept(name: str) -> None:
    """The rows are more than 20 MB in the slowest format's case, and several hundred in the others'."""
    deque(FORMATS[name].write("quote", generated(1), CONTEXT), maxlen=0)  # imports are not counted
    tracemalloc.start()
    deque(FORMATS[name].write("quote", generated(MANY[name]), CONTEXT), maxlen=0)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < (64 if name == "parquet" else 2) * MEGABYTE


@pytest.mark.parametrize("name", ["csv", "ndjson", "jsonld", "bib", "ris", "csl"])
def test_chunks_are_about_64_kilobytes(name: str) -> None:
    _, chunk, another = islice(FORMATS[name].write("quote", generated(400), CONTEXT), 3)
    assert 60_000 < len(chunk) < 80_000
    assert another


@pytest.mark.parametrize("name", [name for name in FORMATS if name not in ("parquet", "xlsx")])
def test_the_first_chunk_waits_for_one_row_at_most(name: str) -> None:
    def rows() -> Iterator[Row]:
        yield quote_row(SPLIT)
        pytest.fail("a second row was asked for")

    assert next(FORMATS[name].write("quote", rows(), CONTEXT))


@pytest.mark.parametrize("form", [*FORMATS.values(), EXCEL_CSV], ids=lambda form: form.name)
def test_a_format_says_what_it_is(form: Format) -> None:
    assert form.media_type.split(";")[0] == form.accepts[0]
    assert form.kinds <= set(TABLES)
    assert "quote" in form.kinds
