"""Clients that nobody here wrote, reading a running server as their users do. `make clients` installs them; else they skip."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests import running


@pytest.fixture(scope="session")
def run() -> Iterator[running.Run]:
    """`manage.py run` with the shipped data, in processes of its own."""
    with running.open_folder() as folder:
        run = running.Run(folder, variables={"QUOTEBASE_RATE_ANONYMOUS": "off"})
        try:
            yield run.until_ready()
        finally:
            run.kill()


@pytest.fixture(scope="session")
def root(run: running.Run) -> str:
    """Its address, without a slash at its end."""
    return run.root()


@pytest.fixture(scope="session")
def api(root: str) -> str:
    """The base address of the API."""
    return f"{root}/api/v1"


@pytest.fixture(scope="session")
def ask(api: str) -> Callable[[str], Any]:
    """The JSON of an answer, by what follows the base address: what a client's own reading is compared with."""

    def read(address: str) -> Any:
        with urllib.request.urlopen(f"{api}/{address}") as answer:  # noqa: S310 - our own http address
            return json.load(answer)

    return read


@pytest.fixture(scope="session")
def quotes(ask: Callable[[str], Any]) -> list[dict[str, Any]]:
    """All quotes that the list shows, in its order."""
    found, query = [], "quotes/?page_size=100"
    while query:
        page = ask(query)
        found += page["results"]
        query = page["next"] and page["next"].partition("/api/v1/")[2]
    return found
