"""JSON as files of others hold it: what JSON's own grammar forbids, or lets be lost without a word, is said."""

from __future__ import annotations

import json
from typing import Any

from quotes.datasets.importing.refusals import shown


class NotJson(ValueError):
    """Why a text is not taken for JSON: cut off, a name given twice, NaN, nested too deeply."""


class Number(str):
    """A number as it is written. It is never computed with, so no digit is lost."""


def parse(text: str) -> Any:
    """The value, its numbers as `Number`. Raises NotJson.

    >>> parse('{"a": [1.50, null]}')
    {'a': ['1.50', None]}
    """
    try:
        return json.loads(
            text, object_pairs_hook=_members, parse_constant=_no_constant, parse_int=Number, parse_float=Number
        )
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, character {error.colno}" if error.lineno > 1 else f"character {error.pos + 1}"
        raise NotJson(f"Not JSON: {error.msg} at {place}. It may be cut off.") from None
    except RecursionError:
        raise NotJson("Nested too deeply.") from None


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise NotJson(f"{shown(twice)!r} is given twice.")
    return members


def _no_constant(name: str) -> None:
    raise NotJson(f"{name} is no value of JSON.")
