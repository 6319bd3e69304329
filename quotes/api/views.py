"""The read API. Every view reads the publication alone, in a number of queries that never depends on the rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponsePermanentRedirect, QueryDict
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from quotes.api.problems import BadParameters, Withdrawn
from quotes.publication import entity_filters
from quotes.publication.filters import QuoteFilterSet
from quotes.publication.hidden import hidden
from quotes.publication.models import PublishedEntity, PublishedQuote, PublishedRedirect, Tombstone
from quotes.publication.paging import (
    QUOTE_ORDERS,
    ListParameters,
    Order,
    link,
    link_header,
    ranked,
    read_page,
    write_cursor,
)
from quotes.publication.parameters import refuse
from quotes.publication.serving import entities_json, quote_json
from quotes.publication.strict_filters import StrictFilterSet
from quotes.search import RANKED
from quotes.vocabulary import EntityKind


class ListView(APIView):
    """A filtered, ordered, paged list."""

    filterset_class: ClassVar[type[StrictFilterSet]]
    orderings: ClassVar[Mapping[str, Order]]

    def get(self, request: Request) -> Response:
        data = request.query_params
        parameters = ListParameters(data, orderings=self.orderings)
        filterset = self.filterset_class(data, self.get_queryset(), others=list(parameters.fields))
        refusals = filterset.refusals() | {name: list(found.as_data()) for name, found in parameters.errors.items()}
        if refusals:
            raise BadParameters(refusals)
        return self.answer(request, filterset, parameters)

    def answer(self, request: Request, filterset: StrictFilterSet, parameters: ListParameters) -> Response:
        """The page, with its neighbours, the filters as understood and, when asked for, the count."""
        order = parameters.order
        try:
            start = parameters.start()
            queryset = self.ordered(filterset, parameters)
        except ValidationError as error:
            raise BadParameters({error.params["param"] if error.params else "cursor": [error]}) from error
        page = read_page(queryset, order, parameters.size, start)
        links = {
            relation: request.build_absolute_uri(link(request.path, request.query_params, text)) if text else None
            for relation, text in (
                ("next", page.next and write_cursor(page.next, request.query_params, order)),
                ("previous", page.previous and write_cursor(page.previous, request.query_params, order)),
            )
        }
        body: dict[str, Any] = {**links, "applied": self.applied(filterset, parameters)}
        if parameters.cleaned_data["count"] == "1":
            body |= self.counts(filterset, path=request.path)
        body["results"] = self.documents(page.rows)
        headers = link_header(list(links.items()))
        return Response(body, headers={"Link": headers} if headers else None)

    def applied(self, filterset: StrictFilterSet, parameters: ListParameters) -> dict[str, Any]:
        ordering = parameters.cleaned_data["ordering"] or next(iter(self.orderings))
        return {**filterset.applied(), "ordering": ordering, "page_size": parameters.size}

    def get_queryset(self) -> Any:
        raise NotImplementedError

    def ordered(self, filterset: StrictFilterSet, parameters: ListParameters) -> Any:
        return filterset.qs

    def counts(self, filterset: Any, *, path: str) -> dict[str, Any]:
        return {"count": filterset.qs.count()}

    def documents(self, rows: list[Any]) -> list[Any]:
        raise NotImplementedError


class QuoteList(ListView):
    """Quotes, under the filters of `docs/filters.md`."""

    filterset_class = QuoteFilterSet
    orderings = QUOTE_ORDERS

    def get_queryset(self) -> Any:
        return PublishedQuote.objects.all()

    def ordered(self, filterset: StrictFilterSet, parameters: ListParameters) -> Any:
        rows = ranked(filterset.qs, filterset.form.cleaned_data.get("q"), parameters.order)
        return rows.only("uid", "document", "modified", "dated_start", "said_start", "published_start", "change")

    def applied(self, filterset: StrictFilterSet, parameters: ListParameters) -> dict[str, Any]:
        """With relevance, also how many of the matches are ranked at most: the newest."""
        applied = super().applied(filterset, parameters)
        return {**applied, "ranked": RANKED} if parameters.order.columns[0] == "rank" else applied

    def counts(self, filterset: Any, *, path: str) -> dict[str, Any]:
        return {**super().counts(filterset, path=path), "hidden": hidden(filterset, path=path)}

    def documents(self, rows: list[Any]) -> list[Any]:
        return [quote_json(row) for row in rows]


def _by_name(kind: EntityKind) -> dict[str, Order]:
    return {
        "name": Order(("sort_key", "slug"), descending=False, of=kind),
        "-name": Order(("sort_key", "slug"), of=kind),
    }


class EntityList(ListView):
    """Entities of one kind, by name."""

    kind: ClassVar[EntityKind]

    def get_queryset(self) -> Any:
        return PublishedEntity.objects.of_kind(self.kind)

    def documents(self, rows: list[Any]) -> list[Any]:
        return entities_json(rows)


class PersonList(EntityList):
    """People who speak in a published quote, or wrote an article that has one."""

    kind = EntityKind.PERSON
    filterset_class = entity_filters.PersonFilterSet
    orderings = _by_name(kind)


class OrganizationList(EntityList):
    """Organizations that a published quote names, and those above them."""

    kind = EntityKind.ORGANIZATION
    filterset_class = entity_filters.OrganizationFilterSet
    orderings = _by_name(kind)


class ArticleList(EntityList):
    """Articles with published quotes."""

    kind = EntityKind.ARTICLE
    filterset_class = entity_filters.ArticleFilterSet
    orderings: ClassVar[Mapping[str, Order]] = {
        "-published": Order(("published_start", "slug"), of=kind),
        "published": Order(("published_start", "slug"), descending=False, of=kind),
        "name": Order(("sort_key", "slug"), descending=False, of=kind),
    }


class TopicList(EntityList):
    """Topics that a published quote is coded toward, and those above them."""

    kind = EntityKind.TOPIC
    filterset_class = entity_filters.TopicFilterSet
    orderings = _by_name(kind)


class DetailView(APIView):
    """One document at its permanent address. It takes no parameters, and says so."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        refuse_parameters(request.query_params)


