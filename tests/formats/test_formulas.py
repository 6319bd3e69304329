"""What a spreadsheet would run is made harmless, and can be taken back."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from quotes.datasets.formats.formulas import neutralise, restore

DANGER = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"
LEADS = " \"'\u00a0\u3000\ufeff\u200b"
CELLS = st.text() | st.text(alphabet=DANGER + LEADS + "a1(", max_size=12)


@pytest.mark.parametrize("start", [*DANGER, " =", '"=', "'=", "' \"\uff1d", "\u00a0@", "\ufeff=", " \t"])
def test_a_cell_that_would_run_gets_an_apostrophe(start: str) -> None:
    assert neutralise(f"{start}HYPERLINK(1)") == f"'{start}HYPERLINK(1)"


@pytest.mark.parametrize("cell", ["", "'", "'tis", "a=1", "1-1", "“=”", "5 + 5", "…", "—no", "'’s"])
def test_other_cells_stay_as_they_are(cell: str) -> None:
    assert neutralise(cell) == cell


@settings(derandomize=True, deadline=None)
@given(CELLS)
@example("''=1")
@example("'")
def test_every_cell_can_be_restored(cell: str) -> None:
    assert restore(neutralise(cell)) == cell


@settings(derandomize=True, deadline=None)
@given(CELLS)
@example(" \"'\uff1d1")
def test_no_neutralised_cell_runs(cell: str) -> None:
    safe = neutralise(cell)
    assert safe.startswith("'") or not safe.lstrip(LEADS).startswith(tuple(DANGER))
