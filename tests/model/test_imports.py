"""Which file a quote came from."""

from __future__ import annotations

import pytest

from quotes.models import ImportedRow
from tests.factories import make_imported_row, make_quote
from tests.model import refused, run

pytestmark = pytest.mark.django_db


def test_a_row_of_a_collection_comes_in_once() -> None:
    row = make_imported_row(make_quote(), external_id="h1")
    with refused("imported_row_once"):
        make_imported_row(make_quote(), external_id="h1")
    assert make_imported_row(make_quote(), external_id="h1", source="another-collection").pk != row.pk


def test_a_row_is_of_the_collection_of_its_file() -> None:
    row = make_imported_row(make_quote())
    with refused("imported_row_source_is_the_batchs"):
        run("UPDATE quotes_importedrow SET source = 'another-collection' WHERE id = %s", row.pk)


@pytest.mark.parametrize("external_id", ["", " \t"])
def test_a_row_has_an_id(external_id: str) -> None:
    with refused("imported_row_has_id"):
        make_imported_row(make_quote(), external_id=external_id)


@pytest.mark.parametrize(
    ("table", "column", "value", "constraint"),
    [
        ("import", "sha256", "F" * 64, "import_sha256_shape"),
        ("import", "status", "lost", "import_status_known"),
        ("importedrow", "digest", "short", "imported_row_digest_shape"),
    ],
)
def test_what_is_recorded_has_its_shape(table: str, column: str, value: str, constraint: str) -> None:
    make_imported_row(make_quote())
    with refused(constraint):
        run(f"UPDATE quotes_{table} SET {column} = %s", value)


def test_a_file_has_a_collection() -> None:
    row = make_imported_row(make_quote())
    row.delete()
    with refused("import_source_named"):
        run("UPDATE quotes_import SET source = ' '")


def test_a_draft_that_is_thrown_away_takes_its_row_along() -> None:
    quote = make_imported_row(make_quote()).quote
    quote.delete()
    assert not ImportedRow.objects.exists()
