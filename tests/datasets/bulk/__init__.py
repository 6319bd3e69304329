"""Corpora about people and places that do not exist: lines, files of them, and what became of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from quotes.datasets import bulk
from quotes.datasets.bulk import CorpusFile, Look, reading
from quotes.datasets.bulk.statements import Statement
from quotes.datasets.importing import Refusal
from quotes.models import Article, DoubtfulSpeaker, Import, ImportedRow, Person, Quote

MODELS = (Person, Article, Quote, DoubtfulSpeaker, ImportedRow)
VOTE, QUAY = "https://gazette.example/vote", "https://herald.example/quay"


def quotation(**members: Any) -> dict[str, Any]:
    """A line of Quotebank, quotation-centric, but for these members; ... takes one away."""
    value = {
        "quoteID": "2019-04-01-000001",
        "quotation": "The lanterns watch everyone.",
        "speaker": "Ottoline Varga",
        "qids": ["Q900000001"],
        "date": "2019-04-01 07:12:00",
        "numOccurrences": 1,
        "probas": [["Ottoline Varga", "0.7204"], ["None", "0.2796"]],
        "urls": [VOTE],
        "phase": "E",
    } | members
    return {name: one for name, one in value.items() if one is not ...}


def found_in_article(**members: Any) -> dict[str, Any]:
    """One quotation of an article-centric line."""
    value = {
        "quoteID": "2019-04-01-000001",
        "quotation": "The lanterns watch everyone.",
        "quotationOffset": 12,
        "leftContext": "The council met . `` ",
        "rightContext": " '' said Varga , and left .",
        "globalTopSpeaker": "Ottoline Varga",
        "globalProbas": [["Ottoline Varga", "0.9"], ["None", "0.1"]],
        "localTopSpeaker": "None",
        "localProbas": [["None", "0.6"], ["Ottoline Varga", "0.4"]],
        "numOccurrences": 2,
    } | members
    return {name: one for name, one in value.items() if one is not ...}


def article(*quotations: dict[str, Any], **members: Any) -> dict[str, Any]:
    """A line of Quotebank, article-centric."""
    value = {
        "articleID": "2019-04-01-000077",
        "articleLength": 400,
        "date": "2019-04-01 05:00:00",
        "phase": "E",
        "title": "The vote",
        "url": VOTE,
        "names": [{"name": "Ottoline Varga", "ids": ["Q900000001"], "offsets": [[14, 15]]}],
        "quotations": list(quotations) or [found_in_article()],
    } | members
    return {name: one for name, one in value.items() if one is not ...}


def graph_line(**members: Any) -> dict[str, Any]:
    """A line of GDELT's Global Quotation Graph."""
    value = {
        "date": "2020-03-01T10:15:00Z",
        "url": VOTE,
        "title": "The vote",
        "lang": "English",
        "quotes": [{"pre": "the council met. ", "quote": "The lanterns watch everyone.", "post": " said the warden"}],
    } | members
    return {name: one for name, one in value.items() if one is not ...}


def as_lines(*values: Any) -> bytes:
    return b"".join(json.dumps(value, ensure_ascii=False).encode() + b"\n" for value in values)


def corpus(
    folder: Path, *values: Any, format: str = "quotebank", name: str = "corpus.jsonl", source: str = ""
) -> CorpusFile:
    """The values as a file."""
    path = folder / name
    path.write_bytes(as_lines(*values))
    return CorpusFile(path, format, source).hashed()


def read(*values: Any, format: str = "quotebank") -> list[Statement]:
    """The statements of lines of which none is refused."""
    return [
        one
        for row, value in enumerate(values, 1)
        for one in reading.READERS[format](row, json.loads(json.dumps(value)))
    ]


def refusals(file: CorpusFile) -> list[Refusal]:
    """Everything that reading the file refuses."""
    return [refusal for batch in reading.batches(file) for refusal, _ in batch.refused]


def refused(folder: Path, value: Any, *, format: str = "quotebank") -> Refusal:
    """The one refusal of a file of one good line and this one."""
    good = {"quotebank": quotation, "gdelt": graph_line}[format]()
    [refusal] = refusals(corpus(folder, good, value, format=format))
    assert refusal.row == 2
    assert refusal.detail.endswith((".", "?"))
    return refusal


def bring(file: CorpusFile, **options: Any) -> Import:
    """Looked at, and brought in."""
    return bulk.bring_in(file, rows=bulk.look(file).rows, **options)


def counts() -> dict[str, int]:
    return {model.__name__: model._default_manager.count() for model in MODELS}


def foreseen(found: Look) -> dict[str, int]:
    """How many rows of each model the look says would be made."""
    fates = {fate.name: found.people[fate] for fate in bulk.Fate}
    return {
        "Person": fates["NEW"],
        "Article": found.articles["new"],
        "Quote": found.new,
        "DoubtfulSpeaker": fates["DOUBTFUL"],
        "ImportedRow": found.new,
    }
