"""openpyxl opens the workbook, and finds no formula in it."""

from __future__ import annotations

import io
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest

from tests.clients.packages import needed

openpyxl = needed("openpyxl")


def opened(address: str) -> Any:
    with urllib.request.urlopen(address) as answer:  # noqa: S310 - our own http address
        return openpyxl.load_workbook(io.BytesIO(answer.read()))


def test_the_first_sheet_holds_the_quotes(api: str, quotes: list[dict[str, Any]]) -> None:
    head, *rows = opened(f"{api}/quotes/?format=xlsx").worksheets[0].values
    place = {name: number for number, name in enumerate(head)}
    assert [row[place["uid"]] for row in rows] == [quote["uid"] for quote in quotes]
    assert [row[place["text"]] for row in rows] == [quote["text"] for quote in quotes]


@pytest.mark.parametrize("name", ["quotes", "people", "organizations", "articles", "topics"])
def test_no_cell_is_a_formula_or_an_error(api: str, ask: Callable[[str], Any], name: str) -> None:
    book = opened(f"{api}/{name}/?format=xlsx")
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    assert len(cells) > 4 * ask(f"{name}/?count=1")["count"]
    assert [cell.coordinate for cell in cells if cell.data_type in ("f", "e")] == []
    assert not book.defined_names
