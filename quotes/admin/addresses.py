"""The list of old addresses. Merges and renamed slugs make them; one may also be written by hand."""

from django.contrib import admin

from quotes.admin.curated import CuratedAdmin
from quotes.models import Redirect


@admin.register(Redirect)
class RedirectAdmin(CuratedAdmin):
    list_display = ("slug", "target", "kind")
    list_filter = ("kind",)
    search_fields = ("slug", "target")
    search_help_text = "Old slug or target"
    fields = ("kind", "slug", "target")
