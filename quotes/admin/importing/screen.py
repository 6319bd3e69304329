"""A file brought in: chosen, looked at, and brought in as it was looked at. Between the two it is kept (keeping.py)."""

from __future__ import annotations

import csv
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html

from quotes.admin.importing.forms import CHOICES, FileForm
from quotes.admin.importing.keeping import HOURS, Kept, find, forget, keep, sweep
from quotes.admin.importing.previews import Preview, look, told
from quotes.admin.links import change_url
from quotes.admin.rights import actor
from quotes.curation.refusals import REFUSALS, explain
from quotes.datasets.formats.formulas import neutralise
from quotes.datasets.importing import MAX_FILE_BYTES, ImportRefused
from quotes.vocabulary import Status

_GONE = f"The file is not kept any more: it was brought in already, or {HOURS} hours have passed. Choose it again."
_CHANGED = (
    "Nothing was brought in: the database has changed since you looked. This is what would become of the file now."
)


class NewImportAdmin(admin.ModelAdmin):
    """The page at `import/new/`, to be mixed into the imports’ admin."""

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("new/", wrap(self.new_view), name="quotes_import_new"),
            path("new/refusals.csv", wrap(self.refusals_view), name="quotes_import_refusals"),
            *super().get_urls(),
        ]

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """An import is made of a file, on the page for that."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        return HttpResponseRedirect(reverse("admin:quotes_import_new"))

    def new_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            sweep()
            return self._ask(request, FileForm())
        kept = find(request.session, request.POST.get("upload", ""))
        form = FileForm(request.POST, request.FILES, kept=kept)
        if too_large := _too_large(request):
            form.full_clean()
            form.errors.pop("file", None)
            form.add_error("file", too_large)
            return self._ask(request, form)
        if kept is None and request.POST.get("upload") and not request.FILES:
            form.full_clean()
            form.errors.pop("file", None)
            form.add_error("file", _GONE)
            return self._ask(request, form)
        if not form.is_valid():
            return self._ask(request, form)
        if request.FILES:
            kept = keep(request.session, form.cleaned_data["file"])
        assert kept is not None  # noqa: S101 - for the type checker: the form wants a new file or a kept one
        return self._look(request, form, kept)

    def refusals_view(self, request: HttpRequest) -> HttpResponseBase:
        """Everything that is refused of a kept file, as a table."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        kept = find(request.session, request.GET.get("upload", ""))
        if kept is None or not kept.refusals.is_file():
            self.message_user(request, _GONE, messages.WARNING)
            return HttpResponseRedirect(reverse("admin:quotes_import_new"))
        return FileResponse(
            kept.refusals.open("rb"),
            as_attachment=True,
            filename="refusals.csv",
            content_type="text/csv; charset=utf-8",
        )

    def _look(self, request: HttpRequest, form: FileForm, kept: Kept) -> HttpResponse:
        """Show what would become of the file; or, where that is what was shown before and is wanted, do it."""
        said = form.cleaned_data
        try:
            preview = look(kept, format=said["format"], source=said["source"], defaults=said["defaults"])
            if request.POST.get("step") != "bring_in":
                return self._show(request, form, kept, preview)
            if request.POST.get("shown") != preview.digest:
                return self._show(request, form, kept, preview, [_CHANGED])
            if not preview.may_apply or (preview.refused and not preview.begun and not _leaves_out(request)):
                return self._show(request, form, kept, preview, ["Say that what is refused is to be left out."])
            return self._bring_in(request, form, kept, preview)
        except ImportRefused as refused:
            form.add_error(None, list(told(refused)))
            return self._ask(request, form, kept)

    def _bring_in(self, request: HttpRequest, form: FileForm, kept: Kept, preview: Preview) -> HttpResponse:
        said = form.cleaned_data
        try:
            made = preview.bring_in(actor(request), Status(said["status"]))
        except ImportRefused as refused:
            again = look(kept, format=said["format"], source=said["source"], defaults=said["defaults"])
            return self._show(request, form, kept, again, list(told(refused)))
        except REFUSALS as refusal:
            return self._show(request, form, kept, preview, explain(refusal))
        forget(request.session, kept)
        if made is None:
            self.message_user(request, "Nothing of the file is new; nothing was written.", messages.INFO)
            return HttpResponseRedirect(reverse("admin:quotes_import_changelist"))
        doubts = made.doubtful_speakers.undecided().count()
        more = f" {doubts:,} of its names {'is' if doubts == 1 else 'are'} doubtful." if doubts else ""
        self.message_user(request, f"{made.file_name} is in.{more}", messages.SUCCESS)
        return HttpResponseRedirect(change_url(made))

    def _ask(self, request: HttpRequest, form: FileForm, kept: Kept | None = None) -> HttpResponse:
        return self._page(request, "import_new.html", "Import a file", form=form, kept=kept or form.kept)

    def _show(
        self, request: HttpRequest, form: FileForm, kept: Kept, preview: Preview, faults: list[str] | None = None
    ) -> HttpResponse:
        _write_refusals(kept, preview)
        said = form.cleaned_data
        return self._page(
            request,
            "import_plan.html",
            "What would become of the file",
            form=form,
            kept=kept,
            preview=preview,
            faults=faults or [],
            said=said,
            format=dict(CHOICES)[said["format"]],
            defaults="\n".join(f"{column}={value}" for column, value in said["defaults"].items()),
            start=Status(said["status"]).label,
            leaves_out=_leaves_out(request),
        )

    def _page(self, request: HttpRequest, template: str, title: str, **more: Any) -> HttpResponse:
        media = forms.Media(css={"all": ("quotes/admin/importing.css",)})
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "media": self.media + media,
            "most": MAX_FILE_BYTES,
            "most_mb": MAX_FILE_BYTES // 10**6,
            "hours": HOURS,
            **more,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, f"admin/quotes/{template}", context)


def _too_large(request: HttpRequest) -> str:
    """What to do about a file that is more than a web server should hold; empty where it is not."""
    upload = request.FILES.get("file")
    if upload is None or (upload.size or 0) <= MAX_FILE_BYTES:
        return ""
    chosen = request.POST.get("format", "")
    said = f" --format {chosen}" if chosen in dict(CHOICES) and chosen else ""
    return format_html(
        "The file has {} bytes, and at most {} come in here. On the server: <code>python manage.py import_quotes FILE{}</code>",
        f"{upload.size or 0:,}",
        f"{MAX_FILE_BYTES:,}",
        said,
    )


def _leaves_out(request: HttpRequest) -> bool:
    return "leave_out" in request.POST


def _write_refusals(kept: Kept, preview: Preview) -> None:
    """All of them, for the download: the page shows the first. Cells that a spreadsheet would run are made harmless."""
    if not preview.refusals:
        kept.refusals.unlink(missing_ok=True)
        return
    with kept.refusals.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(("row", "column", "value", "reason", "code"))
        for one in preview.refusals:
            cells = (one.column or "", one.value or "", one.detail, one.code)
            table.writerow((one.row or "", *map(neutralise, cells)))
