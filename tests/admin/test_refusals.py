"""What the database refuses comes back as a sentence: nothing is saved, nothing that was typed is lost, nothing is a 500."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import DataError, IntegrityError, OperationalError, connection, models
from django.test import Client
from psycopg.errors import DeadlockDetected

from quotes.curation import CurationError
from quotes.curation.refusals import explain
from quotes.models import Affiliation, Article, Evidence, Organization, Person, Quote, QuoteAffiliation, Redirect, Topic
from tests import factories
from tests.admin.forms import errors, filled, notes, send, url


def test_an_organization_cannot_be_its_own_ancestor(as_editor: Client) -> None:
    parent = factories.make_organization("parent-office")
    child = factories.make_organization("child-office", parent=parent)
    response = send(as_editor, url(parent, "change"), parent=child.pk, name="Typed with care")
    assert "nothing can be its own ancestor" in errors(response)
    assert response.context["adminform"].form["name"].value() == "Typed with care"
    parent.refresh_from_db()
    assert (parent.parent, parent.name) == (None, "Parent Office")


def test_a_new_record_that_is_refused_is_not_half_there(as_editor: Client) -> None:
    person = factories.make_person()
    rows = {"role": "counsel", "kind": "employment", "start": "2025", "end": "2024"}
    changes = {f"affiliations__0__{name}": value for name, value in rows.items()}
    changes |= {"affiliations__0__organization": factories.make_organization().pk, "affiliations__TOTAL_FORMS": 1}
    page = url(Person, "add")
    response = send(as_editor, page, name="Ilse Mar", slug="ilse-mar", sort_name="Mar, Ilse", **changes)
    assert "The affiliation ends before it starts." in errors(response)
    assert list(Person.objects.all()) == [person]


def test_an_affiliation_that_quotes_name_stays_its_persons(as_editor: Client) -> None:
    capacity = factories.make_capacity(factories.make_quote(), factories.make_organization())
    response = send(as_editor, url(capacity.affiliation, "change"), person=factories.make_person().pk)
    assert "not its speaker's own" in errors(response)
    assert capacity.affiliation == Affiliation.objects.get(person=capacity.quote.speaker)


def test_what_was_published_cannot_be_deleted(as_editor: Client) -> None:
    quote = factories.make_quote(status="published", published_at="2025-03-05T10:00Z")
    assert as_editor.get(url(quote, "delete")).status_code == 403
    assert as_editor.post(url(quote, "delete"), {"post": "yes"}).status_code == 403
    assert 'class="deletelink"' not in as_editor.get(url(quote, "change")).content.decode()
    assert Quote.objects.filter(pk=quote.pk).exists()


def test_deleting_many_leaves_out_what_was_published(as_editor: Client) -> None:
    public = factories.make_quote(status="published", published_at="2025-03-05T10:00Z")
    draft = factories.make_quote()
    action = {"action": "delete_selected", "_selected_action": [public.pk, draft.pk]}
    page = as_editor.post(url(Quote, "changelist"), action)
    assert "1 of the selected quotes had been published" in page.content.decode()
    assert [row.pk for row in page.context["queryset"]] == [draft.pk]
    notes(as_editor, as_editor.post(url(Quote, "changelist"), action | {"post": "yes"}))
    assert list(Quote.objects.all()) == [public]


def test_an_article_with_quotes_cannot_be_deleted(as_editor: Client) -> None:
    article = factories.make_quote().article
    assert as_editor.post(url(article, "delete"), {"post": "yes"}).status_code == 200
    assert Article.objects.filter(pk=article.pk).exists()


def test_evidence_stays_while_it_is_needed(as_editor: Client) -> None:
    quote = factories.make_quote()
    evidence = factories.make_evidence(quote)
    Quote.objects.update(verification="confirmed")
    response = as_editor.post(url(evidence, "delete"), {"post": "yes"})
    assert "need evidence" in notes(as_editor, response)
    selected = {"action": "delete_selected", "_selected_action": [evidence.pk], "post": "yes"}
    assert "need evidence" in notes(as_editor, as_editor.post(url(Evidence, "changelist"), selected))
    assert list(quote.evidence.all()) == [evidence]


def test_the_primary_capacity_stays_primary_in_the_list_too(as_editor: Client) -> None:
    capacity = factories.make_capacity(factories.make_quote(), factories.make_organization())
    factories.make_capacity(capacity.quote, factories.make_organization(), is_primary=False)
    assert "must be primary" in errors(send(as_editor, url(capacity, "change"), is_primary=None))
    response = as_editor.post(url(capacity, "delete"), {"post": "yes"})
    assert "must be primary" in notes(as_editor, response)
    assert QuoteAffiliation.objects.filter(is_primary=True).get() == capacity


def test_a_race_is_a_sentence_too(as_editor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody else takes the slug between the form's look and the save."""
    data = filled(as_editor, url(Topic, "add")) | {"name": "Lamps", "slug": "lamps", "proposition": "More lamps."}
    save = Topic.save

    def save_second(self: Topic, *args: Any, **kwargs: Any) -> None:
        if not Topic.objects.filter(slug="lamps").exists():
            save(Topic(name="First", slug="lamps", proposition="Some lamps."))
        save(self, *args, **kwargs)

    monkeypatch.setattr(Topic, "save", save_second)
    response = as_editor.post(url(Topic, "add"), data)
    assert "Key (slug)=(lamps) already exists." in errors(response)
    assert not Topic.objects.exists()


