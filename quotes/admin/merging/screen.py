"""Merging two people, or two organizations: chosen in their list or from a record's page, compared side by side, merged."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.http import urlencode

from quotes import curation
from quotes.admin.choices import KnownChoiceSelect
from quotes.admin.links import change_url
from quotes.admin.merging.form import SIDES, MergeForm, names_of, side
from quotes.admin.rights import actor, is_editor
from quotes.curation.refusals import REFUSALS, explain
from quotes.models import Merge, Organization, Person, Quote

_VERBS: dict[type[models.Model], Any] = {
    Person: curation.merge_people,
    Organization: curation.merge_organizations,
}
# Where the autocompletion of each model is asked for.
_SOURCES = {Person: "speaker", Organization: "organization"}


class MergingAdmin(admin.ModelAdmin):
    """To be mixed into the admin of people and of organizations, which lists the action."""

    def has_merge_permission(self, request: HttpRequest) -> bool:
        return is_editor(request)

    @admin.action(description="Merge selected…", permissions=["merge"])
    def merge_selected(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        keys = list(queryset.order_by("pk").values_list("pk", flat=True)[:3])
        if len(keys) != 2:
            chosen = "one is" if len(keys) == 1 else "more are"
            self.message_user(request, f"A merge is of exactly two records, and {chosen} selected.", messages.ERROR)
            return None
        return HttpResponseRedirect(merge_url(self.model, *keys))

    def get_urls(self) -> list[URLPattern]:
        name = f"quotes_{self.opts.model_name}_merge"
        return [path("merge/", self.admin_site.admin_view(self.merge_view), name=name), *super().get_urls()]

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        answer = super().render_change_form(request, context, *args, **kwargs)
        record = context.get("original")
        if record and is_editor(request):
            context["related_lists"] = [*context["related_lists"], ("Merge with…", merge_url(self.model, record.pk))]
        return answer

    def merge_view(self, request: HttpRequest) -> HttpResponse:
        """Choose the two; compare them; merge them. What was chosen stays chosen whatever is refused."""
        if not is_editor(request):
            raise PermissionDenied
        pair = PairForm(self, request.POST or request.GET)
        if not pair.is_valid():
            return self._ask_for_two(request, pair)
        form = MergeForm(pair.cleaned_data["first"], pair.cleaned_data["second"], request.POST.dict())
        if request.method == "POST" and form.is_valid() and (merge := self._merge(request, form)):
            return self._done(request, merge)
        return self._compare(request, form)

    def _merge(self, request: HttpRequest, form: MergeForm) -> Merge | None:
        """The merge that was made. None, with errors or changes on the form, where it was not."""
        model, merged = self.model, form.merged
        slug = merged.slug
        try:
            with transaction.atomic():
                keys = [record.pk for record in form.records.values()]
                list(model._default_manager.select_for_update().filter(pk__in=keys).order_by("pk"))
                if form.changes_since():
                    return None
                _VERBS[model](keep=form.kept, merged=merged, actor=actor(request), choices=form.choices)
                return Merge.objects.filter(kind=self.opts.model_name, merged=slug).latest("pk")
        except REFUSALS as refusal:
            form.add_error(None, explain(refusal))
            return None

    def _done(self, request: HttpRequest, merge: Merge) -> HttpResponse:
        kept = self.model._default_manager.get(slug=merge.kept)
        undo = reverse("admin:quotes_merge_undo", args=[merge.pk])
        said = format_html('{} is part of {} now. <a href="{}">Undo</a>', merge.merged_name, kept, undo)
        self.message_user(request, said, messages.SUCCESS)
        return HttpResponseRedirect(change_url(kept))

    def _ask_for_two(self, request: HttpRequest, pair: PairForm) -> HttpResponse:
        context = self._context(request, f"Merge two {self.opts.verbose_name_plural}", form=pair)
        return TemplateResponse(request, "admin/quotes/merge_choose.html", context)

    def _compare(self, request: HttpRequest, form: MergeForm) -> HttpResponse:
        since = form.changes_since() if form.is_valid() else []
        first, second = (form.records[name] for name in SIDES)
        shown = MergeForm(first, second, {**form.data, **form.seen_now()}) if since else form
        ids = {record.wikidata_id for record in form.records.values()} - {None, ""}
        context = self._context(
            request,
            f"Merge {form.records['first']} and {form.records['second']}",
            form=shown,
            sides=[side(name, form.records[name]) for name in SIDES],
            names=names_of(form),
            since=since,
            are_different=len(ids) > 1,
        )
        return TemplateResponse(request, "admin/quotes/merge.html", context)

    def _context(self, request: HttpRequest, title: str, **more: Any) -> dict[str, Any]:
        media = forms.Media(css={"all": ("quotes/admin/merge.css",)}, js=("quotes/admin/merge.js",))
        return {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "media": self.media + media,
            **more,
        }


class PairForm(forms.Form):
    """The two records, found by typing. What the address does not name is asked for without a complaint."""

    def __init__(self, options: MergingAdmin, given: QueryDict) -> None:
        super().__init__(given if "second" in given else None, initial=given.dict())
        source = Quote._meta.get_field(_SOURCES[options.model])
        for name, label in (("first", "One"), ("second", "The other")):
            self.fields[name] = forms.ModelChoiceField(
                options.model._default_manager.all(),
                label=label,
                widget=KnownChoiceSelect(source, options.admin_site),
                error_messages={"invalid_choice": "This record is not there (any more): was it merged meanwhile?"},
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("first") and cleaned.get("first") == cleaned.get("second"):
            self.add_error("second", "A record is not merged with itself.")
        return cleaned


def merge_url(model: type[models.Model], *keys: int) -> str:
    """The page that compares the two records; with one key, that asks for the other."""
    named = urlencode(dict(zip(SIDES, keys, strict=False)))
    return f"{reverse(f'admin:quotes_{model._meta.model_name}_merge')}?{named}"
