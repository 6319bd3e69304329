"""Strong ETags of records, and what a write says with If-Match (RFC 9110, 13.1.1; RFC 6585, 3).

A tag is a BLAKE2 of all that the record shows, and after it two bytes of each member's: so a stale tag tells which members
have changed since, without anything being kept for it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

import orjson

from quotes.api.problems import PreconditionFailed, PreconditionRequired

_STRONG = re.compile(r'(?:W/)?"[^"]*"')


def etag(record: Mapping[str, Any]) -> str:
    """The record's entity tag, in its quotation marks."""
    members = "".join(_digest(value, 2) for value in record.values())
    return f'"{_digest(record, 16)}-{members}"'


def check_header(if_match: str | None) -> str:
    """The header, where there is one. Raises PreconditionRequired where there is none."""
    if not if_match or not if_match.strip():
        raise PreconditionRequired("Say with If-Match which state of the record you have read: the ETag of its answer.")
    return if_match


def check_match(if_match: str, record: Mapping[str, Any]) -> None:
    """Raise PreconditionFailed unless one of the header's tags is the record's. `*` says nothing of a state, so it is none."""
    current = etag(record)
    given = _STRONG.findall(if_match)
    if current in given:
        return
    changed = sorted({name for tag in given for name in _changed(tag, current, record)})
    raise PreconditionFailed(
        "The record is not, or no longer, as it was read: read it again, and decide anew.",
        etag=current,
        changed=changed,
    )


def _changed(stale: str, current: str, record: Mapping[str, Any]) -> list[str]:
    """The members that differ between the two tags; none where the stale one is no tag of such a record."""
    before, after = stale.strip('"').partition("-")[2], current.strip('"').partition("-")[2]
    if stale.startswith("W/") or len(before) != len(after):
        return []
    return [name for number, name in enumerate(record) if before[4 * number :][:4] != after[4 * number :][:4]]


def _digest(value: Any, size: int) -> str:
    return blake2b(orjson.dumps(value, option=orjson.OPT_SORT_KEYS), digest_size=size).hexdigest()
