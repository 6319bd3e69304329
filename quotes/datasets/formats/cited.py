"""What the bibliographies share: a row's article as a CSL-JSON item; of a quote, with who is quoted and the words in its note."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from quotes import citations
from quotes.datasets.formats.rows import Row
from quotes.datasets.formats.stored import document
from quotes.partial_dates import PartialDate

Item = dict[str, Any]


def items(kind: str, rows: Iterable[Row]) -> Iterator[Item]:
    """A CSL-JSON item for each row. Its id is the quote's uid or the article's slug, so keys are unique and stay the same."""
    item = _of_quote if kind == "quote" else _of_article
    return (item(document(row)) for row in rows)


def single_line(words: str) -> str:
    """Words in a format whose values have no line ends."""
    return " ".join(words.split())


def _of_quote(quote: dict[str, Any]) -> Item:
    item = quote["citation"]
    return {**item, "note": f"{item['note']}: {quote['display']}"}


def _of_article(article: dict[str, Any]) -> Item:
    read = [datetime.fromisoformat(one["retrieved_at"]) for one in article["snapshots"]]
    return citations.csl_item(
        key=article["slug"],
        title=article["title"],
        # Articles' documents have names in one piece: what is the family's is not guessed.
        authors=[(author["name"], author["name"].replace(", ", " ")) for author in article["authors"]],
        outlet=article["outlet"]["name"] if article["outlet"] else "",
        published=PartialDate(article["published"]) if article["published"] else None,
        url=article["url"],
        archive_url=article["archive_url"],
        accessed=max(read).date() if read else None,
        language=article["language"],
        genre=article["genre"],
        note=article["status_note"],
    )
