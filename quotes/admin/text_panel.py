"""A quote shown in its text: the snapshot cut into runs, each inside this quote, inside another one, or in none."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from quotes.anchoring import AnchorError, Verdict, check_anchor

if TYPE_CHECKING:
    from quotes.models import Article, Quote, Snapshot

_VERDICTS = {
    Verdict.VERBATIM: "The words stand here, to the character.",
    Verdict.MOVED: "The words stand in this text, but not at the place that is stored.",
    Verdict.AMBIGUOUS: "The words stand at several places of this text, and nothing tells which is meant.",
    Verdict.ALTERED: "The place is there, but the text has other words.",
    Verdict.MISSING: "Neither the words nor their surroundings stand in this text.",
}


@dataclass(frozen=True)
class Run:
    """A stretch of text. `quotes` are the ones that it belongs to; `is_this` says whether the one shown is among them."""

    text: str
    is_this: bool = False
    quotes: tuple[Quote, ...] = ()


@dataclass(frozen=True)
class TextPanel:
    """What the template shows: runs of the whole text, or the segments with the context that they carry."""

    snapshot: Snapshot | None = None
    runs: list[Run] = field(default_factory=list)
    excerpts: list[dict[str, str]] = field(default_factory=list)
    verdict: str = ""
    is_sound: bool = True


def panel(snapshot: Snapshot | None, quote: Quote | None = None) -> TextPanel:
    """The panel of a quote, or of a snapshot alone. Two queries at most: the text, and the quotes in it."""
    if snapshot is None or snapshot.text is None:
        return TextPanel(snapshot=snapshot, excerpts=excerpts(quote) if quote else [])
    quotes = list(snapshot.quotes.select_related("speaker", "organization"))
    verdict, is_sound = _verdict(snapshot.text, quote)
    return TextPanel(snapshot, cut(snapshot.text, quotes, this=quote), [], verdict, is_sound)


def excerpts(quote: Quote) -> list[dict[str, str]]:
    """Prefix, words and suffix of each segment, for a text that is not kept."""
    segments = quote.segments or [{}]
    exacts = quote.exacts if len(quote.exacts) == len(segments) else [quote.text]
    return [
        {"prefix": segment.get("prefix", ""), "exact": exact, "suffix": segment.get("suffix", "")}
        for segment, exact in zip(segments, exacts, strict=False)
    ]


def cut(text: str, quotes: Iterable[Quote], *, this: Quote | None = None) -> list[Run]:
    """The text as runs that, put together, are the text again."""
    stretches = [(start, end, quote) for quote in quotes for start, end in _places(quote, len(text))]
    bounds = sorted({0, len(text), *(place for start, end, _ in stretches for place in (start, end))})
    runs = []
    for start, end in itertools.pairwise(bounds):
        over = tuple(quote for begin, stop, quote in stretches if begin <= start and end <= stop)
        is_this = this is not None and any(quote.pk == this.pk for quote in over)
        runs.append(Run(text[start:end], is_this, over))
    return runs


def _places(quote: Quote, length: int) -> list[tuple[int, int]]:
    places = [(segment.get("start", 0), segment.get("end", 0)) for segment in quote.segments]
    return [(start, end) for start, end in places if 0 <= start < end <= length]


def _verdict(text: str, quote: Quote | None) -> tuple[str, bool]:
    if quote is None or quote.pk is None:
        return "", True
    try:
        anchor = check_anchor(text, quote.text, quote.segments)
    except AnchorError:
        return "The words are not anchored in this text.", False
    return _VERDICTS[anchor.verdict], anchor.verdict is Verdict.VERBATIM


def latest_snapshot(article: Article) -> Snapshot | None:
    """The article's latest reading whose text is kept; the latest one where none is."""
    readings = list(article.snapshots.all())
    return next((reading for reading in readings if reading.text is not None), readings[0] if readings else None)
