"""Who may be meant by a name in a byline: those who bear it, and those whose names come close. A curator chooses."""

from __future__ import annotations

from typing import Any, TypeVar

from rapidfuzz import fuzz

from quotes import search
from quotes.models import Organization, Person

Named = TypeVar("Named", Person, Organization)

_SHOWN = 5
_LOOKED_AT = 300
_CLOSE = 72  # of 100: below this, names have little more than a first name in common
_BEGINNING = 3  # letters of a word: accents and misspellings come later in it
_EVERYWHERE = {"the", "of", "and", "for", "de", "der", "die", "das", "la", "le"}


def resembling(model: type[Named], name: str) -> tuple[list[Named], bool]:
    """Those who bear the name, else those whose names come close, closest first; and whether exactly one bears it.

    >>> resembling(Person, " ")
    ([], False)
    """
    name = " ".join(name.split())
    manager: Any = model.objects
    exact = list(manager.named([name])[: _SHOWN + 1]) if name else []
    if len(exact) == 1:
        return exact, True
    words = [word for word in name.split() if word.casefold() not in _EVERYWHERE]
    pieces = [word[:_BEGINNING] for word in words]
    found = {row.pk: row for row in exact}
    for wanted in (pieces, pieces[-1:], pieces[:1]):
        if wanted and len(found) < _LOOKED_AT:
            found |= {row.pk: row for row in manager.holding(wanted)[:_LOOKED_AT]}
    ranked = sorted(((_closeness(name, row), row) for row in found.values()), key=lambda pair: (-pair[0], pair[1].pk))
    return [row for closeness, row in ranked if closeness >= _CLOSE][:_SHOWN], False


def _closeness(name: str, row: Person | Organization) -> float:
    names = [row.name, *row.aliases, *([row.short_name] if isinstance(row, Organization) and row.short_name else [])]
    wanted = search.fold(name)
    return max(fuzz.token_sort_ratio(wanted, search.fold(one)) for one in names)
