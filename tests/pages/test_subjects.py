"""The pages of people, organizations and articles."""

from __future__ import annotations

import pytest
from django.test import Client

from quotes.curation import merge_people
from quotes.models import Affiliation
from quotes.vocabulary import Stance, Verification
from tests.factories import (
    make_article,
    make_organization,
    make_person,
    make_topic,
)
from tests.pages.reading import link, permalink, plain, published, read, said_at, uids_in

pytestmark = pytest.mark.django_db


def test_a_person_s_page_shows_capacities_and_stances_by_topic() -> None:
    quote = said_at(make_organization("council", name="Harbour Council"), make_topic("lamps"), Stance.OPPOSE)
    assert quote.speaker
    page = read(f"/people/{quote.speaker.slug}/")
    assert Affiliation.objects.get().role in page
    assert "Harbour Council" in page
    assert uids_in(read(link(page[page.index("Quotes by stance") :], "1"))) == [str(quote.uid)]


def test_an_organization_s_page_includes_the_units_below() -> None:
    ministry = make_organization("ministry", name="Ministry")
    office = make_organization("office", name="Lamp Office", parent=ministry)
    quote = said_at(office, make_topic("lamps"))
    page = read("/organizations/ministry/")
    assert str(quote.uid) in uids_in(page)
    assert "With Lamp Office." in plain(page)
    assert "part of Ministry" in plain(read("/organizations/office/"))


def test_an_article_s_quotes_come_in_the_order_of_its_text() -> None:
    first = published("One.")
    assert first.snapshot
    assert first.snapshot.text
    at = first.snapshot.text.index("So it ended.")
    segments = [{"start": at, "end": at + 12, "prefix": "", "suffix": ""}]
    second = published(
        "So it ended.",
        article=first.article,
        snapshot=first.snapshot,
        segments=segments,
        verification=Verification.ATTESTED,
    )
    assert uids_in(read(f"/articles/{first.article.slug}/")) == [str(first.uid), str(second.uid)]


def test_a_merged_slug_leads_on_and_may_be_undone() -> None:
    keep, merged = make_person("Ottoline Varga", slug="ottoline-varga"), make_person("O. Varga", slug="o-varga")
    published("It is so.", speaker=keep)
    published("So it is.", speaker=merged)
    merge_people(keep=keep, merged=merged, actor=None)
    response = Client().get("/people/o-varga/")
    assert (response.status_code, response["Location"]) == (301, "/people/ottoline-varga/")
    assert response["Cache-Control"] == "max-age=300"


def test_what_is_made_up_says_so_and_what_may_be_real_does_not() -> None:
    topic = make_topic("lamps")
    invented = published("It is so.", (topic, Stance.SUPPORT))
    assert "Invented for demonstration." in read("/topics/lamps/")
    assert "invented for demonstration" in read(permalink(invented))
    real = published("It is so.", (topic, Stance.SUPPORT), article=make_article(url="https://gazette.test/1"))
    assert "Invented for demonstration." not in read("/topics/lamps/")
    assert "invented for demonstration" not in read(permalink(real))
