"""A quote's place in its article, as a Web Annotation (https://www.w3.org/TR/annotation-model/).

The annotation *identifies* the words as the Quotation, which is its body. Each segment is a target of its own: several selectors
of one target, and several refinements of one selector, are alternatives for the SAME words by the standard, so a quote split in
two must not be written as either.
"""

from __future__ import annotations

from typing import Any

from quotes.datasets.formats.addresses import iri
from quotes.datasets.formats.jsonld_nodes import Site, present


def annotation(quote: dict[str, Any], site: Site) -> dict[str, Any]:
    """The annotation of a quote's document. Without any segment the article as a whole is its target."""
    permalink = site.absolute(quote["permalink"])
    source, state = iri(quote["article"]["url"]), _state(quote)
    targets = [
        present({"type": "SpecificResource", "source": source, "state": state, "selector": _selectors(segment)})
        for segment in quote["segments"]
    ]
    return {
        "id": f"{permalink}#annotation",
        "type": "Annotation",
        "motivation": "identifying",
        "body": permalink,
        "target": targets or [source],
    }


def _state(quote: dict[str, Any]) -> dict[str, Any] | None:
    """Which version of the page was read, and where a copy is."""
    snapshot = quote["snapshot"] or {}
    state = present(
        {
            "sourceDate": snapshot.get("retrieved_at"),
            "cached": iri(quote["article"]["archive_url"]),
            "sha256": snapshot.get("sha256"),
        }
    )
    return {"type": "TimeState", **state} if state else None


def _selectors(segment: dict[str, Any]) -> list[dict[str, Any]]:
    """The words with their context, which work on the page, and their place in the text that was read, in code points."""
    words = {name: segment[name] for name in ("exact", "prefix", "suffix")}
    selectors = [{"type": "TextQuoteSelector", **words}]
    if segment["start"] is not None:
        selectors.append({"type": "TextPositionSelector", "start": segment["start"], "end": segment["end"]})
    return selectors
