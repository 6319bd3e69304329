"""What a browser may load and run on our pages: nothing but what we serve ourselves."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

_POLICY = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
# The API's documentation is Swagger UI, which writes style attributes and carries its icons in data: addresses.
_LOOSER = {"/api/docs/": f"{_POLICY}; style-src 'self' 'unsafe-inline'; img-src 'self' data:"}


def content_security_policy(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: the policy on every answer. No script runs that does not come from a file of ours, anywhere."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", _LOOSER.get(request.path, _POLICY))
        return response

    return answer
