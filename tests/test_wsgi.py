"""What reaches the application before any view: the WSGI environment of odd clients."""

from __future__ import annotations

import io
from typing import Any

import pytest

from quotebase.wsgi import application

pytestmark = pytest.mark.django_db  # a request's end looks after the connection, whether it was used or not


def answer(address: str, **environment: str) -> tuple[int, bytes]:
    """Status and body of the WSGI application's answer; Django's own test client would pass it by."""
    path, _, query = address.partition("?")
    statuses: list[str] = []

    def start(status: str, headers: Any, exc_info: Any = None) -> None:
        statuses.append(status)

    names = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "HTTP_HOST": "localhost",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        **environment,
    }
    response = application(names, start)
    body = b"".join(response)
    response.close()
    return int(statuses[0].split()[0]), body


@pytest.mark.parametrize("charset", ["base64", "bz2", "punycode", "undefined", "rot13", "idna", "utf-16", "nonsense"])
def test_no_charset_of_a_client_breaks_a_request(charset: str) -> None:
    assert answer("/livez?a=b", CONTENT_TYPE=f"text/plain; charset={charset}") == (200, b"ok\n")


def test_an_unknown_host_is_refused_as_a_problem() -> None:
    status, body = answer("/api/v1/", HTTP_HOST="elsewhere.example")
    assert status == 400
    assert b'"title":"Bad Request"' in body


def test_a_server_that_knows_no_address_of_the_reader_is_answered() -> None:
    assert answer("/api/v1/")[0] == 200
