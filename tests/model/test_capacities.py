"""QuoteAffiliation: the capacity in which the words were said is one of the speaker's own, and one of them is primary."""

from __future__ import annotations

import pgtrigger
import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from quotes.models import Affiliation, Organization, Quote, QuoteAffiliation
from tests.factories import make_affiliation, make_capacity, make_organization, make_person, make_quote
from tests.model import meet, refused, run, settle

pytestmark = pytest.mark.django_db


@pytest.fixture
def organization() -> Organization:
    return make_organization()


@pytest.fixture
def capacity(organization: Organization) -> QuoteAffiliation:
    return make_capacity(make_quote(), organization)


def test_the_speaker_is_copied_from_the_quote(capacity: QuoteAffiliation) -> None:
    capacity.refresh_from_db()
    assert capacity.speaker == capacity.quote.speaker


def test_the_speaker_is_copied_whatever_is_said(capacity: QuoteAffiliation) -> None:
    run("UPDATE quotes_quoteaffiliation SET speaker_id = %s", make_person().pk)
    settle()
    capacity.refresh_from_db()
    assert capacity.speaker == capacity.quote.speaker


def test_the_speaker_is_the_quotes_even_without_the_trigger_that_copies_it(capacity: QuoteAffiliation) -> None:
    with (
        refused("quote_affiliation_speaker_said_it"),
        pgtrigger.ignore("quotes.QuoteAffiliation:quote_affiliation_speaker"),
    ):
        QuoteAffiliation.objects.filter(pk=capacity.pk).update(speaker=make_person())


def test_an_affiliation_of_somebody_else_is_no_capacity_of_the_speaker(organization: Organization) -> None:
    quote = make_quote()
    affiliation = make_affiliation(make_person(), organization)
    with refused("quote_affiliation_is_the_speakers"):
        make_capacity(quote, organization, affiliation=affiliation)


def test_a_capacity_does_not_become_somebody_elses(capacity: QuoteAffiliation, organization: Organization) -> None:
    affiliation = make_affiliation(make_person(), organization)
    with refused("quote_affiliation_is_the_speakers"):
        QuoteAffiliation.objects.filter(pk=capacity.pk).update(affiliation=affiliation)


def test_the_speaker_of_a_quote_with_capacities_is_not_just_replaced(capacity: QuoteAffiliation) -> None:
    with refused("quote_affiliation_is_the_speakers"):
        Quote.objects.filter(pk=capacity.quote_id).update(speaker=make_person())


def test_a_quote_with_capacities_does_not_lose_its_speaker(capacity: QuoteAffiliation) -> None:
    with pytest.raises(IntegrityError, match="speaker_id"), transaction.atomic():
        Quote.objects.filter(pk=capacity.quote_id).update(source_type="document", speaker=None)


def test_the_affiliation_of_a_capacity_is_not_given_to_another_person(capacity: QuoteAffiliation) -> None:
    with refused("quote_affiliation_is_the_speakers"):
        Affiliation.objects.filter(pk=capacity.affiliation_id).update(person=make_person())


@pytest.mark.parametrize("models", [(Quote, Affiliation), (Affiliation, Quote)], ids=["quotes first", "quotes last"])
def test_a_merge_moves_quotes_and_affiliations_in_one_transaction(
    capacity: QuoteAffiliation, models: tuple[type[Quote], type[Affiliation]]
) -> None:
    settle()
    merged, person = capacity.quote.speaker, make_person()
    for model in models:
        field = "speaker" if model is Quote else "person"
        model._default_manager.filter(**{field: merged}).update(**{field: person})
    settle()
    capacity.refresh_from_db()
    assert (capacity.speaker, capacity.affiliation.person) == (person, person)


@pytest.mark.django_db(transaction=True)
def test_a_half_done_merge_is_refused_when_it_is_committed(capacity: QuoteAffiliation) -> None:
    person = make_person()
    with pytest.raises(IntegrityError), transaction.atomic():
        Quote.objects.filter(pk=capacity.quote_id).update(speaker=person)
    capacity.quote.refresh_from_db()
    assert capacity.quote.speaker != person


@pytest.mark.django_db(transaction=True)
def test_a_speaker_is_not_replaced_while_another_session_states_a_capacity(organization: Organization) -> None:
    quote, other_speaker = make_quote(), make_person()
    with pytest.raises(IntegrityError, match="quote_affiliation_speaker_said_it"):
        meet(
            lambda: make_capacity(quote, organization),
            lambda: Quote.objects.filter(pk=quote.pk).update(speaker=other_speaker),
        )


