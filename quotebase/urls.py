"""Which face answers which address."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.views import defaults
from django.views.generic import RedirectView

from quotebase import health
from quotes.api import problems

urlpatterns = [
    path("admin/", admin.site.urls),
    path("api/", include("quotes.api.urls")),
    path("favicon.ico", RedirectView.as_view(url="/static/quotes/pages/favicon.svg")),
    path("livez", health.livez),
    path("readyz", health.readyz),
    path("readyz/public", health.readyz_public),
    path("", include("quotes.pages.urls")),
]


def handler400(request: HttpRequest, exception: Exception) -> HttpResponse:
    """An unknown host, a broken session: nothing that says more than that."""
    return (
        problems.bad_request(request) if request.path.startswith("/api/") else defaults.bad_request(request, exception)
    )


def handler404(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Programs get problem details, people a page."""
    if request.path.startswith("/api/"):
        return problems.not_found(request, exception)
    return defaults.page_not_found(request, exception)


def handler500(request: HttpRequest) -> HttpResponse:
    return problems.server_error(request) if request.path.startswith("/api/") else defaults.server_error(request)
