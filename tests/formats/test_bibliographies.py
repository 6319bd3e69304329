"""BibTeX, RIS and CSL-JSON: read back by pybtex, rispy and citeproc."""

from __future__ import annotations

import warnings
from typing import Any

import orjson
import pytest
import rispy
from pybtex.database import BibliographyData, Entry, parse_string
from pylatexenc.latex2text import LatexNodes2Text

from quotes import citations
from quotes.datasets.formats import Row
from tests.formats.invented import ARTICLE, BOTH, OF_ORGANIZATION, SPLIT, quote
from tests.formats.writing import MODIFIED, documents, published, published_quotes, quote_row, written

ODD = "50% & _under_ {braces} #1 $5 ~ \\ back ü “quotes” 🏮 'q' a"


def bib(*quotes: dict[str, Any]) -> BibliographyData:
    return parse_string(written("bib", "quote", [quote_row(one) for one in quotes]).decode(), "bibtex")


def plain(value: str) -> str:
    """The words that TeX would set."""
    return LatexNodes2Text(keep_comments=True).latex_to_text(value)


def titled(title: str, **members: Any) -> dict[str, Any]:
    return quote(citation=SPLIT["citation"] | {"title": title} | members)


def only(library: BibliographyData) -> Entry:
    [entry] = library.entries.values()
    return entry


def ris(*quotes: dict[str, Any]) -> list[dict[str, Any]]:
    return rispy.loads(written("ris", "quote", [quote_row(one) for one in quotes]).decode())


def article_row(**members: Any) -> Row:
    snapshots = [
        {"sha256": "ab", "length": 4, "retrieved_at": "2025-03-05T10:00:00Z"},
        {"sha256": "cd", "length": 4, "retrieved_at": "2025-06-07T10:00:00Z"},
    ]
    document = ARTICLE | {"snapshots": snapshots} | members
    return Row(orjson.dumps(document).decode(), {"quote_count": 1, "modified": MODIFIED})


@pytest.mark.usefixtures("loaded")
def test_pybtex_reads_every_quote_back(db: None) -> None:
    rows = published_quotes()
    entries = parse_string(written("bib", "quote", rows).decode(), "bibtex").entries
    assert list(entries) == [document["uid"] for document in documents(rows)]
    for document in documents(rows):
        entry, item = entries[document["uid"]], document["citation"]
        assert plain(entry.fields["title"]) == " ".join(item["title"].split())
        assert plain(entry.fields["note"]) == " ".join(f"{item['note']}: {document['display']}".split())
        assert entry.fields["url"] == item["URL"]
        container = "institution" if item["type"] == "report" else "journaltitle"
        assert plain(entry.fields.get(container, "")) == item.get("container-title", "")
        assert len(entry.persons.get("author", [])) == len(item.get("author", []))


def test_what_tex_would_run_is_escaped_and_comes_back() -> None:
    entry = only(bib(titled(ODD)))
    assert "\\% \\& \\_under\\_" in entry.fields["title"]
    assert "ü “quotes” 🏮" in entry.fields["title"]
    assert plain(entry.fields["title"]) == ODD


@pytest.mark.parametrize("title", ["}", "{", "a } b { c", "\\", "%", "@article{x,", '"', "ends in \\", "\\}", "^"])
def test_no_title_breaks_the_file(title: str) -> None:
    first, second = bib(titled(title), OF_ORGANIZATION).entries.values()
    # The reader drops the names of braces, and has another circumflex.
    words = first.fields["title"].replace(r"\textbraceleft{}", "\\{").replace(r"\textbraceright{}", "\\}")
    assert plain(words).replace("\u02c6", "^") == title
    assert second.key == OF_ORGANIZATION["uid"]


def test_a_name_in_one_piece_stays_in_one_piece() -> None:
    first, second = only(bib(SPLIT)).persons["author"]
    assert (first.last_names, first.first_names) == (["Varga"], ["Ottoline"])
    assert str(second) == "{Night and Day Desk}"


@pytest.mark.parametrize(
    ("parts", "date"), [([2025], "2025"), ([2025, 3], "2025-03"), ([2025, 3, 4], "2025-03-04"), ([987], "0987")]
)
def test_a_partial_date_stays_partial(parts: list[int], date: str) -> None:
    document = titled("A", issued={"date-parts": [parts]})
    assert only(bib(document)).fields["date"] == date
    [reference] = ris(document)
    assert reference["year"] == date[:4]
    assert reference["date"].rstrip("/") == date.replace("-", "/")
    assert reference["date"].count("/") == 3


def test_an_entry_has_what_a_citation_needs() -> None:
    fields = only(bib(SPLIT)).fields
    assert (fields["entrysubtype"], fields["language"], fields["urldate"]) == ("newspaper", "en", "2025-03-05")
    assert fields["addendum"] == r"Archived at \url{https://archive.example/2025/vote}"
    assert fields["url"] == "https://gazette.example/vote?a=1&b=%7B2%7D"


