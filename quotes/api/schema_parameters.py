"""Query parameters in the OpenAPI document, from the very fields that read them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import OpenApiParameter

from quotes.publication.parameters import ParameterField, PositionField


def of_filters(filterset_class: Any) -> list[OpenApiParameter]:
    """The filters of a filter set, with their defaults."""
    filters, defaults = filterset_class.base_filters, filterset_class.defaults
    return [_parameter(name, one.field, defaults.get(name)) for name, one in filters.items()]


def of_fields(fields: Mapping[str, Any]) -> list[OpenApiParameter]:
    """Other parameters, by name."""
    return [_parameter(name, field, None) for name, field in fields.items()]


def _parameter(name: str, field: Any, default: Any) -> OpenApiParameter:
    assert isinstance(field, ParameterField)  # noqa: S101 - filter sets here are made of these alone
    is_repeated = isinstance(field, PositionField)
    # Said in words alone: generated clients send a default that they know, and a modifier alone is an error.
    value = {name: member for name, member in field.schema.items() if name != "default"}
    text = str(field.help_text)
    if default is not None:
        text += f" Default: {', '.join(default) if field.is_many else default}."
    if field.is_many:
        text += " Comma or repetition is OR."
    if field.is_many or is_repeated:
        value = {"type": "array", "items": value}
    return OpenApiParameter(
        name,
        value,
        OpenApiParameter.QUERY,
        description=text,
        required=field.is_needed,
        style="form",
        explode=is_repeated,
    )
