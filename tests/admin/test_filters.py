"""Lists are narrowed by the questions that the querysets ask, and by records that are found by typing."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from quotes.models import Affiliation, Article, Coding, Evidence, Organization, Quote, QuoteAffiliation, Snapshot
from tests import factories
from tests.admin.forms import url


def rows(client: Client, model: Any, **filters: Any) -> list[Any]:
    page = client.get(url(model, "changelist"), filters)
    assert page.status_code == 200
    return list(page.context["cl"].result_list)


def test_an_affiliation_finds_its_units_and_every_standing(as_editor: Client) -> None:
    ministry = factories.make_organization("ministry")
    office = factories.make_organization("lamp-office", parent=ministry)
    current, former, other = factories.make_quote(), factories.make_quote(), factories.make_quote()
    factories.make_capacity(current, office)
    factories.make_capacity(former, office, standing="former")
    factories.make_capacity(other, factories.make_organization())
    itself = factories.make_quote(source_type="organization", organization=ministry)
    assert set(rows(as_editor, Quote, affiliation=ministry.pk)) == {current, former, itself}
    assert rows(as_editor, Quote, affiliation=ministry.pk, standing="former") == [former]
    assert set(rows(as_editor, Quote, affiliation=office.pk, standing="current")) == {current}


def test_a_job_taken_later_does_not_relabel_a_quote(as_editor: Client) -> None:
    quote, office = factories.make_quote(), factories.make_organization()
    assert quote.speaker
    factories.make_affiliation(quote.speaker, office)
    assert rows(as_editor, Quote, affiliation=office.pk) == []


def test_stance_and_topic_hold_on_the_same_final_coding(as_editor: Client) -> None:
    contract, hearings = factories.make_topic("contract"), factories.make_topic("hearings")
    quote = factories.make_quote()
    factories.make_coding(quote, contract, "oppose")
    factories.make_coding(quote, hearings, "support")
    factories.make_coding(quote, factories.make_topic(), "mixed", is_final=False)
    assert rows(as_editor, Quote, stance="support") == [quote]
    assert rows(as_editor, Quote, topic=contract.pk) == [quote]
    assert rows(as_editor, Quote, topic=contract.pk, stance="oppose") == [quote]
    assert rows(as_editor, Quote, topic=contract.pk, stance="support") == []
    assert rows(as_editor, Quote, stance="mixed") == []


def test_a_topic_means_addressed_unless_the_stance_says_otherwise(as_editor: Client) -> None:
    topic, quote = factories.make_topic(), factories.make_quote()
    factories.make_coding(quote, topic, "not_addressed")
    assert rows(as_editor, Quote, topic=topic.pk) == []
    assert rows(as_editor, Quote, topic=topic.pk, stance="not_addressed") == [quote]


def test_outlet_speaker_status_and_kind(as_editor: Client, editor: Any) -> None:
    outlet = factories.make_organization()
    quote = factories.make_quote(article=factories.make_article(outlet=outlet), kind="partial", created_by=editor)
    factories.make_quote()
    for filters in (
        {"outlet": outlet.pk},
        {"speaker": quote.speaker_id},
        {"kind__exact": "partial"},
        {"created_by__id__exact": editor.pk},
        {"q": str(quote.uid)},
        {"article__id__exact": quote.article_id},
    ):
        assert rows(as_editor, Quote, **filters) == [quote]
    assert len(rows(as_editor, Quote, status__exact="draft", verification__exact="attested")) == 2
    assert rows(as_editor, Article, outlet=outlet.pk) == [quote.article]


def test_other_lists_are_narrowed_by_organization_and_topic(as_editor: Client) -> None:
    ministry = factories.make_organization("ministry")
    office = factories.make_organization("lamp-office", parent=ministry)
    capacity = factories.make_capacity(factories.make_quote(), office)
    coding = factories.make_coding(capacity.quote, factories.make_topic())
    assert rows(as_editor, Affiliation, organization=office.pk) == [capacity.affiliation]
    assert rows(as_editor, QuoteAffiliation, organization=office.pk) == [capacity]
    assert rows(as_editor, QuoteAffiliation, organization=ministry.pk) == []
    assert rows(as_editor, Coding, topic=coding.topic_id) == [coding]
    assert set(rows(as_editor, Organization, below=ministry.pk)) == {ministry, office}
    assert rows(as_editor, Organization, below=ministry.pk, q="lamp") == [office]


def test_a_filter_shows_its_choice_and_keeps_the_others(as_editor: Client) -> None:
    office = factories.make_organization("lamp-office")
    page = as_editor.get(url(Quote, "changelist"), {"affiliation": office.pk, "status__exact": "draft", "q": "lamps"})
    text = page.content.decode()
    assert "Lamp Office" in text
    assert '<input type="hidden" name="status__exact" value="draft">' in text
    assert '<input type="hidden" name="q" value="lamps">' in text
    assert "Any affiliation" in text


def test_counts_can_be_shown(as_editor: Client) -> None:
    topic, quote = factories.make_topic(), factories.make_quote()
    factories.make_coding(quote, topic, "oppose")
    page = as_editor.get(url(Quote, "changelist"), {"_facets": "1", "topic": topic.pk}).content.decode()
    assert "oppose (1)" in page
    assert "support (0)" in page


def test_thousands_of_organizations_make_no_longer_page(as_editor: Client) -> None:
    few = len(as_editor.get(url(Quote, "changelist")).content)
    Organization.objects.bulk_create(
        Organization(slug=f"office-{number}", name=f"Office {number}", kind="other") for number in range(2000)
    )
    assert len(as_editor.get(url(Quote, "changelist")).content) == pytest.approx(few, abs=200)


def test_an_unknown_record_is_no_empty_list(as_editor: Client) -> None:
    page = as_editor.get(url(Quote, "changelist"), {"affiliation": "999999"})
    assert page.status_code == 302
    assert page.headers["Location"].endswith("?e=1")


@pytest.mark.parametrize("value", ["nul \0", "(((", "\\", "-1", "99999999999999999999", "x" * 5000, "٣"])
def test_values_that_no_field_can_have_are_no_error_pages(as_editor: Client, value: str) -> None:
    for name in ("status__exact", "stance", "standing", "created_by__id__exact", "o", "p", "q", "text__regex"):
        assert as_editor.get(url(Quote, "changelist"), {name: value}).status_code in {200, 302, 400}
    for name in ("provided_on__gte", "provided_on__year", "kind__exact"):
        assert as_editor.get(url(Evidence, "changelist"), {name: value}).status_code in {200, 302, 400}
    offer = {"app_label": "quotes", "model_name": "quote", "field_name": "speaker", "term": value}
    assert as_editor.get("/admin/autocomplete/", offer).status_code == 200
    assert as_editor.get(url(Snapshot, "add"), {"retrieved_at": value, "article": value}).status_code == 200


def test_no_regular_expression_is_asked(as_editor: Client) -> None:
    assert as_editor.get(url(Quote, "changelist"), {"text__regex": "(a+)+$"}).status_code == 400
