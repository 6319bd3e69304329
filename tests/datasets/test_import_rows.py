"""What the cells of a row mean, and which are refused."""

from __future__ import annotations

from typing import Any

import pytest

from tests.datasets import accepted, line, lines, planned, refusal_of, table
from tests.factories import make_topic

pytestmark = pytest.mark.django_db


def test_what_a_row_leaves_out_is_said_by_the_columns() -> None:
    entry = accepted().entry
    assert (entry.kind, entry.source_type, entry.venue, entry.coder, entry.is_final) == (
        "direct",
        "person",
        "unspecified",
        "import",
        False,
    )


def test_a_files_default_fills_empty_cells_only() -> None:
    rows = [line(organization="Harbor Watch"), line(external_id="h2", organization="Harbor Watch", standing="former")]
    plan = planned("\n".join(rows), "notes.jsonl", standing="current")
    assert [quote.entry.capacities[0].standing for quote in plan.quotes] == ["current", "former"]


def test_a_standing_that_nobody_says_is_unknown() -> None:
    [(record, capacity)] = accepted(organization="Harbor Watch", role="warden").capacities
    assert (record.name, capacity.role, capacity.standing) == ("Harbor Watch", "warden", "unknown")


@pytest.mark.parametrize(
    ("cells", "source_type"),
    [
        ({"speaker": "", "speaker_name": "Ottoline Varga"}, "person"),
        ({"speaker": "", "organization": "Harbor Watch"}, "organization"),
        ({"speaker": "", "source_type": "unnamed", "source_label": "an official"}, "unnamed"),
        ({"speaker": "", "source_type": "Document", "organization": "Harbor Watch"}, "document"),
        ({"organization": "Harbor Watch"}, "person"),
    ],
)
def test_the_source_is_told_by_what_is_filled_in(cells: dict[str, str], source_type: str) -> None:
    assert accepted(**cells).entry.source_type == source_type


def test_an_organization_is_a_persons_capacity_or_the_source_or_spoken_for() -> None:
    capacity = accepted(organization="Harbor Watch")
    assert (capacity.organization, len(capacity.capacities)) == (None, 1)
    source = accepted(speaker="", organization="Harbor Watch")
    assert (source.organization.name, source.capacities) == ("Harbor Watch", ())
    spoken_for = accepted(organization="Harbor Watch", speaks_for_organization="Yes")
    assert (spoken_for.organization.name, len(spoken_for.capacities)) == ("Harbor Watch", 1)


@pytest.mark.parametrize(
    ("cells", "code", "column"),
    [
        ({"text": " "}, "missing", "text"),
        ({"article_url": ""}, "missing", "article_url"),
        ({"speaker": ""}, "missing", "speaker"),
        ({"speaker": "", "source_type": "person"}, "missing", "speaker"),
        ({"speaker": "", "source_type": "organization"}, "missing", "organization"),
        ({"source_type": "unnamed"}, "contradiction", "speaker"),
        ({"speaks_for_organization": "yes"}, "missing", "organization"),
        ({"speaks_for_organization": "perhaps"}, "unknown_value", "speaks_for_organization"),
        ({"role": "warden"}, "contradiction", "role"),
        ({"kind": "dirct"}, "unknown_value", "kind"),
        ({"venue": "tavern"}, "unknown_value", "venue"),
        ({"genre": "saga"}, "unknown_value", "genre"),
        ({"organization": "Harbor Watch", "standing": "retired"}, "unknown_value", "standing"),
        ({"said_on": "0000-01-01"}, "invalid_date", "said_on"),
        ({"said_on": "2025-02-29"}, "invalid_date", "said_on"),
        ({"published": "4 March 2025"}, "invalid_date", "published"),
        ({"article_url": "gazette.example/a"}, "invalid", "article_url"),
        ({"article_url": "javascript:alert(1)"}, "invalid", "article_url"),
        ({"article_url": "https://gazette.example/" + "a" * 2000}, "too_long", "article_url"),
        ({"archive_url": "ftp://archive.example/a"}, "invalid", "archive_url"),
        ({"language": "English, mostly"}, "invalid", "language"),
        ({"article_title": "a" * 501}, "invalid", "article_title"),
        ({"cue": "a" * 101}, "invalid", "cue"),
        ({"coder": "Coder One"}, "invalid", "coder"),
        ({"external_id": "a" * 201}, "too_long", "external_id"),
        ({"speaker": "A " + "a" * 300}, "too_long", "speaker"),
        ({"speaker": "a" * 101, "speaker_name": "Ottoline Varga"}, "too_long", "speaker"),
        ({"stance": "support"}, "missing", "topic"),
        ({"topic": "lanterns"}, "missing", "stance"),
        ({"topic": "lanterns", "stance": "suport"}, "unknown_value", "stance"),
        ({"stances": "lanterns"}, "invalid", "stances"),
        ({"stances": "lanterns:support:high:more"}, "invalid", "stances"),
        ({"stances": "lanterns:support:sure"}, "unknown_value", "stances"),
        ({"stances": "lanterns:support; lanterns:oppose"}, "duplicate", "stances"),
        ({"affiliations": "harbor-watch"}, "invalid", "affiliations"),
        ({"affiliations": "harbor-watch:retired"}, "unknown_value", "affiliations"),
        ({"affiliations": "Harbor Watch:current; Harbor Watch:former"}, "duplicate", "affiliations"),
        ({"affiliations": "Harbor Watch:current", "roles": "warden | clerk"}, "contradiction", "roles"),
    ],
)
def test_a_cell_that_is_not_taken_is_named(cells: dict[str, Any], code: str, column: str) -> None:
    make_topic("lanterns")
    assert refusal_of(**cells) == (code, column)


