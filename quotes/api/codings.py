"""Coders' judgements of published quotes, of closed rounds: what agreement is computed from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import orjson

from quotes.api.listing import ListView
from quotes.publication import shapes
from quotes.publication.coding_filters import CodingFilterSet
from quotes.publication.models import PublishedCoding
from quotes.publication.paging import Order


class CodingList(ListView):
    """Codings of closed rounds, by quote, topic, round and coder."""

    kind = "coding"
    filterset_class = CodingFilterSet
    shape = shapes.CodingDocument
    orderings: ClassVar[Mapping[str, Order]] = {
        "quote": Order(("uid", "topic", "round", "coder"), descending=False, of="codings"),
        "-quote": Order(("uid", "topic", "round", "coder"), of="codings"),
    }

    def get_queryset(self) -> Any:
        return PublishedCoding.objects.only("document", "uid", "topic", "round", "coder")

    def documents(self, rows: list[Any]) -> list[Any]:
        return [orjson.Fragment(row.document) for row in rows]
