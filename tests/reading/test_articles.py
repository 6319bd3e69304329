"""What is found on a page: title, byline, outlet, date, language, address and text. The outlets are invented."""

from __future__ import annotations

import datetime as dt
import time
from pathlib import Path

import pytest

from quotes.reading.articles import ReadArticle, read_article
from quotes.reading.charsets import decode_page
from quotes.reading.fetching import FetchedPage

PAGES = Path(__file__).parent / "pages"
URL = "https://www.gazette.example/vote"
LONG = "The council of Sutherby met on Tuesday to talk about the lanterns on the quay, and stayed until midnight."
SAID = "“Every lantern,” said Ottoline Varga, who keeps them, “will be lit.”"
NOTHING = ReadArticle(None, (), None, None, None, None, "")


def read(
    content: str | bytes, *, content_type: str = "text/html", charset: str | None = None, url: str = URL
) -> ReadArticle:
    content = content.encode() if isinstance(content, str) else content
    return read_article(FetchedPage(url, url, content_type, charset, content, dt.datetime(2025, 3, 5, tzinfo=dt.UTC)))


def read_file(name: str) -> ReadArticle:
    return read((PAGES / name).read_bytes())


def with_head(head: str) -> ReadArticle:
    return read(f"<html><head>{head}</head><body><article><p>{LONG}</p><p>{SAID}</p></article></body></html>")


def test_a_page_with_news_metadata_says_everything() -> None:
    assert read_file("json_ld.html") == ReadArticle(
        title="Council puts off the lanterns",
        authors=("Orla Tamsin", "Bertil Quill"),
        outlet_name="Lantern Gazette",
        published="2025-03-04",
        language="en-GB",
        canonical_url="https://www.gazette.example/2025/03/council-puts-off-the-lanterns",
        text="Council puts off the lanterns\n"
        f"{LONG}\n"
        f"{SAID}\n"
        "The vote was put off to the spring, when the harbor is free of ice and the clerk is back from the islands.",
    )


def test_a_page_with_open_graph_alone_says_as_much_as_it_has() -> None:
    found = read_file("open_graph.html")
    assert (found.title, found.outlet_name, found.authors) == (
        "O voto das lanternas",
        "Arauto do Porto",
        ("Orla Tamsin",),
    )
    assert (found.published, found.language) == ("2025-03-04", "pt-BR")
    assert found.text.startswith("O conselho de Sutherby")


def test_a_page_does_not_speak_for_another_site() -> None:
    assert read_file("open_graph.html").canonical_url is None


def test_a_page_of_words_alone_has_its_text_and_nothing_is_made_up() -> None:
    assert read_file("bare.html") == ReadArticle(None, (), None, None, None, None, f"{LONG}\n{SAID}")


def test_text_from_right_to_left_is_text() -> None:
    found = read_file("rtl.html")
    assert (found.title, found.language) == ("التصويت على الفوانيس", "ar")
    assert "«سيضاء كل فانوس»، قالت أوتولين فارغا" in found.text


def test_entities_are_characters_and_the_text_is_normalised_as_a_snapshots_is() -> None:
    found = read_file("entities.html")
    assert "“Every lantern,” said Ottoline Varga, “will be lit…”" in found.text
    assert "R&D café." in found.text
    assert "\0" not in found.text
    assert not any("\ud800" <= char <= "\udfff" for char in found.text)


def test_plain_text_is_the_text() -> None:
    found = read(f"{LONG}\r\n<p>cafe\u0301\r\n", content_type="text/plain")
    assert found == ReadArticle(None, (), None, None, None, None, f"{LONG}\n<p>café")


@pytest.mark.parametrize(
    ("date", "published"),
    [
        ("2025-03-04", "2025-03-04"),
        ("2025", None),
        ("yesterday", None),
        ("2025-02-30", "2025-02"),
        ("2025-02-01", "2025-02-01"),
        ("", None),
    ],
)
def test_a_date_is_of_the_calendar_and_no_more_precise_than_the_page(date: str, published: str | None) -> None:
    assert with_head(f'<meta property="article:published_time" content="{date}">').published == published


@pytest.mark.parametrize(
    ("canonical", "url"),
    [
        ("/vote?page=1", "https://www.gazette.example/vote?page=1"),
        ("https://gazette.example/vote", "https://gazette.example/vote"),
        ("https://gazette.example.other.example/vote", None),
        ("http://127.0.0.1/", None),
        ("javascript:alert(1)", None),
        ("https://[", None),
        ("", "https://www.gazette.example/vote"),
    ],
)
def test_a_canonical_address_is_one_of_the_same_site(canonical: str, url: str | None) -> None:
    assert with_head(f'<link rel="canonical" href="{canonical}">').canonical_url == url


@pytest.mark.parametrize(
    ("lang", "language"), [("en_US", "en-US"), ("EN", "en"), ("English", None), ("", None), ("x" * 90, None)]
)
def test_a_language_is_a_tag_or_none(lang: str, language: str | None) -> None:
    assert read(f"<html lang='{lang}'><body><p>{LONG}</p></body></html>").language == language


