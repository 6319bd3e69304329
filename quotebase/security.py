"""What a browser may load and run on our pages: nothing but what we serve ourselves."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

_POLICY = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
# Their templates are other projects', with scripts and styles inside the page.
_EXEMPT = ("/admin/", "/api/docs/")


def content_security_policy(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: the policy on every answer but those of the admin and the API's documentation."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not request.path.startswith(_EXEMPT):
            response.headers.setdefault("Content-Security-Policy", _POLICY)
        return response

    return answer
