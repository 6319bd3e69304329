"""JSON Schemas (2020-12, as OpenAPI 3.1 has them) from typed dictionaries, each a named component."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from enum import Enum
from types import NoneType, UnionType
from typing import (
    Annotated,
    Any,
    Literal,
    NotRequired,
    Required,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

_PLAIN: dict[Any, dict[str, Any]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    Any: {},
    NoneType: {"type": "null"},
}


@dataclass(frozen=True)
class Rules:
    """What JSON Schema says beyond the type: `Annotated[int, rules(minimum=1)]`. Hashable, as parts of a union must be."""

    keywords: tuple[tuple[str, Any], ...]


def rules(**keywords: Any) -> Rules:
    """Rules by their keywords in JSON Schema."""
    return Rules(tuple(keywords.items()))


def component_name(shape: type) -> str:
    """The component's name: the type's, without the word Document.

    >>> component_name(type("QuoteDocument", (), {}))
    'Quote'
    """
    return shape.__name__.removesuffix("Document")


def reference(shape: type) -> dict[str, Any]:
    """A reference to the component of a typed dictionary."""
    return {"$ref": f"#/components/schemas/{component_name(shape)}"}


def components(*shapes: type) -> dict[str, dict[str, Any]]:
    """The components of the typed dictionaries and of all that they name, by name."""
    found: dict[str, dict[str, Any]] = {}
    waiting = list(shapes)
    while waiting:
        shape = waiting.pop()
        if component_name(shape) in found:
            continue
        hints = get_type_hints(shape, include_extras=True)
        found[component_name(shape)] = {
            "type": "object",
            "description": inspect.getdoc(shape) or "",
            "properties": {name: schema(hint) for name, hint in hints.items()},
            "required": sorted(shape.__required_keys__),  # type: ignore[attr-defined]
            "additionalProperties": False,
        }
        waiting += [part for hint in hints.values() for part in _typed_dictionaries(hint)]
    return dict(sorted(found.items()))


def schema(hint: Any) -> dict[str, Any]:
    """The schema of one type. Raises TypeError for a type that has no place in a document."""
    if is_typeddict(hint):
        return reference(hint)
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return {**schema(arguments[0]), **_annotation(arguments[1])}
    if origin in (Required, NotRequired):
        return schema(arguments[0])
    if origin in (Union, UnionType):
        return {"anyOf": [schema(argument) for argument in arguments]}
    if origin is Literal:
        return {"type": "string", "enum": list(arguments)}
    if origin is list:
        return {"type": "array", "items": schema(arguments[0])}
    if origin is dict:
        return {"type": "object", "additionalProperties": schema(arguments[1]) or True}
    if hint not in _PLAIN:
        raise TypeError(f"no schema for {hint!r}")
    return dict(_PLAIN[hint])


def _annotation(note: Any) -> dict[str, Any]:
    if inspect.isclass(note) and issubclass(note, Enum):
        return {"enum": [member.value for member in note]}
    return dict(note.keywords) if isinstance(note, Rules) else {"format": note}


def _typed_dictionaries(hint: Any) -> list[type]:
    if is_typeddict(hint):
        return [hint]
    return [part for argument in get_args(hint) for part in _typed_dictionaries(argument)]
