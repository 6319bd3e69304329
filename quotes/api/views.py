"""The read API. Every view reads the publication alone, in a number of queries that never depends on the rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import orjson
from rest_framework.request import Request
from rest_framework.response import Response

from quotes.api.base import QUOTE, ReadView, refuse_parameters
from quotes.api.listing import ListView, ReadingParameters, refusing
from quotes.api.shaping import ShapeParameters
from quotes.publication import counting, entity_filters, shapes
from quotes.publication.filters import QuoteFilterSet
from quotes.publication.hidden import hidden
from quotes.publication.highlighting import highlight
from quotes.publication.models import PublishedEntity, PublishedQuote
from quotes.publication.paging import QUOTE_ORDERS, Order, Page, ranked
from quotes.publication.parameters import ChoiceField, refuse
from quotes.publication.serving import OF_ENTITIES, OF_QUOTES, document_with, entities_json, quote_json
from quotes.publication.strict_filters import StrictFilterSet
from quotes.search import RANKED
from quotes.vocabulary import EntityKind


class QuoteParameters(ReadingParameters):
    """What the list of quotes takes besides filters and shape."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["highlight"] = ChoiceField(
            choices=["0", "1"], is_many=False, help_text="1: with `highlight`, where the words of q stand in the text."
        )

    def clean(self) -> dict[str, Any]:
        if "highlight" in self.data and "q" not in self.data:
            self.add_error("highlight", refuse("nothing_to_highlight", "It marks the words of q, and none are given."))
        if "highlight" in self.data and self.written:
            self.add_error("highlight", refuse("not_in_this_format", "Highlights come with JSON."))
        return super().clean()


class QuoteList(ListView):
    """Quotes, under the filters of `docs/filters.md`."""

    kind = QUOTE
    filterset_class = QuoteFilterSet
    parameters_class = QuoteParameters
    orderings = QUOTE_ORDERS
    shape, added = shapes.QuoteDocument, OF_QUOTES
    tells_state = True

    def get_queryset(self) -> Any:
        return PublishedQuote.objects.all()

    def ordered(self, filterset: StrictFilterSet, parameters: ReadingParameters) -> Any:
        with refusing():
            rows = ranked(filterset.qs, filterset.form.cleaned_data.get("q"), parameters.order)
        return rows.only("uid", "document", "modified", "dated_start", "said_start", "published_start", "change")

    def applied(self, filterset: StrictFilterSet, parameters: ReadingParameters) -> dict[str, Any]:
        """With relevance, also how many of the matches are ranked at most: the newest."""
        applied = super().applied(filterset, parameters)
        return {**applied, "ranked": RANKED} if parameters.order.is_capped else applied

    def counts(self, filterset: Any, *, path: str) -> dict[str, Any]:
        return {"count": counting.count(filterset), "hidden": hidden(filterset, path=path)}

    def documents(self, rows: list[Any]) -> list[Any]:
        return [quote_json(row) for row in rows]

    def results(
        self, page: Page, filterset: StrictFilterSet, parameters: ReadingParameters, shape: ShapeParameters
    ) -> list[Any]:
        """With highlight=1, each with where the words of q stand in its text."""
        documents = super().results(page, filterset, parameters, shape)
        if parameters.cleaned_data.get("highlight") != "1":
            return documents
        texts = [orjson.loads(row.document)["text"] for row in page.rows]
        marks = highlight(texts, filterset.form.cleaned_data["q"])
        return [document_with(one, "highlight", mark) for one, mark in zip(documents, marks, strict=True)]


def _by_name(kind: EntityKind) -> dict[str, Order]:
    return {
        "name": Order(("sort_key", "slug"), descending=False, of=kind),
        "-name": Order(("sort_key", "slug"), of=kind),
    }


class EntityList(ListView):
    """Entities of one kind, by name."""

    kind: ClassVar[EntityKind]
    added = OF_ENTITIES

    def get_queryset(self) -> Any:
        return PublishedEntity.objects.of_kind(self.kind)

    def documents(self, rows: list[Any]) -> list[Any]:
        return entities_json(rows)


class PersonList(EntityList):
    """People who speak in a published quote, or wrote an article that has one."""

    kind = EntityKind.PERSON
    filterset_class = entity_filters.PersonFilterSet
    shape = shapes.PersonDocument
    orderings = _by_name(kind)


class OrganizationList(EntityList):
    """Organizations that a published quote names, and those above them."""

    kind = EntityKind.ORGANIZATION
    filterset_class = entity_filters.OrganizationFilterSet
    shape = shapes.OrganizationDocument
    orderings = _by_name(kind)


class ArticleList(EntityList):
    """Articles with published quotes."""

    kind = EntityKind.ARTICLE
    filterset_class = entity_filters.ArticleFilterSet
    shape = shapes.ArticleDocument
    orderings: ClassVar[Mapping[str, Order]] = {
        "-published": Order(("published_start", "slug"), of=kind),
        "published": Order(("published_start", "slug"), descending=False, of=kind),
        "name": Order(("sort_key", "slug"), descending=False, of=kind),
    }


class TopicList(EntityList):
    """Topics that a published quote is coded toward, and those above them."""

    kind = EntityKind.TOPIC
    filterset_class = entity_filters.TopicFilterSet
    shape = shapes.TopicDocument
    orderings = _by_name(kind)


class Root(ReadView):
    """Where everything is."""

    def get(self, request: Request) -> Response:
        refuse_parameters(request.query_params)
        names = ("quotes", "people", "organizations", "articles", "topics", "codings", "changes", "releases")
        lists = {name: request.build_absolute_uri(f"/api/v1/{name}/") for name in names}
        return Response(
            {
                **lists,
                "quotes_facets": request.build_absolute_uri("/api/v1/quotes/facets/"),
                "quotes_lookup": request.build_absolute_uri("/api/v1/quotes/lookup/"),
                "quotes_network": request.build_absolute_uri("/api/v1/quotes/network/"),
                "quotes_timeline": request.build_absolute_uri("/api/v1/quotes/timeline/"),
                "documentation": request.build_absolute_uri("/api/docs/"),
                "schema": request.build_absolute_uri("/api/schema/"),
            }
        )
