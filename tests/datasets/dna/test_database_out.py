"""DNA's own file, written: what DNA 3 needs in order to open it, and what it finds there."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

import pytest

from quotes.curation import refresh_publication
from quotes.models import Quote
from tests.api.asking import published
from tests.datasets.dna import export, rows
from tests.factories import make_article, make_capacity, make_coding, make_organization, make_person, make_topic

pytestmark = pytest.mark.django_db

# The columns that DNA 3.0.11 asks for, by table (its Sql.java).
COLUMNS = {
    "SETTINGS": "Property Value",
    "CODERS": "ID Name Red Green Blue Refresh FontSize Password PopupWidth ColorByCoder PopupDecoration PopupAutoComplete "
    "PermissionAddDocuments PermissionEditDocuments PermissionDeleteDocuments PermissionImportDocuments "
    "PermissionAddStatements PermissionEditStatements PermissionDeleteStatements PermissionEditAttributes "
    "PermissionEditRegex PermissionEditStatementTypes PermissionEditCoders PermissionEditCoderRelations "
    "PermissionViewOthersDocuments PermissionEditOthersDocuments PermissionViewOthersStatements "
    "PermissionEditOthersStatements",
    "DOCUMENTS": "ID Title Text Coder Author Source Section Notes Type Date",
    "STATEMENTTYPES": "ID Label Red Green Blue",
    "VARIABLES": "ID Variable DataType StatementTypeId",
    "VARIABLELINKS": "ID SourceVariableId TargetVariableId",
    "REGEXES": "Label Red Green Blue",
    "CODERRELATIONS": "ID Coder OtherCoder viewStatements editStatements viewDocuments editDocuments",
    "STATEMENTS": "ID StatementTypeId DocumentId Start Stop Coder",
    "DATABOOLEAN": "ID StatementId VariableId Value",
    "DATAINTEGER": "ID StatementId VariableId Value",
    "ENTITIES": "ID VariableId Value Red Green Blue ChildOf",
    "DATASHORTTEXT": "ID StatementId VariableId Entity",
    "DATALONGTEXT": "ID StatementId VariableId Value",
    "ATTRIBUTEVARIABLES": "ID VariableId AttributeVariable",
    "ATTRIBUTEVALUES": "ID EntityId AttributeVariableId AttributeValue",
}
# How DNA itself asks for statements and their words.
WORDS = (
    "SELECT STATEMENTS.ID, SUBSTRING(DOCUMENTS.Text, Start + 1, Stop - Start) FROM STATEMENTS"
    " INNER JOIN CODERS ON STATEMENTS.Coder = CODERS.ID"
    " INNER JOIN STATEMENTTYPES ON STATEMENTS.StatementTypeId = STATEMENTTYPES.ID"
    " INNER JOIN DOCUMENTS ON DOCUMENTS.ID = STATEMENTS.DocumentId ORDER BY 1"
)
ENTITIES = (
    "SELECT S.ID, V.Variable, E.Value FROM STATEMENTS S JOIN DATASHORTTEXT D ON D.StatementId = S.ID"
    " JOIN ENTITIES E ON E.ID = D.Entity AND E.VariableId = D.VariableId JOIN VARIABLES V ON V.ID = D.VariableId"
    " ORDER BY S.ID, V.ID"
)


@pytest.fixture
def debate() -> list[Quote]:
    """Two quotes of one article, the one with two positions, and one of another article of an unknown day."""
    office, lamps = make_organization("office"), make_topic("lamps")
    article = make_article(title="The “lamps”; again", outlet=make_organization("gazette"), published="2025-03")
    neva = make_person("Neva Corrin")
    first = published('Not "now"; never.\nNo.', speaker=neva, article=article)
    second = published("Let them listen.", article=article, exacts=["Let them", "listen."])
    third = published(
        "Perhaps not.", source_type="unnamed", source_label="two officials", article=make_article(published=None)
    )
    make_capacity(first, office)
    make_coding(first, lamps, "oppose")
    make_coding(first, make_topic("gates"), "support")
    make_coding(second, lamps, "support")
    make_coding(third, lamps, "oppose")
    unclear = published("Perhaps.")
    make_coding(unclear, lamps, "unclear")
    refresh_publication()
    return [first, second, third]


@pytest.fixture
def path(debate: list[Quote], tmp_path: Path) -> Path:
    export(tmp_path / "debate.dna")
    return tmp_path / "debate.dna"


def test_its_tables_are_dnas(path: Path) -> None:
    found = {
        table: " ".join(name for (name,) in rows(path, f"SELECT name FROM pragma_table_info('{table}') ORDER BY cid"))
        for (table,) in rows(path, "SELECT name FROM sqlite_schema WHERE type = 'table'")
    }
    assert found == COLUMNS
    assert path.read_bytes().startswith(b"SQLite format 3\0")


def test_dna_opens_it_with_the_password_of_the_documentation(path: Path) -> None:
    assert rows(path, "SELECT Value FROM SETTINGS WHERE Property = 'version'")[0][0].startswith("3.0")
    [(name, encoded)] = rows(path, "SELECT Name, Password FROM CODERS WHERE ID = 1")
    raw = base64.b64decode(encoded)
    digest = raw[:16] + b"quotebase"  # salt and password, then SHA-256, 100,000 times: Jasypt's StrongPasswordEncryptor
    for _ in range(100_000):
        digest = hashlib.sha256(digest).digest()
    assert (name, raw[16:]) == ("Admin", digest)
    assert "`quotebase`" in Path("docs/formats.md").read_text(encoding="utf-8")


def test_statements_mark_the_words_and_nothing_else(path: Path, debate: list[Quote]) -> None:
    words = [text for _, text in rows(path, WORDS)]
    assert sorted(words) == sorted([debate[0].text] * 2 + [debate[1].text, debate[2].text])
    texts = dict(rows(path, "SELECT Notes, Text FROM DOCUMENTS"))
    assert set(texts) == {debate[0].article.url, debate[2].article.url}
    assert sorted(texts[debate[0].article.url].split("\n\n")) == sorted([debate[0].text, debate[1].text])


def test_every_statement_has_all_its_values(path: Path) -> None:
    found: dict[int, dict[str, str]] = {}
    for statement, variable, value in rows(path, ENTITIES):
        found.setdefault(statement, {})[variable] = value
    assert {("Neva Corrin", "Office", "lamps"), ("Neva Corrin", "Office", "gates"), ("two officials", "", "lamps")} < {
        (one["person"], one["organization"], one["concept"]) for one in found.values()
    }
    assert rows(path, "SELECT Value, count(*) FROM DATABOOLEAN GROUP BY 1") == [(0, 2), (1, 2)]
    # DNA's event list fails on a long text that is not there.
    assert rows(path, "SELECT StatementId, count(Value) FROM DATALONGTEXT GROUP BY 1 HAVING count(Value) <> 6") == []
    attributes = "SELECT count(*) FROM ENTITIES WHERE ID NOT IN (SELECT EntityId FROM ATTRIBUTEVALUES)"
    assert rows(path, attributes) == [(0,)]


def test_documents_say_where_and_when(path: Path) -> None:
    found = "SELECT Title, Source, Type, datetime(Date, 'unixepoch') FROM DOCUMENTS ORDER BY Date"
    assert rows(path, found)[1] == ("The “lamps”; again", "Gazette", "news", "2025-03-01 00:00:00")
    assert rows(path, found)[0][3] == "0001-01-01 00:00:00"


def test_what_it_cannot_carry_is_said(debate: list[Quote], tmp_path: Path) -> None:
    told = export(tmp_path / "debate.dna")
    assert "2 documents hold the quotes alone, one after another: the articles' texts are not ours to give" in told
    assert "1 codings that neither support nor oppose are left out" in told
    assert "1 dates of a month or a year are written as their first day" in told
    assert "1 quotes of several segments have one place" in told
    assert "emoji" not in told


def test_the_same_quotes_give_the_same_bytes(path: Path, tmp_path: Path) -> None:
    export(tmp_path / "again.dna")
    assert (tmp_path / "again.dna").read_bytes() == path.read_bytes()


def test_no_words_of_an_article_but_the_quoted_ones_are_in_it(path: Path, debate: list[Quote]) -> None:
    assert debate[0].snapshot is not None
    assert "The council met" in str(debate[0].snapshot.text)
    assert b"The council met" not in path.read_bytes()


def test_places_count_as_dnas_window_does(tmp_path: Path) -> None:
    article = make_article()
    lamps = make_topic("lamps")
    for words in ("\N{ELECTRIC LIGHT BULB} on!", "And off."):
        make_coding(published(words, article=article), lamps, "support")
    refresh_publication()
    told = export(tmp_path / "debate.dna")
    [(text,)] = rows(tmp_path / "debate.dna", "SELECT Text FROM DOCUMENTS")
    units = text.encode("utf-16-le")
    places = rows(tmp_path / "debate.dna", "SELECT Start, Stop FROM STATEMENTS")
    found = {units[2 * start : 2 * stop].decode("utf-16-le") for start, stop in places}
    assert found == {"\N{ELECTRIC LIGHT BULB} on!", "And off."}
    assert "count differently, such as emoji" in told
