"""XLSX: every cell a string, nothing that runs, nothing cut in silence; read by openpyxl."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from quotes.datasets.formats import FORMATS, Row, xlsx
from quotes.datasets.formats.formulas import restore
from quotes.datasets.formats.tables import sheet
from quotes.publication.records import cell, flat_values
from tests.formats.invented import BOTH, quote
from tests.formats.test_csv import coding
from tests.formats.writing import CONTEXT, ENTITIES, documents, published, published_quotes, quote_row, written


def book(kind: str, rows: Any) -> Any:
    return openpyxl.load_workbook(io.BytesIO(written("xlsx", kind, rows)))


def lines(worksheet: Any) -> list[dict[str, str]]:
    header, *rows = worksheet.iter_rows(values_only=True)
    return [dict(zip(header, [value or "" for value in row], strict=True)) for row in rows]


def about(workbook: Any) -> dict[str, str]:
    return {str(row[0]): str(row[1]) for row in workbook["about"].iter_rows(values_only=True) if row[0]}


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, where temporary files are made."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@pytest.mark.usefixtures("loaded")
def test_every_cell_of_every_quote_is_a_string_and_verbatim(db: None) -> None:
    rows = published_quotes()
    worksheet = book("quote", rows)["quotes"]
    read = lines(worksheet)
    assert len(read) == len(rows) > 5
    for document, line in zip(documents(rows), read, strict=True):
        assert [restore(value) for value in list(line.values())[1:-1]] == [
            cell(value) for value in flat_values(document)
        ]
    types = {one.data_type for row in worksheet.iter_rows() for one in row if one.value is not None}
    assert types == {"s"}


@pytest.mark.usefixtures("demonstration")
@pytest.mark.parametrize("kind", ENTITIES)
def test_other_kinds_have_their_tables(kind: str, db: None) -> None:
    rows = published(kind)
    workbook = book(kind, rows)
    read = lines(workbook.worksheets[0])
    assert [line["slug"] for line in read] == [document["slug"] for document in documents(rows)]
    assert [line["quote_count"] for line in read] == [str(number) for number in range(len(rows))]


def test_codings_are_on_a_sheet_of_that_name() -> None:
    assert book("coding", [coding()]).sheetnames == ["codings", "about"]


@pytest.mark.parametrize("words", ["=1+1", "@SUM(A1)", "-2", " =1", "\uff1d1", "'=1"])
def test_what_would_run_has_an_apostrophe(words: str) -> None:
    worksheet = book("quote", [quote_row(quote(text=words))])["quotes"]
    assert (worksheet["C2"].value, worksheet["C2"].data_type) == (f"'{words}", "s")


@pytest.mark.parametrize("words", ["<r><t>a & b</t></r>", "<r></r>", "http://x.example", "007", " a  b ", "true"])
def test_what_the_library_would_take_for_something_else_is_text(words: str) -> None:
    worksheet = book("quote", [quote_row(quote(text=words))])["quotes"]
    assert (worksheet["C2"].value, worksheet["C2"].data_type) == (words, "s")


def test_the_header_is_bold_and_stays() -> None:
    worksheet = book("quote", [quote_row(BOTH[0])])["quotes"]
    assert worksheet["A1"].font.bold
    assert worksheet.freeze_panes == "A2"
    assert worksheet.column_dimensions["C"].width > 60
    assert worksheet["C2"].alignment.wrap_text


def test_the_second_sheet_says_what_the_table_is() -> None:
    workbook = book("quote", [quote_row(one) for one in BOTH])
    assert workbook.sheetnames == ["quotes", "about"]
    stated = about(workbook)
    assert stated["rows"] == "2"
    assert stated["stance"] == '["oppose"]'
    assert stated["codebook version"] == "1.0"
    assert stated["generated at"] == "2026-02-03T04:05:06Z"
    assert stated["uid"] == "string"


@pytest.mark.parametrize("words", ["x" * 32_768, "🏮" * 16_384, "=" + "x" * 32_767])
def test_a_cell_that_is_too_long_is_cut_where_all_can_see_it(words: str) -> None:
    workbook = book("quote", [quote_row(BOTH[1]), quote_row(quote(text=words))])
    kept = workbook["quotes"]["C3"].value
    assert "CUT HERE" in kept
    assert len(kept.encode("utf-16-le")) // 2 <= 32_767
    stated = about(workbook)
    assert stated["cells cut"].startswith("1; ")
    assert stated["quotes!C3"] == "text"


def test_a_cell_that_just_fits_is_whole() -> None:
    workbook = book("quote", [quote_row(quote(text="x" * 32_767))])
    assert workbook["quotes"]["C2"].value == "x" * 32_767
    assert about(workbook)["cells cut"].startswith("0; ")


def test_rows_that_a_sheet_cannot_hold_go_on_the_next(tmp_path: Path) -> None:
    rows = [quote_row(quote(cue=str(number))) for number in range(5)]
    xlsx.save(tmp_path / "a.xlsx", sheet("quote", rows, CONTEXT), "quote", CONTEXT, rows_on_sheet=2)
    workbook = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert workbook.sheetnames == ["quotes", "about", "quotes 2", "quotes 3"]
    read = [line["cue"] for name in ("quotes", "quotes 2", "quotes 3") for line in lines(workbook[name])]
    assert read == ["0", "1", "2", "3", "4"]
    assert about(workbook)["rows"] == "5"


def test_fields_choose_columns() -> None:
    read = lines(book("quote", [quote_row(BOTH[1], fields={"kind", "uid"})])["quotes"])
    assert read == [{"uid": BOTH[1]["uid"], "kind": "indirect"}]


def test_nothing_is_left_behind(temporary: Path) -> None:
    written("xlsx", "quote", [quote_row(BOTH[0])])
    assert list(temporary.iterdir()) == []


def test_nothing_is_left_behind_by_a_reader_who_goes_away(temporary: Path) -> None:
    chunks = FORMATS["xlsx"].write("quote", iter([quote_row(BOTH[0])]), CONTEXT)
    next(chunks)
    assert len(list(temporary.iterdir())) == 1
    chunks.close()  # type: ignore[attr-defined]
    assert list(temporary.iterdir()) == []


def test_nothing_is_left_behind_by_rows_that_fail(temporary: Path) -> None:
    def rows() -> Iterator[Row]:
        yield quote_row(BOTH[0])
        raise ConnectionError("the database went away")

    with pytest.raises(ConnectionError):
        list(FORMATS["xlsx"].write("quote", rows(), CONTEXT))
    assert list(temporary.iterdir()) == []
