"""Bars with rate and remaining time, for whatever takes longer than two seconds. On a terminal; elsewhere nothing is written."""

from typing import Any

from tqdm import tqdm

SECONDS_BEFORE = 2


def progress_bar(total: int | None, unit: str, **options: Any) -> Any:
    """A bar on the error stream, gone when it ends; `update` moves it. `total` None: it is told later."""
    return tqdm(total=total, unit=unit, disable=None, leave=False, delay=SECONDS_BEFORE, **options)