def test_a_vocabularys_word_may_be_capitalised_and_spaced() -> None:
    assert accepted(venue="Press conference").entry.venue == "press_conference"


def test_a_word_that_is_nearly_one_of_the_vocabulary_brings_that_one() -> None:
    [refusal] = lines(line(kind="indirct")).refusals
    assert refusal.detail == "'indirct' is not one of direct, partial, indirect. Did you mean 'indirect'?"
    assert refusal.value == "indirct"


def test_several_capacities_and_stances_of_our_own_table_are_read() -> None:
    make_topic("lanterns")
    make_topic("watching")
    quote = accepted(
        affiliations="Harbor Watch:current; Zoning Council:former",
        roles="warden | once its clerk",
        stances="lanterns:support:low; watching:oppose:high",
    )
    assert [(record.name, one.standing, one.role) for record, one in quote.capacities] == [
        ("Harbor Watch", "current", "warden"),
        ("Zoning Council", "former", "once its clerk"),
    ]
    assert [(one.topic, one.stance, one.certainty) for _, one in quote.positions] == [
        ("lanterns", "support", "low"),
        ("watching", "oppose", "high"),
    ]


def test_a_topic_is_never_made_and_the_closest_is_named() -> None:
    make_topic("street-lanterns")
    [refusal] = lines(line(topic="street-lantern", stance="support")).refusals
    assert (refusal.code, refusal.column) == ("unknown", "topic")
    assert "Did you mean 'street-lanterns'?" in refusal.detail


def test_every_bad_row_is_told_of_and_good_ones_do_not_hide_them() -> None:
    plan = planned(
        table(
            "h1,,Ottoline Varga,https://gazette.example/a,A",
            "h2,Lit.,Ottoline Varga,https://gazette.example/a,A",
            "h3,Lit.,,https://gazette.example/a,A",
        )
    )
    assert [(one.row, one.column) for one in plan.refusals] == [(2, "text"), (4, "speaker")]


def test_a_row_without_an_id_is_known_by_what_it_says_whatever_the_order_of_columns() -> None:
    first = planned("text,speaker,article_url,article_title\nLit.,Ottoline Varga,https://gazette.example/a,A\n")
    second = planned("speaker,text,article_title,article_url\nOttoline Varga,Lit.,A,https://gazette.example/a\n")
    assert first.quotes[0].entry.external_id == second.quotes[0].entry.external_id


def test_an_id_that_comes_twice_is_refused() -> None:
    [refusal] = lines(line(), line(text="Others.")).refusals
    assert (refusal.code, refusal.row, refusal.value) == ("duplicate", 2, "h1")


def test_what_stands_around_the_words_is_kept_with_the_space_beside_them() -> None:
    quote = accepted(prefix="x" * 40 + " said: ", suffix=" she said")
    assert quote.placement.segments == [{"prefix": "x" * 25 + " said: ", "suffix": " she said"}]
    assert accepted().placement.segments == []
