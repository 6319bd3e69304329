"""Quotebank: quotations with their likely speakers, from a decade of English news (Vaucher et al., WSDM 2021).

Two shapes, told apart line by line. Quotation-centric: a line is a quotation with all the addresses it was found at;
article-centric: a line is an article with its quotations. Probabilities are pairs (`["Name", "0.72"]`) in the published files
and objects (`{"speaker": …, "proba": …}`) in the code that made them: both are read.

An occurrence is known by its quotation's id and its address, so that the two shapes, and pieces of them, make nothing twice.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from quotes.datasets.bulk import statements
from quotes.datasets.bulk.statements import Speaker, Statement, digest_of, words
from quotes.datasets.importing.refusals import CellError, shown

NOBODY = "None"  # how the files write that the speaker is not known


def read_line(row: int, value: Mapping[str, Any]) -> Iterator[Statement]:
    """The statements of a line. Raises CellError for the first value that is not taken."""
    if "quotations" in value:
        yield from _of_article(row, value)
    else:
        yield from _of_quotation(row, value)


def _of_quotation(row: int, value: Mapping[str, Any]) -> Iterator[Statement]:
    quote_id = _quote_id(value)
    urls = [statements.address(url, "urls") for url in statements.member(value, "urls", list)]
    if not urls:
        raise CellError("urls", "[]", "missing", "No address: a quote stands in an article.")
    text = words(value.get("quotation"), "quotation")
    probas = _probas(value.get("probas"), "probas")
    speaker = _speaker(value.get("speaker"), "speaker", value.get("qids"), "qids")
    # The date is that of the earliest occurrence; of several, nothing tells which one it is.
    published = statements.day(value.get("date"), "date")
    told = _told(value, probas)
    for url in dict.fromkeys(urls):
        yield Statement(
            row=row,
            external_id=_place(quote_id, url),
            digest=_digest(text, speaker),
            text=text,
            url=url,
            utterance=quote_id,
            speaker=speaker,
            probability=_of(speaker, probas),
            published=published if len(urls) == 1 else None,
            told=told,
        )


def _of_article(row: int, value: Mapping[str, Any]) -> Iterator[Statement]:
    url = statements.address(value.get("url"), "url")
    title = words(value.get("title"), "title", most="title", is_needed=False)
    published = statements.day(value.get("date"), "date")
    ids = _ids_by_name(value.get("names"))
    times: Counter[str] = Counter()
    for found in statements.member(value, "quotations", list):
        if not isinstance(found, Mapping):
            raise CellError("quotations", shown(repr(found)), "invalid", "A quotation is not an object.")
        quote_id = _quote_id(found)
        whose = "local" if found.get("globalTopSpeaker") is None else "global"
        probas = _probas(found.get(f"{whose}Probas"), f"{whose}Probas")
        name = words(found.get(f"{whose}TopSpeaker"), f"{whose}TopSpeaker", most="speaker", is_needed=False)
        speaker = _speaker(name, f"{whose}TopSpeaker", ids.get(name), "names")
        text = words(found.get("quotation"), "quotation")
        times[quote_id] += 1
        # The same words twice in one article: both are occurrences.
        again = f":{times[quote_id]}" if times[quote_id] > 1 else ""
        yield Statement(
            row=row,
            external_id=_place(quote_id, url) + again,
            digest=_digest(text, speaker),
            text=text,
            url=url,
            title=title,
            utterance=quote_id,
            speaker=speaker,
            probability=_of(speaker, probas),
            published=published,
            prefix=statements.surroundings(found.get("leftContext"), "leftContext"),
            suffix=statements.surroundings(found.get("rightContext"), "rightContext"),
            told=_told({**value, **found}, probas),
        )


def _quote_id(value: Mapping[str, Any]) -> str:
    quote_id = words(value.get("quoteID"), "quoteID", most="id")
    if "@" in quote_id or " " in quote_id:
        raise CellError("quoteID", quote_id, "invalid", "Not an id such as 2019-04-01-000042.")
    return quote_id


def _place(quote_id: str, url: str) -> str:
    """The id of an occurrence: both shapes, and every edition of the corpus, know the quotation and the address."""
    return f"{quote_id}@{hashlib.sha256(url.encode()).hexdigest()[:16]}"


def _digest(text: str, speaker: Speaker | None) -> str:
    return digest_of(text, speaker.name if speaker else None)


def _speaker(value: Any, column: str, ids: Any, ids_column: str) -> Speaker | None:
    name = words(value, column, most="speaker", is_needed=False)
    found = statements.wikidata_ids(ids, ids_column)
    return None if name in ("", NOBODY) else Speaker(name, found)


def _probas(value: Any, column: str) -> list[tuple[str, float]]:
    """The likely speakers, as the source orders them. Raises CellError."""
    if value is None:
        return []
    if not isinstance(value, list):
        raise CellError(column, shown(repr(value)), "invalid", f"{column} is not a list.")
    return [_proba(one, column) for one in value]


def _proba(one: Any, column: str) -> tuple[str, float]:
    if isinstance(one, Mapping):
        name, number = one.get("speaker"), one.get("proba")
    elif isinstance(one, list) and len(one) == 2:
        name, number = one
    else:
        detail = "Neither a pair of speaker and probability, nor an object with the two."
        raise CellError(column, shown(repr(one)), "invalid", detail)
    return words(name, column, most="speaker"), statements.probability(number, column)


def _of(speaker: Speaker | None, probas: list[tuple[str, float]]) -> float | None:
    name = speaker.name if speaker else NOBODY
    return next((number for one, number in probas if one == name), None)


def _told(value: Mapping[str, Any], probas: list[tuple[str, float]]) -> dict[str, Any]:
    """What the database has no column for. Raises CellError."""
    kept = {name: words(value.get(name), name, most="id", is_needed=False) for name in ("date", "phase")}
    counts = {name: statements.count(value.get(name), name) for name in ("numOccurrences", "quotationOffset")}
    told: dict[str, Any] = {name: text for name, text in kept.items() if text}
    told |= {name: number for name, number in counts.items() if number is not None}
    return told | ({"probas": [list(pair) for pair in probas]} if probas else {})


def _ids_by_name(names: Any) -> dict[str, Any]:
    """Of the people whom an article names: `names` is a list of objects with `name` and `ids`. Raises CellError."""
    if names is None:
        return {}
    if not isinstance(names, list):
        raise CellError("names", shown(repr(names)), "invalid", "names is not a list.")
    if wrong := [one for one in names if not isinstance(one, Mapping)]:
        raise CellError("names", shown(repr(wrong[0])), "invalid", "A name is not an object with name and ids.")
    return {words(one.get("name"), "names", most="speaker"): one.get("ids") for one in names}
