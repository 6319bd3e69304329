"""How often the API may be asked: so many requests a minute for each network address, more for each token.

Counted in windows of fixed length, in the cache that all workers share. Every answer says how much is left (`RateLimit` and
`RateLimit-Policy`, draft-ietf-httpapi-ratelimit-headers), and a refused one when to come again (`Retry-After`).
"""

from __future__ import annotations

import ipaddress
import logging
import time
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponseBase
from redis.exceptions import RedisError
from rest_framework.exceptions import AuthenticationFailed, Throttled
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

logger = logging.getLogger(__name__)
_IDENT = BaseThrottle()
# A cache that does not answer is not asked again for so many seconds: each question would wait for it.
_PAUSE = 5.0
_away_until = 0.0


@dataclass(frozen=True, slots=True)
class Rate:
    """So many requests in so many seconds."""

    requests: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left of a rate: requests, and seconds until it begins anew."""

    policy: str
    rate: Rate
    left: int
    resets_in: int

    def headers(self) -> dict[str, str]:
        """As header fields: structured fields, RFC 9651."""
        return {
            "RateLimit-Policy": f'"{self.policy}";q={self.rate.requests};w={self.rate.seconds}',
            "RateLimit": f'"{self.policy}";r={max(0, self.left)};t={self.resets_in}',
        }


def count(request: Request) -> None:
    """Count a request before anything else is looked at, so that refused ones count too. Raises Throttled.

    Who has no valid token is counted by the address that they ask from, and is told about the token afterwards.
    """
    refusal: AuthenticationFailed | None = None
    try:
        token: Any = request.auth
    except AuthenticationFailed as error:
        token, refusal = None, error
    allowance = _take(*reader(request, token))
    request._request.allowance = allowance  # type: ignore[attr-defined]
    if allowance and allowance.left < 0:
        raise Throttled(wait=allowance.resets_in)
    if refusal:
        raise refusal


def reader(request: Request, token: Any) -> tuple[str, str]:
    """Who asks, as far as limits go: the policy, and the token or the network."""
    return ("token", str(token.pk)) if token else ("anonymous", network(_IDENT.get_ident(request) or ""))


def _take(policy: str, who: str) -> Allowance | None:
    rate = settings.RATE_LIMITS[policy]
    if rate is None:
        return None
    window, passed = divmod(int(time.time()), rate[1])
    taken = _count(f"rate:{policy}:{who}:{window}", rate[1])
    return Allowance(policy, Rate(*rate), rate[0] - taken, rate[1] - passed)


def tell(request: HttpRequest, response: HttpResponseBase) -> None:
    """Say in the answer what is left."""
    if allowance := getattr(request, "allowance", None):
        for name, value in allowance.headers().items():
            response[name] = value


def network(address: str) -> str:
    """What counts as one reader: an IPv4 address, or the 64-bit prefix that one IPv6 customer has.

    >>> network("192.0.2.7"), network("2001:db8:1:2:3::4")
    ('192.0.2.7', '2001:db8:1:2::/64')
    """
    address = address.strip()
    if address.count(":") == 1:  # some proxies add the port
        address = address.partition(":")[0]
    try:
        parsed = ipaddress.ip_address(address.partition("]")[0].strip("[").partition("%")[0])
    except ValueError:
        return "unknown"
    if parsed.version == 4:
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, 64), strict=False))


def _count(key: str, seconds: int) -> int:
    """How many there were in the window, with this one. 0 when the cache is away: then nobody is refused."""
    global _away_until
    if time.monotonic() < _away_until:
        return 0
    cache = caches["limits"]
    try:
        cache.add(key, 0, timeout=seconds + 1)
        return cache.incr(key)
    except ValueError:  # it ran out between the two
        return 1
    except RedisError as error:
        logger.error("The cache that counts requests is away: %s", error)
        _away_until = time.monotonic() + _PAUSE
        return 0
