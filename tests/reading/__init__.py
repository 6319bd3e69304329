"""Reading pages: a server on loopback that answers byte by byte as it is told, so that no network is needed."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from ipaddress import ip_address
from typing import Any

import pytest

from quotes.reading.addresses import IPAddress
from quotes.reading.fetching import FetchError, Rules, fetch_under

HOST = "gazette.example"
LOOPBACK = [ip_address("127.0.0.1")]
PAGE = b"<!doctype html><title>The vote</title><p>The lanterns stay lit."
NOWHERE = "No page could be read at this address."
PATIENCE = 10  # seconds: far more than any answer here takes


def answer(
    body: bytes = PAGE, *, status: str = "200 OK", content_type: str = "text/html; charset=utf-8", **headers: str
) -> bytes:
    """A whole response; a header's underscores stand for hyphens."""
    named = {"Content-Type": content_type, "Content-Length": str(len(body))}
    named |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in named.items() if value)]
    return "\r\n".join([*lines, "", ""]).encode("utf-8", "surrogateescape") + body


def redirect(location: str, status: str = "302 Found") -> bytes:
    return answer(b"", status=status, Location=location)


class Server:
    """Answers each connection with what `script` makes of the request, in bytes or piece by piece."""

    def __init__(
        self, script: Callable[[bytes], bytes | Iterator[bytes]], context: ssl.SSLContext | None = None
    ) -> None:
        self.script, self.context = script, context
        self.requests: list[bytes] = []
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return  # closed: the test is over
            connection.settimeout(PATIENCE)
            with contextlib.suppress(OSError):  # the reader may hang up when it has seen enough
                self._answer(connection)
            connection.close()

    def _answer(self, connection: socket.socket) -> None:
        if self.context:
            connection = self.context.wrap_socket(connection, server_side=True)
        request = b""
        while b"\r\n\r\n" not in request and (piece := connection.recv(65536)):
            request += piece
        self.requests.append(request)
        answered = self.script(request)
        for piece in [answered] if isinstance(answered, bytes) else answered:
            connection.sendall(piece)
        with contextlib.suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)
        connection.close()

    def url(self, path: str = "/", host: str = HOST) -> str:
        return f"{'https' if self.context else 'http'}://{host}:{self.port}{path}"


@contextlib.contextmanager
def serving(script: bytes | Callable[[bytes], Any], context: ssl.SSLContext | None = None) -> Iterator[Server]:
    server = Server(script if callable(script) else lambda request: script, context)
    try:
        yield server
    finally:
        server.socket.shutdown(socket.SHUT_RDWR)  # wakes the thread that waits in it
        server.socket.close()


def resolved_to(*addresses: str) -> Callable[[str, int], list[IPAddress]]:
    return lambda host, port: [ip_address(address) for address in addresses]


def loopback_rules(*servers: Server, **changes: Any) -> Rules:
    """The rules as they are, but every name means loopback, which is allowed, at the servers' own ports."""
    allowed: dict[str, Any] = {
        "is_allowed": lambda address: address in LOOPBACK,
        "ports": frozenset(server.port for server in servers),
        "resolver": resolved_to("127.0.0.1"),
    }
    return Rules(**(allowed | changes))


def code_of(url: str, rules: Rules) -> str:
    """The code of the refusal. One that the network brought about says nothing but that."""
    with pytest.raises(FetchError) as caught:
        fetch_under(rules, url)
    assert caught.value.code != "unreachable" or str(caught.value) == NOWHERE
    return caught.value.code


def code_for(script: bytes | Callable[[bytes], Any], **changes: Any) -> str:
    with serving(script) as server:
        return code_of(server.url(), loopback_rules(server, **changes))
