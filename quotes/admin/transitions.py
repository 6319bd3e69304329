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
from django.urls import URLPattern, path, reverse

from quotes import curation
from quotes.admin.links import change_url
from quotes.admin.rights import actor, is_editor
from quotes.models import Quote
from quotes.vocabulary import Status

_LISTED = 50


@dataclass(frozen=True)
class Question:
    """What a page asks before the verb is done: its title and heading, the name, label and explanation of the one field."""

    title: str
    lead: str
    name: str
    help_text: str
    button: str
    action: str


@dataclass(frozen=True)
class Transition:
    """A verb of curation, the button that saves and then does it, and the statuses that offer the button.

    Where there is a question, the button saves and goes on to the page that asks it.
    """

    verb: Callable[..., list[Quote]]
    button: str
    done: str
    offered_for: tuple[str, ...]
    is_editors: bool
    question: Question | None = None


WITHDRAW = Question(
    "Withdraw",
    "Readers will find the reason in the place of what is withdrawn, at the address that may be cited somewhere.",
    "reason",
    "Shown to readers in the quote's place, with today's date.",
    "Withdraw",
    "withdraw",
)
RETURN = Question(
    "Return",
    "Who entered a quote finds it in the inbox, with the comment.",
    "comment",
    "For the curator: what to look at again, and why. Readers never see it.",
    "Return to draft",
    "return_to_draft",
)
TRANSITIONS = {
    "_submit_for_review": Transition(
        curation.submit_for_review, "Save and send to review", "sent to review", (Status.DRAFT,), False
    ),
    "_return_to_draft": Transition(
        curation.return_to_draft, "Save and return…", "returned to draft", (Status.IN_REVIEW,), False, RETURN
    ),
    "_publish": Transition(curation.publish, "Save and publish", "published", (Status.DRAFT, Status.IN_REVIEW), True),
}


WITHDRAWAL = Transition(curation.withdraw, "", "withdrawn", (), True, WITHDRAW)


def _asking(question: Question, data: Any) -> forms.Form:
    words = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 3, "cols": 80, "class": "vLargeTextField"}), help_text=question.help_text
    )
    return type("Asking", (forms.Form,), {question.name: words})(data if question.name in data else None)


class TransitionsAdmin(admin.ModelAdmin):
    """Actions and buttons for the status of quotes, to be mixed into their admin, which lists the actions."""

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return is_editor(request)

    @admin.action(description="Send selected drafts to review", permissions=["change"])
    def submit_for_review(self, request: HttpRequest, queryset: Any) -> None:
        self._carry_out(request, queryset, TRANSITIONS["_submit_for_review"])

    @admin.action(description="Return selected quotes in review to draft…", permissions=["change"])
    def return_to_draft(self, request: HttpRequest, queryset: Any) -> HttpResponse:
        return self._ask(request, queryset, TRANSITIONS["_return_to_draft"], back_to=request.get_full_path())

    @admin.action(description="Publish selected quotes", permissions=["publish"])
    def publish(self, request: HttpRequest, queryset: Any) -> None:
        self._carry_out(request, queryset, TRANSITIONS["_publish"])

    @admin.action(description="Withdraw selected quotes…", permissions=["publish"])
    def withdraw(self, request: HttpRequest, queryset: Any) -> HttpResponse:
        return self._ask(request, queryset, WITHDRAWAL, back_to=request.get_full_path())

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
                if not transition.question:
                    self._carry_out(request, [quote], transition)

    def response_change(self, request: HttpRequest, obj: Quote) -> HttpResponse:
        """After "Save and return…": the page that asks why."""
        answer = super().response_change(request, obj)
        is_asking = "_return_to_draft" in request.POST and obj.status == Status.IN_REVIEW
        return HttpResponseRedirect(reverse("admin:quotes_quote_return", args=[obj.pk])) if is_asking else answer

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("<int:key>/withdraw/", wrap(self.withdraw_view), name="quotes_quote_withdraw"),
            path("<int:key>/return/", wrap(self.return_view), name="quotes_quote_return"),
            *super().get_urls(),
        ]

    def withdraw_view(self, request: HttpRequest, key: int) -> HttpResponse:
        """The page behind "Withdraw…" of one quote."""
        return self._ask_about_one(request, key, WITHDRAWAL)

    def return_view(self, request: HttpRequest, key: int) -> HttpResponse:
        """The page behind "Save and return…" of one quote."""
        return self._ask_about_one(request, key, TRANSITIONS["_return_to_draft"])

    def _ask_about_one(self, request: HttpRequest, key: int, transition: Transition) -> HttpResponse:
        quote = self.get_object(request, str(key))
        if quote is None:
            raise Http404
        may = is_editor(request) if transition.is_editors else self.has_change_permission(request, quote)
        if not may:
            raise PermissionDenied
        rows = self.get_queryset(request).filter(pk=key)
        return self._ask(request, rows, transition, back_to=change_url(quote))

    def _may(self, request: HttpRequest, transition: Transition) -> bool:
        return not transition.is_editors or is_editor(request)

    def _carry_out(self, request: HttpRequest, quotes: Any, transition: Transition) -> None:
        changed = transition.verb(quotes=quotes, actor=actor(request))
        self.message_user(request, f"{_count(changed)} {transition.done}.", messages.SUCCESS)

    def _ask(self, request: HttpRequest, rows: Any, transition: Transition, *, back_to: str) -> HttpResponse:
        """Ask the transition's question, and do it once it is answered."""
        question = transition.question
        assert question is not None  # noqa: S101 - for the type checker: a transition without one is never asked about
        form = _asking(question, request.POST)
        if form.is_valid():
            try:
                done = transition.verb(quotes=rows, actor=actor(request), **form.cleaned_data)
            except curation.CurationError as refusal:
                form.add_error(None, refusal.messages)
            else:
                self.message_user(request, f"{_count(done)} {transition.done}.", messages.SUCCESS)
                return HttpResponseRedirect(back_to)
        quotes = list(rows)
        is_across = request.POST.get("select_across") == "1"
        context = {
            **self.admin_site.each_context(request),
            "title": f"{question.title} {_count(quotes)}",
            "opts": self.opts,
            "question": question,
            "field": form[question.name],
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
        return TemplateResponse(request, "admin/quotes/ask.html", context)


def _count(quotes: list[Quote]) -> str:
    return "1 quote" if len(quotes) == 1 else f"{len(quotes)} quotes"
