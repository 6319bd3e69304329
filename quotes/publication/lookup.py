"""Is this quote real, and who said it first? Pasted words in, the published quotes most like them out.

Candidates share three words in a row with what was pasted (or all of its words, where it has no more); they are then
compared letter by letter. Fabricated and retracted quotes are found too: whoever asks about one must hear it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypedDict, cast

import orjson
from rapidfuzz import fuzz

from quotes import search
from quotes.publication.models import PublishedQuote
from quotes.publication.serving import quote_json
from quotes.publication.shapes import QuoteDocument

MAX_LENGTH = 1_000
MOST_FOUND = 20
# Of the candidates that share most, so many are compared.
_CANDIDATES = 200
_RUN = 3
_MOST_RUNS = 60
# Below this likeness (0 to 1) it is another sentence.
_LIKE = 0.75


class Appearance(TypedDict):
    """One occurrence of the words: where, and when."""

    uid: str
    api_url: str
    article: str
    dated: str | None


class Found(TypedDict):
    """A published quote like the words: `likeness` from 0 to 1 (1: the very words, but for case, accents and marks)."""

    likeness: float
    appearances: int
    first_appearance: Appearance
    quote: QuoteDocument


def look_up(text: str) -> list[Found]:
    """The published quotes most like the text, the likest first, each utterance once: three queries."""
    folded = _plain(text)
    if not folded:
        return []
    rows = {row.pk: row for row in _candidates(text)}
    scored = sorted(((likeness(folded, row), -row.pk) for row in rows.values()), reverse=True)
    best: dict[int, tuple[float, Any]] = {}
    for score, key in scored:
        row = rows[-key]
        if score >= _LIKE and len(best) < MOST_FOUND:
            best.setdefault(row.utterance, (score, row))
    appearances = _appearances(list(best))
    firsts = PublishedQuote.objects.in_bulk([rows[0] for rows in appearances.values()])
    return [
        _found(score, row, firsts[appearances[utterance][0]], len(appearances[utterance]))
        for utterance, (score, row) in best.items()
    ]


def likeness(folded: str, row: PublishedQuote) -> float:
    """How like a stored quote is to the folded words: its whole text, or the part of it that was pasted."""
    stored = _plain(orjson.loads(row.document)["text"])
    whole = fuzz.ratio(folded, stored)
    # Pasted words are often a part of the quote, or the quote with something around it.
    part = fuzz.partial_ratio(folded, stored) if min(len(folded), len(stored)) >= 20 else 0
    return round(max(whole, part) / 100, 3)


def _plain(text: str) -> str:
    """Letters and digits, folded, with single spaces between the words."""
    return " ".join("".join(char if char.isalnum() else " " for char in search.fold(text)).split())


def _candidates(text: str) -> Any:
    words = search.fold(text).split()
    runs = [" ".join(words[start : start + _RUN]) for start in range(0, max(1, len(words) - _RUN + 1))][:_MOST_RUNS]
    return PublishedQuote.objects.sharing(dict.fromkeys(runs))[:_CANDIDATES]


def _appearances(utterances: Sequence[int]) -> dict[int, list[int]]:
    """The keys of the occurrences of each utterance, the earliest first."""
    found: dict[int, list[int]] = {}
    for utterance, key in PublishedQuote.objects.occurrences_of(utterances).values_list("utterance", "pk"):
        found.setdefault(utterance, []).append(key)
    return found


def _found(score: float, row: PublishedQuote, earliest: PublishedQuote, appearances: int) -> Found:
    first = orjson.loads(earliest.document)
    return Found(
        likeness=score,
        appearances=appearances,
        first_appearance=Appearance(
            uid=first["uid"], api_url=first["api_url"], article=first["article"]["title"], dated=first["dated"]["date"]
        ),
        quote=cast(QuoteDocument, quote_json(row)),
    )
