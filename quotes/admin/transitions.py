"""The ways from one status to another: as actions of the list, and as buttons of a quote's page.

Both only call the verbs of quotes.curation, which know what may become what, and refuse with a reason.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path

from quotes import curation
from quotes.admin.links import change_url
from quotes.admin.rights import actor, is_editor
from quotes.models import Quote
from quotes.vocabulary import Status

_LISTED = 50


@dataclass(frozen=True)
class Transition:
    """A verb of curation, the button that saves and then does it, and the statuses that offer the button."""

    verb: Callable[..., list[Quote]]
    button: str
    done: str
    offered_for: tuple[str, ...]
    is_editors: bool


TRANSITIONS = {
    "_submit_for_review": Transition(
        curation.submit_for_review, "Save and send to review", "sent to review", (Status.DRAFT,), False
    ),
    "_return_to_draft": Transition(
        curation.return_to_draft, "Save and return to draft", "returned to draft", (Status.IN_REVIEW,), False
    ),
    "_publish": Transition(curation.publish, "Save and publish", "published", (Status.DRAFT, Status.IN_REVIEW), True),
}


class ReasonForm(forms.Form):
    reason = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 3, "cols": 80, "class": "vLargeTextField"}),
        help_text="Shown to readers in the quote's place, with today's date.",
    )


class TransitionsAdmin(admin.ModelAdmin):
    """Actions and buttons for the status of quotes, to be mixed into their admin, which lists the actions."""

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return is_editor(request)

    @admin.action(description="Send selected drafts to review", permissions=["change"])
    def submit_for_review(self, request: HttpRequest, queryset: Any) -> None:
        self._carry_out(request, queryset, TRANSITIONS["_submit_for_review"])

    @admin.action(description="Return selected quotes in review to draft", permissions=["change"])
    def return_to_draft(self, request: HttpRequest, queryset: Any) -> None:
        self._carry_out(request, queryset, TRANSITIONS["_return_to_draft"])

    @admin.action(description="Publish selected quotes", permissions=["publish"])
    def publish(self, request: HttpRequest, queryset: Any) -> None:
        self._carry_out(request, queryset, TRANSITIONS["_publish"])

    @admin.action(description="Withdraw selected quotes…", permissions=["publish"])
    def withdraw(self, request: HttpRequest, queryset: Any) -> HttpResponse:
        return self._ask_and_withdraw(request, queryset, back_to=request.get_full_path())

    def buttons(self, request: HttpRequest, quote: Quote | None) -> list[tuple[str, str]]:
        """Name and label of the buttons that the quote's status offers to the user."""
        status = quote.status if quote else Status.DRAFT
        return [
            (name, transition.button)
            for name, transition in TRANSITIONS.items()
            if status in transition.offered_for and self._may(request, transition)
        ]

    def carry_out_button(self, request: HttpRequest, quote: Quote) -> None:
        """Do what the button says with which the form was sent, if it was one of ours."""
        for name, transition in TRANSITIONS.items():
            if name in request.POST:
                if not self._may(request, transition):
                    raise PermissionDenied
                self._carry_out(request, [quote], transition)

    def get_urls(self) -> list[URLPattern]:
        withdrawal = path(
            "<int:key>/withdraw/", self.admin_site.admin_view(self.withdraw_view), name="quotes_quote_withdraw"
        )
        return [withdrawal, *super().get_urls()]

    def withdraw_view(self, request: HttpRequest, key: int) -> HttpResponse:
        """The page behind "Withdraw…" of one quote."""
        quote = self.get_object(request, str(key))
        if quote is None:
            raise Http404
        if not is_editor(request):
            raise PermissionDenied
        rows = self.get_queryset(request).filter(pk=key)
        return self._ask_and_withdraw(request, rows, back_to=change_url(quote))

    def _may(self, request: HttpRequest, transition: Transition) -> bool:
        return not transition.is_editors or is_editor(request)

    def _carry_out(self, request: HttpRequest, quotes: Any, transition: Transition) -> None:
        changed = transition.verb(quotes=quotes, actor=actor(request))
        self.message_user(request, f"{_count(changed)} {transition.done}.", messages.SUCCESS)

    def _ask_and_withdraw(self, request: HttpRequest, rows: Any, *, back_to: str) -> HttpResponse:
        form = ReasonForm(request.POST if "reason" in request.POST else None)
        if form.is_valid():
            try:
                done = curation.withdraw(quotes=rows, reason=form.cleaned_data["reason"], actor=actor(request))
            except curation.CurationError as refusal:
                form.add_error(None, refusal.messages)
            else:
                self.message_user(request, f"{_count(done)} withdrawn.", messages.SUCCESS)
                return HttpResponseRedirect(back_to)
        quotes = list(rows)
        is_across = request.POST.get("select_across") == "1"
        context = {
            **self.admin_site.each_context(request),
            "title": f"Withdraw {_count(quotes)}",
            "opts": self.opts,
            "form": form,
            "quotes": quotes[:_LISTED],
            "more": max(0, len(quotes) - _LISTED),
            # One stands for all where a whole list was selected: a form has a limit of fields.
            "keys": [quote.pk for quote in quotes[: 1 if is_across else None]],
            "select_across": int(is_across),
            "checkbox_name": ACTION_CHECKBOX_NAME,
            "back_to": back_to,
            "media": self.media,
        }
        return TemplateResponse(request, "admin/quotes/withdraw.html", context)


def _count(quotes: list[Quote]) -> str:
    return "1 quote" if len(quotes) == 1 else f"{len(quotes)} quotes"
