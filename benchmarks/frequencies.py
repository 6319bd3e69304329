"""How often each value of a vocabulary is drawn: unevenly, as in life."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

# The values, and the sums of their weights up to each.
Shares = tuple[Sequence[str], Sequence[int]]


def weighted(shares: dict[str, int]) -> Shares:
    """Values with their weights, as `Random.choices` takes them.

    >>> weighted({"a": 3, "b": 1})
    (['a', 'b'], [3, 4])
    """
    return list(shares), list(accumulate(shares.values()))


ORGANIZATION_KINDS = weighted(
    {"government_agency": 30, "company": 25, "advocacy": 18, "legislature": 8, "research": 7, "court": 4, "party": 4,
     "union_association": 3, "other": 1}
)  # fmt: skip
LANGUAGES = weighted({"en": 82, "es": 9, "pt-BR": 4, "de": 3, "fr": 2})
GENRES = weighted({"news": 70, "interview": 10, "analysis": 8, "opinion": 7, "press_release": 3, "report": 2})
STANDINGS = weighted({"current": 80, "former": 14, "unknown": 4, "incoming": 2})
STANCES = weighted({"oppose": 38, "support": 32, "neutral": 12, "mixed": 8, "unclear": 6, "not_addressed": 4})
CERTAINTIES = weighted({"high": 70, "medium": 22, "low": 8})
KINDS = weighted({"direct": 52, "partial": 26, "indirect": 22})
SOURCES = weighted({"person": 80, "organization": 10, "unnamed": 6, "document": 4})
VENUES = weighted(
    {"unspecified": 35, "interview": 22, "statement": 17, "press_conference": 9, "hearing": 7, "speech": 5,
     "social_post": 4, "document": 1}
)  # fmt: skip
VERIFICATIONS = weighted(
    {"unverified": 520, "attested": 430, "confirmed": 30, "disputed": 15, "retracted": 3, "fabricated": 2}
)
