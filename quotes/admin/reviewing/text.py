"""The paragraphs that a quote's words stand in, cut out of the article's text, with the words marked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from quotes.admin.text_panel import Run

# Shorter paragraphs than this bring their neighbours along: in news, many a paragraph is one sentence.
_SHORT = 500
# Of a longer one, this much is shown on each side of the words.
_BESIDE = 700


@dataclass(frozen=True)
class Context:
    """A part of the text as runs; whether text stands before and after it."""

    runs: list[Run]
    is_cut_before: bool
    is_cut_after: bool


def contexts(text: str, runs: Sequence[Run], segments: Iterable[Any]) -> list[Context]:
    """The surroundings of each segment, in the text's order; those that meet are one. `runs` are the whole text's."""
    places = [(segment["start"], segment["end"]) for segment in segments if "start" in segment]
    ranges = [_around(text, start, end) for start, end in places if start < end <= len(text)]
    return [Context(_clip(runs, start, end), start > 0, end < len(text)) for start, end in _united(ranges)]


def _around(text: str, start: int, end: int) -> tuple[int, int]:
    left, right = _paragraph(text, start, end)
    if right - left < _SHORT:
        before = text[:left].rstrip()
        after = right + len(text[right:]) - len(text[right:].lstrip())
        left = _paragraph(text, len(before), len(before))[0] if before else left
        right = _paragraph(text, after, after)[1] if after < len(text) else right
    return _at_space(text, max(left, start - _BESIDE), left), _at_space(text, min(right, end + _BESIDE), right)


def _paragraph(text: str, start: int, end: int) -> tuple[int, int]:
    stop = text.find("\n", end)
    return text.rfind("\n", 0, start) + 1, len(text) if stop < 0 else stop


def _at_space(text: str, place: int, bound: int) -> int:
    """The place itself where a paragraph begins or ends there; else the next white space, so that no word is cut."""
    while place != bound and place < len(text) and not text[place].isspace():
        place += 1
    return place


def _united(ranges: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    united: list[tuple[int, int]] = []
    for start, end in sorted(ranges):
        if united and start <= united[-1][1] + 1:
            united[-1] = (united[-1][0], max(united[-1][1], end))
        else:
            united.append((start, end))
    return united


def _clip(runs: Sequence[Run], start: int, end: int) -> list[Run]:
    clipped, at = [], 0
    for run in runs:
        inside = run.text[max(0, start - at) : max(0, end - at)]
        clipped += [Run(inside, run.is_this, run.quotes)] if inside else []
        at += len(run.text)
    return clipped
