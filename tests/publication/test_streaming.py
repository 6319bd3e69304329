"""Stored quotes as they go out: to the byte, whatever characters they hold."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import orjson
import pytest

from quotes.datasets import stored_quotes
from quotes.datasets.exporting import all_rows
from quotes.datasets.formats import FORMATS, Context
from quotes.publication import streaming
from quotes.publication.models import PublishedQuote
from quotes.publication.records import csv_record, flat_values
from tests.api.asking import published
from tests.formats.writing import CONTEXT
from tests.model import run

pytestmark = pytest.mark.django_db

# What COPY's formats treat in a manner of their own, and what only looks as if.
AWKWARD = [
    "back\\slash \\n \\\\ \\. \\N",
    "a “mark”, a \"mark\", ''",
    "one\ntwo\r\nthree\rfour",
    "\\.",
    "\x01\x02\x01\x01 and \x7f",
    "tab\tand, comma; semicolon",
    '}\x02,"modified":"no"}',
    "🏮 ü \u2028 \ufeff",
]


@pytest.fixture
def awkward() -> list[PublishedQuote]:
    """Published quotes with these words, each changed at a moment of its own; the last at a whole second."""
    for number, words in enumerate(AWKWARD):
        quote = published(f"Words {number}.")
        row = PublishedQuote.objects.get(uid=quote.uid)
        document = orjson.loads(row.document) | {"text": words, "cue": words}
        row.document, row.record = orjson.dumps(document).decode(), csv_record(flat_values(document))
        row.save()
    run(
        "UPDATE publication_publishedquote SET modified = timestamptz '2026-01-02 03:04:05.000678Z' + id * interval '1 us'"
    )
    run("UPDATE publication_publishedquote SET modified = '2026-01-02T05:04:05+02' WHERE uid = %s", row.uid)
    return list(PublishedQuote.objects.newest_first())


def straight(name: str, queryset: Any, context: Context = CONTEXT) -> bytes:
    return b"".join(stored_quotes.chunks(queryset, FORMATS[name], context))


@pytest.mark.parametrize("name", ["csv", "ndjson"])
def test_stored_quotes_go_out_as_the_writers_of_rows_have_them(name: str, awkward: list[PublishedQuote]) -> None:
    queryset = PublishedQuote.objects.newest_first()
    assert straight(name, queryset) == b"".join(FORMATS[name].write("quote", all_rows(queryset), CONTEXT))


def test_awkward_words_come_back_from_ndjson(awkward: list[PublishedQuote]) -> None:
    lines = straight("ndjson", PublishedQuote.objects.order_by("id")).split(b"\n")
    assert lines.pop() == b""
    assert [json.loads(line)["text"] for line in lines] == AWKWARD
    assert json.loads(lines[-1])["modified"] == "2026-01-02T03:04:05Z"


def test_awkward_words_come_back_from_csv(awkward: list[PublishedQuote]) -> None:
    text = straight("csv", PublishedQuote.objects.order_by("id")).decode()
    rows = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
    assert [(row["text"], row["cue"]) for row in rows] == [(words, words) for words in AWKWARD]
    assert {row["permalink"] for row in rows} == {f"{CONTEXT.root}/quotes/{row.uid}/" for row in awkward}


def test_the_fields_are_the_stored_ones_to_the_byte(awkward: list[PublishedQuote]) -> None:
    batches = list(streaming.stored(PublishedQuote.objects.newest_first(), "record"))
    assert len(batches[0]) == 1
    assert [bytes(record).decode() for batch in batches for record, _ in batch] == [row.record for row in awkward]


def test_of_many_quotes_none_is_lost_between_batches(
    monkeypatch: pytest.MonkeyPatch, awkward: list[PublishedQuote]
) -> None:
    for size in (1, 2, 3, len(AWKWARD) - 1, len(AWKWARD)):
        monkeypatch.setattr(streaming, "_BATCH", size)
        told: list[int] = []
        queryset = PublishedQuote.objects.newest_first()
        answer = b"".join(stored_quotes.chunks(queryset, FORMATS["ndjson"], CONTEXT, told.append))
        assert (answer.count(b"\n"), sum(told)) == (len(AWKWARD), len(AWKWARD))


@pytest.mark.parametrize("queryset", [PublishedQuote.objects.none(), PublishedQuote.objects.filter(uid=None)])
def test_without_quotes_a_table_is_its_header(queryset: Any) -> None:
    assert straight("ndjson", queryset) == b""
    assert straight("csv", queryset) == b"".join(FORMATS["csv"].write("quote", [], CONTEXT))


def test_whoever_stops_reading_ends_the_statement(awkward: list[PublishedQuote]) -> None:
    chunks = stored_quotes.chunks(PublishedQuote.objects.newest_first(), FORMATS["ndjson"], CONTEXT)
    assert next(chunks).count(b"\n") == 1
    chunks.close()
    assert PublishedQuote.objects.count() == len(AWKWARD)


def test_what_is_computed_for_each_row_is_not_taken_from_storage() -> None:
    queryset = PublishedQuote.objects.all()
    enough = [name for name, written in FORMATS.items() if stored_quotes.are_enough(queryset, written)]
    assert enough == ["csv", "ndjson"]
