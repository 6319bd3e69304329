"""Reverting: an entry of the history is made true again, by the rules for every change, or it is said why it cannot be."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from quotes import curation
from quotes.curation.history import Entry, entries
from quotes.models import (
    Affiliation,
    Article,
    CodingRound,
    Evidence,
    Organization,
    Person,
    Quote,
    QuoteAffiliation,
    Redirect,
)
from quotes.publication.models import PublishedQuote
from tests import factories
from tests.admin.forms import notes, url
from tests.admin.going_back import address, entry, revert, said


def test_a_bulk_change_is_reverted_and_readers_see_it(as_editor: Client) -> None:
    quote = factories.make_quote(source_label="the warden", cue="said")
    curation.publish(quotes=[quote], actor=None)
    Quote.objects.update(cue="claims", venue="hearing")
    curation.refresh_publication()
    before = entry(quote, 1)
    page = as_editor.get(address(quote, before)).content.decode()
    assert "From what it is now, this changes" in page
    assert "<del>claims</del>" in page and "<ins>said</ins>" in page
    assert "Reverted to 20" in notes(as_editor, revert(as_editor, quote, before))
    quote.refresh_from_db()
    assert (quote.cue, quote.venue, quote.status) == ("said", "unspecified", "published")
    assert json.loads(PublishedQuote.objects.get().document)["cue"] == "said"


def test_sql_by_hand_is_reverted(as_editor: Client) -> None:
    person = factories.make_person("Orla Lamp")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE quotes_person SET name = 'Orla Light', aliases = '{O}' WHERE id = %s", [person.pk])
    revert(as_editor, person, entry(person, 1))
    person.refresh_from_db()
    assert (person.name, person.aliases) == ("Orla Lamp", [])


def test_a_revert_is_an_entry_itself_and_can_be_reverted(as_editor: Client) -> None:
    person = factories.make_person("Orla Lamp")
    Person.objects.update(name="Orla Light")
    first = entry(person, 1)
    revert(as_editor, person, first)
    latest = entry(person, 0)
    assert (latest.who, latest.through) == ("editor", f"reverted to {first.at:%Y-%m-%d %H:%M}")
    revert(as_editor, person, entry(person, 1))
    assert Person.objects.get().name == "Orla Light"


def test_steps_of_the_workflow_stay_as_they_are(as_editor: Client) -> None:
    quote = factories.make_quote(source_label="the warden")
    Quote.objects.update(cue="claims")
    curation.publish(quotes=[quote], actor=None)
    page = as_editor.get(address(quote, entry(quote, 2))).content.decode()
    assert "stays as it is: status (published; then draft), published at" in page
    revert(as_editor, quote, entry(quote, 2))
    quote.refresh_from_db()
    assert (quote.cue, quote.status) == ("", "published")
    assert quote.published_at


def test_a_reverted_slug_leads_back_and_the_other_one_on(as_editor: Client) -> None:
    person = factories.make_person(slug="orla")
    curation.save_entity(entity=person, changes={"slug": "orla-lamp"}, actor=None)
    revert(as_editor, person, entry(person, 1))
    assert Person.objects.get().slug == "orla"
    assert dict(Redirect.objects.values_list("slug", "target")) == {"orla-lamp": "orla"}


def test_a_slug_that_is_anothers_by_now_is_refused_in_words(as_editor: Client) -> None:
    person = factories.make_person("Orla", slug="orla")
    Person.objects.update(slug="orla-lamp", name="Orla Lamp")
    factories.make_person(slug="orla")
    assert "Slug: Person with this Slug already exists." in said(revert(as_editor, person, entry(person, 1)))
    assert Person.objects.get(pk=person.pk).name == "Orla Lamp"


def test_what_the_database_refuses_is_said_in_words(as_editor: Client) -> None:
    quote = factories.make_quote()
    other = factories.make_person()
    Quote.objects.update(speaker=other)
    quote.refresh_from_db()
    factories.make_capacity(quote, factories.make_organization())
    answer = said(revert(as_editor, quote, entry(quote, 1)))
    assert "A quote would name an affiliation that is not its speaker's own." in answer
    assert Quote.objects.get().speaker == other


def test_a_rule_of_the_model_is_said_in_words(as_editor: Client) -> None:
    quote = factories.make_quote()
    factories.make_evidence(quote)
    Quote.objects.update(verification="confirmed")
    Quote.objects.update(verification="attested")
    Evidence.objects.all().delete()
    assert "need evidence: add it below" in said(revert(as_editor, quote, entry(quote, 1)))


def test_a_deleted_capacity_is_restored_under_its_old_key(as_editor: Client) -> None:
    quote = factories.make_quote()
    capacity = factories.make_capacity(quote, factories.make_organization(), role_as_stated="warden")
    key = capacity.pk
    capacity.delete()
    deletion = entry(quote, 0, includes=("affiliations",))
    assert "Restore…" in as_editor.get(url(quote, "history")).content.decode()
    page = as_editor.get(address(quote, deletion)).content.decode()
    assert "was deleted. It would be there again" in page
    revert(as_editor, quote, deletion)
    back = QuoteAffiliation.objects.get()
    assert (back.pk, back.role_as_stated, back.is_primary) == (key, "warden", True)
    assert [one.label for one in entries(QuoteAffiliation, key)] == ["added", "deleted", "added"]


def test_a_capacity_that_has_been_replaced_is_not_restored_beside_the_new_one(as_editor: Client) -> None:
    quote = factories.make_quote()
    factories.make_capacity(quote, factories.make_organization()).delete()
    factories.make_capacity(quote, factories.make_organization())
    deletion = next(one for one in entries(Quote, quote.pk, includes=("affiliations",)) if one.label == "deleted")
    assert "Only one affiliation of a quote can be primary." in said(revert(as_editor, quote, deletion))


def test_a_deleted_record_is_restored_from_its_own_history(as_editor: Client) -> None:
    quote = factories.make_quote("The lamps listen.", status="in_review")
    uid, page = quote.uid, url(quote, "history")
    deletion = Entry(**{**vars(entry(quote, 0)), "event": entry(quote, 0).event + 1})
    place = address(quote, deletion)
    quote.delete()
    assert place in as_editor.get(page).content.decode()
    as_editor.post(place, {"seen": deletion.event})
    back = Quote.objects.get()
    assert (back.uid, back.text, back.status) == (uid, "The lamps listen.", "draft")


def test_a_merged_record_is_not_restored_beside_the_merge(as_editor: Client) -> None:
    keep, merged = factories.make_person(slug="neva"), factories.make_person(slug="n-corrin")
    place = url(merged, "history")
    key = merged.pk
    curation.merge_people(keep=keep, merged=merged, actor=None)
    [deletion, *_] = entries(Person, key)
    answer = as_editor.post(f"{place}person/{deletion.event}/", {"seen": deletion.event})
    assert "n-corrin is an old address that leads to neva. If it was merged, undo the merge." in said(answer)
    assert Person.objects.count() == 1


def test_what_is_as_it_was_offers_no_way_back(as_editor: Client) -> None:
    person = factories.make_person("Orla")
    assert "Revert to this" not in as_editor.get(url(person, "history")).content.decode()
    assert "there is nothing to revert" in as_editor.get(address(person, entry(person, 0))).content.decode()
    Person.objects.update(name="Orla Lamp")
    assert as_editor.get(url(person, "history")).content.decode().count("Revert to this") == 1


def test_what_was_changed_meanwhile_is_shown_before_anything_is_reverted(as_editor: Client) -> None:
    person = factories.make_person("Orla")
    Person.objects.update(name="Orla Lamp")
    first = entry(person, 1)
    seen = as_editor.get(address(person, first)).context["seen"]
    Person.objects.update(name="Orla Light")
    answer = as_editor.post(address(person, first), {"seen": seen})
    assert "Meanwhile it was changed again" in said(answer)
    assert "<del>Orla Light</del>" in answer.content.decode()
    assert Person.objects.get().name == "Orla Light"


def test_a_closed_round_stays_closed(as_editor: Client) -> None:
    row = factories.make_round(1, name="First")
    CodingRound.objects.update(name="Second")
    curation.close_round(number=1, actor=None)
    revert(as_editor, row, entry(row, 2))
    row.refresh_from_db()
    assert row.name == "First"
    assert row.closed_at


@pytest.mark.parametrize("model", [Article, Organization, Affiliation])
def test_every_kind_of_record_can_be_reverted(as_editor: Client, model: Any) -> None:
    job = factories.make_affiliation(factories.make_person(), factories.make_organization(), start="2021-03")
    article = factories.make_article(outlet=job.organization)
    record = {Article: article, Organization: job.organization, Affiliation: job}[model]
    name = {Article: "title", Organization: "short_name", Affiliation: "role"}[model]
    old = getattr(record, name)
    model.objects.update(**{name: "Changed"})
    revert(as_editor, record, entry(record, 1))
    assert getattr(model.objects.get(pk=record.pk), name) == old


def test_words_go_back_with_the_place_where_they_stand(db: None) -> None:
    quote = factories.make_quote()
    Quote.objects.update(text="The lanterns see all.", snapshot=None, segments=[], verification="unverified")
    curation.revert(model=Quote, event=entry(quote, 1).event, actor=None)
    back = Quote.objects.get()
    assert (back.exacts, back.snapshot, back.verification) == (
        ["The lanterns watch everyone."],
        quote.snapshot,
        "attested",
    )
