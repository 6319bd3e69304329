"""What statements mean: topics, and the codings of a quote toward them. Coders see their own codings alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.urls import reverse
from rest_framework.exceptions import NotFound, PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from quotes.api.curation import quote_shapes, records, shapes
from quotes.api.curation.actors import BY_SLUG
from quotes.api.curation.references import resolve
from quotes.api.curation.views import Collection, Item, RecordsView
from quotes.curation import save_coding, save_entity
from quotes.curation.coding import NotTheirs, check_and_hold, coder_code, visible_codings
from quotes.curation.rights import is_editor
from quotes.models import Coding, Quote, Topic
from quotes.publication.paging import Order


class Topics(RecordsView):
    model = Topic
    shape: ClassVar[type] = shapes.TopicRecord
    members: ClassVar[type] = shapes.TopicMembers

    def rows(self) -> Any:
        return Topic.objects.select_related("parent")

    def record(self, row: Topic) -> Mapping[str, Any]:
        return records.topic_record(row)

    def address(self, row: Topic) -> str:
        return reverse("curation-topic", args=[row.slug])

    def save(self, row: Topic, body: dict[str, Any]) -> Topic:
        return save_entity(entity=row, changes=resolve(body, {"parent": Topic}), actor=self.user)


class TopicList(Topics, Collection):
    """Topics."""

    order = BY_SLUG


class TopicItem(Topics, Item):
    """A topic. One that somebody coded toward cannot be deleted, so only editors, who may know of it, try."""

    def delete(self, request: Request, **place: Any) -> Response:
        if not is_editor(self.user):
            raise PermissionDenied("Only editors delete topics.")
        return super().delete(request, **place)


class Codings(RecordsView):
    model = Coding
    shape: ClassVar[type] = quote_shapes.CodingRecord

    def rows(self) -> Any:
        return visible_codings(self.user).select_related("topic", "quote").with_sort_keys()

    def record(self, row: Coding) -> Mapping[str, Any]:
        return records.coding_record(row)

    def find(self, rows: Any, **place: Any) -> Any:
        return rows.filter(
            quote__uid=place["uid"],
            topic__slug=place["topic"],
            coder=place["coder"],
            round=place["round"],
        ).first()

    def address(self, row: Coding) -> str:
        return reverse("curation-coding", args=[row.quote.uid, row.topic.slug, row.coder, row.round])

    def save(self, row: Coding, body: dict[str, Any]) -> Coding:
        changes = resolve(body, {"topic": Topic})
        if row.pk is None:
            changes.setdefault("coder", coder_code(self.user))
        # Before the database could say that it is there already: of an open round nobody is told what others coded.
        as_meant = {name: changes.get(name, getattr(row, name)) for name in ("coder", "round", "is_final")}
        self.check_touch(Coding(**as_meant))
        return save_coding(coding=row, changes=changes, actor=self.user)

    def check_touch(self, row: Coding) -> None:
        """Raise PermissionDenied for what is another's or an editor's, CurationError for a closed round."""
        try:
            check_and_hold(self.user, row)
        except NotTheirs as refusal:
            raise PermissionDenied(str(refusal)) from refusal


class CodingList(Codings, Collection):
    """The codings of a quote: an editor's list has all; a coder's their own, and what is public."""

    members: ClassVar[type] = quote_shapes.CodingMembers
    order = Order(("topic_slug", "coder", "round"), descending=False)

    def listed(self, **place: Any) -> Any:
        return self.rows().filter(quote=_quote(place["uid"]))

    def new(self, **place: Any) -> Coding:
        return Coding(quote=_quote(place["uid"]))


class CodingItem(Codings, Item):
    """A coding, at its topic, coder and round. A final one, and one of a closed round, is changed by editors alone."""

    members: ClassVar[type] = quote_shapes.CodingChanges


def _quote(uid: Any) -> Quote:
    quote = Quote.objects.filter(uid=uid).first()
    if quote is None:
        raise NotFound("There is no such quote.")
    return quote
