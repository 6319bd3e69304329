"""What every model's admin has in common: refusals as form errors, the public side kept up to date, history per record."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import SEARCH_VAR
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import capfirst

from quotes import curation
from quotes.admin import blindness, filters
from quotes.admin.choices import KnownChoices, tell_known
from quotes.admin.links import list_url
from quotes.admin.meanwhile import drafts, freshness
from quotes.admin.reverting import RevertingAdmin
from quotes.curation.refusals import REFUSALS, explain, worded
from quotes.models import Redirect
from quotes.vocabulary import EntityKind

_REFUSAL = "quotebase.refusal"
_LOOKUPS = {"exact", "isnull", "gte", "lt"}


class CuratedForm(forms.ModelForm):
    """A form that can also say what the database refused; and that keeps old addresses from being given away."""

    refusal: Sequence[str] = ()
    # By the fields' names in HTML, what others saved there since the page was shown.
    changed_by_others: Mapping[str, str] = {}
    redirects_as: EntityKind | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tell_known(self)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.refusal:
            self.add_error(None, list(self.refusal))
        for name in self.fields:
            if theirs := self.changed_by_others.get(self.add_prefix(name)):
                self.add_error(name, theirs)
        return cleaned

    def add_error(self, field: str | None, error: Any) -> None:
        """As Django's, with our sentence in the place of "Constraint … is violated"."""
        super().add_error(field, worded(error))

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"]
        target = Redirect.objects.target_of(self.redirects_as, slug)
        if target and target != self.initial.get("slug"):
            raise forms.ValidationError(f"{slug} is an old address that leads to {target}.")
        return slug


class CuratedInline(KnownChoices, admin.TabularInline):
    """Rows in a table, narrow enough for a small laptop: texts are short, and beside a choice stands "add" alone."""

    form = CuratedForm
    extra = 0
    rows_of_text: tuple[str, ...] = ()

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset: Any = super().get_formset(request, obj, **kwargs)
        formset.form.changed_by_others = freshness.notes(request).errors
        formset.deletion_widget = forms.CheckboxInput(attrs={"aria-label": "Delete"})
        return formset

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.rows_of_text:
            kwargs["widget"] = forms.Textarea(attrs={"rows": 2, "cols": 28})
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget.can_change_related = field.widget.can_view_related = False
        if field:
            # A row has no labels, and the heads of its columns name no inputs.
            field.widget.attrs["aria-label"] = capfirst(field.label)
        return field


