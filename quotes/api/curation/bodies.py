"""Bodies are as the OpenAPI document says: checked against the very schema that it prints, each fault named by its place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import chain, islice
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend

from quotes.api.problems import BadBody, ErrorItem, body_error
from quotes.api.typed_schemas import components, reference
from quotes.publication.suggestions import closest

_MOST_ERRORS = 50
_WORDS = {
    "string": "text",
    "integer": "a whole number",
    "boolean": "true or false",
    "array": "a list",
    "object": "an object",
    "null": "null",
}
# JSON Schema takes 1.0 for an integer; the database and the reader of the answer would see another number.
_TYPES = Draft202012Validator.TYPE_CHECKER.redefine(
    "integer", lambda checker, value: isinstance(value, int) and not isinstance(value, bool)
)
# Of the C0 set, what texts have no use for; search marks what it found with some of them. LF and TAB are texts'.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f]")
# These become LF where words are compared with a text, so programs may send the line ends of their system.
_WITH_LINE_ENDS = re.compile(r"text|words\[\d+\]")


def _unique(validator: Any, wanted: bool, value: Any, schema: Mapping[str, Any]) -> Iterator[ValidationError]:
    """`uniqueItems` of lists of text, at one look at each; jsonschema compares all pairs when an item is no text.

    What is no text has the wrong type, which is said anyway.
    """
    texts = [item for item in value if isinstance(item, str)] if wanted and isinstance(value, list) else []
    if len(set(texts)) < len(texts):
        yield ValidationError("There is a text twice in this list.")


_Validator = extend(Draft202012Validator, {"uniqueItems": _unique}, type_checker=_TYPES)


def check_body(shape: type, body: Mapping[str, Any], *, is_change: bool) -> None:
    """Raise BadBody, with an error for each fault, when the body is not of the shape.

    A change may leave out what a new record needs.
    """
    # The first of many: a long list of what is no text would else be thousands of errors.
    found = islice(_validator(shape, is_change).iter_errors(body), _MOST_ERRORS)
    errors = list(islice(chain.from_iterable(map(_items, found)), _MOST_ERRORS))
    errors = errors or list(islice(_faults_of_texts(body), _MOST_ERRORS))
    if errors:
        raise BadBody.listing(sorted(errors, key=lambda item: item.get("param", "")))


def body_schema(shape: type, *, is_change: bool) -> dict[str, Any]:
    """The JSON Schema of a body, its parts as references to components."""
    name = reference(shape)["$ref"].rpartition("/")[2]
    made: dict[str, Any] = dict(components(shape)[name])
    return {member: value for member, value in made.items() if not (is_change and member == "required")}


@cache
def _validator(shape: type, is_change: bool) -> Any:
    schema = {**body_schema(shape, is_change=is_change), "components": {"schemas": components(shape)}}
    return _Validator(schema)


def _items(error: ValidationError) -> Iterator[ErrorItem]:
    """What one finding of the validator says, as errors of ours."""
    error = _nearest(error)
    place = _place(error.absolute_path)
    if error.validator == "additionalProperties":
        known = list(error.schema["properties"])
        for name in sorted(set(error.instance) - set(known)):
            nearest = closest(name, known)
            hint = f" Did you mean {nearest!r}?" if nearest else ""
            inner = f"{place}.{name}" if place else name
            yield body_error("unknown_member", f"There is no such member here.{hint}", param=inner, suggestion=nearest)
    elif error.validator == "required":
        name = next(name for name in error.validator_value if f"'{name}'" in error.message.split(" is a ")[0])
        yield body_error("required", "This member is needed.", param=f"{place}.{name}" if place else name)
    elif error.validator != "enum" or isinstance(error.instance, str):  # else the type is wrong, which is said
        yield _item(error, place)


def _item(error: ValidationError, place: str) -> ErrorItem:
    rule, wanted = str(error.validator), error.validator_value
    if rule == "type":
        return body_error("wrong_type", f"This must be {_type_words(error)}.", param=place)
    if rule == "enum":
        given = error.instance
        shown = repr(given if len(given) <= 60 else given[:60] + "…")
        nearest = closest(given, wanted)
        detail = f"{shown} is not one of {', '.join(wanted)}." + (f" Did you mean {nearest!r}?" if nearest else "")
        return body_error("unknown_value", detail, param=place, suggestion=nearest)
    code, detail = {
        "pattern": ("control_character", "There is a control character or a line break in this text."),
        "minimum": ("out_of_range", f"This must be {wanted} or more."),
        "maximum": ("out_of_range", f"This must be {wanted} or less."),
        "minItems": ("too_few", f"At least {wanted} must be in this list."),
        "maxItems": ("too_many", f"At most {wanted} may be in this list."),
        "uniqueItems": ("twice", "Something is twice in this list."),
    }[rule]
    return body_error(code, detail, param=place)


def _nearest(error: ValidationError) -> ValidationError:
    """Of a choice (something or null), what is wrong with the something."""
    while error.validator == "anyOf" and error.context:
        error = next(one for one in error.context if one.validator_value != "null")
    return error


def _type_words(error: ValidationError) -> str:
    parent = error.parent
    is_nullable = bool(parent and any(one.validator_value == "null" for one in parent.context or ()))
    return _WORDS[str(error.validator_value)] + (" or null" if is_nullable else "")


def _place(path: Any) -> str:
    place = ""
    for step in path:
        place += f"[{step}]" if isinstance(step, int) else f".{step}" if place else str(step)
    return place


def _faults_of_texts(body: Mapping[str, Any]) -> Iterator[ErrorItem]:
    """Control characters; and white space where there could be words.

    An empty text says that there is none, and is looked at by the model.
    """
    for place, text in _texts(body, ""):
        checked = text.replace("\r", "\n") if _WITH_LINE_ENDS.fullmatch(place) else text
        if control := _CONTROLS.search(checked):
            detail = f"U+{ord(control[0]):04X} at character {control.start()} is a control character."
            yield body_error("control_character", detail, param=place)
        elif text and not text.strip():
            yield body_error("blank", "There is nothing but white space in this text.", param=place)


def _texts(value: Any, place: str) -> Iterator[tuple[str, str]]:
    """Every text in the body, with its place. The parser has bounded the depth."""
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, dict):
        for name, member in value.items():
            yield from _texts(member, f"{place}.{name}" if place else name)
    elif isinstance(value, list):
        for number, member in enumerate(value):
            yield from _texts(member, f"{place}[{number}]")
