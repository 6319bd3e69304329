"""How much a spreadsheet's cell can hold. Excel counts UTF-16 units; xlsxwriter would cut without a word."""

from __future__ import annotations

UNITS = 32_767
MARK = " […] CUT HERE: longer than a spreadsheet's cell can be."


def fits(cell: str) -> bool:
    """Whether a cell can hold the words.

    >>> fits("a" * 32_767), fits("🏮" * 16_384)
    (True, False)
    """
    return _units(cell) <= UNITS


def cut(cell: str) -> str:
    """The beginning of the words with a mark that it is one, as long as a cell may be; words that fit as they are."""
    if fits(cell):
        return cell
    room = UNITS - _units(MARK)
    return cell.encode("utf-16-le")[: 2 * room].decode("utf-16-le", errors="ignore") + MARK


def _units(cell: str) -> int:
    return len(cell) if cell.isascii() else len(cell.encode("utf-16-le")) // 2
