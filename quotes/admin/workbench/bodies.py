"""What the workbench's page sends, read strictly: what does not fit is refused with a sentence that names the member."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest

_MOST_BYTES = 1 << 20
_MOST_ROWS = 50
# Of PostgreSQL's bigint.
_GREATEST_KEY = 2**63 - 1

Reader = Callable[[str, Any], Any]


class Problem(Exception):
    """Why a request is not done: an HTTP status, a code for the page, and sentences for the curator, by member."""

    def __init__(
        self, status: int, code: str, detail: str, *, errors: Mapping[str, list[str]] | None = None, **more: Any
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.body = {"code": code, "detail": detail, "errors": dict(errors or {}), **more}


def invalid(member: str, sentence: str) -> Problem:
    """What was sent for the member cannot be taken."""
    return Problem(400, "invalid", sentence, errors={member: [sentence]})


def read_body(request: HttpRequest) -> dict[str, Any]:
    """The request's JSON object, in UTF-8, of at most 1 MiB. Raises Problem."""
    try:
        body = request.body
    except RequestDataTooBig as error:
        raise _too_large() from error
    if len(body) > _MOST_BYTES:
        raise _too_large()
    try:
        value = json.loads(body.decode())
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise Problem(400, "invalid", "What was sent is no JSON.") from error
    if not isinstance(value, dict):
        raise Problem(400, "invalid", "What was sent is no JSON object.")
    return value


def read(body: Mapping[str, Any], readers: Mapping[str, Reader], *, at: str = "") -> dict[str, Any]:
    """The members that were sent, each read by its reader. Raises Problem, for a member that nobody reads too."""
    if unknown := sorted(set(body) - set(readers)):
        raise invalid(f"{at}{unknown[0]}"[:100], f"There is no member {unknown[0][:60]!r} here.")
    return {name: readers[name](f"{at}{name}", value) for name, value in body.items()}


def text(most: int = 20_000) -> Reader:
    """A text without space at its ends, of at most so many characters."""

    def reader(member: str, value: Any) -> str:
        if not isinstance(value, str):
            raise invalid(member, f"{member} must be a text.")
        if "\0" in value or any("\ud800" <= char <= "\udfff" for char in value):
            raise invalid(member, f"{member} holds what is no character.")
        cleaned = value.strip()
        if len(cleaned) > most:
            raise invalid(member, f"{member} has {len(cleaned):,} characters; at most {most:,} are taken.")
        return cleaned

    return reader


def choice(values: Iterable[str], *, or_empty: bool = False) -> Reader:
    """One of the values."""
    known = [*values, *([""] if or_empty else [])]

    def reader(member: str, value: Any) -> str:
        if not isinstance(value, str) or value not in known:
            raise invalid(member, f"{member} is one of {', '.join(filter(None, known))}, not {str(value)[:60]!r}.")
        return value

    return reader


def switch(member: str, value: Any) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise invalid(member, f"{member} must be true or false.")
    return value


def whole(member: str, value: Any) -> int:
    """A whole number that a primary key or a position in a text can be."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _GREATEST_KEY:
        raise invalid(member, f"{member} must be a whole number, not {str(value)[:60]!r}.")
    return value


def record(model: Any) -> Reader:
    """The record with that primary key."""

    def reader(member: str, value: Any) -> Any:
        row = model.objects.filter(pk=whole(member, value)).first()
        if row is None:
            raise invalid(member, f"There is no {model._meta.verbose_name} {value} (any more).")
        return row

    return reader


def optional(reader: Reader) -> Reader:
    """Null, or what the reader takes."""
    return lambda member, value: None if value is None else reader(member, value)


def rows(reader: Reader, *, most: int = _MOST_ROWS) -> Reader:
    """A list of what the reader takes."""

    def read_rows(member: str, value: Any) -> list[Any]:
        if not isinstance(value, list) or len(value) > most:
            raise invalid(member, f"{member} must be a list of at most {most}.")
        return [reader(f"{member}[{number}]", one) for number, one in enumerate(value)]

    return read_rows


def members(readers: Mapping[str, Reader], *, required: Iterable[str] = ()) -> Reader:
    """An object with these members."""

    def reader(member: str, value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise invalid(member, f"{member} must be an object.")
        if missing := [name for name in required if name not in value]:
            raise invalid(f"{member}.{missing[0]}", f"{member}.{missing[0]} is missing.")
        return read(value, readers, at=f"{member}.")

    return reader


def _too_large() -> Problem:
    return Problem(413, "too_large", f"At most {_MOST_BYTES:,} bytes can be sent at once.")
