"""What a misspelt name may have meant: "stanse" → "stance"."""

from collections.abc import Iterable

from rapidfuzz import fuzz, process

# Below this similarity (0 to 100) a suggestion would be a guess.
_CLOSE = 70


def closest(name: str, names: Iterable[str]) -> str | None:
    """The name most like this one, whatever the case, if any is like it at all.

    >>> [closest(name, ["topic", "stance"]) for name in ("stanse", "TOPIC", "zebra")]
    ['stance', 'topic', None]
    """
    found = process.extractOne(name, list(names), scorer=fuzz.ratio, processor=str.casefold, score_cutoff=_CLOSE)
    return found[0] if found else None