@pytest.mark.parametrize("source_type", ["organization", "unnamed", "document"])
def test_a_source_that_is_no_person_has_no_capacity(source_type: str, organization: Organization) -> None:
    quote = make_quote(source_type=source_type, organization=organization)
    affiliation = make_affiliation(make_person(), organization)
    with pytest.raises(IntegrityError, match="speaker_id"), transaction.atomic():
        QuoteAffiliation.objects.create(quote=quote, affiliation=affiliation)


def test_a_capacity_is_stated_once(capacity: QuoteAffiliation, organization: Organization) -> None:
    with refused("quote_affiliation_once"):
        make_capacity(capacity.quote, organization, affiliation=capacity.affiliation, is_primary=False)


def test_a_standing_is_of_the_vocabulary(capacity: QuoteAffiliation) -> None:
    with refused("quote_affiliation_standing_known"):
        QuoteAffiliation.objects.filter(pk=capacity.pk).update(standing="retired")


def test_a_quote_may_have_no_capacity() -> None:
    quote = make_quote()
    settle()
    assert not quote.affiliations.exists()


def test_a_quote_has_no_second_primary_capacity(capacity: QuoteAffiliation, organization: Organization) -> None:
    with refused("quote_affiliation_primary_once"):
        make_capacity(capacity.quote, organization)


def test_one_of_the_capacities_is_primary(organization: Organization) -> None:
    quote = make_quote()
    with refused("quote_affiliation_one_primary"):
        make_capacity(quote, organization, is_primary=False)


def test_the_primary_capacity_is_not_just_demoted(capacity: QuoteAffiliation) -> None:
    with refused("quote_affiliation_one_primary"):
        QuoteAffiliation.objects.filter(pk=capacity.pk).update(is_primary=False)


def test_the_primary_capacity_is_not_deleted_from_others(
    capacity: QuoteAffiliation, organization: Organization
) -> None:
    make_capacity(capacity.quote, organization, is_primary=False)
    with refused("quote_affiliation_one_primary"):
        run("DELETE FROM quotes_quoteaffiliation WHERE id = %s", capacity.pk)


def test_the_primary_capacity_is_not_moved_away_from_others(
    capacity: QuoteAffiliation, organization: Organization
) -> None:
    make_capacity(capacity.quote, organization, is_primary=False)
    other_quote = make_quote(speaker=capacity.quote.speaker)
    with refused("quote_affiliation_one_primary"):
        QuoteAffiliation.objects.filter(pk=capacity.pk).update(quote=other_quote)


def test_another_capacity_becomes_primary_in_one_transaction(
    capacity: QuoteAffiliation, organization: Organization
) -> None:
    other = make_capacity(capacity.quote, organization, is_primary=False)
    QuoteAffiliation.objects.filter(pk=capacity.pk).update(is_primary=False)
    QuoteAffiliation.objects.filter(pk=other.pk).update(is_primary=True)
    settle()
    assert capacity.quote.affiliations.get(is_primary=True) == other


def test_all_capacities_go_together(capacity: QuoteAffiliation, organization: Organization) -> None:
    make_capacity(capacity.quote, organization, is_primary=False)
    capacity.quote.affiliations.all().delete()
    settle()
    assert not capacity.quote.affiliations.exists()


@pytest.mark.django_db(transaction=True)
def test_a_missing_primary_capacity_is_refused_when_it_is_committed(organization: Organization) -> None:
    quote = make_quote()
    with pytest.raises(IntegrityError, match="exactly one"):
        make_capacity(quote, organization, is_primary=False)


@pytest.mark.django_db(transaction=True)
def test_two_sessions_do_not_leave_a_quote_without_a_primary_capacity(
    capacity: QuoteAffiliation, organization: Organization
) -> None:
    def delete_the_primary() -> None:
        capacity.delete()
        settle()

    def add_another() -> None:
        make_capacity(capacity.quote, organization, is_primary=False)

    with pytest.raises(IntegrityError, match="exactly one"):
        meet(delete_the_primary, add_another)


def test_an_affiliation_that_words_were_said_in_is_not_deleted(capacity: QuoteAffiliation) -> None:
    with pytest.raises(ProtectedError):
        capacity.affiliation.delete()


def test_a_draft_goes_with_its_capacities(capacity: QuoteAffiliation) -> None:
    capacity.quote.delete()
    settle()
    assert not QuoteAffiliation.objects.exists()


def test_a_capacity_of_a_form_passes_its_checks_before_it_is_saved(organization: Organization) -> None:
    quote = make_quote()
    assert quote.speaker
    QuoteAffiliation(quote=quote, affiliation=make_affiliation(quote.speaker, organization)).full_clean()
