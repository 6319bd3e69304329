"""Workbooks and Parquet as tables of quotes: the same columns, the same refusals, the same places."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from quotes.curation import refresh_publication
from quotes.datasets.importing import tables, xlsx_tables
from quotes.publication.records import csv_record
from tests.api.asking import CLIENT, published
from tests.datasets import HEADER, ROW, planned, refused, table
from tests.factories import make_capacity, make_coding, make_organization, make_topic

pytestmark = pytest.mark.django_db

NAMES, CELLS = HEADER.split(","), ROW.split(",")


def workbook(*rows: list[Any], sheet: str = "quotes", before: str = "about") -> bytes:
    book = openpyxl.Workbook()
    book.active.title = before
    book.active.append(["This sheet says what the other one is."])
    page = book.create_sheet(sheet)
    for row in rows:
        page.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def parquet(**columns: list[Any]) -> bytes:
    stream = io.BytesIO()
    pq.write_table(pa.table(columns), stream)
    return stream.getvalue()


def test_the_sheet_of_quotes_is_read_with_the_rows_that_the_program_shows() -> None:
    plan = planned(workbook(NAMES, CELLS, [], ["h2", *CELLS[1:]]), "harbor.xlsx")
    assert plan.refusals == ()
    assert [(one.entry.row, one.entry.external_id, one.entry.text) for one in plan.quotes] == [
        (2, "h1", CELLS[1]),
        (4, "h2", CELLS[1]),
    ]


def test_values_are_read_as_a_person_would_type_them() -> None:
    names = [*NAMES, "said_on", "published", "is_final", "cue"]
    plan = planned(
        workbook(names, [7, *CELLS[1:], dt.date(2024, 5, 1), dt.datetime(2024, 5, 2, 0, 0), True, 7.0]), "harbor.xlsx"
    )
    assert plan.refusals == ()
    entry = plan.quotes[0].entry
    assert (entry.external_id, entry.said_on, entry.published, entry.is_final, entry.cue) == (
        "7",
        "2024-05-01",
        "2024-05-02",
        True,
        "7",
    )


def test_a_workbook_of_one_sheet_need_not_name_it() -> None:
    book = openpyxl.Workbook()
    for row in (NAMES, CELLS):
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    assert len(planned(stream.getvalue(), "harbor.xlsx").quotes) == 1


def test_what_is_wrong_in_a_sheet_is_named_by_its_row() -> None:
    assert refused(planned(workbook([*NAMES, "zebra"], CELLS), "harbor.xlsx")).detail.startswith("'zebra' is no column")
    late = refused(planned(workbook([], [], [*NAMES[:-1], "zebra"]), "harbor.xlsx"))
    assert late.row == 3
    wide = refused(planned(workbook(NAMES, [*CELLS, "more"]), "harbor.xlsx"))
    assert (wide.code, wide.row) == ("ragged", 2)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "not_xlsx"),
        (table(ROW), "not_xlsx"),
        (workbook(NAMES, CELLS)[:900], "not_xlsx"),
        (workbook(), "empty"),
    ],
)
def test_a_file_that_is_no_workbook_is_refused(content: bytes, code: str) -> None:
    assert refused(planned(content, "harbor.xlsx")).code == code


def test_an_archive_that_is_no_workbook_is_refused() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("notes.txt", "notes")
    assert refused(planned(stream.getvalue(), "harbor.xlsx")).code == "not_xlsx"


def test_a_workbook_that_unpacks_to_too_much_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 5_000_000)
    monkeypatch.setattr(xlsx_tables, "MAX_UNPACKED", 4_000_000)
    assert len(stream.getvalue()) < 10_000
    assert refused(planned(stream.getvalue(), "harbor.xlsx")).code == "too_large"


def test_entities_of_xml_are_not_expanded() -> None:
    content = workbook(NAMES, CELLS)
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w") as new:
        for part in old.infolist():
            data = old.read(part)
            if part.filename == "xl/workbook.xml":
                data = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + data
            new.writestr(part, data)
    assert refused(planned(stream.getvalue(), "harbor.xlsx")).code == "not_xlsx"


def test_parquet_is_read_with_its_types() -> None:
    columns = {name: [cell, cell] for name, cell in zip(NAMES, CELLS, strict=True)}
    plan = planned(
        parquet(
            **{**columns, "external_id": [1, 2]},
            said_on=[dt.date(2024, 5, 1), None],
            is_final=[True, False],
        ),
        "harbor.parquet",
    )
    assert plan.refusals == ()
    assert [(one.entry.row, one.entry.external_id, one.entry.said_on, one.entry.is_final) for one in plan.quotes] == [
        (2, "1", "2024-05-01", True),
        (3, "2", None, False),
    ]


def test_what_is_wrong_with_parquet_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    columns = {name: [cell] for name, cell in zip(NAMES, CELLS, strict=True)}
    assert refused(planned(b"PAR1junkPAR1", "harbor.parquet")).code == "not_parquet"
    assert refused(planned(parquet(**columns, zebra=[1]), "harbor.parquet")).code == "unknown_header"
    nested = refused(planned(parquet(**{**columns, "text": [["a", "b"]]}), "harbor.parquet"))
    assert (nested.code, nested.row, nested.column) == ("not_text", 2, "text")
    monkeypatch.setattr("quotes.datasets.importing.parquet_tables.MAX_ROWS", 0)
    assert refused(planned(parquet(**columns), "harbor.parquet")).code == "too_many_rows"
    assert tables.MAX_ROWS > 0


@pytest.mark.parametrize("name", ["csv", "xlsx", "parquet"])
def test_our_own_tables_come_back_and_are_known(name: str) -> None:
    quote = published("=The lamps listen.", cue="said")
    make_capacity(quote, make_organization("office"))
    make_coding(quote, make_topic("lamps"), "oppose")
    refresh_publication()
    address = f"/api/v1/quotes/?format={name}" + ("&dialect=excel" if name == "csv" else "")
    response = CLIENT.get(address)
    content = b"".join(response)  # type: ignore[arg-type] # it streams
    plan = planned(content, f"ours.{name}")
    assert plan.refusals == ()
    assert (plan.rows, plan.known, plan.quotes) == (1, 1, ())
    other = content.replace(str(quote.uid).encode(), b"an-id") if name == "csv" else b""
    if other:
        plan = planned(other, "ours.csv")
        assert [one.entry.text for one in plan.quotes] == ["=The lamps listen."]


def test_an_apostrophe_of_ones_own_stays_where_no_spreadsheet_put_it() -> None:
    row = csv_record([CELLS[0], "'=1 is true", *CELLS[2:]])
    assert planned(table(row)).quotes[0].entry.text == "'=1 is true"
    assert planned("\ufeff" + table(row).decode()).quotes[0].entry.text == "=1 is true"
