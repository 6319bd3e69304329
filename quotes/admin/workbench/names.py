"""Names in a text: what may be one, and where the names of people who are known stand. Plain values, code points throughout."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

_WORD = re.compile(r"[^\W\d_](?:[\w'’.\-]*\w)?")
# Small words inside names: Ana de la Torre, Ludwig van Holt.
_PARTICLES = frozenset(
    ["al", "bin", "da", "de", "del", "della", "den", "der", "di", "dos", "du", "el", "la", "van", "von"]
)
_LONGEST = 5
_MOST = 20_000


def possible_names(text: str) -> list[str]:
    """What may be a name of two to five words in the text, each once: words with a capital letter, or of a script without.

    >>> possible_names("Yesterday Neva Corrin met Ana de Sorvo.")
    ['Yesterday Neva', 'Yesterday Neva Corrin', 'Neva Corrin', 'Ana de', 'Ana de Sorvo', 'de Sorvo']
    """
    found: dict[str, None] = {}
    for words in _runs(text):
        for start in range(len(words)):
            for end in range(start + 2, min(len(words), start + _LONGEST) + 1):
                found[" ".join(words[start:end])] = None
        if len(found) > _MOST:
            break
    return list(found)[:_MOST]


def _runs(text: str) -> Iterator[list[str]]:
    """Words that follow each other with a space between, all of which a name may hold."""
    run: list[str] = []
    end = -1
    for match in _WORD.finditer(text):
        word = match[0]
        may_be = word[0].upper() == word[0] or word in _PARTICLES
        follows = end >= 0 and text[end : match.start()].strip() == "" and "\n" not in text[end : match.start()]
        if run and not (may_be and follows):
            yield run
            run = []
        if may_be:
            run = [*run, word]
        end = match.end()
    if run:
        yield run


def last_name(name: str, sort_name: str) -> str:
    """The part of a name that an article uses alone after it has said the whole.

    >>> last_name("Ana de Sorvo", "de Sorvo, Ana"), last_name("Neva Corrin", "Neva Corrin")
    ('de Sorvo', 'Corrin')
    """
    return sort_name.partition(",")[0].strip() if "," in sort_name else name.split()[-1] if name.split() else ""


def unambiguous(names: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Name → person, without the names that several people have."""
    people = defaultdict(set)
    for name, person in names:
        people[name].add(person)
    return {name: min(found) for name, found in people.items() if name and len(found) == 1}


def find_mentions(text: str, names: Mapping[str, int], *, most: int = 5_000) -> list[tuple[int, int, int]]:
    """Where the names stand, as whole words: (start, end, person), in the text's order, the longest name at each place."""
    if not names:
        return []
    longest_first = sorted(names, key=len, reverse=True)
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")
    found = []
    for match in pattern.finditer(text):
        found.append((match.start(), match.end(), names[match[0]]))
        if len(found) == most:
            break
    return found
