"""Probes for whatever runs the service: is the process alive, and can it answer?"""

from django.db import connection
from django.http import HttpRequest, HttpResponse


def livez(request: HttpRequest) -> HttpResponse:
    """200 as long as the process answers at all."""
    return HttpResponse("ok\n", content_type="text/plain")


def readyz(request: HttpRequest) -> HttpResponse:
    """200 when the database answers and has the tables; otherwise Django answers 500."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM publication_publishedquote LIMIT 1")
    return HttpResponse("ok\n", content_type="text/plain")
