"""The list of merges, each of which can be undone: nothing of it is ever changed here, only undone."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html

from quotes import curation
from quotes.admin.curated import CuratedAdmin
from quotes.admin.links import change_url
from quotes.admin.rights import actor, is_editor
from quotes.curation.refusals import REFUSALS, explain
from quotes.curation.undoing import MODELS, obstacles, put_back
from quotes.models import Merge


class StateFilter(admin.SimpleListFilter):
    title = "state"
    parameter_name = "undone"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[Any, str]]:
        return [("no", "standing"), ("yes", "undone")]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(undone_at__isnull=self.value() == "no") if self.value() else queryset


@admin.register(Merge)
class MergeAdmin(CuratedAdmin):
    """What became part of what, when and by whom."""

    list_display = ("merged_name", "kind", "into", "made_at", "made_by", "state")
    list_select_related = ("made_by", "undone_by")
    list_filter = ("kind", StateFilter)
    search_fields = ("merged_name", "=merged", "=kept")
    search_help_text = "Name of the merged record, or either's slug"
    ordering = ("-made_at", "-id")
    fields = ("merged_name", "kind", "merged", "into", "made_at", "made_by", "rows", "undone_at", "undone_by")
    readonly_fields = fields
    actions = None

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).defer("journal")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return is_editor(request)

    def has_view_permission(self, request: HttpRequest, obj: Merge | None = None) -> bool:
        return is_editor(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Merge | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Merge | None = None) -> bool:
        return False

    def related_lists(self, record: Merge) -> list[tuple[str, str]]:
        return [] if record.undone_at else [("Undo…", undo_url(record))]

    def get_urls(self) -> list[URLPattern]:
        undoing = path("<int:key>/undo/", self.admin_site.admin_view(self.undo_view), name="quotes_merge_undo")
        return [undoing, *super().get_urls()]

    def undo_view(self, request: HttpRequest, key: int) -> HttpResponse:
        """What will come back, or what stands against it; then the undoing."""
        if not is_editor(request):
            raise PermissionDenied
        merge = Merge.objects.filter(pk=key).first()
        if merge is None:
            raise Http404
        refused: list[str] = []
        if request.method == "POST":
            try:
                record = curation.undo_merge(merge=merge, actor=actor(request))
            except REFUSALS as refusal:
                refused = explain(refusal)
            else:
                self.message_user(request, f"{record} is a record of its own again.", messages.SUCCESS)
                return HttpResponseRedirect(change_url(record))
        context = {
            **self.admin_site.each_context(request),
            "title": f"Undo the merge of {merge}",
            "opts": self.opts,
            "media": self.media,
            "merge": merge,
            "kept": MODELS[merge.kind]._default_manager.filter(slug=merge.kept).first(),
            "addresses": [reverse(f"pages:{merge.kind}", args=[slug]) for slug in (merge.merged, merge.kept)],
            "rows": put_back(merge),
            "refused": refused or _explained(merge),
            "back_to": change_url(merge),
        }
        return TemplateResponse(request, "admin/quotes/merge_undo.html", context)

    @admin.display(description="into", ordering="kept")
    def into(self, merge: Merge) -> str:
        return merge.kept

    @admin.display(description="what it moved")
    def rows(self, merge: Merge) -> str:
        return ", ".join(put_back(merge))

    @admin.display(description="state", ordering="undone_at")
    def state(self, merge: Merge) -> str:
        if merge.undone_at:
            return render_to_string("admin/quotes/chip.html", {"kind": "undone", "label": "undone"})
        return format_html('<a href="{}">Undo…</a>', undo_url(merge))


def undo_url(merge: Merge) -> str:
    return reverse("admin:quotes_merge_undo", args=[merge.pk])


def _explained(merge: Merge) -> list[str]:
    found = obstacles(merge, is_locked=False)
    return explain(curation.CurationError(found)) if found else []