class CuratedAdmin(RevertingAdmin, KnownChoices, admin.ModelAdmin):
    """The base of every admin here.

    A save, with its inlines, the deferred constraints and the refresh of the publication, is one transaction. What the
    database refuses comes back as an error of the form: nothing is saved, nothing that was typed is lost.
    """

    form = CuratedForm
    redirects_as: EntityKind | None = None
    # Relations (reverse foreign keys) whose rows belong to the record's history.
    history_includes: tuple[str, ...] = ()
    list_per_page = 50
    show_full_result_count = False
    object_history_template = "admin/quotes/history.html"
    # Whether the browser keeps what is typed until it is saved.
    keeps_drafts = True

    @property
    def media(self) -> forms.Media:
        return (
            super().media
            + filters.autocomplete_media()
            + forms.Media(
                css={"all": ("quotes/admin/curation.css", "quotes/admin/concurrency.css")},
                js=("quotes/admin/drafts.js", "quotes/admin/meanwhile.js", "quotes/admin/labels.js"),
            )
        )

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        found = freshness.notes(request)
        stated = {
            "refusal": [*found.refusal, *request.META.get(_REFUSAL, ())],
            "changed_by_others": found.errors,
            "redirects_as": self.redirects_as,
        }
        return type(form.__name__, (form,), stated)

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """As Django's, which makes error pages of values that no field can have; it says for others "invalid filter"."""
        try:
            if any("\0" in value for name, values in request.GET.lists() for value in values if name != SEARCH_VAR):
                raise ValueError("NUL is no character of a text")
            return super().get_changelist_instance(request)
        except (ValueError, OverflowError) as error:
            raise IncorrectLookupParameters(error) from error

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Only what the filters on the page ask, never a regular expression, and nothing of the records that refer to these."""
        is_asked_by_filters = "__" not in lookup or lookup.rsplit("__")[-1] in _LOOKUPS
        is_own = not blindness.asks_backwards(self.model, lookup)
        return is_asked_by_filters and is_own and super().lookup_allowed(lookup, value, request)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        return blindness.tell_deletion(request, self.model, super().get_deleted_objects(objs, request))

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        found = queryset.none() if "\0" in search_term else queryset
        return super().get_search_results(request, found, search_term.replace("\0", ""))

    def related_lists(self, record: Any) -> list[tuple[str, str]]:
        """Label and address of what belongs to the record, as buttons beside "History"."""
        return []

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        record = context.get("original")
        context["related_lists"] = self.related_lists(record) if record else []
        context["freshness"] = freshness.notes(request)
        context["draft"] = drafts.context(self, request)
        return super().render_change_form(request, context, *args, **kwargs)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        view = super().changeform_view
        if request.method != "POST":
            freshness.show(self, request, object_id)
            return view(request, object_id, form_url, extra_context)

        def attempt() -> Any:
            with transaction.atomic():
                found = freshness.compare(self, request, object_id)
                return (
                    view(request, object_id, form_url, extra_context) if not found.deletion else self._deleted(request)
                )

        try:
            answer = attempt()
        except REFUSALS as refusal:
            # Everything is rolled back. The same view again, with a form that is invalid because of the refusal, shows
            # what was typed.
            request.META[_REFUSAL] = explain(refusal)
            return attempt()
        return drafts.forget(request, answer)

    def _deleted(self, request: HttpRequest) -> Any:
        """What was typed about a record that somebody deleted meanwhile: in the form of a new one, else as a list."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        if not self.has_add_permission(request):
            return TemplateResponse(request, "admin/quotes/deleted_meanwhile.html", freshness.typed(self, request))
        freshness.without_record(self, request)
        address = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_add")
        return super().changeform_view(request, None, address)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return self._or_message(request, lambda: super(CuratedAdmin, self).changelist_view(request, extra_context))

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None) -> Any:
        view = super().delete_view

        def attempt() -> Any:
            if request.method != "POST":
                freshness.show(self, request, object_id)
            elif freshness.deletion_is_stale(self, request, object_id):
                # Without an answer the question is asked again, about the record as it is now.
                request.POST = QueryDict()
            return view(request, object_id, {"freshness": freshness.notes(request), **(extra_context or {})})

        return self._or_message(request, attempt)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change and self.redirects_as and "slug" in form.changed_data:
            curation.readdress(kind=self.redirects_as, old=form.initial["slug"], new=obj.slug)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        curation.settle()
        drafts.note_saved(request)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        super().delete_model(request, obj)
        curation.settle()

    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> None:
        with transaction.atomic():
            super().delete_queryset(request, queryset)
            curation.settle()

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Who changed what and when; of a deleted record too."""
        record = self.get_object(request, object_id)
        if not self.has_view_or_change_permission(request, record):
            raise PermissionDenied
        found = self.history_entries(request, object_id)
        if record is None and not found:
            return HttpResponseRedirect(list_url(str(self.opts.model_name)))
        page = Paginator(self.with_offers(request, object_id, found), self.list_per_page).get_page(request.GET.get("p"))
        context = {
            **self.admin_site.each_context(request),
            "title": f"History: {record or f'deleted {self.opts.verbose_name} {object_id}'}",
            "page": page,
            "page_range": page.paginator.get_elided_page_range(page.number),
            "module_name": str(self.opts.verbose_name_plural).capitalize(),
            "object": record,
            "opts": self.opts,
            "media": self.media,
            **(extra_context or {}),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, self.object_history_template, context)

    def _or_message(self, request: HttpRequest, view: Callable[[], Any]) -> Any:
        """The view's answer; or what was refused as a message, on the page where the curator was."""
        if request.method != "POST":
            return view()
        try:
            with transaction.atomic():
                return view()
        except REFUSALS as refusal:
            for sentence in explain(refusal):
                self.message_user(request, sentence, messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())
