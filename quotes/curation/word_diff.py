"""What changed in a long text, word by word."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import NamedTuple

# A change of a short value is read faster as "from this to that".
_LONG = 8
# Beyond this many words and signs a comparison takes longer than a reader waits.
_MOST = 4_000
_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")


class Piece(NamedTuple):
    """A part of the text: `same`, `gone` or `new`."""

    kind: str
    text: str


def pieces(before: str, after: str) -> list[Piece]:
    """The parts of both texts, in order; none where they have little in common, are short, or too long to be compared.

    >>> before, after = "the lamps of our town see all that we do", "the lamps of the town see all we do"
    >>> [piece.text for piece in pieces(before, after) if piece.kind == "gone"]
    ['our', 'that ']
    >>> "".join(piece.text for piece in pieces(before, after) if piece.kind != "gone") == after
    True
    """
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    is_long = max(len(before.split()), len(after.split())) > _LONG
    if not old or not new or not is_long or len(old) + len(new) > _MOST:
        return []
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if _words_kept(matcher, old) * 2 < min(len(before.split()), len(after.split())):
        return []
    found: list[Piece] = []
    for tag, first, last, start, end in matcher.get_opcodes():
        if tag == "equal":
            found.append(Piece("same", "".join(old[first:last])))
            continue
        found += [Piece("gone", "".join(old[first:last]))] if last > first else []
        found += [Piece("new", "".join(new[start:end]))] if end > start else []
    return found


def word_diff(before: str, after: str) -> list[Piece]:
    """As `pieces`; where these would tell nothing, the one text and then the other.

    >>> word_diff("said", "claims")
    [Piece(kind='gone', text='said'), Piece(kind='new', text='claims')]
    """
    found = pieces(before, after)
    return found or [piece for piece in (Piece("gone", before), Piece("new", after)) if piece.text]


def _words_kept(matcher: SequenceMatcher[str], old: list[str]) -> int:
    blocks = matcher.get_matching_blocks()
    return sum(token[0].isalnum() for block in blocks for token in old[block.a : block.a + block.size])
