"""Where the words of a search stand in a text.

PostgreSQL finds them, in the folded text that it searched (quotes.search), so that what is marked is what was matched; the
places are then carried back to the text as it is, character by character.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TypedDict

from django.db import connections

from quotes import search
from quotes.publication.models import PublishedQuote

_START, _STOP = "\x02", "\x03"
_NO_MARKS = str.maketrans("", "", _START + _STOP)
_OPTIONS = f"StartSel={_START}, StopSel={_STOP}, HighlightAll=true"
# The parser takes the first for tags, which it swallows; control characters would be taken for our marks. None of them is
# ever searched for.
_UNSEARCHED = str.maketrans(dict.fromkeys(["<", ">", "&", *map(chr, range(32))], " "))


class Highlight(TypedDict):
    """Where the words of `q` stand in `text`: [start, end) in code points; and the text as HTML with <mark> around them."""

    ranges: list[list[int]]
    html: str


def highlight(texts: Sequence[str], q: str) -> list[Highlight]:
    """The highlights of each text for a reader's query: one query to the database for all of them."""
    folded = [_fold(text) for text in texts]
    with connections[PublishedQuote.objects.db].cursor() as cursor:
        cursor.execute(
            "SELECT ts_headline(%s::regconfig, one, websearch_to_tsquery(%s::regconfig, %s), %s)"
            " FROM unnest(%s::text[]) WITH ORDINALITY AS part (one, place) ORDER BY place",
            [search.CONFIG, search.CONFIG, search.query_text(q), _OPTIONS, [text for text, _ in folded]],
        )
        marked = [row[0] for row in cursor.fetchall()]
    ranges = [
        # PostgreSQL leaves out words of more than 2,047 bytes: then places would not be those of the text.
        _ranges(one, origins) if one.translate(_NO_MARKS) == text else []
        for one, (text, origins) in zip(marked, folded, strict=True)
    ]
    return [Highlight(ranges=found, html=_as_html(text, found)) for text, found in zip(texts, ranges, strict=True)]


def _fold(text: str) -> tuple[str, list[int]]:
    """The folded text, and for each of its characters the index of the one that it came from, and at last the length."""
    parts = [search.fold(char).translate(_UNSEARCHED) for char in text]
    origins = [place for place, part in enumerate(parts) for _ in part]
    return "".join(parts), [*origins, len(text)]


def _ranges(marked: str, origins: Sequence[int]) -> list[list[int]]:
    found: list[list[int]] = []
    place = 0
    for char in marked:
        if char == _START:
            found.append([origins[place]])
        elif char == _STOP:
            # To the end of the last character that belongs to the word, with the accents that follow it.
            found[-1].append(origins[place])
        else:
            place += 1
    return found


def _as_html(text: str, ranges: Sequence[Sequence[int]]) -> str:
    parts, place = [], 0
    for start, end in ranges:
        parts += [escape(text[place:start]), "<mark>", escape(text[start:end]), "</mark>"]
        place = end
    return "".join([*parts, escape(text[place:])])
