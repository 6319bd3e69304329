"""API tokens: made and revoked by those whose they are. The text of a new one is on the page that answers, and nowhere else."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminDateWidget
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from quotes import curation
from quotes.admin.curated import CuratedAdmin, CuratedForm
from quotes.admin.links import change_url
from quotes.admin.rights import actor
from quotes.models import ApiToken
from quotes.models.access import LONGEST

_UNTIL = "until"


class TokenForm(CuratedForm):
    lasts = forms.ChoiceField(
        label="Works for",
        choices=(("30", "30 days"), ("90", "90 days"), ("365", "a year"), (_UNTIL, "until a day")),
        initial="90",
        help_text="Short for a trial, longer for what runs every night. After that, make a new one.",
    )
    until = forms.DateField(
        label="Last day",
        required=False,
        widget=AdminDateWidget,
        help_text="For “until a day”: within a year from today.",
    )

    def clean(self) -> dict[str, Any]:
        """With `expires_at`, the moment after which the token opens nothing."""
        cleaned = super().clean()
        now = timezone.now()
        if cleaned.get("lasts", _UNTIL) != _UNTIL and cleaned.get("until"):
            self.add_error("until", "Choose “until a day” above for this, or leave it empty.")
        elif cleaned.get("lasts", _UNTIL) != _UNTIL:
            cleaned["expires_at"] = now + dt.timedelta(days=int(cleaned["lasts"]))
        elif "lasts" in cleaned and "until" in cleaned:
            self._read_last_day(cleaned, now)
        return cleaned

    def _read_last_day(self, cleaned: dict[str, Any], now: dt.datetime) -> None:
        last = cleaned["until"]
        if last is None:
            self.add_error("until", "Say which day.")
        elif not now.date() <= last <= (now + LONGEST - dt.timedelta(days=1)).date():
            self.add_error("until", "A token works from today, for a year at most.")
        else:
            end = dt.datetime.combine(last + dt.timedelta(days=1), dt.time.min, tzinfo=dt.UTC)
            cleaned["expires_at"] = min(end, now + LONGEST)


@admin.register(ApiToken)
class TokenAdmin(CuratedAdmin):
    """Everybody sees their own, a superuser everybody's; nobody makes one for somebody else."""

    form = TokenForm
    list_display = ("name", "begins", "state", "expires_at", "last_used_at", "created_at")
    search_fields = ("name", "=prefix")
    search_help_text = "Name or public part"
    ordering = ("-created_at", "prefix")
    list_select_related = ("user",)
    actions = ("revoke",)
    keeps_drafts = False

    def get_queryset(self, request: HttpRequest) -> Any:
        tokens = super().get_queryset(request)
        return tokens if _sees_all(request) else tokens.filter(user=actor(request))

    def get_list_display(self, request: HttpRequest) -> Any:
        return ("name", "user", *self.list_display[1:]) if _sees_all(request) else self.list_display

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        facts = ("name", "user", "begins", "state", "created_at", "expires_at", "last_used_at", "revoked_at")
        return facts if obj else ("name", "lasts", "until")

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = CuratedForm if change else TokenForm
        fields = kwargs.pop("fields", None) if change else ("name",)
        return super().get_form(request, obj, change=change, **{"form": form, "fields": fields, **kwargs})

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        """One button: whatever is saved, the next page shows the new token."""
        context |= {"show_save_and_add_another": False, "show_save_and_continue": False}
        return super().render_change_form(request, context, *args, **kwargs)

    def has_change_permission(self, request: HttpRequest, obj: ApiToken | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ApiToken | None = None) -> bool:
        return False

    def related_lists(self, record: ApiToken) -> list[tuple[str, str]]:
        is_usable = record.state == "usable"
        return [("Revoke…", reverse("admin:quotes_apitoken_revoke", args=[record.pk]))] if is_usable else []

    def save_model(self, request: HttpRequest, obj: ApiToken, form: Any, change: bool) -> None:
        """Make the token. Its text stays with this one object, for the page that answers this one request."""
        token, obj.text = curation.make_token(  # type: ignore[attr-defined]
            user=actor(request), name=obj.name, expires_at=form.cleaned_data["expires_at"]
        )
        for field in ApiToken._meta.concrete_fields:
            setattr(obj, field.attname, getattr(token, field.attname))

    def response_add(self, request: HttpRequest, obj: ApiToken, post_url_continue: str | None = None) -> HttpResponse:
        """The text, this once: in no address, message or session, from where somebody else could have it."""
        context = self._context(request, "Your new token", token=obj, text=obj.text)  # type: ignore[attr-defined]
        return TemplateResponse(request, "admin/quotes/token_made.html", context)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Of a token that the user may see; there are no deleted ones."""
        if self.get_object(request, object_id) is None:
            raise Http404
        return super().history_view(request, object_id, extra_context)

    def get_urls(self) -> list[URLPattern]:
        revocation = path(
            "<int:key>/revoke/", self.admin_site.admin_view(self.revoke_view), name="quotes_apitoken_revoke"
        )
        return [revocation, *super().get_urls()]

    def revoke_view(self, request: HttpRequest, key: int) -> HttpResponse:
        """The page behind "Revoke…" of one token."""
        token = self.get_object(request, str(key)) if self.has_view_permission(request) else None
        if token is None:
            raise Http404
        if request.method == "POST":
            curation.revoke_token(token=token, actor=actor(request))
            self.message_user(request, f"{token}: revoked.", messages.SUCCESS)
            return HttpResponseRedirect(change_url(token))
        context = self._context(request, f"Revoke {token.name}", token=token, back_to=change_url(token))
        return TemplateResponse(request, "admin/quotes/token_revoke.html", context)

    @admin.action(description="Revoke selected tokens", permissions=["view"])
    def revoke(self, request: HttpRequest, queryset: Any) -> None:
        tokens = list(queryset.usable(timezone.now()))
        for token in tokens:
            curation.revoke_token(token=token, actor=actor(request))
        count = "1 token" if len(tokens) == 1 else f"{len(tokens)} tokens"
        self.message_user(request, f"{count} revoked.", messages.SUCCESS)

    def _context(self, request: HttpRequest, title: str, **more: Any) -> dict[str, Any]:
        return {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "media": self.media + forms.Media(js=("quotes/admin/token.js",)),
            **more,
        }

    @admin.display(description="begins with", ordering="prefix")
    def begins(self, token: ApiToken) -> str:
        return f"qb_{token.prefix}_"

    @admin.display(description="state", ordering="expires_at")
    def state(self, token: ApiToken) -> str:
        return render_to_string("admin/quotes/chip.html", {"kind": token.state, "label": token.state})


def _sees_all(request: HttpRequest) -> bool:
    return bool(actor(request).is_superuser)
