"""Paragraphs and sentences of a text. A line break inside a paragraph (a text wrapped at a width) does not end it."""

import re
from dataclasses import dataclass

LINE_BREAK = re.compile(r"(?:\r\n|[\n\r\u2028\u2029\x0b\x0c])\s*")
WRAPPED = 45  # a line of fewer characters is a heading, or the end of a paragraph
TERMINAL = frozenset(".!?:…”\"’'»)]“。\uff01\uff1f")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """[start, end) of a paragraph in code points, without the blanks around it."""

    start: int
    end: int


def paragraphs(text: str) -> list[Paragraph]:
    """The paragraphs of a text that are not blank.

    >>> [(p.start, p.end) for p in paragraphs("One.\\r\\n\\r\\n Two.")]
    [(0, 4), (9, 13)]
    """
    found: list[Paragraph] = []
    start = 0
    for line_break in LINE_BREAK.finditer(text):
        if not _is_wrapped(text, start, line_break):
            _append(text, found, start, line_break.start())
            start = line_break.end()
    _append(text, found, start, len(text))
    return found


def _append(text: str, found: list[Paragraph], start: int, end: int) -> None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        found.append(Paragraph(start, end))


def _is_wrapped(text: str, start: int, line_break: re.Match[str]) -> bool:
    """A single break in the middle of a long line's sentence: the next line goes on with it."""
    if len(re.findall(r"\r\n|[\n\r]", line_break.group()[:8])) != 1 or line_break.end() == len(text):
        return False
    line = text[max(start, line_break.start() - 2 * WRAPPED) : line_break.start()].rstrip()
    return len(line) >= WRAPPED and line[-1] not in TERMINAL
