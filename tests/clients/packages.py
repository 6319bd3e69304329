"""Where the clients' packages are missing, their tests skip and say what installs them."""

from typing import Any

import pytest


def needed(name: str) -> Any:
    """The module of this name; without it the test module skips."""
    return pytest.importorskip(name, reason=f"there is no {name}: run `make clients`")
