"""Names that may mean several people: how rows come to wait for a decision, and what the decision does."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.management import call_command

from quotes import curation
from quotes.curation.doubts import candidates, doubt_about
from quotes.curation.verbs import CurationError
from quotes.datasets.importing import apply_import, describe
from quotes.datasets.taking_back import take_back
from quotes.models import DoubtfulSpeaker, Import, Organization, Person, Quote
from tests.datasets import line, lines
from tests.datasets.bulk import QUAY, VOTE, bring, corpus, quotation
from tests.factories import (
    make_affiliation,
    make_doubtful_speaker,
    make_import,
    make_imported_row,
    make_organization,
    make_person,
    make_quote,
    make_topic,
)
from tests.model import settle

pytestmark = pytest.mark.django_db

OTTOLINE = "Ottoline Varga"


@pytest.fixture
def two() -> list[Person]:
    return [make_person(OTTOLINE, slug="one"), make_person("O. V.", slug="two", aliases=[OTTOLINE])]


def bring_row(**cells: Any) -> Quote:
    make_topic("lanterns")
    values = {"speaker": OTTOLINE, "organization": "Harbor Watch", "role": "warden", "standing": "former"}
    assert apply_import(lines(line(**values | {"topic": "lanterns", "stance": "oppose"} | cells)), actor=None)
    settle()
    return Quote.objects.get()


def the_doubt() -> DoubtfulSpeaker:
    return DoubtfulSpeaker.objects.get()


# A table's rows


def test_a_row_in_doubt_becomes_a_draft_without_a_speaker(two: list[Person]) -> None:
    quote = bring_row()
    assert (quote.source_type, quote.source_label, quote.speaker, quote.status) == ("unnamed", OTTOLINE, None, "draft")
    assert quote.codings.count() == 1
    assert not quote.affiliations.exists()
    watch, row = Organization.objects.get(), quote.imported_rows.get()
    assert (row.doubt, the_doubt().name, the_doubt().wikidata_ids) == (the_doubt(), OTTOLINE, [])
    assert row.waiting == [{"organization": watch.pk, "role": "warden", "standing": "former"}]
    assert doubt_about(quote) == the_doubt()
    assert set(Person.objects.all()) == set(two)


def test_what_the_article_calls_the_source_stays(two: list[Person]) -> None:
    assert bring_row(source_label="Varga, once warden").source_label == "Varga, once warden"
    curation.decide_speaker(doubt=the_doubt(), person=two[0], actor=None)
    assert Quote.objects.get().source_label == "Varga, once warden"


def test_a_row_in_doubt_without_a_capacity_waits_for_none(two: list[Person]) -> None:
    quote = bring_row(organization=None, role=None, standing=None)
    assert quote.imported_rows.get().waiting is None
    curation.decide_speaker(doubt=the_doubt(), person=two[0], actor=None)
    settle()
    assert Quote.objects.get().speaker == two[0]


def test_the_plan_says_which_names_are_in_doubt_and_who_may_be_meant(two: list[Person]) -> None:
    plan = lines(line(speaker=OTTOLINE), line(external_id="h2", speaker=OTTOLINE, text="Put them out."))
    assert describe(plan)["doubtful"] == [{"name": OTTOLINE, "candidates": ["one", "two"], "rows": 2}]


def test_the_command_says_it_too(two: list[Person], tmp_path: Path) -> None:
    table, said = tmp_path / "harbor-notes.jsonl", io.StringIO()
    table.write_text(line(speaker=OTTOLINE))
    call_command("import_quotes", str(table), stdout=said)
    assert "  doubtful person      1 rows  Ottoline Varga: one, two\n" in said.getvalue()
    assert not DoubtfulSpeaker.objects.exists()


def test_a_decision_holds_for_the_next_table_of_the_collection(two: list[Person]) -> None:
    bring_row()
    curation.decide_speaker(doubt=the_doubt(), person=two[1], actor=None)
    plan = lines(line(external_id="h2", speaker=OTTOLINE, text="Put them out."))
    assert plan.doubtful == {}
    assert apply_import(plan, actor=None)
    assert set(Quote.objects.values_list("speaker__slug", flat=True)) == {"two"}


def test_a_decision_for_one_of_another_name_holds_too(two: list[Person]) -> None:
    other = make_person("Neva Corrin", slug="neva")
    bring_row()
    curation.decide_speaker(doubt=the_doubt(), person=other, actor=None)
    [quote] = lines(line(external_id="h2", speaker=OTTOLINE, speaker_name=OTTOLINE, text="Put them out.")).quotes
    assert quote.speaker and quote.speaker.slug == "neva"


def test_a_table_in_doubt_is_taken_back_whole(two: list[Person]) -> None:
    bring_row()
    take_back(Import.objects.get())
    settle()
    assert not DoubtfulSpeaker.objects.exists()
    assert not Organization.objects.exists()
    assert set(Person.objects.all()) == set(two)


# The decision


def test_a_decision_gives_every_waiting_row_its_speaker_and_its_capacities(two: list[Person]) -> None:
    curator = User.objects.create_user("curator")
    bring_row(
        organization=None, role=None, affiliations="Harbor Watch:former; Zoning Council:current", roles="warden | clerk"
    )
    assert curation.decide_speaker(doubt=the_doubt(), person=two[0], actor=curator) == 1
    settle()
    quote = Quote.objects.get()
    assert (quote.source_type, quote.speaker, quote.source_label) == ("person", two[0], "")
    assert [
        (one.affiliation.organization.name, one.role_as_stated, one.standing, one.is_primary)
        for one in quote.affiliations.order_by("-is_primary")
    ] == [("Harbor Watch", "warden", "former", True), ("Zoning Council", "clerk", "current", False)]
    assert (the_doubt().speaker_slug, the_doubt().decided_by) == ("one", curator)
    assert the_doubt().decided_at


def test_whom_the_speaker_spoke_for_waits_too(two: list[Person]) -> None:
    quote = bring_row(speaks_for_organization="yes")
    assert (quote.organization, quote.speaks_for_organization) == (None, False)
    curation.decide_speaker(doubt=the_doubt(), person=two[0], actor=None)
    settle()
    quote.refresh_from_db()
    assert quote.organization and (quote.organization.name, quote.speaks_for_organization) == ("Harbor Watch", True)
    assert quote.affiliations.get().role_as_stated == "warden"


def test_an_affiliation_that_is_there_is_used(two: list[Person]) -> None:
    bring_row()
    job = make_affiliation(two[0], Organization.objects.get(), "warden", start="2019")
    curation.decide_speaker(doubt=the_doubt(), person=two[0], actor=None)
    assert Quote.objects.get().affiliations.get().affiliation == job


def test_an_organization_that_was_merged_meanwhile_is_the_other_one(two: list[Person]) -> None:
    bring_row()
    kept = make_organization("the-watch")
    curation.merge_organizations(keep=kept, merged=Organization.objects.get(name="Harbor Watch"), actor=None)
    curation.decide_speaker(doubt=the_doubt(), person=two[0], actor=None)
    settle()
    assert Quote.objects.get().affiliations.get().affiliation.organization == kept


def test_an_organization_that_was_deleted_meanwhile_is_left_out(two: list[Person]) -> None:
    bring_row()
    Organization.objects.get().delete()
    curation.decide_speaker(doubt=the_doubt(), person=two[0], actor=None)
    settle()
    assert Quote.objects.get().speaker == two[0]
    assert not Quote.objects.get().affiliations.exists()


def test_all_occurrences_of_a_corpus_are_decided_at_once(tmp_path: Path) -> None:
    person = make_person("Ottoline V.")
    doubtful = [quotation(quoteID=f"q-{number}", qids=["Q8", "Q9"], urls=[VOTE, QUAY]) for number in range(3)]
    bring(corpus(tmp_path, *doubtful, quotation(quoteID="other", qids=["Q8", "Q7"])))
    doubt = DoubtfulSpeaker.objects.get(wikidata_ids=["Q8", "Q9"])
    assert curation.decide_speaker(doubt=doubt, person=person, actor=None) == 6
    assert Quote.objects.filter(speaker=person, source_label="").count() == 6
    assert Quote.objects.filter(source_type="unnamed", source_label=OTTOLINE).count() == 1


@pytest.mark.parametrize(
    "source",
    [
        lambda: {"source_type": "person", "speaker": make_person("Neva Corrin")},
        lambda: {"organization": make_organization("harbor-watch")},
        lambda: {"source_type": "document"},
    ],
    ids=["a person", "an organization", "a document"],
)
def test_a_quote_that_was_given_a_source_meanwhile_stays_as_it_is(two: list[Person], source: Any) -> None:
    batch = make_import()
    doubt = make_doubtful_speaker(batch, name=OTTOLINE)
    quote = make_quote(source_type="unnamed")
    make_imported_row(quote, batch=batch, doubt=doubt, waiting=[{"organization": 1, "role": "", "standing": "current"}])
    Quote.objects.filter(pk=quote.pk).update(**source())
    assert curation.decide_speaker(doubt=doubt, person=two[0], actor=None) == 0
    settle()
    quote.refresh_from_db()
    assert quote.speaker != two[0]
    assert not quote.affiliations.exists()
    assert doubt_about(quote) is None


def test_it_is_decided_once(two: list[Person]) -> None:
    bring_row()
    stale = the_doubt()
    curation.decide_speaker(doubt=the_doubt(), person=two[0], actor=None)
    with pytest.raises(CurationError, match="Ottoline Varga: decided already, for one"):
        curation.decide_speaker(doubt=stale, person=two[1], actor=None)
    assert Quote.objects.get().speaker == two[0]


def test_the_name_may_mean_somebody_who_is_not_here_yet(two: list[Person]) -> None:
    bring_row()
    made = curation.make_speaker(doubt=the_doubt(), wikidata_id="Q900000009", actor=None)
    settle()
    assert (made.name, made.sort_name, made.wikidata_id) == (OTTOLINE, "Varga, Ottoline", "Q900000009")
    assert made.slug not in ("one", "two")
    assert Quote.objects.get().speaker == made
    assert the_doubt().speaker_slug == made.slug


@pytest.mark.parametrize("wikidata_id", ["P31", "Q900000001"])
def test_nobody_is_made_with_an_id_that_is_none_or_somebody_elses(two: list[Person], wikidata_id: str) -> None:
    make_person("Neva Corrin", wikidata_id="Q900000001")
    bring_row()
    with pytest.raises(ValidationError):
        curation.make_speaker(doubt=the_doubt(), wikidata_id=wikidata_id, actor=None)
    assert Person.objects.count() == 3
    assert the_doubt().speaker_slug == ""


def test_a_quote_in_doubt_is_not_published_before_it_is_decided(two: list[Person]) -> None:
    quote = bring_row()
    with pytest.raises(CurationError, match="decide first who Ottoline Varga is: the name may mean several people"):
        curation.publish(quotes=[quote], actor=None)
    curation.decide_speaker(doubt=the_doubt(), person=two[0], actor=None)
    [published] = curation.publish(quotes=[Quote.objects.get()], actor=None)
    assert (published.status, published.speaker) == ("published", two[0])


def test_those_who_may_be_meant_are_found_by_name_alias_and_id(two: list[Person]) -> None:
    third = make_person("Somebody Else", wikidata_id="Q8")
    make_person("Neva Corrin", wikidata_id="Q1")
    doubt = make_doubtful_speaker(make_import(), name=OTTOLINE, wikidata_ids=["Q8", "Q9"])
    assert set(candidates(doubt)) == {*two, third}
    assert len(candidates(doubt)) == 3
