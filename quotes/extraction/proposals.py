"""What a proposal is: a quotation found in a text, for a curator to accept, correct or reject. Nothing is saved from here."""

from dataclasses import dataclass

DIRECT = "direct"
PARTIAL = "partial"
INDIRECT = "indirect"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposed quote; places are code points of the text, and -1 where something is unknown.

    >>> Proposal(((1, 4),), DIRECT).speaker_start
    -1
    """

    segments: tuple[tuple[int, int], ...]  # quotation marks outside; ordered, disjoint
    kind: str  # "direct", "partial" or "indirect" (docs/codebook.md)
    cue: str = ""  # the reporter's verb as printed: "said", "according to"; "" unknown
    speaker: str = ""  # the mention as printed: "Neva Corrin", "the spokesperson", "she"; "" unknown
    speaker_start: int = -1
    speaker_end: int = -1
    confidence: float = 0.0  # 0..1: an order, not a probability
    resolved: str = ""  # the name that the mention stands for, where the text makes that plain; "" otherwise
