"""What will go, and when: said in the answers of those who still use it, six months ahead at least.

Within v1 things are only added. What has to go is named here first; from then on every answer to a request that uses it
carries `Deprecation` (RFC 9745), `Sunset` (RFC 8594) and a link to what to use instead.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.http import HttpResponseBase
from django.utils.http import http_date
from rest_framework.request import Request

NOTICE = dt.timedelta(days=183)
DOCUMENTATION = "/api/docs/"


@dataclass(frozen=True, slots=True)
class Deprecation:
    """Deprecated since a day, gone on another, which is six months later at least (else ValueError)."""

    since: dt.date
    sunset: dt.date

    def __post_init__(self) -> None:
        if self.sunset - self.since < NOTICE:
            raise ValueError(f"{self.since} to {self.sunset} is less than {NOTICE.days} days' notice")


# Query parameters by name, and addresses by how they begin.
PARAMETERS: dict[str, Deprecation] = {}
ADDRESSES: dict[str, Deprecation] = {}


def announce(request: Request, response: HttpResponseBase) -> None:
    """Say in the answer that something which the request uses will go; the first to go, where there are several."""
    found = sorted(_used(request.path, request.query_params), key=lambda one: one.sunset)
    if not found:
        return
    first = found[0]
    response["Deprecation"] = f"@{int(_midnight(first.since))}"
    response["Sunset"] = http_date(_midnight(first.sunset))
    link = f'<{DOCUMENTATION}>; rel="deprecation"'
    response["Link"] = f"{response['Link']}, {link}" if response.has_header("Link") else link


def _used(path: str, parameters: Mapping[str, object]) -> Iterator[Deprecation]:
    yield from (one for name, one in PARAMETERS.items() if name in parameters)
    yield from (one for beginning, one in ADDRESSES.items() if path.startswith(beginning))


def _midnight(day: dt.date) -> float:
    return dt.datetime.combine(day, dt.time(), tzinfo=dt.UTC).timestamp()
