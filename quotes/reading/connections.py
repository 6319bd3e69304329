"""Connections that go where they were checked to go, and end when they must.

httpcore opens every connection through a *network backend*. Ours is given addresses that were resolved and checked before,
and asks no resolver: between check and connection, a name cannot come to mean something else (DNS rebinding). The Host header,
the server name in TLS and the certificate check stay those of the name, since httpcore takes them from the request.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Iterable, Sequence
from ipaddress import ip_address
from queue import Empty, SimpleQueue
from socket import SOCK_STREAM, getaddrinfo
from threading import Thread

import httpcore

from quotes.reading.addresses import IPAddress

# A name with more addresses than these is tried at these.
_MOST_ADDRESSES = 4


class Deadline:
    """A moment after which nothing is waited for any more."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self, timeout: float | None = None) -> float:
        """The seconds until then, or `timeout` where that is sooner. Raises httpcore.ReadTimeout once it is past."""
        seconds = self._end - time.monotonic()
        if seconds <= 0:
            raise httpcore.ReadTimeout("the time for this page is over")
        return seconds if timeout is None else min(seconds, timeout)


Resolver = Callable[[str, int], list[IPAddress]]


def resolve(host: str, port: int) -> list[IPAddress]:
    """The addresses of a name, by the system's resolver. Raises OSError."""
    found = getaddrinfo(host, port, type=SOCK_STREAM)
    return list(dict.fromkeys(ip_address(str(place[0])) for *_, place in found))


def resolve_in_time(resolver: Resolver, host: str, port: int, deadline: Deadline) -> list[IPAddress]:
    """What the resolver says, within the deadline: the system's own has no limit, so it is left waiting in a thread.

    Raises OSError, and UnicodeError for a name that the system cannot write; httpcore.ReadTimeout when it is too late.
    """
    answers: SimpleQueue[list[IPAddress] | OSError | UnicodeError] = SimpleQueue()

    def ask() -> None:
        try:
            answers.put(resolver(host, port))
        except (OSError, UnicodeError) as error:
            answers.put(error)

    Thread(target=ask, daemon=True).start()
    try:
        answer = answers.get(timeout=deadline.left())
    except Empty:
        raise httpcore.ReadTimeout("the name was not resolved in time") from None
    if isinstance(answer, Exception):
        raise answer
    return answer


class PinnedBackend(httpcore.NetworkBackend):
    """Connects to the given addresses, whatever name is asked for, one after the other until one answers."""

    def __init__(self, addresses: Sequence[IPAddress], deadline: Deadline) -> None:
        self._addresses = [str(address) for address in addresses[:_MOST_ADDRESSES]]
        self._deadline = deadline
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        share = self._deadline.left(timeout) / len(self._addresses)
        for address in self._addresses[:-1]:
            try:
                return self._connect(address, port, share)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return self._connect(self._addresses[-1], port, share)

    def _connect(self, address: str, port: int, seconds: float) -> httpcore.NetworkStream:
        # An address in digits is not looked up.
        stream = self._sockets.connect_tcp(address, port, self._deadline.left(seconds))
        return _TimedStream(stream, self._deadline)


class _TimedStream(httpcore.NetworkStream):
    """A stream of which every read and write ends with the deadline: a byte every few seconds does not go on for ever."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream, self._deadline = stream, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        stream = self._stream.start_tls(ssl_context, server_hostname, self._deadline.left(timeout))
        return _TimedStream(stream, self._deadline)

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)
