"""JSON Lines: an object a line, its members under the names of the columns. Values are strings, or short numbers and booleans."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from quotes.datasets.importing.columns import Header, column_named, unknown_header
from quotes.datasets.importing.json_text import NotJson, Number, parse
from quotes.datasets.importing.refusals import Refusal, shown
from quotes.datasets.importing.tables import Row, decoded

_LONGEST_NUMBER = 20


def json_rows(content: bytes) -> tuple[Header, Iterator[Row]]:
    """A header without columns (each line names its own), and the rows. Raises ImportRefused as `decoded` does."""
    lines = decoded(content).split("\n")
    return Header((), ()), _rows(lines)


def _rows(lines: list[str]) -> Iterator[Row]:
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield _row(number, line)


def _row(number: int, line: str) -> Row:
    try:
        found = parse(line)
    except NotJson as error:
        return Row(number, refusals=(Refusal("not_json", str(error), number, None, shown(line)),))
    if not isinstance(found, dict):
        detail = "Each line holds one object, {…}."
        return Row(number, refusals=(Refusal("not_an_object", detail, number, None, shown(line)),))
    return _read(number, found)


def _read(number: int, members: dict[str, Any]) -> Row:
    cells: dict[str, str] = {}
    refusals: list[Refusal] = []
    for name, value in members.items():
        column = column_named(name)
        if column is None:
            refusals.append(unknown_header(name, row=number))
        elif column in cells:
            refusals.append(Refusal("duplicate_header", f"{column} is given twice.", number, column, shown(name)))
        elif isinstance(value, (dict, list)) or (isinstance(value, Number) and len(value) > _LONGEST_NUMBER):
            detail = "A text is expected here, not a list, an object or a number of many digits."
            refusals.append(Refusal("not_text", detail, number, column, shown(str(value))))
        else:
            cells[column] = (
                {None: "", True: "yes", False: "no"}.get(value, value) if not isinstance(value, str) else value
            )
    cells.pop("", None)
    return Row(number, cells, tuple(refusals))
