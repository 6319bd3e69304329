"""The way back from an entry of a record's history: what would change now, and then the change."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from quotes import curation
from quotes.admin.links import is_key
from quotes.admin.rights import actor
from quotes.curation import history
from quotes.curation.coding import NotTheirs
from quotes.curation.history import Entry
from quotes.curation.refusals import REFUSALS, explain, worded
from quotes.curation.reverting import NotAllowed, can_revert, latest_event, look, sentences


@dataclass(frozen=True)
class Listed(Entry):
    """An entry as the page shows it: with the way back to it, if there is one for this user."""

    offer: str = ""
    address: str = ""


class RevertingAdmin(admin.ModelAdmin):
    """To be mixed into the admin of every model that has a history."""

    history_includes: tuple[str, ...] = ()

    def history_entries(self, request: HttpRequest, object_id: str) -> list[Entry]:
        """The entries that the user may know of, latest first: the page lists these, and only these are reverted to."""
        if not is_key(object_id):
            return []
        return history.entries(self.model, object_id, includes=self.history_includes, user=request.user)

    def with_offers(self, request: HttpRequest, object_id: str, entries: list[Entry]) -> list[Listed]:
        """The entries with what is offered for them. Whether it can be done is said on the page behind."""
        latest: dict[tuple[type[models.Model], int], Entry] = {}
        rows = []
        for entry in entries:
            now = latest.setdefault((entry.model, entry.key), entry)
            offer = _offer(entry, now) if _may_change(request, entry.model, is_gone=now.label == "deleted") else ""
            address = self._revert_url(object_id, entry) if offer else ""
            rows.append(Listed(**vars(entry), offer=offer, address=address))
        return rows

    def _revert_url(self, object_id: str, entry: Entry) -> str:
        place = [object_id, entry.model._meta.model_name, entry.event]
        return reverse(f"admin:quotes_{self.opts.model_name}_revert", args=place)

    def get_urls(self) -> list[URLPattern]:
        name = f"quotes_{self.opts.model_name}_revert"
        view = self.admin_site.admin_view(self.revert_view)
        return [path("<int:key>/history/<slug:kind>/<int:event>/", view, name=name), *super().get_urls()]

    def revert_view(self, request: HttpRequest, key: int, kind: str, event: int) -> HttpResponse:
        """What would change from now to then; then the change. What stands against it is said."""
        record = self.get_object(request, str(key))
        if not self.has_view_or_change_permission(request, record):
            raise PermissionDenied
        entry = self._entry(request, str(key), kind, event)
        back_to = reverse(f"admin:quotes_{self.opts.model_name}_history", args=[key])
        refused: list[str] = []
        try:
            then = look(model=entry.model, event=event, actor=actor(request))
            if request.method == "POST":
                refused = self._revert(request, entry)
                if not refused:
                    self.message_user(request, f"Reverted to {then.moment}: {entry.kind}.", messages.SUCCESS)
                    return HttpResponseRedirect(back_to)
                then = look(model=entry.model, event=event, actor=actor(request))
        except (NotAllowed, NotTheirs) as refusal:
            raise PermissionDenied(str(refusal)) from refusal
        except curation.CurationError as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return HttpResponseRedirect(back_to)
        context = {
            **self.admin_site.each_context(request),
            "title": f"{'Revert' if then.row is not None else 'Restore'}: {entry.record or record or entry.kind}",
            "opts": self.opts,
            "media": self.media,
            "object": record,
            "entry": entry,
            "then": then,
            "seen": latest_event(entry.model, entry.key),
            "refused": refused,
            "back_to": back_to,
        }
        return TemplateResponse(request, "admin/quotes/revert.html", context)

    def _entry(self, request: HttpRequest, key: str, kind: str, event: int) -> Entry:
        for entry in self.history_entries(request, key):
            if entry.event == event and entry.model._meta.model_name == kind and can_revert(entry.model):
                return entry
        raise Http404

    def _revert(self, request: HttpRequest, entry: Entry) -> list[str]:
        """What refused it, in words; nothing where it is done."""
        seen = request.POST.get("seen", "")
        try:
            curation.revert(
                model=entry.model, event=entry.event, actor=actor(request), seen=int(seen) if is_key(seen) else 0
            )
        except ValidationError as error:
            return sentences(entry.model, worded(error))
        except (NotAllowed, NotTheirs):
            raise
        except REFUSALS as refusal:
            return explain(refusal)
        return []


def _offer(entry: Entry, now: Entry) -> str:
    """An entry that says what is true now offers nothing; of what is gone its deletion stands for the state before."""
    if now.label == "deleted":
        return "Restore…" if entry is now else "Restore as it was here…"
    return "" if entry is now or entry.label == "deleted" else "Revert to this…"


def _may_change(request: HttpRequest, model: type[models.Model], *, is_gone: bool) -> bool:
    right = f"quotes.{'add' if is_gone else 'change'}_{model._meta.model_name}"
    return can_revert(model) and bool(actor(request).has_perm(right))
