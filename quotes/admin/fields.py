"""Form fields that curators type in."""

from typing import Any

from django import forms
from django.contrib.postgres.forms import SimpleArrayField


class LinesField(SimpleArrayField):
    """A list of names, one a line. Commas would cut "Lantern Works, Inc." in two."""

    widget = forms.Textarea(attrs={"rows": 3, "cols": 60})

    def __init__(self, base_field: forms.Field, **kwargs: Any) -> None:
        kwargs.update(delimiter="\n", help_text="Other names in print, one a line.")
        super().__init__(base_field, **kwargs)

    def to_python(self, value: Any) -> Any:
        lines = value.splitlines() if isinstance(value, str) else value
        return super().to_python("\n".join(line.strip() for line in lines or [] if line.strip()))
