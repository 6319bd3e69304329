"""Capacities, codings and evidence are rows of a quote's page, with rules over several of them."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from quotes.models import Evidence, Quote
from tests import factories
from tests.admin.forms import errors, send, url


def add(client: Client, **changes: Any) -> Any:
    """The answer to a new quote by a person, in an article whose text has its words."""
    article = factories.make_article()
    factories.make_snapshot(article, "She said: “The lanterns sleep.”")
    given = {"words": "The lanterns sleep.", "kind": "direct", "speaker": factories.make_person().pk} | changes
    return send(client, f"{url(Quote, 'add')}?article={article.pk}", **given)


def test_a_new_quote_comes_with_its_capacity(as_editor: Client) -> None:
    job = factories.make_affiliation(factories.make_person(), factories.make_organization())
    add(as_editor, speaker=job.person_id, affiliations__0__affiliation=job.pk)
    quote = Quote.objects.get()
    [capacity] = quote.affiliations.all()
    assert (capacity.affiliation, capacity.is_primary, capacity.standing) == (job, True, "current")


def test_a_capacity_is_the_speakers_own(as_editor: Client) -> None:
    job = factories.make_affiliation(factories.make_person(), factories.make_organization())
    response = add(as_editor, affiliations__0__affiliation=job.pk)
    assert f"Not an affiliation of the speaker: {job}." in errors(response)


def test_only_a_speaker_has_capacities(as_editor: Client) -> None:
    job = factories.make_affiliation(factories.make_person(), factories.make_organization())
    response = add(
        as_editor,
        source_type="unnamed",
        speaker="",
        source_label="a guard",
        affiliations__0__affiliation=job.pk,
    )
    assert "Capacities are a speaker's" in errors(response)


def test_exactly_one_capacity_is_primary(as_editor: Client) -> None:
    quote = factories.make_quote()
    for is_primary in (True, False):
        factories.make_capacity(quote, factories.make_organization(), is_primary=is_primary)
    page = url(quote, "change")
    assert "Exactly one capacity" in errors(send(as_editor, page, affiliations__1__is_primary="on"))
    assert "Exactly one capacity" in errors(send(as_editor, page, affiliations__0__is_primary=None))
    assert "Exactly one capacity" in errors(send(as_editor, page, affiliations__0__DELETE="on"))


def test_another_capacity_can_become_the_primary_one(as_editor: Client) -> None:
    quote = factories.make_quote()
    for is_primary in (True, False):
        factories.make_capacity(quote, factories.make_organization(), is_primary=is_primary)
    first = quote.affiliations.all()[0]
    send(as_editor, url(quote, "change"), affiliations__0__is_primary=None, affiliations__1__is_primary="on")
    assert list(quote.affiliations.order_by("pk").values_list("is_primary", flat=True)) == [False, True]
    send(as_editor, url(quote, "change"), affiliations__0__DELETE="on", affiliations__1__is_primary="on")
    assert list(quote.affiliations.all()) == [first]
    assert quote.affiliations.get().is_primary


def test_the_speaker_and_the_capacities_can_change_together(as_editor: Client) -> None:
    quote = factories.make_quote()
    factories.make_capacity(quote, factories.make_organization())
    job = factories.make_affiliation(factories.make_person(), factories.make_organization())
    page = url(quote, "change")
    assert "Not an affiliation of the speaker" in errors(send(as_editor, page, speaker=job.person_id))
    response = send(as_editor, page, speaker=job.person_id, affiliations__0__affiliation=job.pk)
    assert response.status_code == 302
    assert quote.affiliations.get().affiliation == job


def test_one_coding_toward_a_topic_is_final(as_editor: Client) -> None:
    quote, topic = factories.make_quote(), factories.make_topic()
    factories.make_coding(quote, topic, round=2)
    factories.make_coding(quote, topic, round=3, is_final=False)
    page = url(quote, "change")
    assert "Only one coding toward a topic is final" in errors(send(as_editor, page, codings__1__is_final="on"))
    swapped = send(as_editor, page, codings__0__is_final=None, codings__1__is_final="on")
    assert swapped.status_code == 302
    assert list(quote.codings.values_list("round", "is_final")) == [(2, False), (3, True)]


def test_a_coder_codes_once_a_round(as_editor: Client) -> None:
    quote, topic = factories.make_quote(), factories.make_topic()
    factories.make_coding(quote, topic, round=1)
    factories.make_coding(quote, topic, round=2, is_final=False)
    message = errors(send(as_editor, url(quote, "change"), codings__1__round="1"))
    assert "Please correct the duplicate" in message


@pytest.mark.parametrize("verification", ["confirmed", "disputed", "retracted", "fabricated"])
def test_what_says_more_than_the_print_needs_evidence(as_editor: Client, verification: str) -> None:
    quote = factories.make_quote()
    message = errors(send(as_editor, url(quote, "change"), verification=verification))
    assert "needs evidence: add at least one row" in message
    row = {"kind": "document", "description": "Minutes.", "provided_by": "curator-1", "provided_on": "2025-04-01"}
    rows = {f"evidence__0__{name}": value for name, value in row.items()} | {"evidence__TOTAL_FORMS": 1}
    response = send(as_editor, url(quote, "change"), verification=verification, **rows)
    assert response.status_code == 302
    assert Evidence.objects.get().quote == quote
    assert "needs evidence" in errors(send(as_editor, url(quote, "change"), evidence__0__DELETE="on"))


def test_the_speakers_own_affiliations_are_offered_alone(as_editor: Client) -> None:
    job = factories.make_affiliation(factories.make_person(), factories.make_organization())
    factories.make_affiliation(factories.make_person(), factories.make_organization())
    address = "/admin/autocomplete/?app_label=quotes&model_name=quoteaffiliation&field_name=affiliation"
    assert len(as_editor.get(address).json()["results"]) == 2
    [offered] = as_editor.get(f"{address}&of_speaker={job.person_id}").json()["results"]
    assert offered["id"] == str(job.pk)
