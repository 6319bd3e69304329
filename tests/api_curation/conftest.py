"""Programs of a coder, a curator and an editor; and a quote that could be made."""

from __future__ import annotations

from typing import Any

import pytest

from quotes.models import Affiliation, Snapshot
from tests import factories
from tests.api_curation.asking import TEXT, Program, make_user, program_of


@pytest.fixture
def coder(db: None) -> Program:
    return program_of(make_user("coder", "coder"))


@pytest.fixture
def curator(db: None) -> Program:
    return program_of(make_user("curator", "curator"))


@pytest.fixture
def editor(db: None) -> Program:
    return program_of(make_user("editor", "editor"))


@pytest.fixture
def snapshot(db: None) -> Snapshot:
    return factories.make_snapshot(factories.make_article(slug="the-vote"), TEXT)


@pytest.fixture
def job(db: None) -> Affiliation:
    """Ottoline Varga's: she is the warden of the harbor watch."""
    varga = factories.make_person("Ottoline Varga", slug="ottoline-varga")
    return factories.make_affiliation(varga, factories.make_organization("harbor-watch"), "warden")


@pytest.fixture
def body(snapshot: Snapshot, job: Affiliation) -> dict[str, Any]:
    return {
        "article": "the-vote",
        "snapshot": snapshot.sha256,
        "words": ["will be lit."],
        "kind": "direct",
        "speaker": "ottoline-varga",
        "verification": "attested",
        "affiliations": [{"organization": "harbor-watch", "role_as_stated": "the warden"}],
    }
