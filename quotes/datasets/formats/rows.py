"""What goes into a format, and what a format is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Context:
    """What an answer states of itself.

    `root` ("https://quotes.example", no slash at its end) makes root-relative links absolute. `applied` are the filters used,
    `generated_at` is aware. `fields` repeats those of the rows for an answer that has none.
    """

    root: str
    applied: Mapping[str, Any]
    generated_at: datetime
    codebook_version: str
    release: str | None = None
    fields: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One published quote, entity or coding, as it is stored.

    `document` is its JSON, `members` what is added to it (`modified`, `quote_count`), `fields` the names of members or columns
    that are wanted: None is all of them.
    """

    document: str
    members: Mapping[str, Any]
    fields: frozenset[str] | None = None


Write = Callable[[str, Iterable[Row], Context], Iterator[bytes]]


@dataclass(frozen=True, slots=True)
class Format:
    """A way to write rows of a kind ("quote", "person", ...).

    `name` is the value of `?format=`, `media_type` what Content-Type says, `accepts` the bare types of Accept, `kinds` the
    listings it serves. `write` takes kind, rows and context; it holds no more than a batch of rows. A format that does not
    take fields has a shape of its own, and gives all of it.
    """

    name: str
    media_type: str
    accepts: tuple[str, ...]
    extension: str
    kinds: frozenset[str]
    write: Write
    takes_fields: bool = True
