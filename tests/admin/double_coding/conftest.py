"""Two coders, an editor, a round and a topic."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User

from quotes.models import CodingRound, Topic
from tests import factories
from tests.waiting import member


@pytest.fixture
def coder() -> User:
    return member("ada", "coder")


@pytest.fixture
def other() -> User:
    return member("bea", "coder")


@pytest.fixture
def judge() -> User:
    return member("eda", "editor")


@pytest.fixture
def round_one() -> CodingRound:
    return factories.make_round(1, instructions="Read the paragraph twice.")


@pytest.fixture
def topic() -> Topic:
    return factories.make_topic("lanterns", proposition="The council should keep the lanterns.")
