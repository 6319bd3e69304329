"""Where a row's words stand: in a text of the article that was read here, or at least between which words.

Only rows that say what stands around their words, or where, are looked for: the others stay as they were brought.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from quotes.anchoring import find_words, segment_at
from quotes.datasets.importing.entries import Entry
from quotes.models import Snapshot


@dataclass(frozen=True, slots=True)
class Placement:
    """A quote's words and segments; `snapshot` is the key of the text that these are places of."""

    text: str
    segments: list[dict[str, Any]] = field(default_factory=list)
    snapshot: int | None = None


class Texts:
    """The texts that are kept of the articles which the entries name: one query."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        addresses = {entry.article_url for entry in entries if _is_sought(entry)}
        kept = Snapshot.objects.filter(article__url__in=addresses, text__isnull=False).order_by("-retrieved_at", "-pk")
        self._texts: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for address, key, text in kept.values_list("article__url", "pk", "text"):
            self._texts[address].append((key, str(text)))

    def place(self, entry: Entry) -> Placement:
        """In the latest text that has the words at one place; else, with what stands around them, in none."""
        if not _is_sought(entry):
            return Placement(entry.text)
        prefix, suffix = entry.prefix, entry.suffix
        for key, text in self._texts.get(entry.article_url, ()):
            place = find_words(text, entry.text, prefix=prefix, suffix=suffix, units=entry.position)
            if place:
                return Placement(text[slice(*place)], [segment_at(text, *place)], key)
        return Placement(entry.text, [{"prefix": prefix, "suffix": suffix}] if prefix or suffix else [])


def _is_sought(entry: Entry) -> bool:
    return bool(entry.prefix or entry.suffix) or entry.position is not None
