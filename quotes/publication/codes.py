"""Facet codes: one 64-bit number for every answer to "would this filter match?".

A published row carries the codes of everything that is true of it; a filter asks for codes. Composite facts have codes of
their own (a stance *toward this topic*, a standing *at this organization*), so that what belongs together is matched
together. Ancestors are written into the row: no hierarchy is walked when reading.

A code is the BLAKE2b hash of a readable token made from internal ids (Python's `hash()` is salted anew in each process).
`manage.py publication --check` finds collisions.
"""

from collections.abc import Iterable
from functools import lru_cache
from hashlib import blake2b

from quotes.vocabulary import Certainty, EntityKind, Standing

ADDRESSED = "addressed"


@lru_cache(maxsize=65_536)
def code(token: str) -> int:
    """The signed 64-bit code of a token.

    >>> code("kind:direct")
    -1387846195483328241
    """
    return int.from_bytes(blake2b(token.encode(), digest_size=8).digest(), "big", signed=True)


def codes(tokens: Iterable[str]) -> list[int]:
    """The distinct codes of the tokens, in ascending order."""
    return sorted({code(token) for token in tokens})


def value(field: str, choice: str) -> str:
    """`field` has the value: `kind:direct`."""
    return f"{field}:{choice}"


def entity(field: str, key: int) -> str:
    """`field` is the entity with this internal id: `speaker:12`."""
    return f"{field}:{key}"


def mention(kind: EntityKind | str, key: int) -> str:
    """The row shows this entity somewhere, so the public may know that it exists."""
    return f"mentions:{kind}:{key}"


def certainly(judgement: str, certainty: Certainty | str) -> str:
    """The final coding that this token says something of was made with this certainty: `stance:oppose@high`."""
    return f"{judgement}@{certainty}"


def stance_on(topic: int, stance: str, *, scope: str) -> str:
    """A final coding toward the topic (`exact`), or toward it or one below it (`descendants`), has this stance."""
    return f"topic.{scope}:{topic}:{stance}"


def standing_at(organization: int, standing: Standing | str, *, scope: str) -> str:
    """The words were said with this standing at the organization, or (`descendants`) at it or one below it."""
    return f"organization.{scope}:{organization}:{standing}"


def kind_with(organization_kind: str, standing: Standing | str) -> str:
    """The words were said with this standing at an organization of this kind."""
    return f"organization_kind:{organization_kind}:{standing}"
