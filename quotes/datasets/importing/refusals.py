"""What an import says of what it does not take: where it stands, what stands there, and what would be right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_SHOWN = 60


@dataclass(frozen=True)
class Refusal:
    """One thing that is wrong. `row` counts as a spreadsheet does, the header being row 1; None: the file as a whole."""

    code: str
    detail: str
    row: int | None = None
    column: str | None = None
    value: str | None = None

    def __str__(self) -> str:
        place = ", ".join(
            part
            for part in (self.row is not None and f"row {self.row}", self.column and f"column {self.column}")
            if part
        )
        return f"{place}: {self.detail}" if place else self.detail


class ImportRefused(Exception):
    """Nothing was written; `refusals` says why."""

    def __init__(self, refusals: Sequence[Refusal]) -> None:
        super().__init__("; ".join(str(refusal) for refusal in refusals[:10]))
        self.refusals = tuple(refusals)


class CellError(ValueError):
    """A cell that is not taken. It knows its column; whoever reads the row knows the row."""

    def __init__(self, column: str, value: str, code: str, detail: str) -> None:
        super().__init__(detail)
        self.column, self.value, self.code = column, value, code

    def at(self, row: int) -> Refusal:
        return Refusal(self.code, str(self), row, self.column, shown(self.value))


def shown(value: str) -> str:
    """The beginning of a value: enough to find it by, fit for a terminal.

    >>> shown("a\\x1b[2Jb" + "c" * 80)[-8:], shown("a\\nb")
    ('ccccccc…', 'a b')
    """
    plain = "".join(char if char.isprintable() else " " for char in value[: _SHOWN + 1])
    return plain if len(value) <= _SHOWN else plain[: _SHOWN - 1] + "…"