def refuse_parameters(data: QueryDict) -> None:
    """Raise BadParameters for whatever was given where nothing is taken."""
    if data:
        detail = "This address takes no parameters."
        raise BadParameters({name: [refuse("unknown_parameter", detail)] for name in data})


class QuoteDetail(DetailView):
    """A published quote; 410 with reason and date once it is withdrawn."""

    def get(self, request: Request, uid: UUID) -> Response:
        row = PublishedQuote.objects.only("document", "modified").filter(uid=uid).first()
        if row:
            return Response(quote_json(row))
        stone = Tombstone.objects.filter(uid=uid).first()
        if stone is None:
            raise Http404
        raise Withdrawn(reason=stone.reason, withdrawn_at=stone.withdrawn_at.isoformat().replace("+00:00", "Z"))


class EntityDetail(DetailView):
    """A person, organization, article or topic; 301 from the slug of a merged one."""

    kind: ClassVar[EntityKind]

    def get(self, request: Request, slug: str) -> Any:
        row = PublishedEntity.objects.of_kind(self.kind).filter(slug=slug).first()
        if row:
            return Response(entities_json([row])[0])
        moved = PublishedRedirect.objects.filter(kind=self.kind, slug=slug).first()
        if moved and PublishedEntity.objects.of_kind(self.kind).filter(slug=moved.target).exists():
            return self.moved_to(f"{request.path.removesuffix(f'{slug}/')}{moved.target}/")
        raise Http404

    def moved_to(self, address: str) -> HttpResponsePermanentRedirect:
        """301, to be remembered for minutes only: a merge can be undone."""
        response = HttpResponsePermanentRedirect(address)
        response["Cache-Control"] = "max-age=300"
        return response


class PersonDetail(EntityDetail):
    """A person."""

    kind = EntityKind.PERSON


class OrganizationDetail(EntityDetail):
    """An organization."""

    kind = EntityKind.ORGANIZATION


class ArticleDetail(EntityDetail):
    """An article. Its text is not ours to give."""

    kind = EntityKind.ARTICLE


class TopicDetail(EntityDetail):
    """A topic, with the proposition that stances are toward."""

    kind = EntityKind.TOPIC


class Root(DetailView):
    """Where everything is."""

    def get(self, request: Request) -> Response:
        names = ("quotes", "people", "organizations", "articles", "topics")
        lists = {name: request.build_absolute_uri(f"/api/v1/{name}/") for name in names}
        return Response(
            {
                **lists,
                "quotes_facets": request.build_absolute_uri("/api/v1/quotes/facets/"),
                "quotes_timeline": request.build_absolute_uri("/api/v1/quotes/timeline/"),
                "documentation": request.build_absolute_uri("/api/docs/"),
                "schema": request.build_absolute_uri("/api/schema/"),
            }
        )
