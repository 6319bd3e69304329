"""Polars reads and scans CSV, newline-delimited JSON and Parquet from the address: it asks for the length, then for ranges."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.clients.packages import needed

pl = needed("polars")

READERS = {
    "csv": (lambda url: pl.read_csv(url, try_parse_dates=True), lambda url: pl.scan_csv(url, try_parse_dates=True)),
    "ndjson": (pl.read_ndjson, pl.scan_ndjson),
    "parquet": (pl.read_parquet, pl.scan_parquet),
}


@pytest.mark.parametrize("name", READERS)
def test_the_quotes_are_read_and_scanned(api: str, quotes: list[dict[str, Any]], name: str) -> None:
    read, scan = READERS[name]
    table = read(f"{api}/quotes/?format={name}")
    assert table["uid"].to_list() == [quote["uid"] for quote in quotes]
    assert table["text"].to_list() == [quote["text"] for quote in quotes]
    assert table["speaks_for_organization"].dtype == pl.Boolean
    uids = scan(f"{api}/quotes/?format={name}").filter(pl.col("kind") == "indirect").select("uid").collect()
    assert uids["uid"].to_list() == [quote["uid"] for quote in quotes if quote["kind"] == "indirect"]


@pytest.mark.parametrize("name", ["csv", "parquet"])
def test_the_columns_of_a_table_have_their_types(api: str, name: str) -> None:
    read, _ = READERS[name]
    table = read(f"{api}/quotes/?format={name}")
    assert table["dated_start"].dtype == table["dated_end"].dtype == pl.Date
    assert table["modified"].dtype == pl.Datetime("us", "UTC")
    # A year or a month is no date: as a string it keeps the precision that the source gives.
    assert table["dated"].dtype == table["said_on"].dtype == pl.String


def test_nested_members_of_a_line_of_json_are_structures(api: str, quotes: list[dict[str, Any]]) -> None:
    table = pl.read_ndjson(f"{api}/quotes/?format=ndjson")
    outlets = table["article"].struct.field("outlet").struct.field("slug").to_list()
    assert outlets == [quote["article"]["outlet"]["slug"] for quote in quotes]


@pytest.mark.parametrize("name", ["people", "organizations", "articles", "topics"])
def test_every_list_is_a_table(api: str, ask: Callable[[str], Any], name: str) -> None:
    table = pl.read_parquet(f"{api}/{name}/?format=parquet")
    assert len(table) == ask(f"{name}/?count=1")["count"]
    assert table["quote_count"].dtype == pl.Int64
