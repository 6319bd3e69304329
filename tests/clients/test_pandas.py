"""pandas reads CSV, newline-delimited JSON and Parquet from the address, with the types that the columns have."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from tests.clients.packages import needed

pd = needed("pandas")
needed("pyarrow")

LISTS = ("people", "organizations", "articles", "topics")


def test_a_csv_of_quotes_is_the_list_to_the_letter(api: str, quotes: list[dict[str, Any]]) -> None:
    table = pd.read_csv(f"{api}/quotes/?format=csv")
    assert table["uid"].to_list() == [quote["uid"] for quote in quotes]
    assert table["text"].to_list() == [quote["text"] for quote in quotes]
    assert table["stances"].str.count(":oppose:").sum() == sum(
        one["stance"] == "oppose" for quote in quotes for one in quote["stances"]
    )


def test_the_columns_of_a_csv_have_their_types(api: str, quotes: list[dict[str, Any]]) -> None:
    table = pd.read_csv(f"{api}/quotes/?format=csv", parse_dates=["dated_start", "dated_end", "modified"])
    assert table["speaks_for_organization"].dtype == bool
    assert table["dated_start"].dtype.kind == table["dated_end"].dtype.kind == "M"
    assert str(table["modified"].dt.tz) == "UTC"
    # What is not known is missing, and is no word.
    assert table["said_on"].isna().sum() == sum(quote["said_on"] is None for quote in quotes)


def test_a_csv_made_for_spreadsheets_has_the_same_quotes(api: str) -> None:
    plain, excel = (pd.read_csv(f"{api}/quotes/?format=csv{more}") for more in ("", "&dialect=excel"))
    assert plain["uid"].to_list() == excel["uid"].to_list()
    assert plain.columns.to_list() == excel.columns.to_list()


def test_lines_of_json_are_the_documents(api: str, quotes: list[dict[str, Any]]) -> None:
    table = pd.read_json(f"{api}/quotes/?format=ndjson", lines=True)
    assert table["article"].to_list() == [quote["article"] for quote in quotes]
    assert table["segments"].to_list() == [quote["segments"] for quote in quotes]
    assert table["speaks_for_organization"].dtype == bool
    assert str(table["modified"].dt.tz) == "UTC"


def test_the_columns_of_a_parquet_file_have_their_types(api: str, quotes: list[dict[str, Any]]) -> None:
    table = pd.read_parquet(f"{api}/quotes/?format=parquet")
    assert table["text"].to_list() == [quote["text"] for quote in quotes]
    assert table["speaks_for_organization"].dtype == bool
    assert str(table["modified"].dtype) == "datetime64[us, UTC]"
    known = table["dated_start"].dropna()
    assert {type(day) for day in known} == {dt.date}
    assert len(known) == sum(quote["dated"]["date"] is not None for quote in quotes)


@pytest.mark.parametrize("name", ["quotes", *LISTS])
def test_csv_and_parquet_hold_the_same(api: str, name: str) -> None:
    as_csv = pd.read_csv(f"{api}/{name}/?format=csv", dtype="str")
    as_parquet = pd.read_parquet(f"{api}/{name}/?format=parquet")
    assert as_csv.columns.to_list() == as_parquet.columns.to_list()
    text = [name for name in as_csv if as_parquet[name].dtype in ("str", "object") and "dated_" not in name]
    assert len(text) > 4
    assert as_csv[text].fillna("").to_dict("list") == as_parquet[text].fillna("").to_dict("list")


@pytest.mark.parametrize("name", LISTS)
def test_every_list_is_a_table(api: str, ask: Callable[[str], Any], name: str) -> None:
    table = pd.read_csv(f"{api}/{name}/?format=csv")
    assert len(table) == ask(f"{name}/?count=1")["count"]
    assert table["quote_count"].dtype == int


def test_filters_and_columns_hold_in_every_table(api: str, ask: Callable[[str], Any]) -> None:
    question = "stance=oppose&topic=gatelight-pilot&affiliation_status=any&organization_kind=advocacy"
    count = ask(f"quotes/?{question}&count=1")["count"]
    for read, name in ((pd.read_csv, "csv"), (pd.read_parquet, "parquet")):
        table = read(f"{api}/quotes/?{question}&fields=uid,speaker,stances&format={name}")
        assert table.shape == (count, 3)
        assert table["stances"].str.contains("gatelight-pilot:oppose:").all()
