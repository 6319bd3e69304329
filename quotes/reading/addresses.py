"""Which web addresses may be asked for at all: what a curator typed, and what a page redirects to.

A server that fetches whatever address it is given can be sent to its own neighbours (server-side request forgery). What the
text of an address can tell is told here; what its name resolves to is checked just before the connection, by `is_public`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import SplitResult, quote, urlsplit

import idna

PORTS = {"http": 80, "https": 443}
MAX_LENGTH = 2000

IPAddress = IPv4Address | IPv6Address

# Global unicast as IANA has handed it out, and the prefix that stands for IPv4 where a network speaks IPv6 alone.
_UNICAST_V6 = (IPv6Network("2000::/3"), IPv6Network("64:ff9b::/96"))
# What `is_global` lets pass, or some Python's does: protocol assignments (Teredo, ORCHID), documentation, 6to4 relays.
_SPECIAL = (
    IPv6Network("2001::/23"),
    IPv6Network("3fff::/20"),
    IPv4Network("192.0.0.0/24"),
    IPv4Network("192.88.99.0/24"),
)
_NAT64 = IPv6Network("64:ff9b::/96")

_UNWRITTEN = re.compile(r"[\x00-\x20\x7f-\xa0\\\u2028\u2029\ufeff]|\s")
_HOST = re.compile(r"(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
# A last label like this is a number to a resolver: 127.1, 0x7f000001, 2130706433, 0177.0.0.1.
_NUMBER = re.compile(r"([0-9]+|0x[0-9a-f]*)")
# All that RFC 3986 lets stand in a path or query; what else a curator pastes (é, “) is percent-encoded.
_SAFE = "!$&'()*+,;=:@/?%-._~"


class AddressError(ValueError):
    """An address that is never asked for; the message says why, fit for a curator's eyes."""


@dataclass(frozen=True, slots=True)
class WebAddress:
    """An http(s) address, taken apart: `host` is ASCII, without brackets; `target` is the path with its query."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def authority(self) -> str:
        """What the Host header says."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.authority}{self.target}"

    @property
    def literal(self) -> IPAddress | None:
        """The IP address, where the host is one and no name."""
        try:
            return ip_address(self.host)
        except ValueError:
            return None


def read_address(url: str, *, ports: frozenset[int] = frozenset(PORTS.values())) -> WebAddress:
    """Take an address apart. Its fragment is dropped, since it is never sent. Raises AddressError.

    >>> read_address("https://Gazette.example/näytä?page=2#top").url
    'https://gazette.example/n%C3%A4yt%C3%A4?page=2'
    >>> read_address("http://0x7f.1/")
    Traceback (most recent call last):
    quotes.reading.addresses.AddressError: '0x7f.1' is no host name.
    """
    if len(url) > MAX_LENGTH:
        raise AddressError(f"The address has {len(url):,} characters; at most {MAX_LENGTH:,} are read.")
    # urlsplit drops tabs and line ends without a word; whoever sends them means no good.
    if _UNWRITTEN.search(url) or any(0xD800 <= ord(char) <= 0xDFFF for char in url):
        raise AddressError("The address holds a space, a backslash or a control character.")
    parts = _split(url)
    if parts.scheme not in PORTS:
        raise AddressError("Only addresses that begin with http:// or https:// can be read.")
    if "@" in parts.netloc:
        raise AddressError("An address with a user name or password is not read.")
    port = _port(parts)
    if port not in ports:
        raise AddressError(f"Port {port} is not read: web pages stand at 80 and 443.")
    target = quote(parts.path or "/", safe=_SAFE) + (f"?{quote(parts.query, safe=_SAFE)}" if parts.query else "")
    return WebAddress(parts.scheme, _host(parts), port, target)


def is_public(address: IPAddress) -> bool:
    """Whether the address is public unicast, and so is every IPv4 address that it carries.

    >>> [is_public(ip_address(text)) for text in ("8.8.8.8", "10.0.0.1", "::ffff:10.0.0.1", "64:ff9b::a00:1")]
    [True, False, False, False]
    """
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return is_public(address.ipv4_mapped)
        if address.scope_id or not any(address in network for network in _UNICAST_V6):
            return False
    if any(address.version == network.version and address in network for network in _SPECIAL):
        return False
    return address.is_global and not address.is_multicast and all(is_public(carried) for carried in _carried(address))


def _carried(address: IPAddress) -> list[IPv4Address]:
    """The IPv4 addresses that a translator or tunnel would read out of an IPv6 address."""
    if isinstance(address, IPv4Address):
        return []
    carried = [IPv4Address(int(address) & 0xFFFFFFFF)] if address in _NAT64 else []
    return [*carried, *([address.sixtofour] if address.sixtofour else []), *(address.teredo or ())]


def _split(url: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError:
        raise AddressError("This is not an address such as https://gazette.example/story.") from None


def _port(parts: SplitResult) -> int:
    try:
        return PORTS[parts.scheme] if parts.port is None else parts.port
    except ValueError:
        raise AddressError("The port of the address is no port.") from None


def _host(parts: SplitResult) -> str:
    """The host in ASCII: an IP address as it is written, or a name of at least two labels."""
    host = parts.hostname or ""
    if "[" in parts.netloc:
        return _literal_v6(host)
    try:
        name = idna.encode(host, uts46=True, std3_rules=True).decode("ascii").lower() if host else ""
    except UnicodeError:
        raise _no_host(host) from None
    if _NUMBER.fullmatch(name.rpartition(".")[2]):
        return _literal_v4(name)
    if not _HOST.fullmatch(name):
        raise _no_host(host)
    return name


def _literal_v4(host: str) -> str:
    """Four decimal numbers without leading zeros, and nothing else that a resolver would take for an address."""
    try:
        return str(IPv4Address(host))
    except ValueError:
        raise _no_host(host) from None


def _literal_v6(host: str) -> str:
    try:
        address = IPv6Address(host)
    except ValueError:
        raise _no_host(host) from None
    if address.scope_id:
        raise _no_host(host)
    return str(address)


def _no_host(host: str) -> AddressError:
    return AddressError(f"{host[:60]!r} is no host name.")
