"""What `affiliation` and its relatives mean: the capacity in which the words were said, and nothing else."""

from __future__ import annotations

import pytest

from quotes.curation import refresh_publication
from quotes.models import Affiliation, Organization
from quotes.vocabulary import Standing
from tests.api.asking import capacity, found, published, refused, said_at
from tests.factories import make_affiliation, make_article, make_organization, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def ministry() -> Organization:
    return make_organization("ministry-of-lamps")


@pytest.fixture
def bureau(ministry: Organization) -> Organization:
    return make_organization("bureau-of-lanterns", parent=ministry)


# Whose capacity


def test_words_said_in_a_capacity_at_an_organization_are_affiliated_with_it(bureau: Organization) -> None:
    quote = said_at(bureau)
    published()
    assert found("affiliation=bureau-of-lanterns") == [quote]


def test_a_job_taken_later_does_not_relabel_old_quotes(bureau: Organization) -> None:
    old, new = published(), said_at(bureau)
    make_affiliation(old.speaker, bureau, start="2025-04")
    refresh_publication()
    assert found("affiliation=bureau-of-lanterns&affiliation_status=any") == [new]


def test_a_quote_said_in_an_earlier_job_stays_with_that_job(ministry: Organization, bureau: Organization) -> None:
    old = said_at(bureau)
    later = said_at(make_organization("harbor-watch"), speaker=old.speaker)
    assert found("affiliation=bureau-of-lanterns&affiliation_status=any") == [old]
    assert found("affiliation=harbor-watch") == [later]


@pytest.mark.parametrize("source_type", ["organization", "unnamed", "document"])
def test_an_organization_that_is_the_source_is_its_affiliation(source_type: str, bureau: Organization) -> None:
    quote = published(source_type=source_type, organization=bureau)
    assert found("affiliation=bureau-of-lanterns") == [quote]


def test_a_spokesperson_is_affiliated_with_whom_they_speak_for(bureau: Organization) -> None:
    quote = published(speaks_for_organization=True, organization=bureau)
    assert found("affiliation=bureau-of-lanterns") == [quote]


def test_the_outlet_is_no_affiliation(bureau: Organization) -> None:
    quote = published(article=make_article(outlet=bureau))
    assert found("affiliation=bureau-of-lanterns&affiliation_status=any") == []
    assert found("outlet=bureau-of-lanterns") == [quote]


def test_the_author_is_no_speaker(bureau: Organization) -> None:
    author, article = make_person(slug="ottoline-varga"), make_article()
    article.authors.add(author)
    quote = published(article=article)
    assert found("speaker=ottoline-varga") == []
    assert found("author=ottoline-varga") == [quote]


def test_the_authors_own_capacity_does_not_reach_the_quotes_of_the_article(bureau: Organization) -> None:
    author, article = make_person(), make_article()
    article.authors.add(author)
    other = said_at(bureau, speaker=author)
    published(article=article)
    assert found("affiliation=bureau-of-lanterns&affiliation_status=any") == [other]


def test_a_quote_of_several_capacities_comes_once(ministry: Organization, bureau: Organization) -> None:
    quote = said_at(bureau)
    capacity(quote, ministry)
    capacity(quote, bureau, "former")
    assert found("affiliation=ministry-of-lamps,bureau-of-lanterns&affiliation_status=any") == [quote]


def test_a_capacity_that_is_not_primary_counts(ministry: Organization, bureau: Organization) -> None:
    quote = said_at(make_organization())
    capacity(quote, bureau)
    assert found("affiliation=bureau-of-lanterns") == [quote]


# Standing


def test_a_former_official_is_not_current_staff(bureau: Organization) -> None:
    said_at(bureau, "former")
    assert found("affiliation=bureau-of-lanterns") == []


@pytest.mark.parametrize("standing", Standing.values)
def test_a_standing_is_found_by_its_name_alone(standing: str, bureau: Organization) -> None:
    said_at(bureau, next(value for value in Standing.values if value != standing))
    quote = said_at(bureau, standing)
    assert found(f"affiliation=bureau-of-lanterns&affiliation_status={standing}") == [quote]


def test_any_standing_is_every_standing(bureau: Organization) -> None:
    quotes = {said_at(bureau, value) for value in Standing.values}
    assert set(found("affiliation=bureau-of-lanterns&affiliation_status=any")) == quotes


def test_several_standings_are_or(bureau: Organization) -> None:
    quotes = {said_at(bureau, value) for value in ("former", "incoming")}
    said_at(bureau, "unknown")
    assert set(found("affiliation=bureau-of-lanterns&affiliation_status=former,incoming")) == quotes


def test_the_standing_is_that_at_the_very_organization(ministry: Organization, bureau: Organization) -> None:
    quote = said_at(bureau, "former")
    capacity(quote, make_organization("harbor-watch"))
    assert found("affiliation=bureau-of-lanterns") == []
    assert found("affiliation=harbor-watch&affiliation_status=former") == []


def test_dates_do_not_make_a_standing(bureau: Organization) -> None:
    quote = said_at(bureau)
    Affiliation.objects.filter(person=quote.speaker).update(start="2001", end="2002")
    refresh_publication()
    assert found("affiliation=bureau-of-lanterns") == [quote]


