"""By what name a filter takes an entity: its slug, its Wikidata id, or the old slug of one that was merged into it."""

from __future__ import annotations

import pytest

from quotes.curation import merge_organizations, merge_people, refresh_publication
from quotes.models import Organization, Person, Redirect
from tests.api.asking import CLIENT, ask, draft, found, listed, published, refused, said_at
from tests.factories import make_article, make_organization, make_person, make_topic

pytestmark = pytest.mark.django_db


@pytest.fixture
def varga() -> Person:
    return make_person("Ottoline Varga", slug="ottoline-varga", wikidata_id="Q900000001")


@pytest.fixture
def guild() -> Organization:
    return make_organization("lamp-guild", wikidata_id="Q900000002")


# Wikidata


def test_people_are_taken_by_wikidata_id(varga: Person) -> None:
    quote = published(speaker=varga)
    published()
    assert found("speaker=Q900000001") == [quote]


def test_organizations_are_taken_by_wikidata_id(guild: Organization) -> None:
    quote = said_at(guild)
    published()
    assert found("affiliation=Q900000002") == [quote]


def test_slugs_and_wikidata_ids_go_together(varga: Person) -> None:
    quotes = {published(speaker=varga), published(speaker=make_person(slug="bram-telleri"))}
    assert set(found("speaker=Q900000001,bram-telleri,ottoline-varga")) == quotes


def test_a_wikidata_id_of_another_kind_is_unknown(varga: Person, guild: Organization) -> None:
    said_at(guild, speaker=varga)
    assert refused("affiliation=Q900000001")["code"] == "unknown_organization"


def test_no_wikidata_id_is_no_name() -> None:
    published()
    assert refused("speaker=None")["code"] == "unknown_person"


# Merged


def test_the_slug_of_a_merged_person_still_works(varga: Person) -> None:
    other = make_person("O. Varga", slug="o-varga")
    quotes = {published(speaker=varga), published(speaker=other)}
    merge_people(keep=varga, merged=other, actor=None)
    assert set(found("speaker=o-varga")) == set(found("speaker=ottoline-varga")) == quotes


def test_the_slug_of_a_merged_organization_still_works(guild: Organization) -> None:
    other = make_organization("guild-of-lamps")
    quotes = {said_at(guild), said_at(other)}
    merge_organizations(keep=guild, merged=other, actor=None)
    assert set(found("affiliation=guild-of-lamps")) == set(found("affiliation=lamp-guild")) == quotes


def test_the_old_and_the_new_slug_together_are_one(guild: Organization) -> None:
    other = make_organization("guild-of-lamps")
    quote = said_at(other)
    merge_organizations(keep=guild, merged=other, actor=None)
    assert found("affiliation=guild-of-lamps,lamp-guild,Q900000002") == [quote]


def test_the_slug_of_a_merged_organization_works_in_every_filter(guild: Organization) -> None:
    other = make_organization("guild-of-lamps")
    spoken = published(speaks_for_organization=True, organization=other, article=make_article(outlet=other))
    merge_organizations(keep=guild, merged=other, actor=None)
    assert found("speaks_for=guild-of-lamps") == found("outlet=guild-of-lamps") == [spoken]
    assert found("affiliation__not=guild-of-lamps") == []


def test_a_slug_that_was_merged_twice_still_works(varga: Person) -> None:
    first, second = make_person(slug="o-varga"), make_person(slug="ottoline-v")
    quote = published(speaker=first)
    merge_people(keep=second, merged=first, actor=None)
    merge_people(keep=varga, merged=second, actor=None)
    assert found("speaker=o-varga") == found("speaker=ottoline-v") == [quote]


def test_an_old_slug_is_applied_as_it_was_given(varga: Person) -> None:
    other = make_person(slug="o-varga")
    published(speaker=other)
    merge_people(keep=varga, merged=other, actor=None)
    assert ask("speaker=o-varga")["applied"]["speaker"] == ["o-varga"]


def test_a_merged_person_is_in_the_list_once(varga: Person) -> None:
    other = make_person(slug="o-varga")
    published(speaker=other)
    published(speaker=varga)
    merge_people(keep=varga, merged=other, actor=None)
    assert listed("people/") == ["ottoline-varga"]


def test_an_old_slug_that_leads_to_nobody_public_is_unknown(varga: Person) -> None:
    other = make_person(slug="o-varga")
    draft(speaker=other)
    merge_people(keep=varga, merged=other, actor=None)
    assert refused("speaker=o-varga")["code"] == "unknown_person"
    ask(path="people/o-varga/", status=404)


# Their addresses


def test_the_address_of_a_merged_person_leads_on(varga: Person) -> None:
    other = make_person(slug="o-varga")
    published(speaker=other)
    merge_people(keep=varga, merged=other, actor=None)
    answer = CLIENT.get("/api/v1/people/o-varga/")
    assert (answer.status_code, answer["Location"]) == (301, "/api/v1/people/ottoline-varga/")


def test_the_redirection_is_remembered_for_minutes_only(varga: Person) -> None:
    other = make_person(slug="o-varga")
    published(speaker=other)
    merge_people(keep=varga, merged=other, actor=None)
    assert CLIENT.get("/api/v1/people/o-varga/")["Cache-Control"] == "public, max-age=300"


def test_the_address_of_a_merged_organization_leads_on(guild: Organization) -> None:
    other = make_organization("guild-of-lamps")
    said_at(other)
    merge_organizations(keep=guild, merged=other, actor=None)
    answer = CLIENT.get("/api/v1/organizations/guild-of-lamps/", follow=True)
    assert (answer.redirect_chain[0][1], answer.json()["slug"]) == (301, "lamp-guild")


@pytest.mark.parametrize("old", ["organizations", "v1", "api"])
def test_an_old_slug_that_is_part_of_the_address_leads_to_the_right_one(old: str, guild: Organization) -> None:
    other = make_organization(old)
    said_at(other)
    merge_organizations(keep=guild, merged=other, actor=None)
    answer = CLIENT.get(f"/api/v1/organizations/{old}/")
    assert (answer.status_code, answer["Location"]) == (301, "/api/v1/organizations/lamp-guild/")


@pytest.mark.parametrize(("kind", "path"), [("article", "articles"), ("topic", "topics")])
def test_renamed_articles_and_topics_lead_on(kind: str, path: str) -> None:
    from tests.api.asking import coded

    coded((make_topic("lanterns"), "oppose"), article=make_article(slug="the-lantern-vote"))
    target = "lanterns" if kind == "topic" else "the-lantern-vote"
    Redirect.objects.create(kind=kind, slug="the-old-name", target=target)
    refresh_publication()
    assert CLIENT.get(f"/api/v1/{path}/the-old-name/")["Location"] == f"/api/v1/{path}/{target}/"
    assert len(found(f"{kind}=the-old-name")) == 1


def test_an_old_slug_of_one_kind_is_unknown_to_the_others(varga: Person) -> None:
    other = make_person(slug="o-varga")
    published(speaker=other)
    merge_people(keep=varga, merged=other, actor=None)
    ask(path="organizations/o-varga/", status=404)
    assert refused("affiliation=o-varga")["code"] == "unknown_organization"
