"""GDELT's Global Quotation Graph: what stood in quotation marks in the world's news, with the words around it, and no speaker."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.conf.locale import LANG_INFO

from quotes.datasets.bulk import statements
from quotes.datasets.bulk.statements import Statement, digest_of, words
from quotes.datasets.importing.refusals import CellError, shown

# It writes languages by their English names.
_LANGUAGES = {info["name"].casefold(): code for code, info in LANG_INFO.items() if "name" in info}
_LANGUAGES |= {"chinese": "zh", "norwegian": "no", "serbian": "sr", "portuguese": "pt", "galician": "gl"}
UNDETERMINED = "und"


def read_line(row: int, value: Mapping[str, Any]) -> Iterator[Statement]:
    """The statements of a line, which is an article with its quotes. Raises CellError for the first value that is not taken."""
    url = statements.address(value.get("url"), "url")
    title = words(value.get("title"), "title", most="title", is_needed=False)
    # It reads the news as they come: its day is the article's.
    published = statements.day(value.get("date"), "date")
    named = words(value.get("lang"), "lang", most="id", is_needed=False)
    language = _LANGUAGES.get(named.casefold(), UNDETERMINED)
    told = {"date": words(value.get("date"), "date", most="id", is_needed=False), "lang": named}
    told = {name: text for name, text in told.items() if text}
    seen: set[str] = set()
    for found in statements.member(value, "quotes", list):
        if not isinstance(found, Mapping):
            raise CellError("quotes", shown(repr(found)), "invalid", "A quote is not an object.")
        text = words(found.get("quote"), "quote")
        before = statements.surroundings(found.get("pre"), "pre")
        after = statements.surroundings(found.get("post"), "post")
        # It has no ids of its own: the address and the words with what stands around them are one.
        digest = digest_of(url, before.strip(), text, after.strip())
        if digest in seen:
            continue
        seen.add(digest)
        yield Statement(
            row=row,
            external_id=digest,
            digest=digest,
            text=text,
            url=url,
            title=title,
            published=published,
            language=language,
            prefix=before,
            suffix=after,
            told=told or None,
        )
