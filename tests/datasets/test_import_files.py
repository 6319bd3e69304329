"""Files that are no table of quotes, or not quite: each is refused with a sentence that says where and why."""

from __future__ import annotations

import gzip
import json

import pytest

from quotes.datasets.importing import tables
from quotes.datasets.importing.columns import COLUMNS
from quotes.models import Quote
from quotes.publication.records import COLUMNS as FLAT_TABLE
from tests.datasets import HEADER, ROW, line, lines, planned, refused, table

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_table_is_read_as_spreadsheets_write_it(delimiter: str, mark: str, end: str) -> None:
    text = table(ROW, "", ROW.replace("h1", "h2"), end=end).decode()
    plan = planned(mark + text.replace(",", delimiter))
    assert plan.refusals == ()
    assert [(one.entry.row, one.entry.external_id) for one in plan.quotes] == [(2, "h1"), (4, "h2")]


def test_a_cell_may_hold_line_ends_delimiters_and_marks() -> None:
    words = '"“Lit,” she said; ""all"",\r\nof them."'
    plan = planned(table(ROW.replace("The lanterns watch everyone.", words), ROW.replace("h1", "h2")))
    assert plan.quotes[0].entry.text == '“Lit,” she said; "all",\nof them.'
    assert [one.entry.row for one in plan.quotes] == [2, 3]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf\r\n \n", "empty"),
        (table(), "empty"),
        (table(ROW).decode().encode("utf-16"), "not_text"),
        (table(ROW).decode().encode("utf-16-le"), "not_text"),
        (b"\x7fELF" + bytes(200), "not_text"),
        (b"PK\x03\x04" + b"sheet", "not_text"),
        (b"PAR1junkPAR1", "not_text"),
        (gzip.compress(table(ROW), mtime=0), "not_text"),
        (table(ROW) + b"\0", "not_text"),
        (table(ROW.replace("Ottoline", "Ottil\xed")).decode().encode("latin-1"), "not_utf8"),
        (b"\xed\xa0\x80" + table(ROW), "not_utf8"),
        (table(ROW, end="\r"), "bare_cr"),
        (table('h1,"The lanterns,Ottoline Varga'), "not_csv"),
        (table('h1,"The lanterns" burn,Ottoline Varga,https://gazette.example/vote,The vote'), "not_csv"),
        (table(ROW + ",more"), "ragged"),
        (table(ROW.rpartition(",")[0]), "ragged"),
        (table(ROW.replace("watch", "w" * 10**6)), "too_long"),
        (table("\ufeff" + ROW), "control_character"),
        (table(ROW.replace("watch", "w\x1b[2Jatch")), "control_character"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_that_is_no_table_in_utf_8_is_refused(content: bytes, code: str) -> None:
    refusal = refused(planned(content))
    assert refusal.code == code
    assert refusal.detail.endswith((".", "?"))


def test_a_refusal_of_bytes_says_where_they_are() -> None:
    content = table(ROW) + "h2,Señor".encode("latin-1")
    refusal = refused(planned(content))
    at = content.index(b"\xf1")
    assert (refusal.row, refusal.detail) == (3, f"Line 3 is not UTF-8: byte 0xf1 at {at}. Save the table in UTF-8.")


@pytest.mark.parametrize(
    ("header", "code", "detail"),
    [
        (
            "external_id,txt,text,speaker,article_url",
            "unknown_header",
            "'txt' is no column known here. Did you mean 'text'?",
        ),
        ("text,Quote,speaker,article_url", "duplicate_header", "text is given 2 times: as 'text', 'Quote'."),
        ("speaker,article_url", "missing_column", "There is no column text. The words, verbatim."),
        ("text,,speaker,article_url", "unknown_header", "A column without a header."),
        (
            "text,zebra\x1b[2J,article_url",
            "unknown_header",
            "'zebra [2J' is no column known here. Rename it, or take it out.",
        ),
    ],
)
def test_a_header_that_is_not_understood_is_named(header: str, code: str, detail: str) -> None:
    refusal = refused(planned(table(ROW, header=header)))
    assert (refusal.code, refusal.detail, refusal.row) == (code, detail, 1)


def test_all_that_is_wrong_with_a_header_is_told_at_once() -> None:
    plan = planned("foo,bar\n1,2\n")
    assert [(one.code, one.column) for one in plan.refusals] == [
        ("unknown_header", "foo"),
        ("unknown_header", "bar"),
        ("missing_column", "text"),
        ("missing_column", "article_url"),
    ]


def test_every_column_of_our_own_table_is_read_or_left_out_and_what_is_left_out_is_told() -> None:
    names = ["permalink", *(column.name for column in FLAT_TABLE), "modified"]
    said = {
        "text": "Lit.",
        "speaker_name": "Ottoline Varga",
        "article_url": "https://gazette.example/a",
        "dated": "2025",
    }
    cells = dict.fromkeys(names, "") | said | {"article_title": "The vote"}
    plan = planned(",".join(names) + "\n" + ",".join(cells[name] for name in names) + "\n")
    assert plan.refusals == ()
    assert {"permalink", "modified", "dated", "verification", "positions"} <= set(plan.left_out)
    assert not set(plan.left_out) & COLUMNS.keys()


def test_more_rows_than_come_in_here_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MAX_ROWS", 2)
    rows = [ROW.replace("h1", f"h{number}") for number in range(3)]
    assert planned(table(*rows[:2])).refusals == ()
    assert refused(planned(table(*rows))).code == "too_many_rows"


def test_a_file_larger_than_comes_in_here_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    content = table(ROW)
    monkeypatch.setattr(tables, "MAX_FILE_BYTES", len(content))
    assert planned(content).refusals == ()
    assert refused(planned(content + b" ")).code == "too_large"


@pytest.mark.parametrize("name", ["notes", "notes.xls", "notes.csv.exe", "\x1b[2J", ""])
def test_a_format_that_is_unknown_is_named(name: str) -> None:
    refusal = refused(planned(table(ROW), name))
    assert refusal.code == "unknown_format"
    assert refusal.detail.endswith("not one of csv, jsonl, parquet, xlsx, dna, hypothesis.")


def test_a_default_for_an_unknown_column_is_refused() -> None:
    assert (
        refused(planned(table(ROW), standng="current")).detail
        == "'standng' is no column known here. Did you mean 'standing'?"
    )


# JSON Lines


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('{"text": NaN}', "not_json"),
        ('{"text": -Infinity}', "not_json"),
        ('{"text": "a", "text": "b"}', "not_json"),
        ('{"text": "a", "tex', "not_json"),
        ("{'text': 'a'}", "not_json"),
        ("[" * 100_000, "not_json"),
        ("5", "not_an_object"),
        ('["a"]', "not_an_object"),
        ("null", "not_an_object"),
        (line(text="\0"), "control_character"),
        (line(text="The \\ud800 lantern").replace("\\\\u", "\\u"), "control_character"),
        (line(text=["a"]), "not_text"),
        (line(text={"a": 1}), "not_text"),
        (line(text=0).replace(" 0,", " " + "9" * 5000 + ","), "not_text"),
        (line(speakr="Ottoline Varga"), "unknown_header"),
        (line(quote="Lit."), "duplicate_header"),
        (line(text=None), "missing"),
    ],
    ids=lambda value: value[:30],
)
def test_a_line_that_is_no_row_is_refused(text: str, code: str) -> None:
    refusal = refused(lines(line(external_id="good"), "", text))
    assert (refusal.code, refusal.row) == (code, 3)


