"""The site's name, and the index in the order in which a curator works instead of the alphabet's."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

_SECTIONS = {
    "Statements": ("Quote", "QuoteAffiliation", "Evidence"),
    "Sources": ("Article", "Snapshot"),
    "Actors": ("Person", "Organization", "Affiliation"),
    "Coding": ("Topic", "Coding", "CodingRound"),
    "Imports": ("Import", "DoubtfulSpeaker"),
    "Addresses": ("Redirect", "Merge"),
    "Access": ("ApiToken",),
}
_by_app = admin.site.get_app_list


def sections(request: HttpRequest, app_label: str | None = None) -> list[dict[str, Any]]:
    """Django's list of apps, with ours taken apart into sections."""
    listed: list[dict[str, Any]] = []
    for app in _by_app(request, app_label):
        listed[0:0] = _split(app) if app["app_label"] == "quotes" else []
        listed += [app] if app["app_label"] != "quotes" else []
    return listed


def _split(app: Any) -> list[dict[str, Any]]:
    models = {model["object_name"]: model for model in app["models"]}
    found = {title: [models.pop(name) for name in names if name in models] for title, names in _SECTIONS.items()}
    found["Other"] = list(models.values())
    return [{**app, "name": title, "models": members} for title, members in found.items() if members]


admin.site.site_header = "quotebase"
admin.site.site_title = "quotebase"
admin.site.index_title = "Curation"
# On a small laptop the lists with their filters need its room; the index is one click away.
admin.site.enable_nav_sidebar = False
# Django's own way, an AdminSite of ours named in INSTALLED_APPS, replaces the whole site for this one method.
admin.site.get_app_list = sections  # type: ignore[method-assign]
