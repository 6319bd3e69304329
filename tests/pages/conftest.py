"""What the tests of the pages share."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture(autouse=True)
def _no_collected_files(settings: Any, tmp_path_factory: pytest.TempPathFactory) -> None:
    """WhiteNoise warns where STATIC_ROOT is missing, and a fresh checkout has none before `collectstatic`."""
    settings.STATIC_ROOT = tmp_path_factory.getbasetemp()
