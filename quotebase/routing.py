"""Which connection answers what: the public's questions go to the publication over a connection of their own.

That connection cannot write and gives up after two seconds; it may lead to another role, or to another server, which holds
nothing but the publication (PUBLICATION_DATABASE_URL). Curators, verbs and commands work on the default one.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from quotes.replication.tables import is_replicated

_CURATORS = ("/admin/", "/api/v1/curation/")
_is_public = ContextVar("is_public", default=False)


def public_requests(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: whatever is not the curators' is read from the publication's connection."""

    def answer(request: HttpRequest) -> HttpResponse:
        token = _is_public.set(not request.path.startswith(_CURATORS))
        try:
            return get_response(request)
        finally:
            _is_public.reset(token)

    return answer


class PublicationRouter:
    """Sends a public request's questions to the connection that PUBLICATION_ALIAS names."""

    def db_for_read(self, model: Any, **hints: Any) -> str | None:
        if _is_public.get() and model._meta.app_label == "publication":
            return settings.PUBLICATION_ALIAS
        return None

    def allow_migrate(self, db: str, app_label: str, model_name: str | None = None, **hints: Any) -> bool:
        """Everything at home; on a read server the tables that it follows, and no SQL but what says that it is meant for it."""
        if db in settings.READ_SERVERS.values():
            return is_replicated(app_label, model_name) or hints.get("read_servers", False)
        return db == "default"
