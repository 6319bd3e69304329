"""DNA's own file, read: its statements with the words that they mark; and what is damaged, hostile or something else."""

from __future__ import annotations

import sqlite3
import zlib
from pathlib import Path

import pytest

from quotes.datasets.importing import SourceFile, apply_import, dna_database, dna_sqlite, plan_import
from quotes.models import Coding, Quote
from tests.datasets import refused
from tests.datasets.dna import BY_DOCUMENT, planned
from tests.datasets.dna.databases import ROWS, TABLES, database
from tests.factories import make_topic

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def lamps() -> None:
    make_topic("listening-lamps", proposition="Lamps should listen.")


def test_a_database_of_theirs_becomes_drafts_with_their_positions(tmp_path: Path) -> None:
    content = database(tmp_path)
    plan = planned(content, "debate.dna", **BY_DOCUMENT)
    assert plan.refusals == ()
    assert plan.left_out == ("strength of DNA Statement", "Annotation (1 statements)")
    apply_import(plan, actor=None)
    found = {
        (one.quote.text, one.quote.speaker.name, one.stance, one.coder, one.quote.article.url)  # type: ignore[union-attr]
        for one in Coding.objects.select_related("quote__speaker", "quote__article")
    }
    assert found == {
        ("Let them listen, all of them.", "Neva Corrin", "support", "dna-2", "https://archive.example/3"),
        ("Put them out.", "Bertil Quill", "oppose", "dna-2", "https://gazette.example/again"),
    }
    quote = Quote.objects.get(speaker__name="Neva Corrin")
    assert (quote.article.published, quote.article.title, quote.status) == ("2024-05-01", "The lamps", "draft")
    assert [one.affiliation.organization.name for one in quote.affiliations.all()] == ["Lamp Office"]
    assert planned(content, "debate.dna", **BY_DOCUMENT).known == 2


def test_a_document_without_an_address_needs_a_rule_for_it(tmp_path: Path) -> None:
    refusal = refused(planned(database(tmp_path), "debate.dna"))
    assert (refusal.row, refusal.column) == (7, "article_url")


@pytest.mark.parametrize(
    ("sql", "code", "column"),
    [
        ("UPDATE STATEMENTS SET Stop = 90 WHERE ID = 7", "invalid", "start_position"),
        ("UPDATE STATEMENTS SET Start = -4 WHERE ID = 7", "invalid", "start_position"),
        ("UPDATE STATEMENTS SET Start = 39 WHERE ID = 7", "invalid", "start_position"),
        ("UPDATE STATEMENTS SET DocumentId = 99 WHERE ID = 7", "unknown", "document_id"),
        (
            "UPDATE ENTITIES SET Value = 'Nobody knows this.' WHERE ID = 6; DELETE FROM STATEMENTS WHERE ID = 8",
            "unknown",
            "concept",
        ),
        ("UPDATE DATABOOLEAN SET Value = 2 WHERE StatementId = 7", "invalid", "agreement"),
        ("UPDATE DOCUMENTS SET Date = 99999999999999 WHERE ID = 3", "invalid", "time"),
    ],
)
def test_what_is_wrong_with_a_statement_is_named(tmp_path: Path, sql: str, code: str, column: str) -> None:
    refusal = refused(planned(database(tmp_path, sql), "debate.dna", **BY_DOCUMENT))
    assert (refusal.row, refusal.code, refusal.column) == (7, code, column)


def test_half_a_character_is_refused(tmp_path: Path) -> None:
    content = database(tmp_path, "UPDATE STATEMENTS SET Start = 1 WHERE ID = 8")
    assert refused(planned(content, "debate.dna", **BY_DOCUMENT)).code == "control_character"


@pytest.mark.parametrize(
    ("sql", "code", "says"),
    [
        ("UPDATE SETTINGS SET Value = '2.0 beta 25' WHERE Property = 'version'", "old_version", "DNA 2.0 beta 25"),
        ("DELETE FROM SETTINGS", "not_dna", "none of the Discourse Network Analyzer"),
        ("DROP TABLE ENTITIES", "not_dna", "ENTITIES"),
        ("ALTER TABLE DOCUMENTS DROP COLUMN Text", "not_dna", "text"),
        ("UPDATE VARIABLES SET Variable = 'stance' WHERE ID = 4", "missing_column", "concept and agreement"),
        ("DELETE FROM ENTITIES WHERE ID = 4", "damaged", "1 entities"),
        ("UPDATE STATEMENTS SET Start = 'x' WHERE ID = 7", "damaged", "no numbers"),
        ("UPDATE STATEMENTS SET ID = 3000000000 WHERE ID = 7", "damaged", "3000000000"),
        ("UPDATE DOCUMENTS SET Text = x'00ff' WHERE ID = 3", "damaged", "no text"),
        ("UPDATE DOCUMENTS SET Title = x'00ff' WHERE ID = 3", "damaged", "none of DNA's"),
        ("UPDATE DOCUMENTS SET Title = CAST(x'ff41' AS TEXT) WHERE ID = 3", "damaged", "decode"),
        (f"UPDATE ENTITIES SET Value = '{'x' * 5000}' WHERE ID = 2", "damaged", "none of DNA's"),
    ],
)
def test_what_is_wrong_with_the_file_is_said(tmp_path: Path, sql: str, code: str, says: str) -> None:
    refusal = refused(planned(database(tmp_path, sql), "debate.dna", **BY_DOCUMENT))
    assert (refusal.code, refusal.row) == (code, None)
    assert says in refusal.detail


