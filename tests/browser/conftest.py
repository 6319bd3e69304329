"""Debian's Chromium, driven by Playwright over a running server. `make browser` installs it; without it these tests skip."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

QUIET = [
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    if not chromium:
        pytest.skip("there is no chromium: run `make browser`")
    # Chromium's sandbox does not start as root.
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    # Playwright runs an event loop in this thread, which Django takes for code that must not touch the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=[*QUIET, *sandbox])
        yield started
        started.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def complaints() -> list[str]:
    """What the browser complained of: refused or failed loads, policy violations, errors in scripts."""
    return []


@pytest.fixture
def page(browser: Browser, live_server: Any, complaints: list[str]) -> Iterator[Page]:
    """A window of 1280 × 720 whose addresses are the test server's."""
    context = browser.new_context(base_url=live_server.url, viewport={"width": 1280, "height": 720})
    window = context.new_page()

    def note_message(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            complaints.append(f"{window.url}: {message.text}")

    def note_request(request: Request) -> None:
        if not request.url.startswith((live_server.url, "data:")):
            complaints.append(f"{window.url}: asks elsewhere: {request.url}")

    window.on("console", note_message)
    window.on("pageerror", lambda error: complaints.append(f"{window.url}: {error}"))
    window.on("request", note_request)
    yield window
    context.close()
