"""One page from the web, for a curator who gave its address: guarded, so that nobody can make this server read its neighbours.

The rules, in docs/decisions/0012-guarded-fetch.md: http and https at their own ports; every address that a name has must be
public, and the connection goes to one of those very addresses; every redirect is a new address that begins anew; time, size
and kind of what comes are bounded. Nothing is taken from the environment: no proxy, no cookie, no password.
"""

from __future__ import annotations

import datetime as dt
import re
import ssl
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urljoin

import httpcore
from django.conf import settings
from django.utils import timezone

import quotes
from quotes.reading.addresses import PORTS, AddressError, IPAddress, WebAddress, is_public, read_address
from quotes.reading.connections import Deadline, PinnedBackend, Resolver, resolve, resolve_in_time

TEXT_TYPES = ("text/html", "application/xhtml+xml", "text/plain")
MAX_BYTES = 5 * 2**20
MAX_REDIRECTS = 3

_CHARSET = re.compile(r"""(?i)\bcharset\s*=\s*["']?([a-z0-9_.:-]{1,40})""")
_REDIRECTS = {301, 302, 303, 307, 308}
_FAILURES = (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError)
# What any failure of the network is called. One sentence for all: a curator must not learn from it what listens inside.
_UNREACHABLE = "No page could be read at this address."


class _Unreachable(Exception):
    """The network's doing; the reason stays inside."""


class FetchError(Exception):
    """Why there is no page. `code` is one of unsupported_address, unreachable, too_large, not_text; the message is a sentence."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class FetchedPage:
    """A page as it came: `url` as asked for, `final_url` after redirects, `charset` only where the server named one."""

    url: str
    final_url: str
    content_type: str
    charset: str | None
    content: bytes
    retrieved_at: dt.datetime


@dataclass(frozen=True)
class Rules:
    """What a fetch is held to. `fetch` knows one set; tests allow the loopback addresses that their servers stand on."""

    is_allowed: Callable[[IPAddress], bool] = is_public
    ports: frozenset[int] = frozenset(PORTS.values())
    resolver: Resolver = resolve
    seconds: float = 10
    connect_seconds: float = 5
    ssl_context: ssl.SSLContext | None = None


def fetch(url: str) -> FetchedPage:
    """The page at a public web address: at most 5 MB of HTML or plain text, unpacked, within ten seconds and three redirects.

    Raises FetchError. Whatever went wrong on the way, from a name that leads inside to a page that is not there, is one and
    the same `unreachable`.
    """
    return fetch_under(Rules(), url)


def fetch_under(rules: Rules, url: str) -> FetchedPage:
    """As `fetch`, under these rules."""
    try:
        address = read_address(url, ports=rules.ports)
    except AddressError as error:
        raise FetchError("unsupported_address", str(error)) from None
    if address.literal and not rules.is_allowed(address.literal):
        raise FetchError("unsupported_address", "This is not the address of a public web page.")
    try:
        return _follow(rules, url, address)
    except (_Unreachable, OSError, UnicodeError, zlib.error, *_FAILURES) as error:
        raise FetchError("unreachable", _UNREACHABLE) from error


def _follow(rules: Rules, url: str, address: WebAddress) -> FetchedPage:
    """Ask, and go where the answer leads, a few times; each address is checked as the first one was."""
    deadline = Deadline(rules.seconds)
    for _ in range(MAX_REDIRECTS + 1):
        answer = _ask(rules, address, deadline)
        if isinstance(answer, FetchedPage):
            return replace(answer, url=url)
        address = _target(rules, address, answer)
    raise _Unreachable("too many redirects")


def _target(rules: Rules, address: WebAddress, location: str) -> WebAddress:
    try:
        target = read_address(urljoin(address.url, location), ports=rules.ports)
    except ValueError as error:
        raise _Unreachable("a redirect that leads nowhere") from error
    if address.scheme == "https" and target.scheme == "http":
        raise _Unreachable("a redirect from https to http")
    return target


def _ask(rules: Rules, address: WebAddress, deadline: Deadline) -> FetchedPage | str:
    """The page at this address, or where it says that the page is now."""
    found = (
        [address.literal] if address.literal else resolve_in_time(rules.resolver, address.host, address.port, deadline)
    )
    if not found or not all(rules.is_allowed(one) for one in found):
        raise _Unreachable("not public")
    url = httpcore.URL(
        scheme=address.scheme.encode(), host=address.host.encode(), port=address.port, target=address.target.encode()
    )
    backend = PinnedBackend(found, deadline)
    limits = {"timeout": {"connect": rules.connect_seconds}}
    with (
        httpcore.ConnectionPool(ssl_context=rules.ssl_context, network_backend=backend) as pool,
        pool.stream("GET", url, headers=_headers(address), extensions=limits) as response,
    ):
        return _read(address, response)


def _headers(address: WebAddress) -> dict[bytes | str, bytes | str]:
    contact = f" (+{settings.READER_CONTACT})" if settings.READER_CONTACT else ""
    return {
        "Host": address.authority,
        "User-Agent": f"quotebase/{quotes.__version__}{contact}",
        "Accept": ", ".join(TEXT_TYPES),
        "Accept-Encoding": "gzip, deflate",
        "Connection": "close",
    }


def _read(address: WebAddress, response: httpcore.Response) -> FetchedPage | str:
    headers = {name.decode("ascii").lower(): value.decode("latin-1") for name, value in response.headers}
    if response.status in _REDIRECTS and "location" in headers:
        # Servers write paths in UTF-8 here, whatever the specification says.
        return headers["location"].encode("latin-1").decode("utf-8")
    if response.status != 200:
        raise _Unreachable(f"status {response.status}")
    content_type, charset = _kind(headers)
    if headers.get("content-length", "").isdecimal() and int(headers["content-length"]) > MAX_BYTES:
        raise _too_large()
    content = b"".join(_unpacked(response.iter_stream(), headers.get("content-encoding", "identity")))
    return FetchedPage(address.url, address.url, content_type, charset, content, timezone.now())


def _kind(headers: Mapping[str, str]) -> tuple[str, str | None]:
    """The media type and the charset that the server names. Raises FetchError unless it is a kind of text."""
    content_type, parameters = headers.get("content-type", "").partition(";")[::2]
    content_type = content_type.strip().lower()
    if content_type not in TEXT_TYPES:
        named = repr(content_type[:60]) if content_type else "no media type"
        raise FetchError("not_text", f"The page must be HTML or plain text; the server says {named}.")
    found = _CHARSET.search(parameters)
    return content_type, found[1] if found else None


def _unpacked(chunks: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    """The body, unpacked as it comes: of a bomb, no more than the limit is ever in memory. Raises FetchError, zlib.error."""
    encoding = encoding.strip().lower()
    if encoding not in ("identity", "gzip", "x-gzip", "deflate"):
        raise FetchError("not_text", f"The page is packed as {encoding[:60]!r}, which was not asked for.")
    # 32: gzip and zlib are told apart by their first bytes.
    unpacker = None if encoding == "identity" else zlib.decompressobj(zlib.MAX_WBITS | 32)
    packed = left = MAX_BYTES
    for chunk in chunks:
        packed -= len(chunk)
        plain = unpacker.decompress(chunk, left + 1) if unpacker else chunk
        left -= len(plain)
        if packed < 0 or left < 0:
            raise _too_large()
        yield plain
    if unpacker and not unpacker.eof:
        raise zlib.error("the packed page is cut off")


def _too_large() -> FetchError:
    return FetchError("too_large", f"The page is larger than {MAX_BYTES // 2**20} MB.")