def test_an_affiliation_without_dates_is_not_current_when_the_article_says_former(bureau: Organization) -> None:
    quote = said_at(bureau, "former")
    assert Affiliation.objects.get(person=quote.speaker).end is None
    assert found("affiliation=bureau-of-lanterns") == []


def test_an_affiliation_without_dates_is_suggested_for_no_date(bureau: Organization) -> None:
    make_affiliation(make_person(), bureau)
    assert not Affiliation.objects.at("2025-03-04").exists()


def test_an_affiliation_whose_start_alone_is_known_is_suggested_from_then_on(bureau: Organization) -> None:
    job = make_affiliation(make_person(), bureau, start="2024-11")
    assert list(Affiliation.objects.at("2025-03-04")) == [job]
    assert not Affiliation.objects.at("2024-10-31").exists()


@pytest.mark.parametrize("standing", ["former", "incoming", "unknown"])
def test_a_source_that_is_no_person_is_nothing_but_current(standing: str, bureau: Organization) -> None:
    published(source_type="unnamed", organization=bureau)
    assert found(f"affiliation=bureau-of-lanterns&affiliation_status={standing}") == []


def test_a_standing_alone_modifies_nothing_and_is_refused() -> None:
    assert refused("affiliation_status=any")["code"] == "nothing_to_modify"


# Units


def test_an_organization_includes_the_units_below_it_at_any_depth(ministry: Organization, bureau: Organization) -> None:
    quote = said_at(make_organization(parent=bureau))
    assert found("affiliation=ministry-of-lamps") == [quote]


def test_exactly_an_organization_leaves_its_units_out(ministry: Organization, bureau: Organization) -> None:
    own, _ = said_at(ministry), said_at(bureau)
    published(source_type="organization", organization=bureau)
    assert found("affiliation=ministry-of-lamps&affiliation_scope=exact") == [own]


def test_a_unit_does_not_include_what_it_belongs_to(ministry: Organization, bureau: Organization) -> None:
    own, _ = said_at(bureau), said_at(ministry)
    assert found("affiliation=bureau-of-lanterns") == [own]


def test_a_former_member_of_a_unit_is_a_former_member_of_the_whole(
    ministry: Organization, bureau: Organization
) -> None:
    quote = said_at(bureau, "former")
    assert found("affiliation=ministry-of-lamps") == []
    assert found("affiliation=ministry-of-lamps&affiliation_status=former") == [quote]


def test_a_unit_that_moves_takes_its_quotes_along(ministry: Organization, bureau: Organization) -> None:
    watch, quote = make_organization("harbor-watch"), said_at(bureau)
    said_at(ministry)
    said_at(watch)
    bureau.parent = watch
    bureau.save()
    refresh_publication()
    assert quote in found("affiliation=harbor-watch")
    assert quote not in found("affiliation=ministry-of-lamps")


def test_a_scope_alone_modifies_nothing_and_is_refused() -> None:
    assert refused("affiliation_scope=exact")["code"] == "nothing_to_modify"


# Kinds of organizations


def test_the_kind_of_organization_is_that_of_the_capacity() -> None:
    quote = said_at(make_organization(kind="court"))
    said_at(make_organization(kind="company"))
    assert found("organization_kind=court") == [quote]


def test_the_kind_of_organization_respects_the_standing() -> None:
    quote = said_at(make_organization(kind="court"), "former")
    assert found("organization_kind=court") == []
    assert found("organization_kind=court&affiliation_status=former") == [quote]


def test_the_standing_and_the_kind_hold_on_the_same_affiliation() -> None:
    quote = said_at(make_organization(kind="court"), "former")
    capacity(quote, make_organization(kind="advocacy"))
    assert found("organization_kind=court") == []
    assert found("organization_kind=advocacy") == [quote]
    assert found("organization_kind=advocacy&affiliation_status=former") == []


def test_the_kind_of_what_stands_above_does_not_count() -> None:
    said_at(make_organization(kind="research", parent=make_organization(kind="government_agency")))
    assert found("organization_kind=government_agency") == []


def test_the_kind_of_the_outlet_does_not_count() -> None:
    published(article=make_article(outlet=make_organization(kind="media")))
    assert found("organization_kind=media") == []


# Speaking for


def test_a_person_who_speaks_for_an_organization_is_found_by_it(bureau: Organization) -> None:
    quote = published(speaks_for_organization=True, organization=bureau)
    assert found("speaks_for=bureau-of-lanterns") == [quote]


def test_a_capacity_alone_does_not_speak_for_the_organization(bureau: Organization) -> None:
    said_at(bureau)
    assert found("speaks_for=bureau-of-lanterns") == []


def test_an_organization_that_is_the_source_is_not_spoken_for(bureau: Organization) -> None:
    published(source_type="organization", organization=bureau)
    assert found("speaks_for=bureau-of-lanterns") == []


def test_who_speaks_for_a_unit_does_not_speak_for_the_whole(ministry: Organization, bureau: Organization) -> None:
    published(speaks_for_organization=True, organization=bureau)
    assert found("speaks_for=ministry-of-lamps") == []
