"""Cells that a spreadsheet would run as a formula, made harmless in a way that can be taken back.

What a program runs is OWASP's list ("CSV Injection"): a cell that begins with = + - @, a tab, a line end, or one of the
full-width forms of those four; spaces and quotation marks before these are skipped by some programs. Such a cell gets an
apostrophe in front. A cell that has an apostrophe before such a character already gets another one, so that exactly one can
be taken off again.
"""

from __future__ import annotations

import re

_RUNS = re.compile(r"[\s\"'\ufeff\u200b]*[=+\-@\uff1d\uff0b\uff0d\uff20]|[ \"'\ufeff\u200b]*[\t\r\n]")


def neutralise(cell: str) -> str:
    """The cell, with an apostrophe in front if it would run.

    >>> neutralise("=1+1"), neutralise("1+1"), neutralise("'=1")
    ("'=1+1", '1+1', "''=1")
    """
    return f"'{cell}" if _RUNS.match(cell) else cell


def restore(cell: str) -> str:
    """The cell as it was before `neutralise`.

    >>> restore("'=1+1"), restore("'tis"), restore("''=1")
    ('=1+1', "'tis", "'=1")
    """
    return cell[1:] if cell.startswith("'") and _RUNS.match(cell[1:]) else cell
