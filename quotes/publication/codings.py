"""The published rows of codings: those of closed rounds, of published quotes.

Final codings are public before, as the stances of their quote; who else judged what is not, until the round is closed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any

import orjson

from quotes.models import Coding, Quote
from quotes.publication import codes
from quotes.publication.documents import coding_document
from quotes.publication.projection import digest
from quotes.vocabulary import Status


@dataclass(frozen=True, slots=True)
class CodingProjection:
    """What the published row of a coding must hold."""

    id: int
    quote_key: int
    uid: Any
    topic: str
    stance: str
    certainty: str
    coder: str
    round: int
    is_final: bool
    justification: str
    codebook_version: str
    document: str
    tokens: frozenset[str]

    @property
    def pk(self) -> int:
        return self.id

    @property
    def facets(self) -> list[int]:
        return codes.codes(self.tokens)

    @property
    def digest(self) -> bytes:
        """Equal for equal rows."""
        members = (getattr(self, field.name) for field in fields(self))
        return digest(*(sorted(member) if isinstance(member, frozenset) else member for member in members))


def project_codings(quote: Quote) -> Iterator[CodingProjection]:
    """The rows of the codings of a quote that was fetched with `for_projection()`; none where it is not published."""
    if quote.status != Status.PUBLISHED:
        return
    for coding in quote.closed_codings:  # type: ignore[attr-defined]
        yield CodingProjection(
            id=coding.pk,
            quote_key=quote.pk,
            uid=quote.uid,
            topic=coding.topic.slug,
            stance=coding.stance,
            certainty=coding.certainty,
            coder=coding.coder,
            round=coding.round,
            is_final=coding.is_final,
            justification=coding.justification,
            codebook_version=coding.codebook_version,
            document=orjson.dumps(coding_document(coding, quote)).decode(),
            tokens=frozenset(_tokens(coding)),
        )


def _tokens(coding: Coding) -> Iterator[str]:
    yield codes.entity("topic", coding.topic_id)
    for field in ("stance", "certainty", "coder"):
        yield codes.value(field, getattr(coding, field))
    yield codes.value("round", str(coding.round))
    yield codes.value("final", str(int(coding.is_final)))
