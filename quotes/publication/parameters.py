"""How query parameters are read: strictly. Comma or repetition is OR; what is not understood is an error with a suggestion.

Form fields, so that django-filter's FilterSet can collect their errors.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_datetime

from quotes import search
from quotes.partial_dates import PartialDate
from quotes.publication.models import PublishedEntity, PublishedRedirect
from quotes.publication.querysets import says_something
from quotes.publication.suggestions import closest
from quotes.vocabulary import EntityKind, Stance

MAX_VALUES = 100
MAX_LENGTH = 200


def refuse(code: str, message: str, suggestion: str | None = None) -> ValidationError:
    """A ValidationError whose message names the value, with the closest name that exists."""
    hint = f" Did you mean {suggestion!r}?" if suggestion else ""
    return ValidationError(message + hint, code=code, params={"suggestion": suggestion} if suggestion else None)


class _ValuesWidget(forms.Widget):
    """All values of a parameter, in order: `a=1,2&a=3` is 1, 2, 3. None when the parameter is absent."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str] | None:
        return data.getlist(name) if name in data else None


class ParameterField(forms.Field):
    """One parameter: raw values in, something clean out. `is_many` says whether comma and repetition are OR."""

    widget = _ValuesWidget
    is_many = False
    # Without it there is no answer. The view says so: a form's own check would not know the parameter's code.
    is_needed = False
    schema: dict[str, Any] = {"type": "string"}  # noqa: RUF012 - read only, replaced by subclasses

    def __init__(self, *args: Any, is_needed: bool = False, **kwargs: Any) -> None:
        kwargs["required"] = False
        super().__init__(*args, **kwargs)
        self.is_needed = is_needed

    def clean(self, value: list[str] | None) -> Any:
        if value is None:
            return None
        values = [part for one in value for part in one.split(",")] if self.is_many else value
        _check_values(values, is_many=self.is_many)
        return self.read(values) if self.is_many else self.read_one(values[0])

    def read(self, values: list[str]) -> Any:
        """The cleaned value of a parameter that may have many."""
        return list(dict.fromkeys(self.read_one(one) for one in values))

    def read_one(self, value: str) -> Any:
        """The cleaned form of one value. Raises ValidationError."""
        raise NotImplementedError


def _check_values(values: Sequence[str], *, is_many: bool) -> None:
    if len(values) > (MAX_VALUES if is_many else 1):
        limit = f"at most {MAX_VALUES} values" if is_many else "one value"
        raise refuse("too_many", f"{len(values)} values given; this parameter takes {limit}.")
    for value in values:
        if not value:
            raise refuse("empty", "An empty value. Leave the parameter out instead.")
        # Bytes that are no UTF-8 arrive as U+FFFD.
        if any(ord(char) < 32 or 0xD800 <= ord(char) <= 0xDFFF or char == "\ufffd" for char in value):
            raise refuse("control_character", "A control character or a broken character.")


def _shown(value: str) -> str:
    return repr(value if len(value) <= 60 else value[:60] + "…")


