"""The page that takes an import back: what would go, what stands against it, and then the doing."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from quotes.admin.links import change_url, list_url
from quotes.admin.rights import is_editor
from quotes.curation.refusals import REFUSALS, explain
from quotes.datasets.taking_back import Leaving, NotTakenBack, look_at, take_back
from quotes.models import Import
from quotes.vocabulary import ImportStatus

# From so many quotes on it takes minutes, which a terminal waits for more patiently than a browser.
MANY = 50_000
_CHANGED = "Nothing was taken back: meanwhile something has changed. This is how it stands now."


class TakingBackAdmin(admin.ModelAdmin):
    """To be mixed into the imports’ admin."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.take_back_view)
        return [path("<int:key>/take-back/", view, name="quotes_import_take_back"), *super().get_urls()]

    def take_back_view(self, request: HttpRequest, key: int) -> HttpResponse:
        if not may_take_back(request):
            raise PermissionDenied
        batch = Import.objects.select_related("created_by").filter(pk=key).first()
        if batch is None:
            raise Http404
        if request.method == "POST":
            return self._take_back(request, batch)
        return self._ask_back(request, batch)

    def _take_back(self, request: HttpRequest, batch: Import) -> HttpResponse:
        gone: list[int] = []
        if request.POST.get("shown") != _shown(batch, look_at(batch)):
            return self._ask_back(request, batch, [_CHANGED])
        try:
            take_back(batch, with_work="with_work" in request.POST, went=gone.append)
        except NotTakenBack as refusal:
            return self._ask_back(request, batch, refusal.obstacles)
        except REFUSALS as refusal:
            return self._ask_back(request, batch, explain(refusal))
        count = sum(gone)
        said = f"{batch.file_name} is taken back: {'1 quote is' if count == 1 else f'{count:,} quotes are'} gone."
        self.message_user(request, said, messages.SUCCESS)
        return HttpResponseRedirect(change_url(batch))

    def _ask_back(self, request: HttpRequest, batch: Import, faults: list[str] | None = None) -> HttpResponse:
        batch.refresh_from_db()
        leaving = look_at(batch)
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "title": f"Take back {batch.file_name}",
            "crumb": "Take back",
            "opts": self.opts,
            "media": self.media,
            "batch": batch,
            "leaving": leaving,
            "shown": _shown(batch, leaving),
            "faults": faults or [],
            "is_gone": batch.status == ImportStatus.TAKEN_BACK,
            "is_begun": batch.status == ImportStatus.LEAVING,
            "is_coming": batch.status == ImportStatus.STAGED,
            "is_many": leaving.quotes >= MANY,
            "quotes_address": list_url("quote", **{"import": batch.pk}),
            "back_to": change_url(batch),
            "with_work": "with_work" in request.POST,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/quotes/import_take_back.html", context)


def may_take_back(request: HttpRequest) -> bool:
    """Editors alone, whatever else somebody's group may: how many quotes were worked on tells of others' codings."""
    return request.user.has_perm("quotes.delete_import") and is_editor(request)


def take_back_url(batch: Import) -> str:
    return reverse("admin:quotes_import_take_back", args=[batch.pk])


def _shown(batch: Import, leaving: Leaving) -> str:
    """What the page says, as its form carries it."""
    return f"{batch.status} {leaving.quotes} {leaving.published} {leaving.worked_on}"
