"""What no field can have although its type allows it: what has not happened yet, addresses with a password in them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from quotes.models.fields import PartialDateField
from quotes.partial_dates import PartialDate

_LAST_YEAR = 2100
# What was said, read or provided was so at the latest today. An article may carry tomorrow's date, and a term may end.
_PAST = {"said_on", "provided_on", "retrieved_at"}


def check_plausible(record: models.Model, names: Iterable[str]) -> None:
    """Raise ValidationError for each of the fields whose value, cleaned before, cannot be true."""
    errors: dict[str, ValidationError] = {}
    for name in names:
        field: Any = record._meta.get_field(name)
        value = getattr(record, name)
        if value and (fault := _fault(field, value)):
            errors[name] = fault
    if errors:
        raise ValidationError(errors)


def _fault(field: Any, value: Any) -> ValidationError | None:
    if isinstance(field, models.URLField) and "@" in urlsplit(value).netloc:
        return ValidationError(
            "An address with a user name or password in it is nobody else's to open.", code="userinfo"
        )
    day = _first_day(field, value)
    if day and day.year > _LAST_YEAR:
        return ValidationError(f"No date here is after {_LAST_YEAR}.", code="too_late")
    if day and field.name in _PAST and day > timezone.now().date():
        return ValidationError("This lies in the future.", code="future")
    return None


def _first_day(field: Any, value: Any) -> dt.date | None:
    if isinstance(field, PartialDateField):
        return PartialDate(value).start
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).date()
    return value if isinstance(value, dt.date) else None
