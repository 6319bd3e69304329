"""People, organizations and affiliations."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, transaction
from django.db.models import ProtectedError

from quotes.models import Affiliation, Organization, Person
from tests.factories import make_affiliation, make_organization, make_person
from tests.model import BAD_SLUGS, refused, run

pytestmark = pytest.mark.django_db

BAD_WIKIDATA_IDS = ("", "42", "q42", "Q0", "Q042", "P31", "Q42 ", "Q42\n")


@pytest.mark.parametrize("slug", BAD_SLUGS)
def test_a_person_has_a_slug_of_lower_case_words(slug: str) -> None:
    person = make_person()
    with refused("person_slug_shape"):
        Person.objects.filter(pk=person.pk).update(slug=slug)


@pytest.mark.parametrize("slug", BAD_SLUGS)
def test_an_organization_has_a_slug_of_lower_case_words(slug: str) -> None:
    organization = make_organization()
    with refused("organization_slug_shape"):
        Organization.objects.filter(pk=organization.pk).update(slug=slug)


def test_two_people_do_not_share_a_slug() -> None:
    make_person(slug="orla-tamsin")
    with refused("quotes_person_slug_key"):
        make_person(slug="orla-tamsin")


def test_two_organizations_do_not_share_a_slug() -> None:
    make_organization("harbour-board")
    with refused("quotes_organization_slug_key"):
        make_organization("harbour-board")


def test_two_people_may_share_a_name() -> None:
    make_person("Orla Tamsin")
    make_person("Orla Tamsin")
    assert Person.objects.filter(name="Orla Tamsin").count() == 2


@pytest.mark.parametrize("wikidata_id", BAD_WIKIDATA_IDS)
def test_a_person_has_a_wikidata_id_of_its_shape(wikidata_id: str) -> None:
    person = make_person()
    with refused("person_wikidata_shape"):
        run("UPDATE quotes_person SET wikidata_id = %s WHERE id = %s", wikidata_id, person.pk)


@pytest.mark.parametrize("wikidata_id", BAD_WIKIDATA_IDS)
def test_an_organization_has_a_wikidata_id_of_its_shape(wikidata_id: str) -> None:
    organization = make_organization()
    with refused("organization_wikidata_shape"):
        run("UPDATE quotes_organization SET wikidata_id = %s WHERE id = %s", wikidata_id, organization.pk)


def test_a_wikidata_id_is_of_one_person() -> None:
    make_person(wikidata_id="Q999999999901")
    with refused("quotes_person_wikidata_id_key"):
        make_person(wikidata_id="Q999999999901")


def test_a_wikidata_id_is_of_one_organization() -> None:
    make_organization(wikidata_id="Q999999999902")
    with refused("quotes_organization_wikidata_id_key"):
        make_organization(wikidata_id="Q999999999902")


def test_any_number_of_people_have_no_wikidata_id() -> None:
    make_person(wikidata_id=None)
    make_person(wikidata_id=None)
    assert Person.objects.filter(wikidata_id=None).count() == 2


def test_an_organization_is_of_a_known_kind() -> None:
    with refused("organization_kind_known"):
        make_organization(kind="cabal")


@pytest.mark.parametrize("country", ["xx", "X", "X1"])
def test_a_country_is_two_capital_letters(country: str) -> None:
    with refused("organization_country_shape"):
        make_organization(country=country)


@pytest.mark.parametrize("country", ["XX", ""])
def test_a_country_may_be_unknown(country: str) -> None:
    assert make_organization(country=country).country == country


def test_an_organization_does_not_succeed_itself() -> None:
    organization = make_organization()
    with refused("organization_not_its_own_successor"):
        run("UPDATE quotes_organization SET successor_id = id WHERE id = %s", organization.pk)


def test_an_organization_may_have_a_successor() -> None:
    successor = make_organization()
    renamed = make_organization(successor=successor)
    assert list(successor.predecessors.all()) == [renamed]


def test_an_organization_with_units_is_not_deleted() -> None:
    organization = make_organization()
    make_organization(parent=organization)
    with pytest.raises(ProtectedError):
        organization.delete()


@pytest.mark.parametrize("start", [None, "2024", "2024-11-03"])
def test_an_affiliation_is_recorded_once_even_with_an_unknown_start(start: str | None) -> None:
    person, organization = make_person(), make_organization()
    make_affiliation(person, organization, "counsel", start=start)
    with refused("affiliation_unique"):
        make_affiliation(person, organization, "counsel", start=start)


def test_a_role_may_be_taken_up_again() -> None:
    person, organization = make_person(), make_organization()
    make_affiliation(person, organization, "counsel", start="2019", end="2020")
    make_affiliation(person, organization, "counsel", start="2024")
    assert person.affiliations.count() == 2


def test_an_affiliation_is_of_a_known_kind() -> None:
    with refused("affiliation_kind_known"):
        make_affiliation(make_person(), make_organization(), kind="friendship")


@pytest.mark.parametrize("words", ["24", "2024-1", "2024-11-", "2024/11"])
def test_an_affiliation_starts_on_a_partial_date(words: str) -> None:
    affiliation = make_affiliation(make_person(), make_organization())
    with refused("affiliation_start_is_a_date"):
        run("UPDATE quotes_affiliation SET start = %s WHERE id = %s", words, affiliation.pk)


@pytest.mark.parametrize("words", ["", "soon", " 2024", "2024-13", "2024-02-30"])
def test_an_affiliation_starts_on_no_other_words(words: str) -> None:
    affiliation = make_affiliation(make_person(), make_organization())
    with pytest.raises((DataError, IntegrityError)), transaction.atomic():
        run("UPDATE quotes_affiliation SET start = %s WHERE id = %s", words, affiliation.pk)


def test_an_affiliation_ends_on_a_partial_date() -> None:
    affiliation = make_affiliation(make_person(), make_organization())
    with refused("affiliation_end_is_a_date"):
        run("UPDATE quotes_affiliation SET \"end\" = 'later' WHERE id = %s", affiliation.pk)


@pytest.mark.parametrize(("start", "end"), [("2024", "2023"), ("2024-11", "2024-10-31"), ("2024-11-03", "2024-11-02")])
def test_an_affiliation_does_not_end_before_it_starts(start: str, end: str) -> None:
    with refused("affiliation_ends_after_start"):
        make_affiliation(make_person(), make_organization(), start=start, end=end)


@pytest.mark.parametrize(
    ("start", "end"),
    [("2024-11", "2024"), ("2024", "2024-01"), ("2024-11-03", "2024-11-03"), (None, "2020"), ("2020", None)],
)
def test_periods_in_order_may_overlap_or_stay_open(start: str | None, end: str | None) -> None:
    affiliation = make_affiliation(make_person(), make_organization(), start=start, end=end)
    affiliation.refresh_from_db()
    assert (affiliation.start, affiliation.end) == (start, end)


def test_people_and_organizations_of_a_form_pass_its_checks() -> None:
    Person(slug="orla-tamsin", name="Orla Tamsin", sort_name="Tamsin, Orla").full_clean()
    Organization(slug="harbour-board", name="Harbour Board", kind="court", parent=make_organization()).full_clean()
    Affiliation(person=make_person(), organization=make_organization(), start="2024").full_clean()


def test_a_form_says_what_is_wrong_with_a_slug() -> None:
    with pytest.raises(ValidationError) as caught:
        Person(slug="Orla Tamsin", name="Orla Tamsin", sort_name="Tamsin, Orla").full_clean()
    assert "slug" in caught.value.message_dict


@pytest.mark.parametrize(
    ("date", "found"),
    [("2023-12", False), ("2024", True), ("2024-06-15", True), ("2025-06", True), ("2026", False)],
)
def test_affiliations_at_a_date_are_those_that_may_have_held_then(date: str, found: bool) -> None:
    affiliation = make_affiliation(make_person(), make_organization(), start="2024-06", end="2025")
    assert (affiliation in Affiliation.objects.at(date)) is found


def test_an_affiliation_without_dates_says_nothing_of_any_date() -> None:
    make_affiliation(make_person(), make_organization())
    assert not Affiliation.objects.at("2024").exists()


def test_an_affiliation_without_end_may_still_hold() -> None:
    affiliation = make_affiliation(make_person(), make_organization(), start="2020")
    assert list(Affiliation.objects.at("2024")) == [affiliation]