def test_an_archived_copys_address_does_not_begin_a_comment() -> None:
    document = titled("A", archive_location="https://archive.example/a%20b#c")
    assert only(bib(document)).fields["addendum"] == r"Archived at \url{https://archive.example/a\%20b\#c}"


@pytest.mark.parametrize(
    ("type_", "bibtex", "container", "ris_type"),
    [
        ("article-newspaper", "article", "journaltitle", "NEWS"),
        ("report", "report", "institution", "RPRT"),
        ("interview", "article", "journaltitle", "NEWS"),
    ],
)
def test_types_have_their_counterparts(type_: str, bibtex: str, container: str, ris_type: str) -> None:
    document = titled("A", type=type_)
    entry = only(bib(document))
    assert (entry.type, entry.fields[container]) == (bibtex, "The Lantern Gazette")
    assert ris(document)[0]["type_of_reference"] == ris_type


def test_an_interview_says_so() -> None:
    document = titled("A", type="interview")
    assert only(bib(document)).fields["titleaddon"] == "Interview"
    assert ris(document)[0]["type_of_work"] == "Interview"


def test_what_is_not_known_is_left_out() -> None:
    entry = only(bib(OF_ORGANIZATION))
    assert set(entry.fields) == {"title", "entrysubtype", "language", "url", "note"}
    assert set(ris(OF_ORGANIZATION)[0]) == {"type_of_reference", "id", "title", "language", "urls", "notes"}


@pytest.mark.usefixtures("loaded")
def test_rispy_reads_every_quote_back(db: None) -> None:
    rows = published_quotes()
    references = rispy.loads(written("ris", "quote", rows).decode())
    assert [reference["id"] for reference in references] == [document["uid"] for document in documents(rows)]
    for reference, document in zip(references, documents(rows), strict=True):
        item = document["citation"]
        assert reference["title"] == item["title"]
        assert reference["urls"] == [item["URL"]]
        assert reference.get("authors", []) == [
            name.get("literal") or f"{name['family']}, {name['given']}" for name in item.get("author", [])
        ]
        assert reference["notes"] == [" ".join(f"{item['note']}: {document['display']}".split())]


def test_a_line_end_in_a_title_does_not_begin_another_tag() -> None:
    [reference] = ris(titled("A\nER  - \nTY  - BOOK"))
    assert reference["title"] == "A ER - TY - BOOK"


def test_references_have_no_numbers() -> None:
    lines = written("ris", "quote", [quote_row(one) for one in BOTH]).decode().split("\r\n")
    assert [line for line in lines if line and line[2:6] != "  - "] == []


@pytest.mark.usefixtures("loaded")
def test_csl_items_are_the_documents_citations_with_the_words(db: None) -> None:
    rows = published_quotes()
    items = orjson.loads(written("csl", "quote", rows))
    assert items == [
        document["citation"] | {"note": f"{document['citation']['note']}: {document['display']}"}
        for document in documents(rows)
    ]


@pytest.mark.usefixtures("demonstration")
def test_citeproc_sets_every_item(db: None) -> None:
    """Warnings are errors here: citeproc warns of members that it does not know."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for item in orjson.loads(written("csl", "quote", published_quotes())):
            words = citations.formatted(item)
            assert item["title"] in words
            assert item["URL"] in words


def test_a_citation_is_set_whole() -> None:
    assert citations.formatted(SPLIT["citation"]) == (
        "Varga, O. and Night and Day Desk (2025) “50% of {all} lanterns & 3_000 #lamps: “lit””, The Lantern Gazette, March. "
        "Available at: https://gazette.example/vote?a=1&b={2} (Accessed: March 5, 2025)."
    )


@pytest.mark.parametrize("name", ["bib", "ris", "csl"])
@pytest.mark.usefixtures("demonstration")
def test_articles_are_cited_by_their_slug(name: str, db: None) -> None:
    rows = published("article")
    answer = written(name, "article", rows).decode()
    read = {
        "bib": lambda: list(parse_string(answer, "bibtex").entries),
        "ris": lambda: [one["id"] for one in rispy.loads(answer)],
        "csl": lambda: [one["id"] for one in orjson.loads(answer)],
    }[name]()
    assert read == [document["slug"] for document in documents(rows)]


def test_an_article_was_accessed_when_it_was_last_read() -> None:
    [item] = orjson.loads(written("csl", "article", [article_row()]))
    assert item["accessed"] == {"date-parts": [[2025, 6, 7]]}
    assert item["author"] == [{"literal": "Ottoline Varga"}, {"literal": "Night Desk"}]


@pytest.mark.parametrize(("name", "nothing"), [("bib", b""), ("ris", b""), ("csl", b"[\n\n]\n")])
def test_an_answer_without_rows_is_a_valid_file(name: str, nothing: bytes) -> None:
    assert written(name, "quote", []) == nothing
