"""Anchors: where a quote's words stand in a text, and whether they still do. Pure Python, code points throughout.

A quote has one or more *segments*, as W3C Web Annotation selectors: a TextPositionSelector (start, end; half-open, in code
points) and a TextQuoteSelector (exact, prefix, suffix; CONTEXT characters each) that works without the position.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Any

CONTEXT = 32


class AnchorError(ValueError):
    """Words that cannot be anchored in a text; the message quotes them."""


class Verdict(StrEnum):
    """What a look at the text says of an anchor, from best to worst."""

    VERBATIM = "verbatim"  # the words stand at the very place
    MOVED = "moved"  # the words stand once, elsewhere, or their context picks out one place
    AMBIGUOUS = "ambiguous"  # the words stand at several places and nothing tells which
    ALTERED = "altered"  # the context stands, with other words between
    MISSING = "missing"  # neither words nor context


@dataclass(frozen=True)
class Anchor:
    """The verdict on one quote, and where its segments stand now (empty unless verbatim or moved)."""

    verdict: Verdict
    places: tuple[tuple[int, int], ...] = ()


def normalise_text(text: str) -> str:
    """The text as a snapshot keeps it: line ends LF, Unicode NFC.

    >>> normalise_text("cafe\\u0301\\r\\nbar")
    'café\\nbar'
    """
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))


def text_hash(text: str) -> str:
    """SHA-256 of the UTF-8 text, hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def anchor_words(text: str, exacts: Iterable[str], *, after: int = 0) -> list[dict[str, Any]]:
    """Segments for the words, found in `text` in their order, the first at or after `after`.

    >>> anchor_words("He said: “Yes,” and “No.”", ["Yes,", "No."])[1]
    {'start': 21, 'end': 24, 'prefix': 'He said: “Yes,” and “', 'suffix': '”'}

    Raises AnchorError when words are empty or do not stand there.
    """
    segments = []
    for exact in exacts:
        start = text.find(exact, after)
        if not exact or start < 0:
            raise AnchorError(f"not in the text after position {after}: {exact!r}")
        after = start + len(exact)
        segments.append(segment_at(text, start, after))
    return segments


def segment_at(text: str, start: int, end: int) -> dict[str, Any]:
    """The segment [start, end) of `text`, with its context."""
    return {
        "start": start,
        "end": end,
        "prefix": text[max(0, start - CONTEXT) : start],
        "suffix": text[end : end + CONTEXT],
    }


def code_points(text: str, units: int) -> int:
    """How many code points the first `units` UTF-16 units of `text` are: browsers count units.

    >>> code_points("a\U0001f3eeb", 3)
    2
    """
    return len(text.encode("utf-16-le")[: 2 * units].decode("utf-16-le", errors="ignore"))


def find_words(
    text: str, exact: str, *, prefix: str = "", suffix: str = "", units: int | None = None
) -> tuple[int, int] | None:
    """Where words stand that were marked in a page; None where they do not, or where several places may be meant.

    They stand once, or once between `prefix` and `suffix`, or of several such places at `units` (UTF-16, as browsers count).
    White space is as good as any other, since a page breaks its lines elsewhere than the text taken from it; around the
    words there may be none.

    >>> find_words("No. “No,” he said.", "No", prefix="“"), find_words("No. No.", "No"), find_words("A  lamp", "A lamp")
    ((5, 7), None, (0, 7))
    """
    pattern = r"\s+".join(re.escape(word) for word in exact.split())
    if not pattern:
        return None
    places = [found.span(1) for found in re.finditer(f"(?=({pattern}))", text)]
    if len(places) > 1:
        places = [place for place in places if _stands_between(text, place, _bare(prefix), _bare(suffix))]
    if len(places) > 1 and units is not None:
        start = code_points(text, units)
        places = [place for place in places if place[0] == start]
    return places[0] if len(places) == 1 else None