def test_a_database_that_is_not_said_to_be_dnas_is_told_from_a_table(tmp_path: Path) -> None:
    refusal = refused(plan_import(SourceFile("debate.csv", database(tmp_path))))
    assert "--format dna" in refusal.detail


def test_another_programs_database_is_said_to_be_one(tmp_path: Path) -> None:
    refusal = refused(planned(database(tmp_path, sql="CREATE TABLE NOTES(a, b)"), "notes.dna"))
    assert refusal.code == "not_dna"


def test_what_is_cut_off_or_scribbled_over_is_refused(tmp_path: Path) -> None:
    content = database(tmp_path)
    for wrong in (
        content[:16],
        content[:5000],
        content[: len(content) // 2],
        content[:100] + bytes(len(content) - 100),
    ):
        assert refused(planned(wrong, "debate.dna", **BY_DOCUMENT)).code == "damaged"


def test_no_damage_of_a_byte_is_more_than_a_refusal(tmp_path: Path) -> None:
    content = database(tmp_path)
    for number in range(200):
        place = zlib.crc32(str(number).encode()) % len(content)
        wrong = bytearray(content)
        wrong[place] ^= 1 + number % 255
        if wrong.startswith(dna_sqlite.SIGNATURE):
            planned(bytes(wrong), "debate.dna", **BY_DOCUMENT)


ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x"


@pytest.mark.parametrize(
    "sql",
    [
        f"DROP TABLE STATEMENTS; CREATE VIEW STATEMENTS AS {ENDLESS} AS ID, 1 AS StatementTypeId, 3 AS DocumentId, "
        "1 AS Start, 2 AS Stop, 2 AS Coder FROM n",
        "DROP TABLE SETTINGS; CREATE VIEW SETTINGS AS SELECT 'version' AS Property, '3.0' AS Value",
        "ALTER TABLE ENTITIES RENAME TO OTHERS; CREATE TABLE ENTITIES(ID INTEGER PRIMARY KEY, VariableId, "
        "Value TEXT AS (hex(zeroblob(400000000))) VIRTUAL); INSERT INTO ENTITIES (VariableId) VALUES (1)",
        "ALTER TABLE ENTITIES RENAME TO OTHERS; CREATE VIRTUAL TABLE ENTITIES USING fts5(ID, VariableId, Value)",
    ],
)
def test_sql_of_the_files_own_is_never_run(tmp_path: Path, sql: str) -> None:
    assert refused(planned(database(tmp_path, sql), "debate.dna", **BY_DOCUMENT)).code == "not_dna"


def test_a_check_that_never_ends_is_not_run(tmp_path: Path) -> None:
    tables = TABLES.replace("Label TEXT NOT NULL", "Label TEXT NOT NULL CHECK (length(hex(zeroblob(Label))) >= 0)")
    content = database(
        tmp_path, "PRAGMA ignore_check_constraints = ON;" + ROWS.replace("'Annotation'", "'499999999'"), sql=tables
    )
    assert planned(content, "debate.dna", **BY_DOCUMENT).refusals == ()


def test_work_has_an_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dna_sqlite, "_MOST_WORK", 5_000)
    monkeypatch.setattr(dna_sqlite, "_STEP", 1_000)
    numbers = "WITH RECURSIVE n(x) AS (SELECT 100 UNION ALL SELECT x + 1 FROM n WHERE x < 9000)"
    many = f"{numbers} INSERT INTO ENTITIES SELECT x, 1, x FROM n"
    refusal = refused(planned(database(tmp_path, many), "debate.dna", **BY_DOCUMENT))
    assert (refusal.code, "interrupted" in refusal.detail) == ("damaged", True)


def test_what_is_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = database(tmp_path)
    for module, name, most, code in (
        (dna_sqlite, "MAX_FILE_BYTES", 1_000, "too_large"),
        (dna_database, "MAX_ROWS", 2, "too_many_rows"),
        (dna_database, "_MOST_VARIABLES", 5, "too_many_rows"),
        (dna_database, "_MOST_WORDS", 30, "too_large"),
        (dna_database, "MAX_FILE_BYTES", 60, "damaged"),
    ):
        with monkeypatch.context() as patched:
            patched.setattr(module, name, most)
            assert refused(planned(content, "debate.dna", **BY_DOCUMENT)).code == code, name


def test_a_file_in_dnas_other_journal_mode_is_read(tmp_path: Path) -> None:
    content = database(tmp_path, "PRAGMA journal_mode = WAL")
    assert sqlite3.sqlite_version_info >= (3, 37)
    assert len(planned(content, "debate.dna", **BY_DOCUMENT).quotes) == 2
