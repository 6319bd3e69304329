"""The review screen: a quote in its text, its record in plain words, what changed and what a machine says of it; and a decision.

The form carries what was shown, signed. A decision counts only for that: where the quote is different by now, nothing is
done, what changed is shown, and the comment that was typed stays.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.contrib import admin, messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.forms import Media
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, URLPattern, path, reverse
from django.utils.html import format_html

from quotes import curation
from quotes.admin.reviewing.facts import Fact, differing, facts, state
from quotes.admin.reviewing.queues import waiting_for_review
from quotes.admin.reviewing.text import contexts
from quotes.admin.rights import actor, is_editor
from quotes.admin.text_panel import TextPanel, panel
from quotes.curation.checks import Check, check_quote
from quotes.curation.history import entries
from quotes.curation.publishing import obstacles_to_publication
from quotes.curation.refusals import REFUSALS, explain
from quotes.curation.reviewing import changes_since, last_look
from quotes.curation.word_diff import Piece, word_diff
from quotes.models import Quote, Review, Snapshot
from quotes.vocabulary import Status

_SALT = "quotebase.review"
_COUNTED = 100
_OPEN = (Status.DRAFT, Status.IN_REVIEW)


@dataclass(frozen=True)
class Reading:
    """What an editor is shown of a quote, and what the form carries of it."""

    quote: Quote
    facts: list[Fact]
    state: dict[str, str] = field(default_factory=dict)

    @property
    def token(self) -> str:
        return signing.dumps(self.state, salt=_SALT, compress=True)


@dataclass(frozen=True)
class Stale:
    """What is different from what was shown when the button was pressed: heading, and the text with its changes.

    `who` saved it last. Without changes it is not known what was shown.
    """

    who: str
    changes: list[tuple[str, list[Piece]]]


class ReviewAdmin(admin.ModelAdmin):
    """The review screen and the list of past steps, to be mixed into the admin of quotes."""

    @property
    def media(self) -> Media:
        return super().media + Media(css={"all": ("quotes/admin/review.css",)})

    def get_urls(self) -> list[URLPattern]:
        review = path("<int:key>/review/", self.admin_site.admin_view(self.review_view), name="quotes_quote_review")
        return [review, *super().get_urls()]

    def related_lists(self, record: Quote) -> list[tuple[str, str]]:
        """Beside "History", the review screen, from which the queue goes on."""
        return [("Review", review_url(record)), *super().related_lists(record)]  # type: ignore[misc]

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        """With the steps of the quote's way: who returned it, and why."""
        quote = context.get("original")
        context["reviews"] = list(quote.reviews.select_related("by")) if quote else []
        return super().render_change_form(request, context, *args, **kwargs)

    def review_view(self, request: HttpRequest, key: int) -> HttpResponse:
        if not request.user.has_perm("quotes.change_quote"):
            raise PermissionDenied
        if request.method == "POST":
            return self._decide(request, key)
        return self._show(request, read(key))

    def _decide(self, request: HttpRequest, key: int) -> HttpResponse:
        comment = request.POST.get("comment", "")
        try:
            with transaction.atomic():
                list(Quote.objects.select_for_update(of=("self",)).filter(pk=key).values("pk"))
                reading = read(key)
                stale = _stale(reading, request.POST.get("shown", ""))
                beyond = neighbours(request.user, reading.quote)["next"]
                said = None if stale else self._act(request, reading.quote, comment)
        except REFUSALS as refusal:
            return self._show(request, read(key), comment=comment, errors=explain(refusal))
        if stale or said is None:
            return self._show(request, reading, comment=comment, stale=stale)
        self.message_user(
            request, format_html('{} <a href="{}">Back to it</a>', said, review_url(reading.quote)), messages.SUCCESS
        )
        return _go_on(request, beyond)

    def _act(self, request: HttpRequest, quote: Quote, comment: str) -> str:
        """Do what the button says, and tell it. Raises CurationError and PermissionDenied."""
        if "_publish" in request.POST:
            if not is_editor(request):
                raise PermissionDenied
            curation.publish(quotes=[quote], actor=actor(request), comment=comment)
            return f"Published: {quote}"
        if "_return" in request.POST:
            if not self.has_change_permission(request, quote):
                raise PermissionDenied
            if not comment.strip():
                raise curation.CurationError(["Say what the curator should look at again."])
            curation.return_to_draft(quotes=[quote], actor=actor(request), comment=comment)
            return f"Returned to {quote.created_by.get_username() if quote.created_by else 'draft'}: {quote}"
        raise curation.CurationError(["Press one of the buttons: publish, or return."])

    def _show(
        self,
        request: HttpRequest,
        reading: Reading,
        *,
        comment: str = "",
        stale: Stale | None = None,
        errors: list[str] | None = None,
    ) -> HttpResponse:
        quote = reading.quote
        own, newest = _snapshots(quote)
        shown = panel(own, quote)
        steps = list(quote.reviews.select_related("by"))
        is_editors = is_editor(request)
        context = {
            **self.admin_site.each_context(request),
            "title": "Review",
            "opts": self.opts,
            "quote": quote,
            "reading": reading,
            "panel": shown,
            "contexts": _contexts(shown, quote),
            "checks": _checks(quote, own, newest),
            "steps": steps,
            **_since(quote, steps, is_editor=is_editors),
            "obstacles": obstacles_to_publication(quote, actor(request)) if quote.status in _OPEN else [],
            "may_publish": is_editors and quote.status in _OPEN,
            "may_return": self.has_change_permission(request, quote) and quote.status == Status.IN_REVIEW,
            "may_edit": self.has_change_permission(request, quote),
            **neighbours(request.user, quote),
            "workbench": _workbench(quote),
            "comment": comment,
            "stale": stale,
            "errors": errors or [],
            "media": self.media,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/quotes/review.html", context)


def review_url(quote: Quote) -> str:
    return reverse("admin:quotes_quote_review", args=[quote.pk])


def read(key: int) -> Reading:
    """The quote as it is now. Raises Http404."""
    quote = Quote.objects.for_projection().select_related("created_by").filter(pk=key).first()
    if quote is None:
        raise Http404
    found = facts(quote)
    return Reading(quote, found, state(quote, found))


def neighbours(user: Any, quote: Quote) -> dict[str, Any]:
    """The quotes before and after this one in the user's queue, and how many wait there, as text.

    The quote need not be in there: after a decision it is not.
    """
    queue = waiting_for_review(user).select_related("speaker", "organization")
    here = Quote.objects.in_order_of_submission().values_list("submitted_at", "pk").get(pk=quote.pk)
    keys = ("submitted_at", "id")
    after = queue.beyond(keys, here, descending=False).first()
    before = queue.beyond(keys, here, descending=True).reverse().first()
    length = queue.order_by()[:_COUNTED].count()
    waiting = str(length) if length < _COUNTED else f"{_COUNTED - 1}+"
    return {"next": after, "previous": before, "waiting": waiting}


def _stale(reading: Reading, token: str) -> Stale | None:
    """How the quote differs from what was shown with the form; None where it does not."""
    try:
        shown = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        return Stale("", [])
    changes = differing(shown, reading.state)
    if not changes:
        return None
    latest = entries(Quote, reading.quote.pk, includes=("affiliations", "evidence"))
    who = latest[0].who if latest else ""
    return Stale(who, [(label, word_diff(before, after)) for label, before, after in changes])


def _go_on(request: HttpRequest, beyond: Quote | None) -> HttpResponse:
    """To the next in the queue; behind the last one to the longest waiting that was left; else to the inbox."""
    following = beyond or waiting_for_review(request.user).first()
    if following:
        return HttpResponseRedirect(review_url(following))
    messages.info(request, "Nothing else waits for review.")
    return HttpResponseRedirect(reverse("admin:quotes_inbox"))


def _snapshots(quote: Quote) -> tuple[Snapshot | None, Snapshot | None]:
    """The quote's own snapshot, and the article's newest one whose text is kept; both with their texts."""
    kept = Snapshot.objects.filter(article=quote.article_id, text__isnull=False).order_by("-retrieved_at", "id").first()
    if kept and kept.pk == quote.snapshot_id:
        own: Snapshot | None = kept
    else:
        own = Snapshot.objects.filter(pk=quote.snapshot_id).first() if quote.snapshot_id else None
    for snapshot in (own, kept):
        if snapshot:
            snapshot.article = quote.article
    return own, kept


def _contexts(shown: TextPanel, quote: Quote) -> list[Any]:
    text = shown.snapshot.text if shown.snapshot else None
    return contexts(text, shown.runs, quote.segments) if text is not None else []


def _checks(quote: Quote, own: Snapshot | None, newest: Snapshot | None) -> list[tuple[Check, list[tuple[Quote, str]]]]:
    found = check_quote(quote, own, newest)
    return [(check, [(twin, review_url(twin)) for twin in check.quotes]) for check in found]


def _since(quote: Quote, steps: list[Review], *, is_editor: bool) -> dict[str, Any]:
    """The last decision, and what changed after it. Codings are among it for editors alone: coders work blind."""
    step = last_look(steps)
    includes = ("affiliations", "evidence", *(("codings",) if is_editor else ()))
    changes = changes_since(quote, step, includes=includes) if step else []
    return {"last_look": step, "changes": [(change, word_diff(change.before, change.after)) for change in changes]}


def _workbench(quote: Quote) -> str:
    try:
        return reverse("admin:quotes_article_workbench", args=[quote.article_id])
    except NoReverseMatch:
        return ""
