"""A quote of which everything is known."""

from __future__ import annotations

import pytest

from quotes.anchoring import anchor_words
from quotes.curation import publish
from quotes.models import Authorship, Quote
from tests.api.asking import draft
from tests.factories import (
    make_affiliation,
    make_article,
    make_capacity,
    make_coding,
    make_evidence,
    make_organization,
    make_person,
    make_snapshot,
    make_topic,
)

TEXT = (
    "CANARY-BEFORE and much more that nobody may pass on, in a long first paragraph. “Every lantern,” said Ottoline Varga,"
    " who keeps CANARY-BETWEEN and other things to herself, “will be lit.” The council then went home, and a long last"
    " paragraph followed, with CANARY-AFTER."
)


@pytest.fixture
def quote() -> Quote:
    """A quote of which everything is known."""
    article = make_article(
        slug="the-lantern-vote",
        title="The vote",
        outlet=make_organization("lantern-gazette", kind="media"),
        url="https://gazette.example/vote",
        archive_url="https://archive.example/vote",
        published="2025-03-04",
        status="corrected",
        status_note="A name was misspelt.",
    )
    Authorship.objects.create(article=article, person=make_person(slug="z-first", sort_name="First, Z"), position=1)
    Authorship.objects.create(article=article, person=make_person(slug="a-second", name="Second"), position=2)
    snapshot = make_snapshot(article, TEXT, retrieved_at="2025-03-05T10:00:00Z")
    exacts = ["Every lantern,", "will be lit."]
    watch, speaker = make_organization("harbor-watch"), make_person("Ottoline Varga", slug="ottoline-varga")
    quote = draft(
        exacts=exacts,
        article=article,
        snapshot=snapshot,
        segments=anchor_words(snapshot.text, exacts),
        verification="disputed",
        verification_note="The speaker denies it.",
        speaker=speaker,
        organization=watch,
        speaks_for_organization=True,
        source_label="Ottoline Varga, of the watch",
        cue="said",
        venue="hearing",
        said_on="2025-03",
    )
    make_evidence(quote, url="https://archive.example/minutes", description="The minutes.")
    make_capacity(quote, watch, affiliation=make_affiliation(speaker, watch, "warden"), role_as_stated="the warden")
    make_capacity(
        quote,
        watch,
        standing="former",
        is_primary=False,
        affiliation=make_affiliation(speaker, watch, "bell ringer"),
        role_as_stated="once its bell ringer",
    )
    make_coding(quote, make_topic("lanterns"), "support", certainty="low", justification="She says so.")
    publish(quotes=[quote], actor=None)
    return quote
