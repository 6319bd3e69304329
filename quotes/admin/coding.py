"""What statements mean: topics, and the codings of quotes toward them."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from quotes.admin.curated import CuratedAdmin
from quotes.admin.filters import CodedTopicFilter
from quotes.admin.links import list_url
from quotes.admin.rights import is_editor
from quotes.models import Coding, Topic
from quotes.vocabulary import EntityKind


@admin.register(Topic)
class TopicAdmin(CuratedAdmin):
    list_display = ("name", "proposition", "parent", "slug")
    list_select_related = ("parent",)
    search_fields = ("name", "proposition", "=slug")
    search_help_text = "Name, proposition or slug"
    fields = ("name", "slug", "proposition", "parent")
    autocomplete_fields = ("parent",)
    prepopulated_fields = {"slug": ("name",)}
    redirects_as = EntityKind.TOPIC

    def related_lists(self, record: Topic) -> list[tuple[str, str]]:
        return [("Quotes", list_url("quote", topic=record.pk)), ("Codings", list_url("coding", topic=record.pk))]


@admin.register(Coding)
class CodingAdmin(CuratedAdmin):
    list_display = ("quote", "topic", "stance", "is_final", "coder", "round", "certainty")
    list_select_related = ("quote__speaker", "quote__organization", "topic")
    list_filter = (CodedTopicFilter, "stance", "is_final", "round", "certainty", "codebook_version")
    search_fields = ("quote__text", "coder", "justification")
    search_help_text = "Words of the quote, coder or justification"
    autocomplete_fields = ("quote", "topic")
    ordering = ("-id",)

    def get_readonly_fields(self, request: HttpRequest, obj: Coding | None = None) -> Any:
        """A coder codes; what is served as "the stance" is an editor's decision."""
        return () if is_editor(request) else ("is_final",)

    def has_change_permission(self, request: HttpRequest, obj: Coding | None = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or not obj.is_final or is_editor(request))

    def has_delete_permission(self, request: HttpRequest, obj: Coding | None = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or not obj.is_final or is_editor(request))
