"""Quotebank: quotations with their likely speakers, from a decade of English news (Vaucher et al., WSDM 2021).

Two shapes, told apart line by line. Quotation-centric: a line is a quotation with all the addresses it was found at;
article-centric: a line is an article with its quotations. Probabilities are pairs (`["Name", "0.72"]`) in the published files
and objects (`{"speaker": …, "proba": …}`) in the code that made them: both are read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from quotes.datasets.bulk import statements
from quotes.datasets.bulk.statements import Speaker, Statement, digest_of, words
from quotes.datasets.importing.refusals import CellError, shown

NOBODY = "None"  # how the files write that the speaker is not known
_KEPT = ("date", "numOccurrences", "phase")


def read_line(row: int, value: Mapping[str, Any]) -> Iterator[Statement]:
    """The statements of a line. Raises CellError for the first value that is not taken."""
    if "quotations" in value:
        yield from _of_article(row, value)
    else:
        yield from _of_quotation(row, value)


def _of_quotation(row: int, value: Mapping[str, Any]) -> Iterator[Statement]:
    quote_id = words(value.get("quoteID"), "quoteID", most="id")
    urls = statements.member(value, "urls", list)
    if not urls:
        raise CellError("urls", "[]", "missing", "No address: a quote stands in an article.")
    text = words(value.get("quotation"), "quotation")
    probas = _probas(value.get("probas"), "probas")
    speaker = _speaker(value.get("speaker"), "speaker", value.get("qids"))
    # The date is that of the earliest occurrence; of several, nothing tells which one it is.
    published = statements.day(value.get("date"), "date")
    told = _told(value, probas)
    digest = digest_of(text, value.get("speaker"), value.get("qids"), value.get("urls"), told)
    for number, url in enumerate(dict.fromkeys(statements.address(url, "urls") for url in urls), 1):
        yield Statement(
            row=row,
            external_id=quote_id if number == 1 else f"{quote_id}@{number}",
            digest=digest,
            text=text,
            url=url,
            utterance=quote_id if len(urls) > 1 else "",
            speaker=speaker,
            probability=_of(speaker, probas),
            published=published if len(urls) == 1 else None,
            told=told,
        )


def _of_article(row: int, value: Mapping[str, Any]) -> Iterator[Statement]:
    article_id = words(value.get("articleID"), "articleID", most="id")
    url = statements.address(value.get("url"), "url")
    title = words(value.get("title"), "title", most="title", is_needed=False)
    published = statements.day(value.get("date"), "date")
    ids = _ids_by_name(value.get("names"))
    seen: set[str] = set()
    for found in statements.member(value, "quotations", list):
        if not isinstance(found, Mapping):
            raise CellError("quotations", shown(repr(found)), "invalid", "A quotation is not an object.")
        quote_id = words(found.get("quoteID"), "quoteID", most="id")
        name = found.get("globalTopSpeaker") or found.get("localTopSpeaker")
        probas = _probas(found.get("globalProbas") or found.get("localProbas"), "globalProbas")
        speaker = _speaker(name, "globalTopSpeaker", ids.get(str(name)))
        text = words(found.get("quotation"), "quotation")
        told = _told({**value, **found}, probas) | {"quotationOffset": found.get("quotationOffset")}
        place = f"{quote_id}@{article_id}"
        # The same words twice in one article: both are occurrences.
        external_id = place if place not in seen else f"{place}:{found.get('quotationOffset')}"
        seen.add(place)
        yield Statement(
            row=row,
            external_id=external_id,
            digest=digest_of(text, url, title, name, told),
            text=text,
            url=url,
            title=title,
            utterance=quote_id,
            speaker=speaker,
            probability=_of(speaker, probas),
            published=published,
            prefix=words(found.get("leftContext"), "leftContext", is_needed=False),
            suffix=words(found.get("rightContext"), "rightContext", is_needed=False),
            told=told,
        )


def _speaker(value: Any, column: str, ids: Any) -> Speaker | None:
    name = words(value, column, most="speaker", is_needed=False)
    if name in ("", NOBODY):
        return None
    return Speaker(name, statements.wikidata_ids(ids, "qids"))


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
    kept = {name: value[name] for name in _KEPT if value.get(name) is not None}
    return kept | ({"probas": [list(pair) for pair in probas]} if probas else {})


def _ids_by_name(names: Any) -> dict[str, Any]:
    """Of the people whom an article names: `names` is a list of objects with `name` and `ids`."""
    if not isinstance(names, list):
        return {}
    return {str(one.get("name")): one.get("ids") for one in names if isinstance(one, Mapping)}
