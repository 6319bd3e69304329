"""From the words that a curator types to segments of a text. Pure Python, code points throughout.

A curator types or pastes words with the line breaks and straight marks of a keyboard; what is stored is what stands in the
text. So white space and the shapes of quotation marks are matched loosely, and everything else to the character.
"""

import re
from typing import Any

from quotes.anchoring import AnchorError, normalise_text, segment_at

_ALIKE = ("'’‘", '"“”„')
_MARKS = frozenset(_ALIKE[1] + "«»")
_LISTED = 6


def split_lines(typed: str) -> list[str]:
    r"""The segments that were typed: a line each, without blank lines, outer quotation marks and surplus space.

    >>> split_lines("“Yes,”\r\n\n  He said:  “No.”")
    ['Yes,', 'He said: “No.”']
    """
    lines = (" ".join(line.split()) for line in normalise_text(typed).split("\n"))
    return [words for words in map(without_marks, lines) if words]


def without_marks(line: str) -> str:
    """The line without a pair of quotation marks around the whole of it."""
    is_quoted = len(line) > 2 and line[0] in _MARKS and line[-1] in _MARKS and not _MARKS.intersection(line[1:-1])
    return line[1:-1].strip() if is_quoted else line


def read_starts(typed: str) -> list[int]:
    """Positions, separated by commas or spaces. Raises AnchorError, naming what is no position."""
    parts = typed.replace(",", " ").split()
    for part in parts:
        if not re.fullmatch("[0-9]{1,9}", part):
            raise AnchorError(f"{part!r} is not a position: write whole numbers, such as 120, 310.")
    return [int(part) for part in parts]


def anchor_lines(text: str, lines: list[str], starts: list[int]) -> list[dict[str, Any]]:
    """Segments of `text` for the lines, in their order; `starts` decides where words stand more than once.

    Raises AnchorError, fit for a curator's eyes, when words do not stand there, or at several places and none is picked.
    """
    segments: list[dict[str, Any]] = []
    after = 0
    for number, line in enumerate(lines):
        start, after = _pick(text, line, after, starts[number : number + 1])
        segments.append(segment_at(text, start, after))
    return segments


def _pick(text: str, line: str, after: int, wanted: list[int]) -> tuple[int, int]:
    places = [place for place in find_places(text, line) if place[0] >= after]
    if not places:
        raise AnchorError(_not_there(text, line, after))
    chosen = [place for place in places if place[0] in wanted] if len(places) > 1 else places
    if not chosen:
        raise AnchorError(_several(text, line, places))
    return chosen[0]


def find_places(text: str, line: str) -> list[tuple[int, int]]:
    """Where the line stands in the text: every [start, end), overlapping ones included."""
    pattern = re.compile(rf"(?=({_loosely(line)}))")
    return [match.span(1) for match in pattern.finditer(text)] if line else []


def _loosely(line: str) -> str:
    shapes = {mark: f"[{alike}]" for alike in _ALIKE for mark in alike}
    return r"\s+".join("".join(shapes.get(sign, re.escape(sign)) for sign in word) for word in line.split())


def _not_there(text: str, line: str, after: int) -> str:
    where = f"after position {after}" if after and find_places(text, line) else "in the text"
    found = _longest_beginning(text, line)
    so_far = f" It has “{found}” and then goes on differently." if found and found != line else ""
    return f"“{line}” does not stand {where}.{so_far}"


def _longest_beginning(text: str, line: str) -> str:
    words = line.split()
    low, high = 0, len(words)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if find_places(text, " ".join(words[:middle])) else (low, middle - 1)
    return " ".join(words[:low]) if low > 1 else ""


def _several(text: str, line: str, places: list[tuple[int, int]]) -> str:
    listed = "; ".join(f"{start} (“…{_around(text, start, end)}…”)" for start, end in places[:_LISTED])
    more = ", and more" if len(places) > _LISTED else ""
    return (
        f"“{line}” stands {len(places)} times, at {listed}{more}. Write the position that you mean under “Starts at”."
    )


def _around(text: str, start: int, end: int) -> str:
    return " ".join(text[max(0, start - 24) : min(end, start + 12) + 12].split())
