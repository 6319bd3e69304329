"""What changed from one text to another, word by word. Pure Python."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import NamedTuple

# Words, runs of white space, and single signs: “they,” and “they” differ in a comma.
_PARTS = re.compile(r"\w+|\s+|[^\w\s]")
# Comparing takes time by the product of the lengths; two texts of this many parts take a tenth of a second.
_COMPARED = 2_000


class Piece(NamedTuple):
    """A stretch of text that stayed (`same`), went (`gone`) or came (`new`)."""

    kind: str
    text: str


def word_diff(before: str, after: str) -> list[Piece]:
    """The pieces of both texts, in order. Those that are not new are the text before, those not gone the one after.

    >>> word_diff("The lamps watch us.", "The lamps hear us.")[1:3]
    [Piece(kind='gone', text='watch'), Piece(kind='new', text='hear')]
    """
    old, new = _PARTS.findall(before), _PARTS.findall(after)
    if max(len(old), len(new)) > _COMPARED:
        return _pieces(before, after)
    pieces: list[Piece] = []
    for tag, start, end, begin, stop in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        gone, came = "".join(old[start:end]), "".join(new[begin:stop])
        pieces += [Piece("same", gone)] if tag == "equal" else _pieces(gone, came)
    return pieces


def _pieces(gone: str, came: str) -> list[Piece]:
    return [piece for piece in (Piece("gone", gone), Piece("new", came)) if piece.text]