class ChoiceField(ParameterField):
    """One or more of a closed vocabulary."""

    def __init__(self, *args: Any, choices: Iterable[str], is_many: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.values = [str(choice) for choice in choices]
        self.is_many = is_many
        self.schema = {"type": "string", "enum": self.values}

    def read_one(self, value: str) -> str:
        if value not in self.values:
            known = ", ".join(self.values)
            raise refuse("unknown_value", f"{_shown(value)} is not one of {known}.", closest(value, self.values))
        return value


class EntityField(ParameterField):
    """Entities of a kind by slug, Wikidata id or the old slug of a merged one: their internal keys."""

    is_many = True

    def __init__(self, *args: Any, kind: EntityKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind

    def read(self, values: list[str]) -> list[int]:
        return list(dict.fromkeys(find_entities(self.kind, values).values()))


def find_entities(kind: str, names: Sequence[str]) -> dict[str, int]:
    """Internal keys of the published entities, by the names asked for. Raises ValidationError for an unknown one."""
    found = PublishedEntity.objects.keys_by_name(kind, names)
    missing = [name for name in names if name not in found]
    if missing:
        targets = PublishedRedirect.objects.filter(kind=kind, slug__in=missing).values_list("slug", "target")
        new_names = dict(targets)
        moved = PublishedEntity.objects.keys_by_name(kind, list(new_names.values())) if new_names else {}
        found |= {old: moved[new] for old, new in new_names.items() if new in moved}
    for name in names:
        if name not in found:
            nearest = closest(name, PublishedEntity.objects.spelled_like(kind, name.casefold()))
            raise refuse("unknown_" + kind, f"{_shown(name)} is no {EntityKind(kind).label} known here.", nearest)
    return {name: found[name] for name in names}


class PositionField(ParameterField):
    """`TOPIC:STANCE`, repeatable. Each repetition must hold (AND); commas inside one are OR."""

    def clean(self, value: list[str] | None) -> list[list[tuple[int, str]]] | None:
        if value is None:
            return None
        _check_values([position for one in value for position in one.split(",")], is_many=True)
        pairs = [[self._pair(position) for position in one.split(",")] for one in value]
        keys = find_entities(EntityKind.TOPIC, list({topic: None for one in pairs for topic, _ in one}))
        return [[(keys[topic], stance) for topic, stance in one] for one in pairs]

    def _pair(self, position: str) -> tuple[str, str]:
        topic, colon, stance = position.rpartition(":")
        if not colon or not topic:
            raise refuse("invalid", f"{_shown(position)} is not of the form TOPIC:STANCE.")
        if stance not in Stance.values:
            raise refuse(
                "unknown_value",
                f"{_shown(stance)} is not one of {', '.join(Stance.values)}.",
                closest(stance, Stance.values),
            )
        return topic, stance


class DateField(ParameterField):
    """A partial date."""

    schema = {"type": "string", "pattern": r"^\d{4}(-\d{2}(-\d{2})?)?$"}  # noqa: RUF012 - as above

    def read_one(self, value: str) -> PartialDate:
        try:
            return PartialDate(value)
        except ValueError as error:
            raise refuse("invalid", f"{_shown(value)}: {error}.") from error


class MomentField(ParameterField):
    """A date and time with its zone, or a day (UTC)."""

    schema = {"type": "string", "format": "date-time"}  # noqa: RUF012 - as above

    def read_one(self, value: str) -> dt.datetime:
        try:
            moment = parse_datetime(value.replace(" ", "+") if "T" in value else f"{value}T00:00:00Z")
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is None:
            raise refuse("invalid", f"{_shown(value)} is not a time such as 2025-03-04T10:00:00Z, nor a day.")
        return moment


class UidField(ParameterField):
    """Uids of quotes."""

    is_many = True
    schema = {"type": "string", "format": "uuid"}  # noqa: RUF012 - as above

    def read_one(self, value: str) -> UUID:
        if not re.fullmatch(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", value):
            raise refuse("invalid", f"{_shown(value)} is not a uid.")
        return UUID(value)


class TagField(ParameterField):
    """BCP 47 language tags, or country codes: short words compared without case."""

    is_many = True

    def read_one(self, value: str) -> str:
        if not re.fullmatch(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*", value):
            raise refuse("invalid", f"{_shown(value)} is not a tag such as en or pt-BR.")
        return value.lower()


class SearchField(ParameterField):
    """Words to search for, in web syntax. A query without any word that is searched for is an error, not an empty list."""

    def __init__(self, *args: Any, most: int = search.MAX_QUERY_LENGTH, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.most = most

    def read_one(self, value: str) -> str:
        if len(value) > self.most:
            raise refuse("too_long", f"{len(value)} characters; at most {self.most}.")
        # What nobody can see (joiners, marks of direction) is no mistake that could be pointed at: it finds nothing.
        is_visible = any(unicodedata.category(char) != "Cf" for char in value)
        if is_visible and not says_something(value, using=PublishedEntity.objects.db):
            raise refuse("no_words", f"{_shown(value)} holds no word that is searched for: only stop words or marks.")
        return value
