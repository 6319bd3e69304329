"""`fields`, `omit` and `expand`: how much of each document an answer holds."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence
from dataclasses import replace
from typing import Any

import orjson
from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from quotes.datasets.formats import Row, tables
from quotes.publication.expansion import expand
from quotes.publication.members import drop, expandable_paths, known_paths, pick, tree
from quotes.publication.parameters import ParameterField, refuse
from quotes.publication.serving import with_members
from quotes.publication.suggestions import closest

TABLES = ("csv", "xlsx", "parquet")


def column_names(kind: str | None) -> list[str]:
    """The columns of the flat table of this kind, in order."""
    return [column.name for column in tables.TABLES[str(kind)].columns] if kind else []


_FEW = 20


class NamesField(ParameterField):
    """Names out of a closed list."""

    is_many = True

    def __init__(self, *args: Any, known: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = known
        # Paths into documents are many, and depend on what is expanded.
        if len(known) <= _FEW:
            self.schema = {"type": "string", "enum": list(known)}

    def read_one(self, value: str) -> str:
        if value not in self.known:
            raise refuse("unknown_value", f"There is no member {value[:60]!r} here.", closest(value, self.known))
        return value


class ShapeParameters(forms.Form):
    """What every answer that holds documents takes. A member is named by its path, such as `article.outlet.name`."""

    def __init__(
        self,
        data: QueryDict,
        *,
        shape: type,
        format: str = "json",
        columns: Sequence[str] = (),
        added: Sequence[str] = (),
    ) -> None:
        """`added` are members that are not in the stored document; `columns` those of the kind's table."""
        super().__init__(data)
        self.format, self.columns = format, columns
        references = expandable_paths(shape)
        expanded = {name for one in data.getlist("expand") for name in one.split(",")}
        known = (
            columns if format in TABLES else [*known_paths(shape, frozenset(expanded.intersection(references))), *added]
        )
        self.fields = {
            "fields": NamesField(
                known=known, help_text="Only these members (of a table: columns), such as uid,article.url."
            ),
            "omit": NamesField(known=known, help_text="All members (columns) but these."),
            "expand": NamesField(known=references, help_text=f"References to put in whole: {', '.join(references)}."),
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "fields" in self.data and "omit" in self.data:
            self.add_error("omit", refuse("contradiction", "Give fields or omit, not both."))
        for name in self.fields:
            if name in self.data and not self._is_served(name):
                self.add_error(name, _not_here(name, self.format))
        return cleaned

    def _is_served(self, name: str) -> bool:
        # What is expanded is read beside the rows, so it cannot be of their snapshot: not for whole result sets.
        return self.format == "json" if name == "expand" else self.format in ("json", "ndjson", *TABLES)

    @property
    def is_whole(self) -> bool:
        """Whether the documents go out as they are stored."""
        return not any(self.cleaned_data.get(name) for name in self.fields)

    @property
    def wanted_columns(self) -> frozenset[str] | None:
        """The columns of a table; None for all of them."""
        asked = self.cleaned_data
        if self.format not in TABLES or self.is_whole:
            return None
        return frozenset(asked["fields"] or [name for name in self.columns if name not in asked["omit"]])

    def rows(self, rows: Iterable[Row]) -> Generator[Row, None, None]:
        """The rows of another format as they are wanted."""
        columns = self.wanted_columns
        for row in rows:
            if columns:
                yield replace(row, fields=columns)
            elif self.is_whole:
                yield row
            else:
                document = self._reduced(orjson.loads(orjson.dumps(with_members(row.document, row.members))))
                yield Row(orjson.dumps(document).decode(), {})

    def shaped(self, documents: Sequence[Any]) -> list[Any]:
        """The documents (fragments of JSON) as they are wanted: two queries for what is expanded, if anything is."""
        if self.is_whole:
            return list(documents)
        asked = self.cleaned_data
        parsed = orjson.loads(orjson.dumps(documents))
        if asked["expand"]:
            expand(parsed, asked["expand"])
        return [self._reduced(one) for one in parsed]

    def _reduced(self, document: Any) -> Any:
        if fields := self.cleaned_data["fields"]:
            return pick(document, tree(fields))
        return drop(document, tree(self.cleaned_data["omit"])) if self.cleaned_data["omit"] else document


def _not_here(name: str, format: str) -> ValidationError:
    return refuse("not_in_this_format", f"The format {format} does not take {name}.")
