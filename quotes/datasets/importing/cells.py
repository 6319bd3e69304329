"""One cell read as what its column holds. Each reader raises CellError, which names the column and what would be right."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db.models import TextChoices

from quotes.datasets.importing.columns import COLUMNS
from quotes.datasets.importing.refusals import CellError, shown
from quotes.partial_dates import PartialDate
from quotes.publication.suggestions import closest

Choice = TypeVar("Choice", bound=TextChoices)

_YES, _NO = {"yes", "true", "1", "y"}, {"", "no", "false", "0", "n"}
_WEB = URLValidator(["http", "https"])


def given(cells: Mapping[str, str], column: str) -> str:
    """A cell that must not be empty."""
    if not cells[column]:
        raise CellError(column, "", "missing", f"{column} is empty. {COLUMNS[column]}")
    return cells[column]


def choice(cells: Mapping[str, str], column: str, vocabulary: type[Choice], default: Enum) -> str:
    """A value of the vocabulary, the default where the cell is empty."""
    return one_of(column, cells[column], vocabulary) if cells[column] else str(default)


def one_of(column: str, value: str, vocabulary: type[Choice]) -> str:
    """A value of the vocabulary, however it is capitalised; refused with the closest one."""
    plain = value.casefold().replace(" ", "_").replace("-", "_")
    if plain in vocabulary.values:
        return plain
    nearest = closest(value, vocabulary.values)
    hint = f" Did you mean {nearest!r}?" if nearest else ""
    detail = f"{shown(value)!r} is not one of {', '.join(vocabulary.values)}.{hint}"
    raise CellError(column, value, "unknown_value", detail)


def is_yes(cells: Mapping[str, str], column: str) -> bool:
    """Yes or no, in some of the ways that spreadsheets say it; an empty cell is no."""
    value = cells[column].casefold()
    if value not in _YES | _NO:
        raise CellError(column, cells[column], "unknown_value", f"{shown(cells[column])!r} is neither yes nor no.")
    return value in _YES


def partial_date(cells: Mapping[str, str], column: str) -> str | None:
    """A partial date; None where the cell is empty."""
    if not cells[column]:
        return None
    try:
        return str(PartialDate(cells[column]))
    except ValueError as error:
        raise CellError(column, cells[column], "invalid_date", f"{error}.") from None


def web_address(cells: Mapping[str, str], column: str, value: str) -> str:
    """An http(s) address, as it is written, or nothing."""
    if value:
        try:
            _WEB(value)
        except ValidationError:
            raise CellError(column, value, "invalid", f"{shown(value)!r} is no web address.") from None
        if len(value) > 2000:
            raise CellError(column, value, "too_long", "More than 2,000 characters.")
    return value
