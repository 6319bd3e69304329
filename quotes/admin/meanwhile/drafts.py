"""What the server does for texts that a browser keeps until they are saved (static/quotes/admin/drafts.js).

It says whose page it is, whether the session still stands, and, by a cookie, which draft was saved and can go: only the
server knows that for sure, wherever the next page is.
"""

from __future__ import annotations

import re
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.urls import URLPattern, URLResolver, path
from django.views.decorators.cache import never_cache

FIELD = "draft"
_SAVED = "quotebase.saved"
_NAME = re.compile(r"[a-z0-9]{8,32}")
_DAY = 86_400


def context(options: Any, request: HttpRequest) -> dict[str, Any] | None:
    """What the form tells the script; None where nothing is kept."""
    if not options.keeps_drafts:
        return None
    draft = request.POST.get(FIELD, "")
    return {"user": request.user.pk, "id": draft if _NAME.fullmatch(draft) else ""}


def note_saved(request: HttpRequest) -> None:
    """The form is saved, if the transaction holds."""
    request.META[_SAVED] = True


def forget(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """Tell the browser, with the answer to a save that stands, to forget the draft that came with it."""
    draft = request.POST.get(FIELD, "")
    if request.META.get(_SAVED) and _NAME.fullmatch(draft):
        # Read by the script of whatever page comes next, so not for HTTP alone. It names the draft, and says nothing else.
        answer.set_cookie(
            f"saved_{draft}",
            "1",
            max_age=_DAY,
            secure=settings.SESSION_COOKIE_SECURE,
            samesite="Strict",
        )
    return answer


@never_cache
def alive(request: HttpRequest) -> JsonResponse:
    """Who is logged in, with a CSRF token of this session; null for both where nobody is who may be here."""
    is_here = admin.site.has_permission(request)
    return JsonResponse({"user": request.user.pk if is_here else None, "csrf": get_token(request) if is_here else None})


_urls = admin.site.get_urls


def urls() -> list[URLPattern | URLResolver]:
    return [path("quotes/alive/", alive, name="quotes_alive"), *_urls()]


admin.site.get_urls = urls  # type: ignore[method-assign]
admin.site.logout_template = "admin/quotes/logged_out.html"
