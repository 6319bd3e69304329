"""Quotation marks: which stretches of a text stand between them, whatever the typography.

Linear in the length of the text: every mark is looked at once, and the end of a quotation in single marks is found by bisection.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from quotes.extraction.paragraphs import Paragraph, paragraphs

MARK = re.compile(r"``|''|[\"“”„‟«»「」『』〝〞〟\uff02]")
SINGLE = re.compile(r"['‘’\u201a\u201b\u2039\u203a]")
ALL_MARKS = frozenset("\"“”„‟«»「」『』〝〞〟\uff02‘’\u201a\u201b\u2039\u203a'`")
OPENING = frozenset("“„‟«「『〝`")
CLOSING = frozenset("”»」』〞〟")
CLOSER_OF = {"„": "“”", "»": "«", "”": "”", "「": "」", "『": "』", "«": "»", "〝": "〞〟"}
BEFORE_OPENING = frozenset("([{—–-/…:,>")
AFTER_CLOSING = frozenset(".,;:!?)]}—–-…/<")
CLIPPED = re.compile(r"(?:\d0s|tis|twas|em|til|till|cause|bout|n|round)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words between marks: [start, end) without the marks and their blanks, [opens, closes) with them."""

    start: int
    end: int
    opens: int
    closes: int
    is_closed: bool = True  # False: the paragraph ended before a closing mark came
    is_single: bool = False


def quotations(text: str) -> list[Quotation]:
    """The outermost quotations of a text in their order; what is quoted inside one is a part of it.

    >>> [("“A ‘b’ c,” it’s 'd'."[q.start:q.end]) for q in quotations("“A ‘b’ c,” it’s 'd'.")]
    ['A ‘b’ c,', 'd']
    """
    return [found for paragraph in paragraphs(text) for found in _in_paragraph(text, paragraph)]


class _Singles:
    """The single marks of a paragraph that may close a quotation, and how to find the one that closes a given opening."""

    def __init__(self, text: str, paragraph: Paragraph, doubles: list[int]) -> None:
        self.text, self.start, self.end, self.doubles = text, paragraph.start, paragraph.end, doubles
        self.closers = [m.start() for m in SINGLE.finditer(text, self.start, self.end) if self._may_close(m.start())]

    def _may_close(self, at: int) -> bool:
        following = self.text[at + 1] if at + 1 < self.end else " "
        return (
            self.text[at] in "'’\u203a‘"
            and at > self.start
            and not self.text[at - 1].isspace()
            and not following.isalnum()
        )

    def closing(self, at: int) -> int:
        """Where the quotation that opens at `at` closes, or -1: then the mark is an apostrophe."""
        text = self.text
        before = text[at - 1] if at > self.start else " "
        after = text[at + 1] if at + 1 < self.end else " "
        if (
            text[at] not in "'‘\u201a\u201b\u2039"
            or not (before.isspace() or before in BEFORE_OPENING)
            or after.isspace()
        ):
            return -1
        if text[at] in "'\u201b" and (CLIPPED.match(text, at + 1) or not after.isalnum()):
            return -1
        place = bisect_left(self.closers, at + 2)
        if place == len(self.closers):
            return -1
        # A plural's apostrophe ("the leaders’ plan’") does not close where a better mark follows at once.
        found = self.closers[place]
        if text[found - 1] == "s" and text[found + 1 : found + 2] == " " and place + 1 < len(self.closers):
            later = self.closers[place + 1]
            is_near = later - found < 300  # bounds the search: many openings may lead here
            if is_near and SINGLE.search(text, found + 1, later) is None and text[later - 1] in ".,!?":
                found = later
        inside = bisect_left(self.doubles, found) - bisect_left(self.doubles, at)
        return -1 if inside % 2 else found


