"""One document at its permanent address, in any format."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar
from uuid import UUID

from django.http import Http404, HttpResponseBase, HttpResponsePermanentRedirect
from django.utils.http import http_date
from rest_framework.request import Request
from rest_framework.response import Response

from quotes.api.base import QUOTE, ReadView, raise_refusals, refuse_parameters
from quotes.api.caching import entity_tag, not_modified
from quotes.api.exports import chosen_format, rows_of, write
from quotes.api.listing import JSON, FormatParameters
from quotes.api.problems import Withdrawn
from quotes.api.shaping import ShapeParameters, column_names
from quotes.publication import shapes
from quotes.publication.changes import last_change
from quotes.publication.models import PublishedEntity, PublishedQuote, PublishedRedirect, Tombstone
from quotes.publication.serving import OF_ENTITIES, OF_QUOTES, quote_counts, quote_json, with_members
from quotes.vocabulary import EntityKind


class DetailView(ReadView):
    """One document. It takes a format and a shape, and nothing else."""

    shape: ClassVar[type]
    added: ClassVar[Sequence[str]] = ()
    # The columns that say whether the document has changed.
    stated_by: ClassVar[Sequence[str]] = ("change",)

    def answer(self, request: Request, rows: Any) -> HttpResponseBase | None:
        """The document of the one row, named by its state; 304 where the reader has it; None where there is no such row."""
        if "If-None-Match" in request.headers and (row := rows.only(*self.stated_by).first()):
            unchanged = not_modified(request, self.named(request, row), is_valid=False)
            if unchanged:
                return unchanged
        row = rows.first()
        if row is None:
            return None
        etag = self.named(request, row)
        response = self.make(request, row)
        unchanged = not_modified(request, etag)
        if unchanged:
            return unchanged
        response["ETag"] = etag
        return response

    def named(self, request: Request, row: Any) -> str:
        """The ETag of the row's document. What is expanded changes alone, so it counts."""
        expanded = [last_change()] if "expand" in request.query_params else []
        return entity_tag(request, *self.state(row), *expanded)

    def state(self, row: Any) -> list[Any]:
        """What changes whenever the document does."""
        return [row.change]

    def make(self, request: Request, row: Any) -> HttpResponseBase:
        data, written = request.query_params, chosen_format(request)
        if not data and not written:
            return Response(self.document(row))
        formats = FormatParameters(data, kind=self.kind, written=written)
        name, columns = (written.name, column_names(self.kind)) if written else (JSON, [])
        shape = ShapeParameters(data, shape=self.shape, format=name, columns=columns, added=self.added)
        refuse_parameters(data, but=[*formats.fields, *shape.fields])
        raise_refusals({}, formats, shape)
        if written:
            return write(request, written, str(self.kind), shape.rows(rows_of([row])), {}, shape.wanted_columns)
        return Response(shape.shaped([self.document(row)])[0])

    def document(self, row: Any) -> Any:
        raise NotImplementedError


class QuoteDetail(DetailView):
    """A published quote; 410 with reason and date once it is withdrawn."""

    kind = QUOTE
    shape, added = shapes.QuoteDocument, OF_QUOTES

    def get(self, request: Request, uid: UUID) -> HttpResponseBase:
        rows = PublishedQuote.objects.only("uid", "document", "change", "modified").filter(uid=uid)
        if answer := self.answer(request, rows):
            return answer
        stone = Tombstone.objects.filter(uid=uid).first()
        if stone is None:
            raise Http404
        raise Withdrawn(reason=stone.reason, withdrawn_at=stone.withdrawn_at.isoformat().replace("+00:00", "Z"))

    def make(self, request: Request, row: Any) -> HttpResponseBase:
        """With the time of the last change: a quote's document is all that there is to change."""
        response = super().make(request, row)
        if "expand" not in request.query_params:
            response["Last-Modified"] = http_date(row.modified.timestamp())
        return response

    def document(self, row: Any) -> Any:
        return quote_json(row)


class EntityDetail(DetailView):
    """A person, organization, article or topic; 301 from the slug of a merged one."""

    kind: ClassVar[EntityKind]
    added = OF_ENTITIES
    stated_by = ("change", "counted")

    def get(self, request: Request, slug: str) -> HttpResponseBase:
        if answer := self.answer(request, PublishedEntity.objects.of_kind(self.kind).filter(slug=slug)):
            return answer
        moved = PublishedRedirect.objects.filter(kind=self.kind, slug=slug).first()
        if moved and PublishedEntity.objects.of_kind(self.kind).filter(slug=moved.target).exists():
            query = f"?{request.META['QUERY_STRING']}" if request.META["QUERY_STRING"] else ""
            return self.moved_to(f"{request.path.removesuffix(f'{slug}/')}{moved.target}/{query}")
        raise Http404

    def state(self, row: Any) -> list[Any]:
        row.quotes = quote_counts([row])[row.pk]
        return [row.change, row.quotes]

    def document(self, row: Any) -> Any:
        return with_members(row.document, {"quote_count": row.quotes, "modified": row.modified})

    def moved_to(self, address: str) -> HttpResponsePermanentRedirect:
        """301, to be remembered for minutes only: a merge can be undone."""
        response = HttpResponsePermanentRedirect(address)
        response["Cache-Control"] = "public, max-age=300"
        return response


class PersonDetail(EntityDetail):
    """A person."""

    kind = EntityKind.PERSON
    shape = shapes.PersonDocument


class OrganizationDetail(EntityDetail):
    """An organization."""

    kind = EntityKind.ORGANIZATION
    shape = shapes.OrganizationDocument


class ArticleDetail(EntityDetail):
    """An article. Its text is not ours to give."""

    kind = EntityKind.ARTICLE
    shape = shapes.ArticleDocument


class TopicDetail(EntityDetail):
    """A topic, with the proposition that stances are toward."""

    kind = EntityKind.TOPIC
    shape = shapes.TopicDocument
