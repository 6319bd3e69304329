"""The inbox: what waits for the user, as counts on the admin's first page and with the first of each on a page of its own.

A count is that of the list behind it: both ask the same queue (quotes.admin.reviewing.queues). It is counted to a hundred and no
further, so that a long queue costs no more than a short one. Where a million quotes would have to be compared first, there is
no count, and the list is a link away.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.contrib import admin
from django.db import OperationalError, connection, transaction
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from psycopg.errors import QueryCanceled

from quotes.admin.importing.origin import decide_url
from quotes.admin.links import change_url, list_url
from quotes.admin.reviewing.queues import PARAMETER, Queue, queues_of
from quotes.curation.rights import is_editor
from quotes.models import CodingRound, DoubtfulSpeaker, Quote, Review
from quotes.vocabulary import ReviewStep

COUNTED = 100
SHOWN = 5
PATIENCE = 400  # milliseconds
_NOT_COUNTED = "Not counted here, because all have to be compared for it."


@dataclass(frozen=True)
class Item:
    """One of what waits: its name, where something is done about it, what is said beside it, and an editor's comment."""

    label: str
    address: str
    beside: str = ""
    comment: str = ""
    direction: str = ""


@dataclass(frozen=True)
class Waiting:
    """A queue with something in it. `count` is exact below a hundred, `items` are its first few where they were asked for.

    None: it would have taken too long to count.
    """

    title: str
    hint: str
    address: str
    count: int | None
    items: list[Item] = field(default_factory=list)

    @property
    def shown_count(self) -> str:
        if self.count is None:
            return "?"
        return str(self.count) if self.count < COUNTED else f"{COUNTED - 1}+"

    @property
    def more(self) -> bool:
        return self.count is None or self.count > len(self.items)


def waiting(user: Any, *, items: int = 0) -> list[Waiting]:
    """The user's queues that hold something, with the first `items` of each. One query a queue, two where items are asked for."""
    found = [_look_into(queue, user, items) for queue in queues_of(user)]
    return [one for one in found if one.count != 0] + coding_left(user)


def coding_left(user: Any) -> list[Waiting]:
    """The rounds that are open to a coder; what is left in each, its desk says, topic by topic."""
    if is_editor(user) or not user.has_perm("quotes.add_coding"):
        return []
    rounds = list(CodingRound.objects.exclude(closed_at__isnull=False)[:COUNTED])
    if not rounds:
        return []
    address = list_url("codinground", closed_at__isnull=True)
    items = [Item(str(row), reverse("admin:quotes_codinground_code", args=[row.pk])) for row in rounds[:SHOWN]]
    hint = "Code by the codebook alone: what others code is not shown to you until the round is closed."
    return [Waiting("Rounds to code in", hint, address, len(rounds), items)]


def _look_into(queue: Queue, user: Any, items: int) -> Waiting:
    address = list_url(str(queue.model._meta.model_name), **{PARAMETER: queue.name})
    keys = _keys(queue, user)
    if keys is None:
        return Waiting(queue.title, f"{_NOT_COUNTED} {queue.hint}", address, None)
    if not items:
        return Waiting(queue.title, queue.hint, address, len(keys))
    first = list(queue.ordered(user).values_list("pk", flat=True)[:items]) if queue.ordered and keys else keys[:items]
    return Waiting(queue.title, queue.hint, address, len(keys), _items(queue, first))


def _keys(queue: Queue, user: Any) -> list[int] | None:
    """The first keys of the queue; None where that takes longer than somebody who only passes by should wait."""
    keys = queue.rows(user).values_list("pk", flat=True)[:COUNTED]
    if not queue.is_slow:
        return list(keys)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(PATIENCE)])
            found = list(keys)
            cursor.execute("SELECT set_config('statement_timeout', '0', true)")
    except OperationalError as error:
        if isinstance(error.__cause__, QueryCanceled):
            return None
        raise
    return found


def _items(queue: Queue, keys: list[int]) -> list[Item]:
    if queue.model is DoubtfulSpeaker:
        names = DoubtfulSpeaker.objects.select_related("batch").with_rows().in_bulk(keys)
        return [_name_item(names[key]) for key in keys if key in names]
    if queue.model is not Quote:
        found: dict[int, Any] = queue.model._default_manager.in_bulk(keys)
        return [Item(str(found[key]), change_url(found[key]), found[key].slug) for key in keys if key in found]
    returns = Review.objects.filter(step=ReviewStep.RETURNED).select_related("by").order_by("-at", "-id")
    quotes = Quote.objects.select_related("speaker", "organization", "article", "created_by")
    if queue.name == "returned":
        quotes = quotes.prefetch_related(Prefetch("reviews", queryset=returns, to_attr="returns"))
    by_key = quotes.in_bulk(keys)
    return [_quote_item(queue, by_key[key]) for key in keys if key in by_key]


def _quote_item(queue: Queue, quote: Quote) -> Item:
    words = quote.display if len(quote.display) <= 140 else f"{quote.display[:140].rstrip()}…"
    address = reverse("admin:quotes_quote_review", args=[quote.pk]) if queue.name == "review" else change_url(quote)
    entered = f"entered by {quote.created_by.get_username()}" if queue.name == "review" and quote.created_by else ""
    beside = " · ".join(part for part in (quote.attribution, quote.article.title, entered) if part)
    return Item(words, address, beside, _comment(quote), direction="auto")


def _name_item(doubt: Any) -> Item:
    rows = "1 row" if doubt.rows == 1 else f"{doubt.rows:,} rows"
    return Item(str(doubt), decide_url(doubt), f"{rows} of {doubt.batch.file_name}", direction="auto")


def _comment(quote: Quote) -> str:
    last = next(iter(getattr(quote, "returns", ())), None)
    return f"{last.by.get_username() if last.by else 'Somebody'}, {last.at:%Y-%m-%d}: {last.comment}" if last else ""


def inbox_view(request: HttpRequest) -> HttpResponse:
    """All that waits for the user, with the first of each."""
    context = {
        **admin.site.each_context(request),
        "title": "Inbox",
        "inbox": waiting(request.user, items=SHOWN),
        "may_add": request.user.has_perm("quotes.add_article"),
        "may_import": request.user.has_perm("quotes.add_import"),
    }
    request.current_app = admin.site.name
    return TemplateResponse(request, "admin/quotes/inbox.html", context)


def first_page(request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
    """Django's index, with the inbox above it."""
    may_add = request.user.has_perm("quotes.add_article")
    context = {"inbox": waiting(request.user), "may_add": may_add, "may_wait": bool(queues_of(request.user))}
    return _index(request, {**context, **(extra_context or {})})


def addresses() -> list[URLResolver | URLPattern]:
    return [path("quotes/inbox/", admin.site.admin_view(inbox_view), name="quotes_inbox"), *_get_urls()]


_index, _get_urls = admin.site.index, admin.site.get_urls
admin.site.index_template = "admin/quotes/index.html"
# As in quotes.admin.site: an AdminSite of ours would replace the whole site for two methods.
admin.site.index = first_page  # type: ignore[method-assign]
admin.site.get_urls = addresses  # type: ignore[method-assign]
