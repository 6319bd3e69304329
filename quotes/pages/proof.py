"""What a quote's own page shows of its document in other words: dates written out, labels, addresses that may be links."""

from __future__ import annotations

from typing import Any

from quotes.pages import wording
from quotes.publication.shapes import EvidenceItem, QuoteDocument
from quotes.vocabulary import EvidenceKind, Venue


def proof_facts(document: QuoteDocument) -> dict[str, Any]:
    """The template's names for them."""
    snapshot = document["snapshot"]
    return {
        "dated": wording.written(document["dated"]["date"]),
        "venue": Venue(document["venue"]).label,
        "published": wording.written(document["article"]["published"]),
        "read_on": wording.read_on(snapshot["retrieved_at"]) if snapshot else "",
        "evidence": [_shown(item) for item in document["evidence"]],
    }


def _shown(item: EvidenceItem) -> dict[str, str]:
    return {
        "kind": EvidenceKind(item["kind"]).label,
        "address": wording.web_address(item["url"]),
        "description": item["description"],
        "day": wording.written(item["provided_on"]),
    }
