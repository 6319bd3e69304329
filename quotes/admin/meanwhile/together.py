"""What one curator typed, put together with what others saved since the page was shown, field by field and row by row.

Where only the others changed a field, the form takes theirs; where the curator typed something, that stands, and where both
did, theirs is told beside it. What the page had shown is read from the history: an event holds its row as it was then.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib.admin import ModelAdmin
from django.contrib.admin.utils import flatten_fieldsets
from django.db import models
from django.http import HttpRequest, QueryDict

Shown = Mapping[str, Mapping[int, int]]


@dataclass(frozen=True)
class Input:
    """The name of an input, the value that makes it theirs, and what a choice of that value is called."""

    name: str
    value: str
    label: str = ""


@dataclass(frozen=True)
class Clash:
    """A field that both changed: what it is called, what stands in the form, what the others saved, and how to take that."""

    html_name: str
    label: str
    yours: str
    theirs: str
    inputs: list[Input]


@dataclass
class Together:
    """What was sent, changed where only others changed something; what was taken of theirs; where both differ."""

    data: QueryDict
    taken: list[tuple[str, str]] = field(default_factory=list)
    clashes: list[Clash] = field(default_factory=list)


def put_together(admin: ModelAdmin, request: HttpRequest, record: Any, shown: Shown) -> Together:
    """For the record as it is now, or None where it is gone: then all rows are new ones."""
    done = Together(request.POST.copy())
    if record is not None:
        fields = flatten_fieldsets(admin.get_fieldsets(request, record))
        form = admin.get_form(request, record, change=True, fields=fields)
        before = as_shown(record, shown)
        _fields(done, form(instance=record), form(instance=before) if before else None, "")
    counts: dict[str, int] = {}
    for formset, inline in admin.get_formsets_with_inlines(request, record):
        prefix = formset.get_default_prefix()
        counts[prefix] = counts.get(prefix, 0) + 1
        prefix = prefix if counts[prefix] == 1 else f"{prefix}-{counts[prefix]}"
        if record is None or inline.has_change_permission(request, record):
            there = formset(instance=record, prefix=prefix, queryset=inline.get_queryset(request)).get_queryset()
            _Rows(done, formset, prefix, {row.pk: row for row in there} if record else {}, shown).write()
    return done


def as_shown(row: Any, shown: Shown) -> Any:
    """A copy of the row as it was when its state was shown; None when nothing tells."""
    event = _event(type(row), row.pk, shown)
    if event is None:
        return None
    before = copy.copy(row)
    kept = {column.attname for column in event._meta.concrete_fields}
    for column in row._meta.concrete_fields:
        if column.attname in kept and not column.primary_key:
            setattr(before, column.attname, getattr(event, column.attname))
    return before


def _event(model: Any, key: int, shown: Shown) -> Any:
    number = shown.get(model._meta.model_name, {}).get(key)
    return model.pgh_event_model.objects.filter(pgh_obj_id=key, pgh_id=number).first() if number else None


def _fields(done: Together, theirs: forms.BaseForm, before: forms.BaseForm | None, row: str) -> None:
    """Put one form's fields together. `before` is the form as it was shown, None when nothing tells."""
    for name, bound in ((name, theirs[name]) for name in theirs.fields):
        typed, now = _typed(bound, done.data), bound.initial
        was = before[name].initial if before else None
        if (before and was == now) or not bound.field.has_changed(now, typed):
            continue
        label, inputs = f"{row}{bound.label}", list(_inputs(bound, now, theirs))
        if before and not bound.field.has_changed(was, typed):
            _set(done.data, inputs)
            done.taken.append((label, _worded(bound, now, theirs)))
        else:
            yours = _worded(bound, typed, None)
            done.clashes.append(Clash(bound.html_name, label, yours, _worded(bound, now, theirs), inputs))


def worded_fields(form: forms.BaseForm, data: QueryDict) -> list[tuple[str, str]]:
    """Label and value of everything that was typed into the form's fields, as a curator reads it."""
    return [(str(bound.label), _worded(bound, _typed(bound, data), None)) for bound in _bounds(form)]


def _typed(bound: Any, data: Any) -> Any:
    typed = bound.field.widget.value_from_datadict(data, {}, bound.html_name)
    # Browsers send the ends of lines as CRLF.
    return typed.replace("\r\n", "\n") if isinstance(typed, str) else typed


def _inputs(bound: Any, value: Any, form: Any) -> Iterator[Input]:
    """What a browser would send for the value."""
    widget: Any = getattr(bound.field.widget, "widget", bound.field.widget)
    is_several = isinstance(widget, forms.MultiWidget)
    if is_several:
        parts = zip(widget.widgets_names, widget.widgets, widget.decompress(value), strict=True)
        for name, part, member in parts:
            yield Input(f"{bound.html_name}{name}", part.format_value(member) or "")
    elif isinstance(widget, forms.CheckboxInput):
        yield Input(bound.html_name, "on" if value else "")
    else:
        prepared = bound.field.prepare_value(value)
        is_choice = isinstance(widget, forms.Select)
        text = prepared if is_choice else widget.format_value(prepared)
        yield Input(
            bound.html_name, "" if text is None else str(text), _worded(bound, value, form) if is_choice else ""
        )


def _set(data: QueryDict, inputs: list[Input]) -> None:
    for one in inputs:
        data.pop(one.name, None)
        if one.value:
            data[one.name] = one.value


