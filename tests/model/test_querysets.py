"""What the filters mean: the questions that curators and the publication ask of quotes."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from quotes.models import Organization, Quote
from quotes.vocabulary import Stance, Standing, Status, Verification
from tests.factories import (
    make_affiliation,
    make_article,
    make_capacity,
    make_coding,
    make_evidence,
    make_organization,
    make_quote,
    make_topic,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def ministry() -> Organization:
    return make_organization("ministry-of-lamps")


@pytest.fixture
def bureau(ministry: Organization) -> Organization:
    return make_organization("bureau-of-lanterns", parent=ministry)


def publish(quote: Quote) -> Quote:
    Quote.objects.filter(pk=quote.pk).update(status=Status.PUBLISHED, published_at=timezone.now())
    return quote


def test_words_said_in_a_capacity_at_an_organization_are_affiliated_with_it(bureau: Organization) -> None:
    quote = make_quote()
    make_capacity(quote, bureau)
    make_quote()
    assert list(Quote.objects.affiliated_with([bureau])) == [quote]


def test_an_organization_includes_its_units(ministry: Organization, bureau: Organization) -> None:
    quote = make_quote()
    make_capacity(quote, bureau)
    assert list(Quote.objects.affiliated_with([ministry])) == [quote]


def test_exactly_an_organization_leaves_out_its_units(ministry: Organization, bureau: Organization) -> None:
    make_capacity(make_quote(), bureau)
    make_quote(source_type="organization", organization=bureau)
    assert not Quote.objects.affiliated_with([ministry], scope="exact").exists()


def test_a_unit_does_not_include_what_it_belongs_to(ministry: Organization, bureau: Organization) -> None:
    make_capacity(make_quote(), ministry)
    assert not Quote.objects.affiliated_with([bureau]).exists()


def test_a_job_taken_later_does_not_relabel_old_quotes(bureau: Organization) -> None:
    quote = make_quote()
    make_affiliation(quote.speaker, bureau, start="2025")
    assert not Quote.objects.affiliated_with([bureau], standing=Standing.values).exists()


def test_a_former_official_is_not_current_staff(bureau: Organization) -> None:
    make_capacity(make_quote(), bureau, standing="former")
    assert not Quote.objects.affiliated_with([bureau]).exists()


def test_a_former_official_is_found_as_former(bureau: Organization) -> None:
    quote = make_quote()
    make_capacity(quote, bureau, standing="former")
    assert list(Quote.objects.affiliated_with([bureau], standing=["former"])) == [quote]


@pytest.mark.parametrize("standing", Standing.values)
def test_any_standing_finds_every_standing(standing: str, bureau: Organization) -> None:
    quote = make_quote()
    make_capacity(quote, bureau, standing=standing)
    assert list(Quote.objects.affiliated_with([bureau], standing=Standing.values)) == [quote]


def test_the_standing_is_that_at_the_very_organization(ministry: Organization) -> None:
    quote, other = make_quote(), make_organization()
    make_capacity(quote, ministry, standing="former")
    make_capacity(quote, other, is_primary=False)
    assert not Quote.objects.affiliated_with([ministry]).exists()


@pytest.mark.parametrize("source_type", ["organization", "unnamed", "document"])
def test_a_source_without_a_standing_is_current(source_type: str, bureau: Organization) -> None:
    quote = make_quote(source_type=source_type, organization=bureau)
    assert list(Quote.objects.affiliated_with([bureau])) == [quote]


@pytest.mark.parametrize("standing", [Standing.FORMER, Standing.INCOMING, Standing.UNKNOWN])
def test_a_source_without_a_standing_is_nothing_but_current(standing: str, bureau: Organization) -> None:
    make_quote(source_type="organization", organization=bureau)
    assert not Quote.objects.affiliated_with([bureau], standing=[standing]).exists()


def test_a_spokesperson_is_affiliated_with_whom_they_speak_for(ministry: Organization, bureau: Organization) -> None:
    quote = make_quote(speaks_for_organization=True, organization=bureau)
    assert list(Quote.objects.affiliated_with([ministry])) == [quote]


def test_the_outlet_is_no_affiliation(bureau: Organization) -> None:
    make_quote(article=make_article(outlet=bureau))
    assert not Quote.objects.affiliated_with([bureau], standing=Standing.values).exists()


def test_a_quote_of_several_capacities_comes_once(ministry: Organization, bureau: Organization) -> None:
    quote = make_quote()
    make_capacity(quote, ministry)
    make_capacity(quote, bureau, is_primary=False)
    assert list(Quote.objects.affiliated_with([ministry, bureau])) == [quote]


def test_a_capacity_that_is_not_primary_counts(bureau: Organization) -> None:
    quote = make_quote()
    make_capacity(quote, make_organization())
    make_capacity(quote, bureau, is_primary=False)
    assert list(Quote.objects.affiliated_with([bureau])) == [quote]


def test_no_organizations_have_no_quotes() -> None:
    make_quote(source_type="organization", organization=make_organization())
    assert list(Quote.objects.affiliated_with([])) == []


def test_a_branch_of_organizations_is_asked_for_in_one_query(
    ministry: Organization, bureau: Organization, django_assert_num_queries: Any
) -> None:
    quote = make_quote(source_type="organization", organization=bureau)
    with django_assert_num_queries(1):  # the quotes, with the recursive query inside
        assert list(Quote.objects.affiliated_with([ministry])) == [quote]


def test_stance_and_topic_hold_on_the_same_coding() -> None:
    quote, contract, hearings = make_quote(), make_topic(), make_topic()
    make_coding(quote, contract, "oppose")
    make_coding(quote, hearings, "support")
    assert not Quote.objects.taking([Stance.SUPPORT], on=[contract]).exists()
    assert list(Quote.objects.taking([Stance.OPPOSE], on=[contract]).taking([Stance.SUPPORT], on=[hearings])) == [quote]


def test_a_stance_alone_means_any_topic() -> None:
    quote = make_quote()
    make_coding(quote, make_topic(), "oppose")
    make_coding(make_quote(), make_topic(), "support")
    assert list(Quote.objects.taking([Stance.OPPOSE])) == [quote]


def test_several_stances_are_or_and_a_quote_comes_once() -> None:
    quote = make_quote()
    make_coding(quote, make_topic(), "oppose")
    make_coding(quote, make_topic(), "support")
    assert list(Quote.objects.taking([Stance.OPPOSE, Stance.SUPPORT])) == [quote]


def test_stance_topic_and_certainty_hold_on_the_same_coding() -> None:
    contract, hearings = make_topic("contract"), make_topic("hearings")
    quote = make_quote()
    make_coding(quote, contract, Stance.OPPOSE, certainty="low")
    make_coding(quote, hearings, Stance.SUPPORT, certainty="high")
    assert not Quote.objects.taking([Stance.OPPOSE], certainty=["high"])
    assert not Quote.objects.addressing([contract], certainty=["high"])
    assert list(Quote.objects.taking([Stance.OPPOSE], on=[contract], certainty=["low"])) == [quote]


def test_only_final_codings_are_the_stance() -> None:
    quote, topic = make_quote(), make_topic()
    make_coding(quote, topic, "oppose", round=1, is_final=False)
    make_coding(quote, topic, "mixed")
    assert not Quote.objects.taking([Stance.OPPOSE]).exists()


def test_to_oppose_one_contract_is_not_to_oppose_the_technology() -> None:
    technology = make_topic()
    quote = make_quote()
    make_coding(quote, make_topic(parent=technology), "oppose")
    assert not Quote.objects.taking([Stance.OPPOSE], on=[technology]).exists()
    assert list(Quote.objects.taking([Stance.OPPOSE], on=[technology], scope="descendants")) == [quote]


@pytest.mark.parametrize("stance", [stance for stance in Stance if stance != Stance.NOT_ADDRESSED])
def test_a_coded_topic_is_addressed(stance: str) -> None:
    quote, topic = make_quote(), make_topic()
    make_coding(quote, topic, stance)
    assert list(Quote.objects.addressing([topic])) == [quote]


def test_a_topic_coded_as_not_addressed_is_not_addressed() -> None:
    topic = make_topic()
    make_coding(make_quote(), topic, "not_addressed")
    assert not Quote.objects.addressing([topic]).exists()


def test_a_quote_that_nobody_coded_addresses_nothing() -> None:
    make_quote()
    assert not Quote.objects.addressing([make_topic()]).exists()


def test_a_topic_may_be_addressed_below() -> None:
    topic, quote = make_topic(), make_quote()
    make_coding(quote, make_topic(parent=topic), "neutral")
    assert not Quote.objects.addressing([topic]).exists()
    assert list(Quote.objects.addressing([topic], scope="descendants")) == [quote]


def test_no_topics_are_addressed_by_nothing() -> None:
    make_coding(make_quote(), make_topic())
    assert list(Quote.objects.addressing([])) == []


def test_only_published_quotes_are_published() -> None:
    published, withdrawn = publish(make_quote()), publish(make_quote())
    make_quote(status=Status.DRAFT)
    make_quote(status=Status.IN_REVIEW)
    Quote.objects.filter(pk=withdrawn.pk).update(
        status=Status.WITHDRAWN, withdrawn_at=timezone.now(), withdrawn_reason="The paper took it back."
    )
    assert list(Quote.objects.published()) == [published]


@pytest.mark.parametrize("verification", Verification.values)
def test_the_retracted_and_the_fabricated_are_not_listed(verification: str) -> None:
    quote = make_quote(verification=verification)
    make_evidence(quote)
    is_listed = verification not in (Verification.RETRACTED, Verification.FABRICATED)
    assert Quote.objects.listed().exists() is is_listed


def test_questions_chain_into_a_sentence(bureau: Organization) -> None:
    quote, topic = publish(make_quote()), make_topic()
    make_capacity(quote, bureau)
    make_coding(quote, topic, "oppose")
    answer = Quote.objects.published().listed().affiliated_with([bureau], standing=[Standing.CURRENT])
    assert list(answer.taking([Stance.OPPOSE], on=[topic])) == [quote]
    assert not answer.taking([Stance.SUPPORT], on=[topic]).exists()
