"""How candidates are asked: a WSGI application by a call in this process, a server over one connection that stays open."""

from __future__ import annotations

import http.client
import io
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

Call = Callable[[str, Mapping[str, str]], bytes]
Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Refused(RuntimeError):
    """An answer that is not 200 (or 304 where it was asked for)."""


def in_process(application: Application) -> Call:
    """What asks the application: `(path, headers)` to the body. The answer is drained and closed, as a server does it."""

    def call(target: str, headers: Mapping[str, str]) -> bytes:
        path, _, query = target.partition("?")
        environ: dict[str, Any] = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SCRIPT_NAME": "",
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": "localhost",
            "HTTP_ACCEPT": "application/json",
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": False,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
            **{f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()},
        }
        said: list[str] = []
        answer = application(environ, lambda status, _headers, _error=None: said.append(status))
        try:
            body = b"".join(answer)
        finally:
            if close := getattr(answer, "close", None):
                close()
        if said[0][:3] not in ("200", "304"):
            raise Refused(f"{target}: {said[0]}: {body[:500]!r}")
        return body

    return call


def over_http(port: int) -> Call:
    """The same of a server on this machine."""
    connection = http.client.HTTPConnection("127.0.0.1", port)

    def answer(target: str, headers: Mapping[str, str]) -> http.client.HTTPResponse:
        connection.request("GET", target, headers={"Accept": "application/json", **headers})
        return connection.getresponse()

    def call(target: str, headers: Mapping[str, str]) -> bytes:
        try:
            answered = answer(target, headers)
        except http.client.RemoteDisconnected:  # the server closes what was idle for long
            connection.close()
            answered = answer(target, headers)
        body = answered.read()
        if answered.status not in (200, 304):
            raise Refused(f"{target}: {answered.status}: {body[:500]!r}")
        return body

    return call


def address(path: str, parameters: Mapping[str, str]) -> str:
    """A target of the path with the parameters."""
    return f"{path}?{urlencode(parameters)}" if parameters else path
