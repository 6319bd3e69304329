"""What was said: quotes in every status, the ways from one status to another, and what was done to them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django.urls import reverse
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from quotes import curation
from quotes.api.curation import quote_shapes, records
from quotes.api.curation.parameters import QuoteParameters
from quotes.api.curation.references import find_capacities, find_snapshot, resolve
from quotes.api.curation.views import Collection, Item, RecordsView
from quotes.api.problems import BadBody
from quotes.curation.history import entries
from quotes.curation.quoting import Placing
from quotes.curation.rights import is_editor, may_touch
from quotes.models import Article, Organization, Person, Quote
from quotes.publication.paging import Order

_REFERENCES = {
    "article": Article,
    "speaker": Person,
    "organization": Organization,
    "same_utterance_as": Quote,
    "reported_via": Quote,
}
_PLACING = ("words", "starts", "segments")


class Quotes(RecordsView):
    model = Quote
    shape: ClassVar[type] = quote_shapes.QuoteRecord
    members: ClassVar[type] = quote_shapes.QuoteMembers

    def rows(self) -> Any:
        return Quote.objects.for_record()

    def record(self, row: Quote) -> Mapping[str, Any]:
        return records.quote_record(row)

    def address(self, row: Quote) -> str:
        return reverse("curation-quote", args=[row.uid])

    def save(self, row: Quote, body: dict[str, Any]) -> Quote:
        changes = resolve(body, _REFERENCES)
        placing: Placing = {name: changes.pop(name) for name in _PLACING if name in changes}  # type: ignore[assignment]
        _check_placing(row, placing)
        if changes.get("snapshot") is not None:
            changes["snapshot"] = find_snapshot(changes.get("article") or row.article, changes["snapshot"])
        capacities, evidence = changes.pop("affiliations", None), changes.pop("evidence", None)
        if capacities is not None:
            capacities = find_capacities(changes.get("speaker", row.speaker), capacities)
        return curation.save_quote(
            quote=row,
            changes=changes,
            placing=placing,
            affiliations=capacities,
            evidence=evidence,
            actor=self.user,
        )


class QuoteList(Quotes, Collection):
    """Quotes in every status, the newest first."""

    order = Order(("uid",))
    parameters_class = QuoteParameters

    def filtered(self, rows: Any, asked: Mapping[str, Any]) -> Any:
        named = {name: asked[name] for name in ("article", "speaker") if asked[name]}
        return rows.filter(**named, **({"status__in": asked["status"]} if asked["status"] else {}))


class QuoteItem(Quotes, Item):
    """A quote in any status. A published one is changed by editors alone, and for everybody at once."""

    def check_touch(self, row: Quote) -> None:
        if not may_touch(self.user, row):
            raise PermissionDenied("This quote is published: only editors change it.")


class Transition(QuoteItem):
    """From one status to another, by the verb that knows what may become what."""

    http_method_names = ("post", "options")
    members: ClassVar[type] = quote_shapes.Nothing
    needs: ClassVar[str] = "quotes.publish_quote"

    def right(self, method: str) -> str:
        return self.needs

    def post(self, request: Request, **place: Any) -> Response:
        body = self.read_body(self.members)

        def change() -> Any:
            row = self.as_it_was_read(**place)
            self.verb()(quotes=[row], actor=self.user, **body)
            return row

        return self.answer(self.write(change))

    def verb(self) -> Callable[..., list[Quote]]:
        raise NotImplementedError


class QuoteSubmit(Transition):
    """Hand a draft over to an editor."""

    needs = "quotes.change_quote"

    def verb(self) -> Callable[..., list[Quote]]:
        return curation.submit_for_review


class QuoteReturn(Transition):
    """Hand a quote in review back to its curator, who reads the comment: without one, that none was given."""

    members: ClassVar[type] = quote_shapes.ReturnComment
    needs = "quotes.change_quote"

    def verb(self) -> Callable[..., list[Quote]]:
        return curation.return_to_draft


class QuotePublish(Transition):
    """Publish a draft or a quote in review. Where there are two editors, nobody publishes their own."""

    def verb(self) -> Callable[..., list[Quote]]:
        return curation.publish


class QuoteWithdraw(Transition):
    """Take a published quote back. Its address answers 410 with the reason from then on."""

    members: ClassVar[type] = quote_shapes.Reason

    def verb(self) -> Callable[..., list[Quote]]:
        return curation.withdraw


class QuoteHistory(QuoteItem):
    """What was done to a quote and its rows, latest first. Codings are in it for editors alone: coders work blind."""

    http_method_names = ("get", "head", "options")

    def get(self, request: Request, **place: Any) -> Response:
        row = self.existing(**place)
        includes = ("affiliations", "evidence", *(("codings",) if is_editor(self.user) else ()))
        found = entries(Quote, row.pk, includes=includes)
        return Response({"results": [records.history_item(entry) for entry in found]})


def _check_placing(row: Quote, placing: Placing) -> None:
    """Raise BadBody where a new quote has no words, or starts have nothing to start."""
    if row.pk is None and "words" not in placing and "segments" not in placing:
        raise BadBody.of("required", "Give the words, or their places as segments.", param="words")
    if "starts" in placing and "words" not in placing:
        raise BadBody.of("nothing_to_modify", "Starts are those of words, and none are given.", param="starts")
