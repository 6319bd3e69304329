"""JSON in (RFC 8259), read strictly: what two programs might understand differently is refused, and so is what is endless.

Python's parser takes duplicate members (the last wins), NaN and lone surrogates, and reads numbers of any length; orjson
takes duplicates too. So Python's, with hooks that refuse, and a look at the whole afterwards.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from typing import IO, Any, NoReturn

from rest_framework.exceptions import UnsupportedMediaType
from rest_framework.parsers import BaseParser

from quotes.api.problems import BadBody, TooLarge

MOST_BYTES = 1 << 20
DEEPEST = 20
# Of a number: 15 digits are exact in every program that reads JSON (IEEE 754).
_DIGITS = 15


class JSONBody(BaseParser):
    """REST framework's parser for `application/json`. An object, in UTF-8, uncompressed."""

    media_type = "application/json"

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        context = parser_context or {}
        request, view = context["request"], context.get("view")
        if request.META.get("HTTP_CONTENT_ENCODING", "").strip().lower() not in {"", "identity"}:
            raise UnsupportedMediaType(media_type or "", detail="Send the body uncompressed.")
        _check_charset(media_type or "")
        return read_object(_read(stream, request, most=getattr(view, "most_bytes", MOST_BYTES)))


class MergePatchBody(JSONBody):
    """The same for `application/merge-patch+json` (RFC 7396), for programs that say what they send."""

    media_type = "application/merge-patch+json"


def read_object(body: bytes) -> dict[str, Any]:
    """The JSON object that the bytes are. Raises BadBody, saying what is wrong with them.

    >>> read_object(b'{"name": "Ottoline Varga"}')
    {'name': 'Ottoline Varga'}
    """
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadBody.of("not_utf8", f"The body is no UTF-8: byte {error.start} does not fit.") from error
    if text.startswith("\ufeff"):
        raise BadBody.of("byte_order_mark", "The body begins with a byte order mark. JSON has none.")
    try:
        value = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise BadBody.of("malformed_json", f"The body is no JSON: {error.msg}, at character {error.pos}.") from error
    except RecursionError as error:
        raise _too_deep() from error
    if not isinstance(value, dict):
        raise BadBody.of("not_an_object", "The body must be a JSON object.")
    for part in _parts(value):
        _check_text(part)
    return value


def _check_charset(media_type: str) -> None:
    """A charset may be named if it is the one there is. None is looked up by name: some of Python's are compressions."""
    for parameter in media_type.split(";")[1:]:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset" and value.strip().strip('"').lower() not in {"utf-8", "utf8"}:
            raise UnsupportedMediaType(media_type, detail="The charset of JSON is UTF-8.")


def _read(stream: IO[bytes], request: Any, *, most: int) -> bytes:
    try:
        announced = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        announced = 0
    # One byte more than allowed tells that there is more, without reading it.
    body = b"" if announced > most else stream.read(most + 1)
    if announced > most or len(body) > most:
        raise TooLarge(f"A body has at most {most:,} bytes here.")
    return body


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        seen: set[str] = set()
        twice = next(name for name, _ in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]
        raise BadBody.of("duplicate_member", "This member is named twice in one object.", param=twice)
    return members


def _constant(name: str) -> NoReturn:
    raise BadBody.of("not_a_number", f"{name} is no number of JSON.")


def _float(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise BadBody.of("number_out_of_range", f"{text[:20]} is too large a number.")
    return value


def _int(text: str) -> int:
    if len(text.lstrip("-")) > _DIGITS:
        raise BadBody.of("number_out_of_range", f"{text[:20]}… has more than {_DIGITS} digits.")
    return int(text)


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_constant=_constant, parse_float=_float, parse_int=_int, strict=True
)


def _parts(value: Any) -> Iterator[Any]:
    """The value and everything in it, names of members included. Raises BadBody below the deepest level."""
    waiting = [(value, 1)]
    while waiting:
        part, depth = waiting.pop()
        yield part
        if isinstance(part, dict | list) and depth > DEEPEST:
            raise _too_deep()
        if isinstance(part, dict):
            waiting += [(name, depth) for name in part] + [(member, depth + 1) for member in part.values()]
        elif isinstance(part, list):
            waiting += [(member, depth + 1) for member in part]


def _check_text(part: Any) -> None:
    if not isinstance(part, str):
        return
    if "\0" in part:
        raise BadBody.of("nul", "There is a NUL character in the body.")
    if not part.isascii() and any("\ud800" <= char <= "\udfff" for char in part):
        raise BadBody.of("lone_surrogate", "There is half of a surrogate pair in the body, which is no character.")


def _too_deep() -> BadBody:
    return BadBody.of("too_deep", f"Objects and lists are in each other more than {DEEPEST} levels deep.")
