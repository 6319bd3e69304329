"""JSON-LD: a quote as a schema.org Quotation, and as a W3C Web Annotation that finds its words in the article.

https://schema.org/Quotation, https://www.w3.org/TR/annotation-model/. Why it has this shape: docs/decisions/0013-formats.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from quotes.datasets.formats.chunks import encoded
from quotes.datasets.formats.jsonld_annotations import annotation
from quotes.datasets.formats.jsonld_context import context as inline
from quotes.datasets.formats.jsonld_nodes import Site
from quotes.datasets.formats.rows import Context, Row
from quotes.datasets.formats.stored import document


def write(kind: str, rows: Iterable[Row], context: Context) -> Iterator[bytes]:
    """One document with a graph: a node for each row, and for each quote its annotation too."""
    return encoded(_lines(kind, rows, context.root))


def _lines(kind: str, rows: Iterable[Row], root: str) -> Iterator[str]:
    yield f'{{"@context":{_json(inline(root))},"@graph":[\n'
    comma = ""
    for row in rows:
        yield comma + ",\n".join(_json(node) for node in nodes(kind, document(row), root))
        comma = ",\n"
    yield "\n]}\n"


def nodes(kind: str, stored: dict[str, Any], root: str) -> list[dict[str, Any]]:
    """The nodes of one document (quotes.publication.shapes, with `modified`); members without a value are left out."""
    site = Site(root)
    if kind == "quote":
        return [site.quotation(stored), annotation(stored, site)]
    return [
        {"person": site.person, "organization": site.organization, "article": site.article, "topic": site.topic}[kind](
            stored
        )
    ]


def _json(value: Any) -> str:
    return orjson.dumps(value, option=orjson.OPT_UTC_Z).decode()
