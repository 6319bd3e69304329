"""Event lists of the Discourse Network Analyzer, out and in again."""

from __future__ import annotations

from pathlib import Path

import pytest

from quotes.curation import refresh_publication
from quotes.datasets.importing import apply_import
from quotes.models import Coding, Quote
from tests.api.asking import published
from tests.datasets import refused
from tests.datasets.dna import BY_DOCUMENT, export, planned
from tests.factories import make_capacity, make_coding, make_organization, make_person, make_topic

pytestmark = pytest.mark.django_db

# As DNA 3 writes it: no addresses, no uids; the first statement has no concept.
THEIRS = (
    '"statement_id";"time";"person";"organization";"concept";"agreement";"start_position";"stop_position";"text";"coder";'
    '"document_id";"document_title";"document_author";"document_source";"document_section";"document_type"\n'
    '7;2024-05-01 00:00:00;"Neva Corrin";"Lamp Office";"Lamps should listen.";1;10;30;"Let them listen, all of them.";2;'
    '3;"The lamps";"";"Lantern Gazette";"";"news"\n'
    '8;2024-05-01 00:00:00;"Bertil Quill";"Harbor Watch";"Lamps should listen.";0;40;60;"Put them out.";2;'
    '3;"The lamps";"";"Lantern Gazette";"";"news"\n'
)


def exported(folder: Path) -> tuple[str, str]:
    told = export(folder / "events.csv", "--format", "dna")
    return (folder / "events.csv").read_text(encoding="utf-8"), told


def test_a_list_of_theirs_becomes_drafts_with_their_positions() -> None:
    topic = make_topic("listening-lamps", proposition="Lamps should listen.")
    plan = planned(THEIRS, **BY_DOCUMENT)
    assert plan.refusals == ()
    apply_import(plan, actor=None)
    found = {
        (one.quote.speaker.name, one.stance, one.coder, one.topic.slug)  # type: ignore[union-attr] # each has a speaker
        for one in Coding.objects.select_related("quote__speaker", "topic")
    }
    assert found == {
        ("Neva Corrin", "support", "dna-2", topic.slug),
        ("Bertil Quill", "oppose", "dna-2", topic.slug),
    }
    quote = Quote.objects.get(speaker__name="Neva Corrin")
    assert (quote.article.url, quote.article.published, quote.status) == (
        "https://archive.example/3",
        "2024-05-01",
        "draft",
    )
    assert planned(THEIRS, **BY_DOCUMENT).known == 2


@pytest.mark.parametrize(
    ("old", "new", "code", "column"),
    [
        ('"Lamps should listen.";1', '"Nobody knows this.";1', "unknown", "concept"),
        ('"Lamps should listen.";1', '"Lamps should listen.";2', "invalid", "agreement"),
        ("7;2024-05-01 00:00:00", "7;May", "invalid", "time"),
        ('"statement_id"', '"id"', "missing_column", "statement_id"),
        ('"news"\n8', '"news";"more"\n8', "ragged", None),
    ],
)
def test_what_is_wrong_is_named(old: str, new: str, code: str, column: str | None) -> None:
    make_topic("listening-lamps", proposition="Lamps should listen.")
    assert old in THEIRS
    refusal = refused(planned(THEIRS.replace(old, new, 1), **BY_DOCUMENT))
    assert (refusal.code, refusal.column) == (code, column)


def test_a_list_without_addresses_needs_a_rule_for_them() -> None:
    make_topic("listening-lamps", proposition="Lamps should listen.")
    assert {one.column for one in planned(THEIRS).refusals} == {"article_url"}


@pytest.fixture
def debate() -> list[Quote]:
    office, lamps, gates = make_organization("office"), make_topic("lamps"), make_topic("gates")
    neva = make_person("Neva Corrin")
    quotes = [published(words, speaker=neva) for words in ('Not "now"; never.', "Perhaps.")]
    for quote in quotes:
        make_capacity(quote, office)
    make_coding(quotes[0], lamps, "oppose")
    make_coding(quotes[0], gates, "support")
    make_coding(quotes[1], lamps, "unclear")
    published("Nobody has coded this.")
    refresh_publication()
    return quotes


def test_what_the_format_cannot_carry_is_counted(debate: list[Quote], tmp_path: Path) -> None:
    text, told = exported(tmp_path)
    assert len(text.splitlines()) == 3
    assert "\"Not 'now', never.\"" in text
    assert "1 codings that neither support nor oppose are left out" in told
    assert "1 quotes without a coding are left out" in told
    assert "2 texts have , in place of ;" in told
    assert "segments" not in told


def test_ours_comes_back_as_what_it_was(debate: list[Quote], tmp_path: Path) -> None:
    text, _ = exported(tmp_path)
    known = planned(text)
    assert (known.refusals, known.rows, known.known) == ((), 1, 1)
    elsewhere = planned(text.replace(str(debate[0].uid), "019bdfd3-3708-7f3f-8b39-87e92cb58961"))
    assert elsewhere.refusals == ()
    [quote] = elsewhere.quotes
    assert [(one.topic, one.stance) for one in quote.entry.positions] == [("gates", "support"), ("lamps", "oppose")]
    assert quote.entry.speaker_name == "Neva Corrin"


def test_variables_of_their_own_that_are_named_as_ours_are_left_out() -> None:
    make_topic("listening-lamps", proposition="Lamps should listen.")
    theirs = THEIRS.replace('"agreement"', '"agreement";"kind"').replace('.";1;10', '.";1;"expert";10')
    plan = planned(theirs.replace('.";0;40', '.";0;"layman";40'), **BY_DOCUMENT)
    assert (plan.refusals, len(plan.quotes)) == ((), 2)
    assert "kind" in plan.left_out


def test_names_of_theirs_are_names_also_where_they_look_like_slugs() -> None:
    make_topic("listening-lamps", proposition="Lamps should listen.")
    plan = planned(THEIRS.replace("Lantern Gazette", "109").replace("Lamp Office", "office"), **BY_DOCUMENT)
    assert plan.refusals == ()
    assert {record.name for record in plan.records} >= {"109", "office"}


def test_who_has_no_name_becomes_nobody(tmp_path: Path) -> None:
    office = make_organization("office")
    quote = published(
        "Not now.", source_type="unnamed", organization=office, source_label="two officials", kind="indirect"
    )
    make_coding(quote, make_topic("lamps"), "oppose")
    refresh_publication()
    text, _ = exported(tmp_path)
    [planned_quote] = planned(text.replace(str(quote.uid), "019bdfd3-3708-7f3f-8b39-87e92cb58961")).quotes
    entry = planned_quote.entry
    assert (planned_quote.speaker, entry.source_type, entry.source_label) == (None, "unnamed", "two officials")
    assert (entry.kind, entry.organization_name) == ("indirect", "Office")
