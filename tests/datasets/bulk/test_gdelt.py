"""GDELT's Global Quotation Graph, line by line."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest

from quotes.datasets.bulk import CorpusFile
from quotes.models import Article, ImportedRow, Quote
from tests.datasets.bulk import as_lines, bring, corpus, graph_line, read, refused


def one_of(**members: Any) -> Any:
    [one] = read(graph_line(**members), format="gdelt")
    return one


def test_a_line_is_an_article_with_the_words_and_what_stands_around_them() -> None:
    one = one_of()
    assert (one.text, one.title, one.published) == ("The lanterns watch everyone.", "The vote", "2020-03-01")
    assert (one.speaker, one.probability, one.utterance) == (None, None, "")
    assert one.segments == [{"prefix": "the council met. ", "suffix": " said the warden"}]
    assert one.told == {"date": "2020-03-01T10:15:00Z", "lang": "English"}


@pytest.mark.parametrize(
    ("named", "language"),
    [
        ("English", "en"),
        ("ENGLISH", "en"),
        ("Spanish", "es"),
        ("Chinese", "zh"),
        ("Norwegian", "no"),
        ("Serbian", "sr"),
        ("Tamsinese", "und"),
        ("", "und"),
        (None, "und"),
    ],
)
def test_languages_are_known_by_their_english_names(named: str | None, language: str) -> None:
    assert one_of(lang=named).language == language


@pytest.mark.parametrize(
    "date", ["2020-03-01", "20200301101500", "20200301", "2020-03-01 10:15:00", "2020-03-01T10:15:00.5+00:00"]
)
def test_days_are_read_however_they_are_written(date: str) -> None:
    assert one_of(date=date).published == "2020-03-01"


@pytest.mark.parametrize(("date", "day"), [("2020", "2020"), ("2020-03", "2020-03"), ("", None), (None, None)])
def test_what_is_less_than_a_day_is_no_more(date: str | None, day: str | None) -> None:
    assert one_of(date=date).published == day


def test_words_without_surroundings_have_none() -> None:
    assert one_of(quotes=[{"quote": "Put them out."}]).segments == []


def test_the_same_words_between_others_are_another_quote() -> None:
    quotes = [{"pre": "first ", "quote": "Put them out.", "post": ""}, {"pre": "then ", "quote": "Put them out."}]
    found = read(graph_line(quotes=[*quotes, quotes[0]]), format="gdelt")
    assert [one.prefix for one in found] == ["first ", "then "]
    assert len({one.external_id for one in found}) == 2


@pytest.mark.parametrize(
    ("members", "column"),
    [
        ({"url": "vote"}, "url"),
        ({"url": ...}, "url"),
        ({"title": ["a"]}, "title"),
        ({"lang": 5}, "lang"),
        ({"date": "soon"}, "date"),
        ({"date": "\uff12020-03-01"}, "date"),
        ({"quotes": ...}, "quotes"),
        ({"quotes": "words"}, "quotes"),
        ({"quotes": ["words"]}, "quotes"),
        ({"quotes": [{"quote": ""}]}, "quote"),
        ({"quotes": [{"quote": None}]}, "quote"),
        ({"quotes": [{"quote": "a", "pre": 1}]}, "pre"),
        ({"quotes": [{"quote": "a", "post": "\u0000"}]}, "post"),
    ],
)
def test_what_is_none_is_refused(tmp_path: Path, members: dict[str, Any], column: str) -> None:
    assert refused(tmp_path, graph_line(**members), format="gdelt").column == column


@pytest.mark.django_db
def test_a_packed_file_comes_in_and_its_quotes_have_no_speaker(tmp_path: Path) -> None:
    path = tmp_path / "20200301.gqg.json.gz"
    path.write_bytes(gzip.compress(as_lines(graph_line(lang="Spanish"))))
    bring(CorpusFile(path, "gdelt").hashed())
    quote = Quote.objects.get()
    assert (quote.source_type, quote.source_label, quote.speaker) == ("unnamed", "", None)
    assert quote.segments == [{"prefix": "the council met. ", "suffix": " said the warden"}]
    assert Article.objects.get().language == "es"


@pytest.mark.django_db
def test_files_that_overlap_make_nothing_twice(tmp_path: Path) -> None:
    lines = [graph_line(url=f"https://gazette.example/{number}") for number in range(6)]
    bring(corpus(tmp_path, *lines[:4], format="gdelt"))
    bring(corpus(tmp_path, *lines[2:], format="gdelt"))
    bring(corpus(tmp_path, *lines[:4], format="gdelt"))
    assert (Quote.objects.count(), ImportedRow.objects.count(), Article.objects.count()) == (6, 6, 6)
