"""Autocompletions that do not ask the database, a query a row, for what the rows have loaded already."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.widgets import AdminSplitDateTime, AutocompleteSelect, RelatedFieldWidgetWrapper
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.http import HttpRequest
from django.utils.text import capfirst

from quotes.admin.fields import LinesField
from quotes.admin.links import is_key


class KnownChoiceSelect(AutocompleteSelect):
    """An autocompletion that shows the record which its row has loaded already, instead of asking for it once more."""

    known: models.Model | None = None

    def optgroups(self, name: str, value: Any, attr: Any = None) -> Any:
        # Django asks for whatever was sent, and fails on what is no key.
        keys = [one for one in map(str, value) if is_key(one)]
        if self.known is None or [str(self.known.pk)] != keys:
            return super().optgroups(name, keys, attr)
        empty = [] if self.is_required else [self.create_option(name, "", "", False, 0)]
        chosen = self.create_option(name, self.known.pk, str(self.known), True, len(empty))
        return [(None, [*empty, chosen], 0)]


def tell_known(form: forms.ModelForm) -> None:
    """Give the form's autocompletions the records that its instance has loaded."""
    for name, field in form.fields.items():
        widget = getattr(field.widget, "widget", field.widget)
        if isinstance(widget, KnownChoiceSelect):
            widget.known = form.instance._state.fields_cache.get(name)


class KnownChoices(BaseModelAdmin):
    """Rows come with what `str()` of them needs, and autocompletions show it without a query each.

    It also says how fields are typed everywhere: names one a line, web addresses without a scheme as https.
    """

    list_select_related: ClassVar[Any] = ()
    formfield_overrides: ClassVar[Any] = {
        ArrayField: {"form_class": LinesField},
        models.URLField: {"assume_scheme": "https"},
    }

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        rows = super().get_queryset(request)
        return rows.select_related(*self.list_select_related) if self.list_select_related else rows

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = KnownChoiceSelect(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """With a name for each input, and without the cross that deletes the record which is only referred to."""
        field: Any = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget.can_delete_related = False
        if field and isinstance(field.widget, AdminSplitDateTime):
            # One label cannot name two inputs.
            for part, name in zip(field.widget.widgets, ("date", "time"), strict=True):
                part.attrs["aria-label"] = f"{capfirst(field.label)}: {name}"
        return field
