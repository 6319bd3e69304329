"""Quotebank, line by line: both of its shapes, what is taken from them, and what is refused with which words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.datasets.bulk import QUAY, VOTE, article, corpus, found_in_article, quotation, read, refusals, refused


def test_a_quotation_is_a_statement_in_its_article() -> None:
    [one] = read(quotation())
    assert (one.row, one.text, one.url, one.title) == (1, "The lanterns watch everyone.", VOTE, "")
    assert one.speaker and (one.speaker.name, one.speaker.wikidata_ids) == ("Ottoline Varga", ("Q900000001",))
    assert (one.probability, one.published, one.language, one.segments) == (0.7204, "2019-04-01", "en", [])
    assert one.told == {
        "date": "2019-04-01 07:12:00",
        "phase": "E",
        "numOccurrences": 1,
        "probas": [["Ottoline Varga", 0.7204], ["None", 0.2796]],
    }


def test_probabilities_may_be_objects_as_the_code_writes_them() -> None:
    probas = [
        {"speaker": "Ottoline Varga", "proba": 0.7204, "qids": ["Q900000001"]},
        {"speaker": "None", "proba": "0.2796", "qids": []},
    ]
    assert read(quotation(probas=probas)) == read(quotation())


@pytest.mark.parametrize("speaker", ["None", "", None, ...])
def test_none_is_nobody(speaker: Any) -> None:
    [one] = read(quotation(speaker=speaker, qids=[]))
    assert one.speaker is None
    assert one.probability == 0.2796


def test_a_speaker_without_a_probability_has_none() -> None:
    [one] = read(quotation(probas=...))
    assert one.speaker
    assert one.probability is None


def test_wikidata_ids_come_once_each_in_an_order_of_ours() -> None:
    [one] = read(quotation(qids=["Q20", "Q100", "Q3", "Q20"]))
    assert one.speaker and one.speaker.wikidata_ids == ("Q3", "Q20", "Q100")


def test_several_addresses_are_as_many_statements_of_one_utterance_on_unknown_days() -> None:
    one, two = read(quotation(urls=[VOTE, QUAY, VOTE]))
    assert (one.url, two.url) == (VOTE, QUAY)
    assert one.utterance == two.utterance == "2019-04-01-000001"
    assert (one.published, two.published) == (None, None)
    assert one.told and one.told["date"] == "2019-04-01 07:12:00"
    assert one.external_id != two.external_id


def test_the_order_of_addresses_changes_no_id() -> None:
    one, two = read(quotation(urls=[VOTE, QUAY]), quotation(urls=[QUAY, VOTE]))[1:3]
    assert one.external_id == two.external_id


@pytest.mark.parametrize("phase", ["A", "C", "E"])
def test_the_phase_is_kept_and_lower_cased_words_stay_as_they_are(phase: str) -> None:
    [one] = read(quotation(quotation="the lanterns watch everyone.", phase=phase))
    assert one.text == "the lanterns watch everyone."
    assert one.told and one.told["phase"] == phase


def test_an_article_gives_title_day_and_what_stands_around_the_words() -> None:
    [one] = read(article())
    assert (one.title, one.url, one.published) == ("The vote", VOTE, "2019-04-01")
    assert one.speaker and (one.speaker.name, one.speaker.wikidata_ids) == ("Ottoline Varga", ("Q900000001",))
    assert (one.probability, one.utterance) == (0.9, "2019-04-01-000001")
    assert one.segments == [{"prefix": "The council met . `` ", "suffix": " '' said Varga , and left ."}]
    assert one.told and (one.told["quotationOffset"], one.told["numOccurrences"]) == (12, 2)


def test_contexts_are_kept_as_near_as_an_anchor_needs() -> None:
    long = "a" * 40 + "b" * 40
    [one] = read(article(found_in_article(leftContext=long, rightContext=long)))
    assert one.segments == [{"prefix": "b" * 32, "suffix": "a" * 32}]


def test_where_the_corpus_as_a_whole_names_nobody_the_article_alone_does_not_either() -> None:
    [one] = read(article(found_in_article(globalTopSpeaker="None", localTopSpeaker="Ottoline Varga")))
    assert one.speaker is None


def test_where_nothing_is_known_of_the_whole_the_article_tells() -> None:
    local = found_in_article(globalTopSpeaker=..., globalProbas=..., localTopSpeaker="Ottoline Varga")
    [one] = read(article(local))
    assert one.speaker and one.speaker.wikidata_ids == ("Q900000001",)
    assert one.probability == 0.4


def test_an_article_without_quotations_says_nothing() -> None:
    assert read(article(quotations=[])) == []


def test_the_same_words_twice_in_one_article_are_two_statements() -> None:
    one, two = read(article(found_in_article(), found_in_article(quotationOffset=300)))
    assert one.external_id != two.external_id
    assert one.utterance == two.utterance


def test_both_shapes_know_an_occurrence_by_the_same_id() -> None:
    [one], [two] = read(quotation()), read(article())
    assert (one.external_id, one.digest) == (two.external_id, two.digest)


def test_text_is_brought_into_one_form() -> None:
    [one] = read(article(found_in_article(quotation="  Cafe\u0301 lamps\r\nburn.\n"), title=" The\n  vote "))
    assert (one.text, one.title) == ("Caf\u00e9 lamps\nburn.", "The vote")


@pytest.mark.parametrize(
    ("members", "column", "value", "words"),
    [
        ({"quoteID": ...}, "quoteID", "", "quoteID is missing."),
        ({"quoteID": 7}, "quoteID", "7", "quoteID is not a text."),
        ({"quoteID": "a b"}, "quoteID", "a b", "Not an id"),
        ({"quoteID": "a@b"}, "quoteID", "a@b", "Not an id"),
        ({"quoteID": "x" * 151}, "quoteID", "x" * 59 + "…", "151 characters; at most 150."),
        ({"quotation": ...}, "quotation", "", "quotation is missing."),
        ({"quotation": " \n"}, "quotation", "", "quotation is empty."),
        ({"quotation": ["words"]}, "quotation", "['words']", "quotation is not a text."),
        ({"quotation": "The\u0000lanterns"}, "quotation", "The lanterns", "U+0000"),
        ({"quotation": "The\u0007lanterns"}, "quotation", "The lanterns", "U+0007"),
        ({"quotation": "The\u0092lanterns"}, "quotation", "The lanterns", "U+0092"),
        ({"quotation": "The\ufefflanterns"}, "quotation", "The lanterns", "U+FEFF"),
        ({"speaker": 5}, "speaker", "5", "speaker is not a text."),
        ({"speaker": "x" * 301}, "speaker", "x" * 59 + "…", "301 characters; at most 300."),
        ({"qids": "Q1"}, "qids", "'Q1'", "qids is not a list."),
        ({"qids": ["P31"]}, "qids", "P31", "Not a Wikidata id"),
        ({"qids": ["Q1\n"]}, "qids", "Q1 ", "Not a Wikidata id"),
        ({"qids": ["Q" + "1" * 30]}, "qids", "Q" + "1" * 30, "Not a Wikidata id"),
        ({"qids": [42]}, "qids", "42", "Not a Wikidata id"),
        ({"date": "yesterday"}, "date", "yesterday", "yesterday"),
        ({"date": "2019-02-30"}, "date", "2019-02-30", "2019-02-30"),
        ({"date": "2019-04-0123"}, "date", "2019-04-0123", "2019-04-0123"),
        ({"date": 20190401}, "date", "20190401", "date is not a text."),
        ({"numOccurrences": "3"}, "numOccurrences", "'3'", "not a whole number"),
        ({"numOccurrences": -1}, "numOccurrences", "-1", "not a whole number"),
        ({"numOccurrences": True}, "numOccurrences", "True", "not a whole number"),
        ({"numOccurrences": [1]}, "numOccurrences", "[1]", "not a whole number"),
        ({"probas": {"a": 1}}, "probas", "{'a': 1}", "probas is not a list."),
        ({"probas": ["None"]}, "probas", "'None'", "Neither a pair"),
        ({"probas": [["None"]]}, "probas", "['None']", "Neither a pair"),
        ({"probas": [[None, "0.5"]]}, "probas", "", "probas is missing."),
        ({"probas": [["None", "1.5"]]}, "probas", "1.5", "Not a probability"),
        ({"probas": [["None", "nan"]]}, "probas", "nan", "Not a probability"),
        ({"probas": [["None", True]]}, "probas", "True", "Not a probability"),
        ({"probas": [["None", None]]}, "probas", "None", "Not a probability"),
        ({"probas": [{"speaker": "None"}]}, "probas", "None", "Not a probability"),
        ({"urls": ...}, "urls", "", "urls is missing."),
        ({"urls": VOTE}, "urls", f"'{VOTE}'", "urls is not a list."),
        ({"urls": []}, "urls", "[]", "No address"),
        ({"urls": [VOTE, None]}, "urls", "", "urls is missing."),
        ({"urls": ["gazette.example/vote"]}, "urls", "gazette.example/vote", "Not a web address"),
        ({"urls": ["ftp://gazette.example"]}, "urls", "ftp://gazette.example", "Not a web address"),
        ({"urls": ["https://a b.example"]}, "urls", "https://a b.example", "Not a web address"),
        ({"urls": ["https://x:y@gazette.example/"]}, "urls", "https://x:y@gazette.example/", "Not a web address"),
        ({"urls": [VOTE + "é" * 1_000]}, "urls", (VOTE + "é" * 60)[:59] + "…", "at most 2,000."),
        ({"phase": 5}, "phase", "5", "phase is not a text."),
        ({"phase": ["E"]}, "phase", "['E']", "phase is not a text."),
    ],
)
def test_what_is_no_quotation_is_refused_with_place_and_value(
    tmp_path: Path, members: dict[str, Any], column: str, value: str, words: str
) -> None:
    refusal = refused(tmp_path, quotation(**members))
    assert (refusal.column, refusal.value) == (column, value)
    assert words in refusal.detail


@pytest.mark.parametrize(
    ("members", "column", "words"),
    [
        ({"url": ...}, "url", "url is missing."),
        ({"url": 5}, "url", "url is not a text."),
        ({"title": 5}, "title", "title is not a text."),
        ({"title": "x" * 501}, "title", "501 characters; at most 500."),
        ({"date": "04/01/2019"}, "date", "04/01/2019"),
        ({"names": "Ottoline"}, "names", "names is not a list."),
        ({"names": ["Ottoline"]}, "names", "not an object"),
        ({"names": [{"name": 5}]}, "names", "names is not a text."),
        ({"names": [{"name": "Ottoline Varga", "ids": "Q1"}]}, "names", "names is not a list."),
        ({"quotations": {}}, "quotations", "quotations is not a list."),
        ({"quotations": ["words"]}, "quotations", "A quotation is not an object."),
        ({"phase": 1}, "phase", "phase is not a text."),
    ],
)
def test_what_is_no_article_is_refused(tmp_path: Path, members: dict[str, Any], column: str, words: str) -> None:
    refusal = refused(tmp_path, article(**members))
    assert refusal.column == column
    assert words in refusal.detail


@pytest.mark.parametrize(
    ("members", "column"),
    [
        ({"quoteID": ...}, "quoteID"),
        ({"quotation": None}, "quotation"),
        ({"quotationOffset": "12"}, "quotationOffset"),
        ({"leftContext": 5}, "leftContext"),
        ({"rightContext": "a\u0000"}, "rightContext"),
        ({"globalTopSpeaker": ["a"]}, "globalTopSpeaker"),
        ({"globalTopSpeaker": ..., "localTopSpeaker": 5}, "localTopSpeaker"),
        ({"globalProbas": 5}, "globalProbas"),
        ({"numOccurrences": 1.5}, "numOccurrences"),
    ],
)
def test_what_is_no_quotation_of_an_article_is_refused_with_the_whole_line(
    tmp_path: Path, members: dict[str, Any], column: str
) -> None:
    assert refused(tmp_path, article(found_in_article(), found_in_article(**members))).column == column


@pytest.mark.parametrize("line", [b"[1]", b'"words"', b"7", b"null", b"{", b"{'quoteID': 1}", b"\xff\xfe", b"{}x"])
def test_a_line_that_is_no_object_is_refused(tmp_path: Path, line: bytes) -> None:
    file = corpus(tmp_path, quotation())
    file.path.write_bytes(file.path.read_bytes() + line + b"\n")
    [refusal] = refusals(file)
    assert (refusal.code, refusal.row) == ("not_json", 2)


def test_half_a_character_is_refused(tmp_path: Path) -> None:
    file = corpus(tmp_path, quotation())
    line = json.dumps(quotation(quotation="Lamps \ud83d burn."))
    assert "\\ud83d" in line
    file.path.write_bytes(line.encode() + b"\n")
    [refusal] = refusals(file)
    assert (refusal.code, refusal.row) == ("not_json", 1)


def test_an_escape_that_is_written_about_is_a_text(tmp_path: Path) -> None:
    words = "Never write \\u0000 into a log."
    assert refusals(corpus(tmp_path, quotation(quotation=words))) == []


def test_members_that_nobody_knows_are_left_alone() -> None:
    assert read(quotation(domains=["gazette"], extra={"a": [1]})) == read(quotation())
