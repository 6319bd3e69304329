"""A story to mark quotes in, and a curator who is logged in and codes too."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page

from quotes.models import Snapshot
from tests.browser.workbench import hands
from tests.browser.workbench.hands import Hands


@pytest.fixture
def story() -> Snapshot:
    return hands.make_story()


@pytest.fixture
def curator(page: Page, live_server: Any) -> User:
    user = hands.make_user("curator", "curator", "coder")
    hands.log_in(page, user, live_server.url)
    return user


@pytest.fixture
def as_counted(page: Page) -> Hands:
    return Hands(page)