def _in_paragraph(text: str, paragraph: Paragraph) -> Iterator[Quotation]:
    marks = list(MARK.finditer(text, paragraph.start, paragraph.end))
    singles = _Singles(text, paragraph, [mark.start() for mark in marks])
    both = sorted(
        [(mark.start(), mark.end(), False) for mark in marks]
        + [(m.start(), m.end(), True) for m in SINGLE.finditer(text, paragraph.start, paragraph.end)]
    )
    may_nest = _is_balanced(text, paragraph)
    opened, depth, after = -1, 0, paragraph.start
    for start, end, is_single in both:
        if start < after:
            continue
        if is_single:
            closing = singles.closing(start) if opened < 0 else -1
            if closing >= 0:
                yield from _trimmed(text, start, start + 1, closing, closing + 1, is_single=True)
                after = closing + 1
            continue
        if opened < 0:
            if _opens(text, start, end, paragraph):
                opened, depth, opening_end = start, 1, end
            continue
        if _closes(text, text[opened], start, end, paragraph):
            depth -= 1
            if depth == 0:
                yield from _trimmed(text, opened, opening_end, start, end)
                opened = -1
        elif text[start] in OPENING and may_nest:
            depth += 1
        else:
            opened, depth, opening_end = start, 1, end
    if opened >= 0:
        yield from _trimmed(text, opened, opening_end, paragraph.end, paragraph.end, is_closed=False)


def _is_balanced(text: str, paragraph: Paragraph) -> bool:
    return text.count("“", paragraph.start, paragraph.end) == text.count("”", paragraph.start, paragraph.end)


def _around(text: str, start: int, end: int, paragraph: Paragraph) -> tuple[str, str]:
    before = text[start - 1] if start > paragraph.start else " "
    after = text[end] if end < paragraph.end else " "
    return before, after


def _opens(text: str, start: int, end: int, paragraph: Paragraph) -> bool:
    before, after = _around(text, start, end, paragraph)
    is_free = before.isspace() or before in BEFORE_OPENING or before in ALL_MARKS
    if text[start] in OPENING:
        return True
    if text[start] in CLOSING:
        return is_free and not after.isspace() and text[start] in "”»"
    # A blank left out by mistake: authorities."We
    is_glued = before in ".!?" and after.isupper()
    return (is_free or is_glued) and not after.isspace()


def _closes(text: str, opening: str, start: int, end: int, paragraph: Paragraph) -> bool:
    mark = text[start]
    before, after = _around(text, start, end, paragraph)
    ends_word = not before.isspace() and (after.isspace() or after in AFTER_CLOSING or after in ALL_MARKS)
    if opening in CLOSER_OF:
        return mark in CLOSER_OF[opening] or (mark == '"' and ends_word)
    if mark == "”":
        return True
    if mark == "“":
        return ends_word
    if mark in '"\uff02' or text[start:end] == "''":
        return not ((before.isspace() or before in "([") and not after.isspace())
    return False


def _trimmed(
    text: str, opens: int, start: int, end: int, closes: int, *, is_closed: bool = True, is_single: bool = False
) -> Iterator[Quotation]:
    start, end = trim(text, start, end)
    if any(character.isalnum() for character in text[start:end]):
        yield Quotation(start, end, opens, closes, is_closed, is_single)


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """[start, end) without blanks at its ends, nor marks there that have no partner inside."""
    marks = [(at, text[at]) for at in range(start, end) if text[at] in ALL_MARKS]
    last_closer = max((at for at, mark in marks if mark not in OPENING), default=-1)
    last_high = max((at for at, mark in marks if mark not in OPENING - {"“"}), default=-1)
    first_opener = min((at for at, mark in marks if mark not in CLOSING), default=end)
    while start < end:
        if text[start].isspace() or (
            text[start] in ALL_MARKS and start >= (last_high if text[start] == "„" else last_closer)
        ):
            start += 1
        elif text[end - 1].isspace() or (
            text[end - 1] in ALL_MARKS and end - 1 <= max(first_opener, start) and not _is_apostrophe(text, end - 1)
        ):
            end -= 1
        else:
            break
    return start, end


def _is_apostrophe(text: str, at: int) -> bool:
    return text[at] in "'’" and text[at - 1 : at].isalnum()
