"""What was brought in: which file, by whom, and what became of its quotes. Nothing of it is changed here, only taken back."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.forms import Media
from django.http import HttpRequest
from django.template.loader import render_to_string

from quotes.admin.curated import CuratedAdmin
from quotes.admin.importing.screen import NewImportAdmin
from quotes.admin.importing.taking_back import TakingBackAdmin, may_take_back, take_back_url
from quotes.admin.links import list_url
from quotes.models import Import, ImportedRow
from quotes.vocabulary import ImportStatus, Status

_CHIPS = {ImportStatus.STAGED: "in_review", ImportStatus.LEAVING: "in_review", ImportStatus.APPLIED: "published"}


class ImportList(ChangeList):
    """What became of the quotes is counted for all rows of the page at once."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        count_quotes(list(self.result_list))


def count_quotes(batches: list[Import]) -> None:
    """Give each import `quotes_now`: how many of its quotes have which status. One query."""
    found = ImportedRow.objects.counted_by_status(batches)
    for batch in batches:
        batch.quotes_now = found.get(batch.pk, {})  # type: ignore[attr-defined]


@admin.register(Import)
class ImportAdmin(NewImportAdmin, TakingBackAdmin, CuratedAdmin):
    """The list of imports, and the page of one."""

    list_display = ("file_name", "source", "format", "progress", "quotes", "created_at", "created_by")
    list_select_related = ("created_by",)
    list_filter = ("status", "format", ("created_by", admin.RelatedOnlyFieldListFilter))
    search_fields = ("file_name", "source", "=uid", "=sha256")
    search_help_text = "File, collection, uid or SHA-256"
    ordering = ("-id",)
    fields = (
        "file_name",
        "format",
        "source",
        "progress",
        "quotes",
        "created_at",
        "created_by",
        "begun_with",
        "sha256",
        "uid",
    )
    readonly_fields = (
        "file_name",
        "format",
        "source",
        "progress",
        "quotes",
        "created_at",
        "begun_with",
        "sha256",
        "uid",
    )
    actions = None
    keeps_drafts = False

    @property
    def media(self) -> Media:
        return super().media + Media(css={"all": ("quotes/admin/importing.css",)})

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return ImportList

    def get_fields(self, request: HttpRequest, obj: Import | None = None) -> Any:
        return [name for name in self.fields if name != "begun_with" or (obj and obj.options)]

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Import | None:
        batch = super().get_object(request, object_id, from_field)
        if batch is not None:
            count_quotes([batch])
        return batch

    def has_change_permission(self, request: HttpRequest, obj: Import | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Import | None = None) -> bool:
        """It is taken back; its row and its history stay."""
        return False

    def related_lists(self, record: Import) -> list[tuple[str, str]]:
        found = [("Quotes", list_url("quote", **{"import": record.pk}))] if _total(record) else []
        if record.doubtful_speakers.exists():
            left = record.doubtful_speakers.undecided().count()
            found.append((f"Doubtful names ({left:,})", list_url("doubtfulspeaker", batch__id__exact=record.pk)))
        return found

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        answer = super().render_change_form(request, context, *args, **kwargs)
        record = context.get("original")
        if record and may_take_back(request) and record.status != ImportStatus.TAKEN_BACK:
            context["related_lists"] = [*context["related_lists"], ("Take back…", take_back_url(record))]
        return answer

    @admin.display(description="state", ordering="status")
    def progress(self, batch: Import) -> str:
        return render_to_string(
            "admin/quotes/cell_import.html",
            {
                "batch": batch,
                "kind": _CHIPS.get(ImportStatus(batch.status), ""),
                "is_under_way": batch.status in (ImportStatus.STAGED, ImportStatus.LEAVING),
            },
        )

    @admin.display(description="quotes now")
    def quotes(self, batch: Import) -> str:
        now = batch.quotes_now  # type: ignore[attr-defined]
        found = [
            (
                status.value,
                status.label,
                now[status],
                list_url("quote", **{"import": batch.pk, "status__exact": status}),
            )
            for status in Status
            if now.get(status)
        ]
        return render_to_string("admin/quotes/cell_import_quotes.html", {"found": found})

    @admin.display(description="begun with")
    def begun_with(self, batch: Import) -> str:
        return ", ".join(f"{name} {value}" for name, value in batch.options.items())


def _total(batch: Import) -> int:
    return sum(batch.quotes_now.values())  # type: ignore[attr-defined]