def test_a_slug_that_leads_elsewhere_is_not_given_away(as_editor: Client) -> None:
    Redirect.objects.create(kind="topic", slug="lamps", target="lanterns")
    changes = {"name": "Lamps", "slug": "lamps", "proposition": "More lamps."}
    assert "an old address that leads to lanterns" in errors(send(as_editor, url(Topic, "add"), **changes))


def test_a_renamed_slug_leads_on(as_editor: Client) -> None:
    topic = factories.make_topic("lamps")
    Redirect.objects.create(kind="topic", slug="lights", target="lamps")
    send(as_editor, url(topic, "change"), slug="lanterns")
    assert set(Redirect.objects.values_list("slug", "target")) == {("lights", "lanterns"), ("lamps", "lanterns")}
    send(as_editor, url(topic, "change"), slug="lamps")
    assert set(Redirect.objects.values_list("slug", "target")) == {("lights", "lamps"), ("lanterns", "lamps")}


def test_rules_of_one_row_are_worded_by_the_form(as_editor: Client) -> None:
    organization = factories.make_organization()
    page = url(organization, "change")
    assert "Two capital letters" in errors(send(as_editor, page, country="xx"))
    assert "looks like Q42" in errors(send(as_editor, page, wikidata_id="42"))
    article = factories.make_article()
    assert "Say in the note" in errors(send(as_editor, url(article, "change"), status="corrected"))
    job = factories.make_affiliation(factories.make_person(), organization)
    assert "ends before it starts" in errors(send(as_editor, url(job, "change"), start="2025-02", end="2024"))
    assert "is not a date such as" in errors(send(as_editor, url(job, "change"), start="last year"))


def test_names_with_commas_are_names(as_editor: Client) -> None:
    organization = factories.make_organization()
    send(as_editor, url(organization, "change"), aliases="Lantern Works, Inc.\r\n\r\n  The Works \r\n")
    organization.refresh_from_db()
    assert organization.aliases == ["Lantern Works, Inc.", "The Works"]
    assert filled(as_editor, url(organization, "change"))["aliases"] == "Lantern Works, Inc.\nThe Works"


@pytest.mark.parametrize("value", ["x", "-1", "99999999999999999999999999", "1 OR 1=1", "٣"])
def test_keys_that_are_none_are_no_error_pages(as_editor: Client, value: str) -> None:
    quote = factories.make_quote()
    assert send(as_editor, url(quote, "change"), speaker=value, article=value).status_code == 200
    assert as_editor.get(url(Quote, "add"), {"article": value, "speaker": value}).status_code == 200
    for name in (
        "affiliation",
        "topic",
        "speaker",
        "outlet",
        "standing",
        "stance",
        "status__exact",
        "article__id__exact",
    ):
        assert as_editor.get(url(Quote, "changelist"), {name: value}).status_code in {200, 302}


RULES = [
    (constraint, model)
    for model in (Person, Organization, Affiliation, Article, Topic, Quote, QuoteAffiliation, Evidence)
    for constraint in model._meta.constraints
]


@pytest.mark.parametrize(("constraint", "model"), RULES, ids=lambda value: getattr(value, "name", ""))
def test_every_rule_is_explained_without_sql(constraint: models.BaseConstraint, model: type[models.Model]) -> None:
    [sentence] = explain(_refusal(constraint.name))
    assert sentence.endswith(".")
    assert "%(" not in sentence and "psycopg" not in sentence and "quotes_" not in sentence


def test_a_data_error_is_explained(db: None) -> None:
    with pytest.raises(DataError) as refused, connection.cursor() as cursor:
        cursor.execute("SELECT 1/0")
    assert explain(refused.value) == ["This cannot be saved: division by zero is against it."]


def test_a_deadlock_is_said_and_a_lost_server_is_not_hidden() -> None:
    deadlock, lost = OperationalError("deadlock detected"), OperationalError("server closed the connection")
    deadlock.__cause__ = DeadlockDetected()
    assert "send it once more" in explain(deadlock)[0]
    with pytest.raises(OperationalError, match="closed"):
        explain(lost)


def test_of_many_obstacles_the_first_are_said() -> None:
    obstacles = explain(CurationError([f"Quote {number}: no." for number in range(30)]))
    assert obstacles[0] == "Quote 0: no."
    assert obstacles[-1] == "And 20 more."
    assert len(obstacles) == 11


def _refusal(name: str) -> IntegrityError:
    """An error as psycopg's, with the name of a constraint."""

    class Diagnosis:
        constraint_name, message_detail, sqlstate, message_primary = name, None, "23514", "violates check constraint"

    class Cause(Exception):
        diag = Diagnosis()

    error = IntegrityError()
    error.__cause__ = Cause()
    return error


def test_no_editor_is_needed_to_see_why(as_curator: Client, editor: User) -> None:
    quote = factories.make_quote(status="published", published_at="2025-03-05T10:00Z", created_by=editor)
    page = as_curator.get(url(quote, "change"))
    assert page.status_code == 200
    assert 'name="_save"' not in page.content.decode()
    assert as_curator.post(url(quote, "change"), {}).status_code == 403
