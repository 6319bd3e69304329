"""Which file and row an imported quote came from, how sure the source was of its speaker, and who else it thought likely."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from quotes.admin.links import change_url
from quotes.models import DoubtfulSpeaker, ImportedRow, Quote

_LIKELY = 5


@dataclass(frozen=True)
class Origin:
    """A row that became the quote: as text, its import's page, and what the source told of the speaker."""

    text: str
    address: str
    probability: str
    likely: str
    doubt: DoubtfulSpeaker | None

    @property
    def doubt_address(self) -> str:
        return decide_url(self.doubt) if self.doubt and not self.doubt.speaker_slug else ""

    @property
    def beside(self) -> tuple[str, ...]:
        doubt = f"the name “{self.doubt.name}” is doubtful" if self.doubt and self.doubt_address else ""
        return tuple(part for part in (self.probability, self.likely, doubt) if part)


def origins(quote: Quote) -> list[Origin]:
    """Most often none or one. One query."""
    rows = ImportedRow.objects.filter(quote=quote).select_related("batch", "doubt").order_by("pk")
    return [_origin(row) for row in rows]


def _origin(row: ImportedRow) -> Origin:
    text = f"{row.batch.file_name}, row {row.row:,}"
    return Origin(text, change_url(row.batch), probability(row), likely(row), row.doubt)


def probability(row: ImportedRow) -> str:
    """How sure the source is of the speaker whom it names."""
    return f"the source is {row.probability:.0%} sure of the speaker" if row.probability is not None else ""


def likely(row: ImportedRow) -> str:
    """Whom the source thinks likely, with probabilities; what it told is not taken for well-formed."""
    told = row.told.get("probas") if isinstance(row.told, Mapping) else None
    pairs = [pair for pair in map(_pair, told if isinstance(told, list) else []) if pair]
    if len(pairs) < 2:
        return ""
    return "likely: " + ", ".join(f"{name} {number:.0%}" for name, number in pairs[:_LIKELY])


def _pair(one: Any) -> tuple[str, float] | None:
    if isinstance(one, list) and len(one) == 2 and isinstance(one[1], int | float):
        return ("nobody named" if one[0] == "None" else str(one[0])), float(one[1])
    return None


def decide_url(doubt: DoubtfulSpeaker) -> str:
    return reverse("admin:quotes_doubtfulspeaker_decide", args=[doubt.pk])