def _stands_between(text: str, place: tuple[int, int], prefix: str, suffix: str) -> bool:
    reach = 8 * CONTEXT  # with the white space that pages leave out
    before, after = text[max(0, place[0] - reach) : place[0]], text[place[1] : place[1] + reach]
    return _bare(before).endswith(prefix) and _bare(after).startswith(suffix)


def _bare(text: str) -> str:
    return "".join(text.split())


def words_at(text: str, segments: Sequence[Mapping[str, Any]]) -> str:
    """The words that stand at the segments, joined by one space: what `Quote.text` must be."""
    return " ".join(text[segment["start"] : segment["end"]] for segment in segments)


def exact_segments(words: str, segments: Sequence[Mapping[str, Any]]) -> list[str]:
    """Cut a quote's words back into those of its segments, by their lengths.

    >>> exact_segments("Yes, No.", [{"start": 10, "end": 14}, {"start": 21, "end": 24}])
    ['Yes,', 'No.']
    """
    if any("start" not in segment for segment in segments) or not segments:
        return [words]
    exacts, at = [], 0
    for segment in segments:
        length = segment["end"] - segment["start"]
        exacts.append(words[at : at + length])
        at += length + 1
    return exacts


def quotation(exacts: Sequence[str], *, is_indirect: bool) -> str:
    """Words as one may print them: every segment in its marks, what was left out between them marked.

    >>> quotation(["Yes,", "No."], is_indirect=False)
    '“Yes,” […] “No.”'
    """
    return " […] ".join(exacts if is_indirect else [f"“{exact}”" for exact in exacts])


def check_anchor(text: str, words: str, segments: Sequence[Mapping[str, Any]]) -> Anchor:
    """Whether the words of a quote stand in `text`, and where.

    The stored position counts first, then the words with their context, then the words alone if they stand once, then the
    context with other words between. The verdict of a quote with several segments is the worst of them.

    Raises AnchorError when there are no segments with a position to check.
    """
    if not segments or any("start" not in segment for segment in segments):
        raise AnchorError("the quote has no position in a text")
    anchors = [
        _check_segment(text, exact, segment)
        for exact, segment in zip(exact_segments(words, segments), segments, strict=True)
    ]
    order = list(Verdict)
    worst = max((verdict for verdict, _ in anchors), key=order.index)
    places = tuple(place for _, place in anchors if place)
    if worst is Verdict.MOVED and any(left[1] > right[0] for left, right in pairwise(places)):
        return Anchor(Verdict.AMBIGUOUS)
    return Anchor(worst, places if worst in (Verdict.VERBATIM, Verdict.MOVED) else ())


def _check_segment(text: str, exact: str, segment: Mapping[str, Any]) -> tuple[Verdict, tuple[int, int] | None]:
    start, end = segment["start"], segment["end"]
    if text[start:end] == exact:
        return Verdict.VERBATIM, (start, end)
    prefix, suffix = segment.get("prefix", ""), segment.get("suffix", "")
    found = _find_all(text, prefix + exact + suffix)
    if len(found) == 1:
        return Verdict.MOVED, (found[0] + len(prefix), found[0] + len(prefix) + len(exact))
    found = _find_all(text, exact)
    if len(found) == 1:
        return Verdict.MOVED, (found[0], found[0] + len(exact))
    if found:
        return Verdict.AMBIGUOUS, None
    return (Verdict.ALTERED if _context_stands(text, prefix, suffix, len(exact)) else Verdict.MISSING), None


def _find_all(text: str, words: str) -> list[int]:
    places: list[int] = []
    at = text.find(words)
    while at >= 0 and len(places) < 2:
        places.append(at)
        at = text.find(words, at + 1)
    return places


def _context_stands(text: str, prefix: str, suffix: str, length: int) -> bool:
    """Prefix and suffix stand in order, no more than twice the words' length (and some slack) apart."""
    if not prefix and not suffix:
        return False
    begins = text.find(prefix)
    while begins >= 0:
        inner = begins + len(prefix)
        if 0 <= text.find(suffix, inner) <= inner + 2 * length + CONTEXT:
            return True
        begins = text.find(prefix, begins + 1)
    return False
