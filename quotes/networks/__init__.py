"""Discourse networks: who stands with whom, computed as the Discourse Network Analyzer does (Leifeld 2013, 2017). No Django."""

from quotes.networks.matrices import Counts, Network, TooLarge, one_mode, two_mode
from quotes.networks.statements import (
    DUPLICATES,
    ONE_MODE_AGGREGATIONS,
    ONE_MODE_NORMALIZATIONS,
    TWO_MODE_AGGREGATIONS,
    TWO_MODE_NORMALIZATIONS,
    Statement,
    kept,
)

__all__ = [
    "DUPLICATES",
    "ONE_MODE_AGGREGATIONS",
    "ONE_MODE_NORMALIZATIONS",
    "TWO_MODE_AGGREGATIONS",
    "TWO_MODE_NORMALIZATIONS",
    "Counts",
    "Network",
    "Statement",
    "TooLarge",
    "kept",
    "one_mode",
    "two_mode",
]