def test_a_line_may_hold_numbers_booleans_and_null() -> None:
    [quote] = lines(line(external_id=7, published=2024, is_final=True, cue=None) + "\r").quotes
    assert (quote.entry.external_id, quote.entry.published, quote.entry.is_final) == ("7", "2024", True)


def test_a_number_keeps_its_digits() -> None:
    [quote] = lines(line(external_id=0).replace(" 0,", " 1.10,")).quotes
    assert quote.entry.external_id == "1.10"


def test_an_empty_object_lacks_what_a_row_needs() -> None:
    assert refused(lines(json.dumps({}))).code == "missing"


# What a plan does not do


def test_a_plan_writes_nothing() -> None:
    planned(table(ROW))
    assert not Quote.objects.exists()


def test_a_formula_is_text() -> None:
    plan = planned(table(ROW.replace("The lanterns watch everyone.", "=cmd|' /C calc'!A0")))
    assert plan.quotes[0].entry.text == "=cmd|' /C calc'!A0"


def test_the_header_may_be_written_as_people_write() -> None:
    plan = planned(table(ROW, header="ID,Quotation,Person,Article URL,HEADLINE"))
    assert plan.refusals == ()
    assert HEADER.split(",")[0] == "external_id"
    assert plan.quotes[0].entry.article_title == "The vote"
