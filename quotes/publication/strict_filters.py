"""What filter sets here are made of: filters that ask for codes, and a filter set that refuses what it does not know."""

from __future__ import annotations

import copy
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, ClassVar, Self

import django_filters
from django import forms
from django.http import QueryDict

from quotes.publication import codes
from quotes.publication.parameters import ParameterField, PositionField, refuse
from quotes.publication.suggestions import closest

Asked = Mapping[str, Any]
CodesOf = Callable[[list[Any], Asked], list[int]]


class CodeFilter(django_filters.Filter):
    """Rows that carry one of the codes that the values stand for (or, excluding, none of them)."""

    def __init__(self, field: type[ParameterField], codes_of: CodesOf, *, exclude: bool = False, **extra: Any) -> None:
        self.field_class = field
        self.codes_of = codes_of
        super().__init__(exclude=exclude, **extra)

    def filter(self, qs: Any, value: list[Any] | None) -> Any:
        if not value:
            return qs
        wanted = self.codes_of(value, self.parent.form.cleaned_data)
        return qs.not_coded(wanted) if self.exclude else qs.coded(self._possible(wanted))

    def _possible(self, wanted: list[int]) -> list[int]:
        """Of the codes, those that the filter's own negation leaves: what contradicts itself need not be looked for.

        PostgreSQL would take the two for independent, and walk through all rows for one that has a code and has it not.
        """
        asked, negation = self.parent.form.cleaned_data, self.parent.filters.get(f"{self.field_name}__not")
        if negation is None or not asked.get(f"{self.field_name}__not"):
            return wanted
        named = set(negation.codes_of(asked[f"{self.field_name}__not"], asked))
        return [code for code in wanted if (code in named) != negation.exclude]


class Parameter(django_filters.Filter):
    """A parameter that does not filter alone: it modifies others, or the filter set applies it by name."""

    def __init__(self, field: type[ParameterField], **extra: Any) -> None:
        self.field_class = field
        super().__init__(**extra)

    def filter(self, qs: Any, value: Any) -> Any:
        return qs


class StrictFilterSet(django_filters.FilterSet):
    """A filter set that refuses parameters it does not know."""

    base_filters: dict[str, Any]  # django-filter's: name to filter
    # Parameters that a modifier modifies: without any of them it would do nothing, in silence.
    modifies: ClassVar[dict[str, tuple[str, ...]]] = {}
    # What holds where nothing is said.
    defaults: ClassVar[dict[str, Any]] = {}

    def __init__(
        self, data: QueryDict, queryset: Any = None, *, others: Sequence[str] = (), also: Collection[str] = ()
    ) -> None:
        # Only the filters that are asked for (and `also` these): copying all of them, fields and widgets included, took a
        # third of a request. `filters` and the cleaned data hold no others.
        declared = type(self).base_filters
        self.base_filters = {name: one for name, one in declared.items() if name in data or name in also}
        super().__init__(data, queryset)
        self.others = tuple(others)

    def refusals(self) -> dict[str, list[forms.ValidationError]]:
        """What is wrong with the request, by parameter; empty when it can be answered."""
        errors = {name: list(found.as_data()) for name, found in self.form.errors.items()}
        known = [*type(self).base_filters, *self.others]
        for name in self.data:
            if name not in known:
                message = f"There is no parameter {name[:60]!r} here."
                errors[name] = [refuse("unknown_parameter", message, closest(name, known))]
        for name, bases in self.modifies.items():
            if name in self.data and name not in errors and not any(base in self.data for base in bases):
                errors[name] = [refuse("nothing_to_modify", f"It modifies {' or '.join(bases)}, and none is given.")]
        return errors

    def asked_otherwise(self, queryset: Any, **changes: Any) -> Self:
        """The same question with other cleaned values; nothing is parsed or looked up again. This one must be valid."""
        other = type(self)(self.data, queryset, others=self.others, also=changes)
        other._form = copy.copy(self.form)
        other._form.cleaned_data = {**self.form.cleaned_data, **changes}
        return other

    @property
    def is_unfiltered(self) -> bool:
        """Whether nothing is asked but what the defaults leave out. This one must be valid."""
        asked = self.form.cleaned_data
        return not any(value for name, value in asked.items() if name not in self.modifies)

    def applied(self) -> dict[str, Any]:
        """The filters as they were understood, defaults included: what a result must be cited with."""
        given = {name: self._as_given(name) for name in self.filters}
        return {**self.defaults_for(), **given}

    def defaults_for(self) -> dict[str, Any]:
        """The defaults that are in force for this request (a modifier's, where there is something to modify)."""
        return {
            name: value
            for name, value in self.defaults.items()
            if name not in self.data
            and (name not in self.modifies or any(base in self.data for base in self.modifies[name]))
        }

    def _as_given(self, name: str) -> Any:
        values = self.data.getlist(name)
        if isinstance(self.form.fields[name], PositionField):
            return values
        if not self.form.fields[name].is_many:
            return values[0]
        return list(dict.fromkeys(part for value in values for part in value.split(",")))


def of_value(field: str) -> CodesOf:
    """The codes of `field` having one of the values."""
    return lambda values, asked: codes.codes(codes.value(field, value) for value in values)


def of_entity(field: str) -> CodesOf:
    """The codes of `field` being one of the entities."""
    return lambda keys, asked: codes.codes(codes.entity(field, key) for key in keys)


def within_dates(queryset: Any, asked: Asked, fields: Sequence[str]) -> Any:
    """The rows whose period `{field}` may lie in the range that `{field}_after` and `{field}_before` ask for."""
    for field in fields:
        after, before = asked.get(f"{field}_after"), asked.get(f"{field}_before")
        if after or before:
            queryset = queryset.within(field, after=after, before=before)
    return queryset
