"""The examples in docstrings are run: a reader may trust them."""

from __future__ import annotations

import doctest
import importlib
from pathlib import Path

import pytest
from django.conf import settings

QUOTES = Path(settings.BASE_DIR) / "quotes"
MODULES = sorted(
    ".".join(path.relative_to(QUOTES.parent).with_suffix("").parts)
    for path in QUOTES.rglob("*.py")
    if ">>> " in path.read_text(encoding="utf-8")
)


def test_there_are_examples() -> None:
    assert {"quotes.anchoring", "quotes.partial_dates", "quotes.search"} <= set(MODULES)


@pytest.mark.parametrize("name", MODULES)
def test_examples_are_true(name: str) -> None:
    result = doctest.testmod(importlib.import_module(name))
    assert result.attempted
    assert result.failed == 0
