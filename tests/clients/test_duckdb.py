"""DuckDB queries CSV, newline-delimited JSON and Parquet: in a downloaded file, and straight from the address.

For addresses DuckDB needs its extension httpfs, which it would download from its maker; here it comes as a package, as all else
does.
"""

from __future__ import annotations

import urllib.request
from pathlib import Path
from typing import Any

import pytest

from tests.clients.packages import needed

duckdb = needed("duckdb")

READERS = {"csv": "read_csv", "ndjson": "read_ndjson", "parquet": "read_parquet"}
TYPES = {
    "uid": {"VARCHAR", "UUID"},
    "text": {"VARCHAR"},
    "speaks_for_organization": {"BOOLEAN"},
    "modified": {"TIMESTAMP WITH TIME ZONE", "TIMESTAMP"},
}
TABLE_TYPES = {"dated": {"VARCHAR"}, "said_on": {"VARCHAR"}, "dated_start": {"DATE"}, "dated_end": {"DATE"}}


def types_in(database: Any, source: str) -> dict[str, str]:
    return {row[0]: row[1] for row in database.execute(f"DESCRIBE FROM {source}").fetchall()}


def check(database: Any, source: str, name: str, quotes: list[dict[str, Any]]) -> None:
    """The source has the quotes, and its columns their types."""
    found = database.execute(f"SELECT uid::VARCHAR, text FROM {source}").fetchall()
    assert sorted(found) == sorted((quote["uid"], quote["text"]) for quote in quotes)
    types = types_in(database, source)
    for column, possible in (TYPES | ({} if name == "ndjson" else TABLE_TYPES)).items():
        assert types[column] in possible, column


@pytest.mark.parametrize("name", READERS)
def test_a_downloaded_file_is_queried(api: str, quotes: list[dict[str, Any]], tmp_path: Path, name: str) -> None:
    file, _ = urllib.request.urlretrieve(f"{api}/quotes/?format={name}", tmp_path / f"quotes.{name}")  # noqa: S310 - ours
    check(duckdb.connect(), f"{READERS[name]}('{file}')", name, quotes)


@pytest.fixture
def online() -> Any:
    """A database that reads addresses, by DuckDB's own extension, which is a package here: nothing is downloaded."""
    needed("duckdb_extensions").import_extension("httpfs")
    database = duckdb.connect()
    database.execute("SET autoinstall_known_extensions = false")
    database.execute("LOAD httpfs")
    return database


@pytest.mark.parametrize("name", READERS)
def test_an_address_is_queried(api: str, quotes: list[dict[str, Any]], online: Any, name: str) -> None:
    check(online, f"{READERS[name]}('{api}/quotes/?format={name}')", name, quotes)
