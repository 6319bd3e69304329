"""Proposed quotes: what a text seems to quote, from whom. Pure Python; nothing here saves anything (docs/extraction.md)."""

from quotes.extraction.proposals import DIRECT, INDIRECT, PARTIAL, Proposal
from quotes.extraction.proposing import propose

__all__ = ["DIRECT", "INDIRECT", "PARTIAL", "Proposal", "propose"]