def _worded(bound: Any, value: Any, form: Any) -> str:
    """The value as a curator reads it. Without `form` it was typed, and may be anything."""
    if isinstance(bound.field, forms.ModelChoiceField):
        return _named(bound, value, form)
    if isinstance(bound.field, forms.BooleanField):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(str(member) for member in value if member)
    prepared = bound.field.prepare_value(value)
    choices = {str(key): label for key, label in getattr(bound.field, "choices", ())}
    return "" if prepared in (None, "") else str(choices.get(str(prepared), prepared))


def _named(bound: Any, value: Any, form: Any) -> str:
    if value in (None, ""):
        return ""
    if form is not None and (record := getattr(form.instance, bound.name, None)):
        return str(record)
    try:
        return str(bound.field.to_python(value))
    except forms.ValidationError:
        return str(value)


class _Rows:
    """The rows of one inline as they were sent, numbered anew when others added or deleted some."""

    def __init__(self, done: Together, formset: Any, prefix: str, there: dict[int, Any], shown: Shown) -> None:
        self.done, self.formset, self.prefix, self.there, self.shown = done, formset, prefix, there, shown
        self.kind = str(formset.model._meta.verbose_name)
        self.kept = 0
        self.new: list[dict[str, list[str]]] = []

    def write(self) -> None:
        """Rows that are there stand first, then those that others added, then the new ones: so Django numbers them."""
        total, initial = self._count("TOTAL_FORMS"), self._count("INITIAL_FORMS")
        if total is None or initial is None:
            return  # Django refuses it, in its own words.
        for number in range(min(total, self.formset.absolute_max)):
            members = self._take_out(number)
            if number < initial:
                self._sort(members)
            else:
                self.new.append(members)
        for row in self.there.values():
            self._append(row)
        for number, members in enumerate(self.new, self.kept):
            self._put(number, members)
        self.done.data[f"{self.prefix}-INITIAL_FORMS"] = str(self.kept)
        self.done.data[f"{self.prefix}-TOTAL_FORMS"] = str(self.kept + len(self.new))

    def _count(self, name: str) -> int | None:
        count = self.done.data.get(f"{self.prefix}-{name}", "")
        return int(count) if count.isascii() and count.isdecimal() and len(count) < 7 else None

    def _take_out(self, number: int) -> dict[str, list[str]]:
        start = f"{self.prefix}-{number}-"
        names = [name for name in self.done.data if name.startswith(start)]
        return {name.removeprefix(start): self.done.data.pop(name) for name in names}

    def _put(self, number: int, members: Mapping[str, list[str]]) -> None:
        for name, values in members.items():
            self.done.data.setlist(f"{self.prefix}-{number}-{name}", values)

    def _sort(self, members: dict[str, list[str]]) -> None:
        """One row that was there when the page was shown: is it there still, and who changed it?"""
        typed = members.get(self.formset.model._meta.pk.name, [""])[-1]
        key = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 19 else 0
        row = self.there.pop(key, None)
        if row is None:
            self._without_row(key, members)
            return
        number, before = self.kept, as_shown(row, self.shown)
        self.kept += 1
        self._put(number, members)
        theirs, shown = self._form(number, row), self._form(number, before) if before else None
        if "DELETE" not in members:
            _fields(self.done, theirs, shown, f"{self.kind} {row}: ")
        elif shown and any(theirs[name].initial != shown[name].initial for name in theirs.fields):
            name = f"{self.prefix}-{number}-DELETE"
            self.done.clashes.append(Clash(name, f"{self.kind} {row}", "deleted", "changed", [Input(name, "")]))

    def _without_row(self, key: int, members: dict[str, list[str]]) -> None:
        """Others deleted the row, or the whole record. What was typed into it stays, as a new row."""
        names = (self.formset.model._meta.pk.name, self.formset.fk.name)
        rest = {name: values for name, values in members.items() if name not in names}
        if "DELETE" in rest or not rest:
            return
        event = _event(self.formset.model, key, self.shown)
        if event and not self._is_changed(event, rest):
            self.done.taken.append((self.kind, "deleted"))
            return
        self.new.append(rest)
        if event:
            self.done.taken.append((self.kind, "deleted, but you had changed it: it is a new row below"))

    def _is_changed(self, event: Any, members: Mapping[str, list[str]]) -> bool:
        kept = {column.attname: getattr(event, column.attname) for column in event._meta.concrete_fields}
        columns = [column.attname for column in self.formset.model._meta.concrete_fields if column.attname in kept]
        shown = self._form(0, self.formset.model(**{name: kept[name] for name in columns}))
        data = QueryDict(mutable=True)
        for name, values in members.items():
            data.setlist(f"{self.prefix}-0-{name}", values)
        return any(bound.field.has_changed(bound.initial, _typed(bound, data)) for bound in _bounds(shown))

    def _append(self, row: Any) -> None:
        """A row that others added."""
        form = self._form(self.kept, row)
        for bound in _bounds(form):
            _set(self.done.data, list(_inputs(bound, bound.initial, form)))
        self.done.data[f"{self.prefix}-{self.kept}-{row._meta.pk.name}"] = str(row.pk)
        self.done.data[f"{self.prefix}-{self.kept}-{self.formset.fk.name}"] = str(getattr(row, self.formset.fk.attname))
        self.kept += 1
        self.done.taken.append((self.kind, f"added: {row}"))

    def _form(self, number: int, row: models.Model) -> Any:
        return self.formset.form(instance=row, prefix=f"{self.prefix}-{number}")


def _bounds(form: Any) -> Iterator[Any]:
    return (form[name] for name in form.fields)
