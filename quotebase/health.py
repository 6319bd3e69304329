"""Probes for whatever runs the service: is the process alive, and can it answer?"""

from django.conf import settings
from django.db import connections
from django.http import HttpRequest, HttpResponse


def livez(request: HttpRequest) -> HttpResponse:
    """200 as long as the process answers at all."""
    return HttpResponse("ok\n", content_type="text/plain")


def readyz(request: HttpRequest) -> HttpResponse:
    """200 when both sides of the database answer, the curators' and the public's, and have the tables; 503 otherwise."""
    return _ready("default", settings.PUBLICATION_ALIAS)


def readyz_public(request: HttpRequest) -> HttpResponse:
    """200 when the public's side answers: readers on read servers need no home server."""
    return _ready(settings.PUBLICATION_ALIAS)


def _ready(*aliases: str) -> HttpResponse:
    for alias in set(aliases):
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT FROM publication_publishedquote LIMIT 1")
    return HttpResponse("ok\n", content_type="text/plain")
