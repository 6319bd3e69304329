"""Who speaks: people, organizations, and the affiliations between them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from quotes.admin.curated import CuratedAdmin, CuratedInline
from quotes.admin.filters import InboxFilter, OrganizationFilter, ParentFilter, ValueFilter
from quotes.admin.links import is_key, list_url
from quotes.admin.merging.screen import MergingAdmin
from quotes.models import Affiliation, Organization, Person
from quotes.vocabulary import EntityKind


class AffiliationInline(CuratedInline):
    model = Affiliation
    autocomplete_fields = ("organization",)
    list_select_related = ("person", "organization")
    show_change_link = True


@admin.register(Person)
class PersonAdmin(MergingAdmin, CuratedAdmin):
    list_display = ("name", "sort_name", "slug", "wikidata_id")
    list_filter = (InboxFilter,)
    search_fields = ("name", "aliases", "=slug", "=wikidata_id")
    search_help_text = "Name, alias, slug or Wikidata id"
    ordering = ("sort_name", "id")
    fields = ("name", "sort_name", "slug", "aliases", "wikidata_id")
    prepopulated_fields = {"slug": ("name",)}
    inlines = (AffiliationInline,)
    redirects_as = EntityKind.PERSON
    actions = ("merge_selected",)
    history_includes = ("affiliations",)

    def related_lists(self, record: Person) -> list[tuple[str, str]]:
        return [("Quotes", list_url("quote", speaker=record.pk))]


@admin.register(Organization)
class OrganizationAdmin(MergingAdmin, CuratedAdmin):
    list_display = ("name", "short_name", "kind", "parent", "country", "slug")
    list_select_related = ("parent",)
    list_filter = (InboxFilter, ParentFilter, "kind", ("country", ValueFilter))
    search_fields = ("name", "short_name", "aliases", "=slug", "=wikidata_id")
    search_help_text = "Name, short name, alias, slug or Wikidata id"
    fieldsets = (
        (None, {"fields": ("name", "short_name", "slug", "aliases", "kind")}),
        ("Its place", {"fields": ("parent", "successor", "country", "wikidata_id")}),
    )
    autocomplete_fields = ("parent", "successor")
    prepopulated_fields = {"slug": ("name",)}
    redirects_as = EntityKind.ORGANIZATION
    actions = ("merge_selected",)

    def related_lists(self, record: Organization) -> list[tuple[str, str]]:
        return [
            ("Quotes", list_url("quote", affiliation=record.pk)),
            ("Affiliations", list_url("affiliation", organization=record.pk)),
            ("Units", list_url("organization", below=record.pk)),
        ]


@admin.register(Affiliation)
class AffiliationAdmin(CuratedAdmin):
    list_display = ("person", "role", "organization", "kind", "start", "end")
    list_select_related = ("person", "organization")
    list_filter = (OrganizationFilter, "kind")
    search_fields = ("person__name", "person__aliases", "role", "organization__name", "organization__short_name")
    search_help_text = "Person, role or organization"
    autocomplete_fields = ("person", "organization")
    ordering = ("person__sort_name", "start", "id")

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """A quote's form asks for the affiliations of its own speaker alone (quote.js adds the parameter)."""
        speaker = request.GET.get("of_speaker", "")
        own = queryset.filter(person=speaker) if is_key(speaker) else queryset
        return super().get_search_results(request, own, search_term)
