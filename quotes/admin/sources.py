"""Where words stand: articles with their authors, and snapshots of their text."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from quotes.admin.curated import CuratedAdmin, CuratedForm, CuratedInline
from quotes.admin.filters import InboxFilter, OutletFilter
from quotes.admin.links import add_url, is_key, list_url
from quotes.admin.new_article.screen import NewArticleAdmin
from quotes.admin.text_panel import panel
from quotes.admin.workbench.screen import WorkbenchAdmin
from quotes.anchoring import normalise_text, text_hash
from quotes.models import Article, Authorship, Snapshot
from quotes.vocabulary import EntityKind

_LISTED_QUOTES = 200


class PastedText(forms.CharField):
    """A text as it was read, kept as a snapshot keeps it: NFC, line ends LF; space at the ends is part of no quote."""

    widget = forms.Textarea(attrs={"rows": 8, "cols": 100, "class": "vLargeTextField", "spellcheck": "false"})

    def clean(self, value: Any) -> str:
        return normalise_text(super().clean(value))


def _fill(snapshot: Snapshot, text: str) -> Snapshot:
    snapshot.text, snapshot.length, snapshot.sha256 = text, len(text), text_hash(text)
    return snapshot


def _twin(article: Article | None, text: str) -> Snapshot | None:
    """The article's snapshot of this very text, if there is one; its text may be known by its hash alone."""
    is_saved = article is not None and article.pk is not None
    return article.snapshots.filter(sha256=text_hash(text)).first() if article and is_saved else None


class ArticleForm(CuratedForm):
    pasted_text = PastedText(
        label="Text as read today",
        required=False,
        help_text="Paste the whole text: it becomes a snapshot, in which quotes are anchored. It stays with the curators.",
    )

    def clean_pasted_text(self) -> str:
        text: str = self.cleaned_data["pasted_text"]
        twin = _twin(self.instance, text)
        if twin and twin.text is not None:
            raise forms.ValidationError(f"The article has this very text already: {twin}.")
        return text

    def save_text(self) -> None:
        """Make the pasted text a snapshot; or put it back in the one of which only the hash was kept."""
        text = self.cleaned_data["pasted_text"]
        if text:
            _fill(_twin(self.instance, text) or Snapshot(article=self.instance), text).save()


class AuthorshipInline(CuratedInline):
    model = Authorship
    autocomplete_fields = ("person",)
    list_select_related = ("person",)
    verbose_name = "author"
    verbose_name_plural = "authors, in the byline's order"


class SnapshotInline(CuratedInline):
    """What was read, and when. Texts are added by pasting them, and never changed."""

    model = Snapshot
    fields = ("retrieved_at", "length", "sha256", "is_kept")
    readonly_fields = fields
    show_change_link = True
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description="text kept", boolean=True)
    def is_kept(self, snapshot: Snapshot) -> bool:
        return snapshot.text is not None


@admin.register(Article)
class ArticleAdmin(WorkbenchAdmin, NewArticleAdmin):
    form = ArticleForm
    change_form_template = "admin/quotes/article_form.html"
    list_display = ("title", "outlet", "published", "genre", "language", "status")
    list_select_related = ("outlet",)
    list_filter = (InboxFilter, OutletFilter, "status", "genre", "language")
    search_fields = ("title", "url", "=slug", "outlet__name", "authors__name")
    search_help_text = "Title, URL, slug, outlet or author"
    fieldsets = (
        (None, {"fields": ("title", "slug", "url", "outlet", "published", "language", "genre", "archive_url")}),
        ("Corrections", {"fields": ("status", "status_note")}),
        ("Text", {"fields": ("pasted_text",)}),
    )
    autocomplete_fields = ("outlet",)
    prepopulated_fields = {"slug": ("title",)}
    inlines = (AuthorshipInline, SnapshotInline)
    redirects_as = EntityKind.ARTICLE
    history_includes = ("authorships", "snapshots")

    def related_lists(self, record: Article) -> list[tuple[str, str]]:
        filtered = list_url("quote", article__id__exact=record.pk)
        return [("Add a quote", add_url("quote", article=record.pk)), ("Quotes", filtered)]

    @admin.display(description="text as read today")
    def pasted_text(self, article: Article) -> str:
        """The line that somebody sees who may only look."""
        return "–"

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        form.save_text()
        super().save_related(request, form, formsets, change)

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        if article := context.get("original"):
            quotes = article.quotes.select_related("speaker", "organization").order_by("pk")
            context["quotes"] = list(quotes[:_LISTED_QUOTES])
            context["add_quote"] = add_url("quote", article=article.pk)
        return super().render_change_form(request, context, *args, **kwargs)


class SnapshotForm(CuratedForm):
    text = PastedText(label="Text", help_text="The whole text as read. It is never changed after it is saved.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "text" in cleaned:
            _fill(self.instance, cleaned["text"])
            if twin := _twin(cleaned.get("article"), cleaned["text"]):
                self.add_error("text", f"The article has this very text already: {twin}.")
        return cleaned


@admin.register(Snapshot)
class SnapshotAdmin(CuratedAdmin):
    change_form_template = "admin/quotes/snapshot_form.html"
    list_display = ("article", "retrieved_at", "length", "short_hash")
    list_select_related = ("article",)
    search_fields = ("article__title", "^sha256")
    search_help_text = "Title of the article, or the hash's beginning"
    autocomplete_fields = ("article",)
    fields = ("article", "retrieved_at", "text")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).defer("text")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("article", "retrieved_at", "length", "sha256") if obj else self.fields

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("article", "length", "sha256") if obj else ()

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """The article that the address names; a moment of its own would have to be taken apart for two inputs."""
        initial = super().get_changeform_initial_data(request)
        return {name: value for name, value in initial.items() if name != "retrieved_at"}

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        # A field that the form itself declares would be asked for on the change page too.
        form = CuratedForm if change else SnapshotForm
        return super().get_form(request, obj, change=change, **{"form": form, **kwargs})

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """A quote's form asks for the snapshots of its own article alone (quote.js adds the parameter)."""
        article = request.GET.get("of_article", "")
        own = queryset.filter(article=article) if is_key(article) else queryset
        return super().get_search_results(request, own, search_term)

    def related_lists(self, record: Snapshot) -> list[tuple[str, str]]:
        return [("Add a quote", add_url("quote", article=record.article_id, snapshot=record.pk))]

    @admin.display(description="SHA-256")
    def short_hash(self, snapshot: Snapshot) -> str:
        return f"{snapshot.sha256[:12]}…"

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        if snapshot := context.get("original"):
            context["panel"] = panel(snapshot)
        return super().render_change_form(request, context, *args, **kwargs)
