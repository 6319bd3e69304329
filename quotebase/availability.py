"""When the database is away, or a question takes longer than it may: 503, and when to ask again. Never an error page."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from quotes.api import problems

logger = logging.getLogger(__name__)


class Unavailable:
    """Middleware: a page's OperationalError becomes 503. The API's views answer theirs themselves, with the same words."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, (OperationalError, InterfaceError)):
            return None
        logger.error("503 %s: %s", request.path, str(exception).strip().partition("\n")[0])
        if request.path.startswith("/api/"):
            return problems.unavailable(exception)
        detail = problems.why_unavailable(exception)
        response = render(request, "503.html", {"detail": detail}, status=503)
        response["Retry-After"] = str(problems.RETRY_AFTER)
        return response
