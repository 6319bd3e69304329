"""Conditional requests (RFC 9110, section 13): an answer is named by the state of the publication and the question.

So whether an answer has changed is known before it is made: a 304 costs one small query and touches no document. A list has no
Last-Modified: timestamps precede commits, the sequence of changes follows them (docs/decisions/0010).
"""

from __future__ import annotations

from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

from django.http import HttpResponseNotModified
from django.utils.crypto import salted_hmac
from django.utils.http import parse_etags
from rest_framework.request import Request

import quotes


def entity_tag(request: Request, *state: Any) -> str:
    """The strong ETag of the answer to this request in this state of what it shows.

    The order of parameters does not matter, their values do; and so do format, host and the code that makes documents.
    """
    question = sorted((name, request.query_params.getlist(name)) for name in request.query_params)
    place = request.build_absolute_uri(request.path)
    named = repr((state, place, question, request.accepted_renderer.format, build()))
    return f'"{blake2b(named.encode(), digest_size=12).hexdigest()}"'


@cache
def build() -> str:
    """What tells one release's answers from another's: the code that makes them, and the key that signs their cursors."""
    code = blake2b(salted_hmac(__name__, "").digest())
    for path in sorted(Path(quotes.__file__).parent.rglob("*.py")):
        code.update(path.read_bytes())
    return code.hexdigest()


def not_modified(request: Request, etag: str, *, is_valid: bool = True) -> HttpResponseNotModified | None:
    """304 where the reader has this very answer already; None where it must be made.

    A name that we gave was given to a valid question; `*` names any answer, so it counts only once the question is known to
    be valid (`is_valid`).
    """
    given = request.headers.get("If-None-Match", "")
    known = [one.removeprefix("W/") for one in parse_etags(given)]
    is_any = is_valid and given.strip() == "*"
    return HttpResponseNotModified(headers={"ETag": etag}) if is_any or etag in known else None


def cache_control(request: Request, status: int) -> str:
    """Anybody may keep an answer, and asks each time whether it still holds. What a token brought is its owner's alone."""
    if status not in (200, 304):
        return "no-store"
    return "private, no-cache" if "Authorization" in request.headers else "public, no-cache"