def test_a_title_is_one_line_of_a_length_that_fits() -> None:
    found = with_head(f"<title>The\n\tvote \u202e{'of Sutherby ' * 100}</title>")
    assert found.title
    assert found.title.startswith("The vote of Sutherby")
    assert len(found.title) <= 500
    assert found.title.isprintable()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<",
        b"\0\0\0",
        b"<html>",
        b"<!--",
        b"&#0;&#xD800;",
        b"<title></title>",
        b"{}",
        b"\xff\xfe\x00",
        b"\xef\xbb\xbf",
        b"%PDF-1.7",
        b"<?xml version='1.0' encoding='bogus'?><!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><html/>",
        b"<p>" * 1000,
        b'<html><head><script type=\'application/ld+json\'>{"@type": "NewsArticle", "author": [[[[</script>',
    ],
)
def test_a_page_without_words_is_no_error(content: bytes) -> None:
    assert read(content) == NOTHING


def test_an_entity_is_never_read_from_a_file() -> None:
    page = (
        b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><html><body><p>"
        + LONG.encode()
        + b" &b;</p></body></html>"
    )
    assert "root:" not in read(page).text


@pytest.mark.parametrize(
    "page",
    [
        "<div>" * 200_000 + "x" + "</div>" * 200_000,
        "<div>" * 400_000,
        ("<div>" * 200 + "word " * 20 + "</div>" * 200) * 70,
        "<ul><li>a b</ul>" * 120_000,
        "<a href=x>y</a> " * 120_000,
        "<" * 2_000_000,
    ],
    ids=["nested and closed", "nested", "deep", "lists", "links", "brackets"],
)
def test_a_page_that_was_made_to_take_long_does_not(page: str) -> None:
    began = time.monotonic()
    read(page)
    assert time.monotonic() - began < 10


# Charsets


@pytest.mark.parametrize(
    ("content", "declared"),
    [
        ("“naïve”".encode(), None),
        ("“naïve”".encode(), "iso-8859-1"),
        ("\ufeff“naïve”".encode(), "windows-1252"),
        ("\ufeff“naïve”".encode("utf-16-le"), None),
        ("\ufeff“naïve”".encode("utf-16-be"), "utf-8"),
        ("“naïve”".encode("cp1252"), None),
        ("“naïve”".encode("cp1252"), "utf-8"),
        ("“naïve”".encode("cp1252"), "ISO-8859-1"),
        ("“naïve”".encode("cp1252"), "bogus"),
        ("“naïve”".encode("cp1252"), "base64"),
        ("“naïve”".encode("cp1252"), "utf-7"),
    ],
)
def test_the_same_words_are_read_whatever_is_declared(content: bytes, declared: str | None) -> None:
    assert decode_page(content, declared) == "“naïve”"


@pytest.mark.parametrize("encoding", ["windows-1251", "koi8-r", "iso-8859-5"])
def test_a_charset_is_taken_from_the_server_or_from_the_page(encoding: str) -> None:
    page = f'<meta http-equiv="Content-Type" content="text/html; charset={encoding}"><p>Фонари горят'
    assert decode_page(page.encode(encoding), None) == page
    assert decode_page("Фонари горят".encode(encoding), encoding) == "Фонари горят"


@pytest.mark.parametrize("encoding", ["iso-2022-jp", "shift_jis", "euc-jp"])
def test_a_charset_of_ascii_bytes_is_believed(encoding: str) -> None:
    assert decode_page("灯台の灯".encode(encoding), encoding) == "灯台の灯"


def test_what_is_no_character_is_marked_and_never_an_error() -> None:
    assert decode_page(b"a\x81b", None) == "a\ufffdb"
    assert decode_page(b"\xff\xfea", None) == "\ufffd"


def test_a_page_in_windows_1252_keeps_its_quotation_marks() -> None:
    page = f"<html><body><article><p>{LONG}</p><p>{SAID}</p></article></body></html>".encode("cp1252")
    assert SAID in read(page, charset="utf-8").text


def test_control_characters_of_a_page_are_in_neither_title_nor_text() -> None:
    body = (
        "<html><head><title>The\x02 vote\x9d</title></head><body><article><p>The council\x07 of Sutherby met on Tuesday to talk"
        " about\x0cthe lanterns,\x9f and stayed until midnight.</p></article>"
    )
    for content_type in ("text/html", "text/plain"):
        moment = dt.datetime(2025, 3, 5, tzinfo=dt.UTC)
        page = FetchedPage("https://a.example/", "https://a.example/", content_type, "utf-8", body.encode(), moment)
        found = read_article(page)
        assert "lanterns, and stayed" in found.text
        controls = [chr(code) for code in [*range(32), *range(127, 160)] if chr(code) != "\n"]
        assert not set(controls) & set(found.text + (found.title or ""))
