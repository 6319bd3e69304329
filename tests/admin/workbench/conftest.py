"""A text with two quotations, a speaker who is known, and a curator who codes too, at work on it."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User

from quotes.models import Person, Snapshot
from tests import factories
from tests.admin.workbench.requests import TEXT, Workbench, make_user


@pytest.fixture
def snapshot(db: None) -> Snapshot:
    return factories.make_snapshot(factories.make_article(published="2025-03-04"), TEXT)


@pytest.fixture
def neva(db: None) -> Person:
    person = factories.make_person("Neva Corrin", sort_name="Corrin, Neva", slug="neva")
    factories.make_affiliation(person, factories.make_organization("harbour-office"), "spokesperson", start="2021")
    return person


@pytest.fixture
def curator(db: None) -> User:
    return make_user("curator", "curator", "coder")


@pytest.fixture
def bench(curator: User, snapshot: Snapshot) -> Workbench:
    return Workbench(curator, snapshot)
