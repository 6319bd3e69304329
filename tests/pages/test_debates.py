"""Debates: what the front page and a topic's page make of the published quotes."""

from __future__ import annotations

import re
from html import unescape

import pytest

from quotes.curation import publish
from quotes.pages.cards import read_cards
from quotes.pages.voices import who_stands_where
from quotes.publication.models import PublishedQuote
from quotes.vocabulary import SourceType, Stance, Standing
from tests.factories import (
    make_affiliation,
    make_capacity,
    make_coding,
    make_organization,
    make_person,
    make_topic,
)
from tests.pages.reading import draft, link, plain, published, read, said_at, uids_in

pytestmark = pytest.mark.django_db


def test_the_front_page_has_every_topic_below_its_parent_with_its_stances() -> None:
    lamps = make_topic("lamps", proposition="Lamps should burn all night.")
    dimming = make_topic("dimming", parent=lamps)
    for stance in (Stance.SUPPORT, Stance.OPPOSE, Stance.OPPOSE, Stance.UNCLEAR):
        published("It is so.", (dimming, stance))
    page = read("/")
    assert page.index("/topics/lamps/") < page.index("/topics/dimming/")
    assert "Lamps should burn all night." in page
    assert "1 support 1 unclear 2 oppose" in plain(page)


def test_a_stance_is_told_by_word_and_pattern_not_by_colour_alone() -> None:
    topic = make_topic("lamps")
    published("It is so.", (topic, Stance.OPPOSE))
    page = read("/topics/lamps/")
    assert 'fill="url(#stance-oppose)"' in page
    assert '<pattern id="stance-oppose"' in page
    assert "1 oppose" in plain(page)


def columns_of(page: str) -> dict[str, str]:
    """The three columns as readers see them."""
    parts = re.split(r'<section class="column column-(\w+)"', page)
    return {key: plain(part.partition("</section>")[0]) for key, part in zip(parts[1::2], parts[2::2], strict=True)}


def test_a_debate_shows_who_stands_where() -> None:
    topic, council = make_topic("lamps"), make_organization("council", name="Harbour Council")
    quotes = {stance: said_at(council, topic, stance) for stance in (Stance.SUPPORT, Stance.MIXED, Stance.OPPOSE)}
    columns = columns_of(read("/topics/lamps/"))
    for column, stance in (("support", Stance.SUPPORT), ("between", Stance.MIXED), ("oppose", Stance.OPPOSE)):
        speaker = quotes[stance].speaker
        assert speaker
        assert speaker.name in columns[column]
        assert "Harbour Council" in columns[column]
        assert "1 voice, 1 quote" in columns[column]


def test_a_former_member_is_called_former_and_not_counted_with_the_organization() -> None:
    topic, council = make_topic("lamps"), make_organization("council", name="Harbour Council")
    gone = said_at(council, topic, Stance.OPPOSE, standing=Standing.FORMER)
    page = read("/topics/lamps/")
    assert f"former {gone.affiliations.get().affiliation.role}, Harbour Council" in plain(page)
    assert "none in a current capacity" in page
    assert uids_in(read(link(page[page.index("<table") :], "1"))) == [str(gone.uid)]


def test_somebody_who_changed_their_mind_stands_in_both_columns() -> None:
    topic, speaker = make_topic("lamps"), make_person("Ottoline Varga")
    for stance in (Stance.SUPPORT, Stance.OPPOSE, Stance.OPPOSE):
        published("It is so.", (topic, stance), speaker=speaker)
    columns = columns_of(read("/topics/lamps/"))
    assert "also 2 oppose" in columns["support"]
    assert "2 quotes" in columns["oppose"]
    assert "also 1 support" in columns["oppose"]


def test_somebody_who_changed_office_is_another_voice() -> None:
    topic, speaker = make_topic("lamps"), make_person("Ottoline Varga")
    for slug in ("council", "brewery"):
        quote = draft(speaker=speaker)
        make_coding(quote, topic, Stance.SUPPORT)
        make_capacity(quote, make_organization(slug))
        publish(quotes=[quote], actor=None)
    page = read("/topics/lamps/")
    assert "2 voices, 2 quotes" in columns_of(page)["support"]
    assert len(uids_in(read(link(page[page.index("column-support") :], "1 quote")))) == 1


def test_two_offices_at_once_are_one_voice() -> None:
    topic, speaker = make_topic("lamps"), make_person("Ottoline Varga")
    jobs = [
        make_affiliation(speaker, make_organization(slug), role)
        for slug, role in (("house", "member"), ("caucus", "chair"))
    ]
    for primary in jobs:
        quote = draft(speaker=speaker)
        make_coding(quote, topic, Stance.SUPPORT)
        for job in jobs:
            make_capacity(quote, job.organization, affiliation=job, is_primary=job is primary)
        publish(quotes=[quote], actor=None)
    assert "1 voice, 2 quotes" in columns_of(read("/topics/lamps/"))["support"]


def test_numbers_in_a_debate_are_those_of_the_lists_behind_them() -> None:
    topic = make_topic("lamps")
    house, caucus = make_organization("house"), make_organization("caucus")
    speaker = make_person("Ottoline Varga")
    member, chair = make_affiliation(speaker, house), make_affiliation(speaker, caucus, "chair")
    for stance, job in ((Stance.SUPPORT, member), (Stance.SUPPORT, chair), (Stance.NEUTRAL, chair)):
        quote = draft(speaker=speaker)
        make_coding(quote, topic, stance)
        make_capacity(quote, job.organization, affiliation=job)
        publish(quotes=[quote], actor=None)
    for kind, organization in ((SourceType.DOCUMENT, house), (SourceType.DOCUMENT, None), (SourceType.UNNAMED, caucus)):
        published(
            "It is so.", (topic, Stance.NEUTRAL), source_type=kind, source_label="a note", organization=organization
        )
    page = read("/topics/lamps/")
    said = [
        (int(number[1]), unescape(address))
        for address, text in re.findall(r'<a[^>]* href="(/quotes/\?[^"]+)"[^>]*>(.*?)</a>', page, re.DOTALL)
        if (number := re.match(r"\s*(\d+)\b", plain(re.sub("<title>.*?</title>", "", text))))
    ]
    assert len(said) > 12
    for number, address in said:
        assert len(uids_in(read(address))) == number, address


def test_unnamed_and_documentary_sources_are_marked_as_such() -> None:
    topic = make_topic("lamps")
    published("It is so.", (topic, Stance.SUPPORT), source_type=SourceType.UNNAMED, source_label="two officials")
    published("It is so.", (topic, Stance.SUPPORT), source_type=SourceType.DOCUMENT, source_label="the memo")
    column = columns_of(read("/topics/lamps/"))["support"]
    assert "Two officials (unnamed source)" in column
    assert "The memo (document)" in column


def test_voices_leave_out_what_does_not_address_the_topic() -> None:
    topic = make_topic("lamps")
    published("It is so.", (topic, Stance.NOT_ADDRESSED))
    columns = who_stands_where(read_cards(PublishedQuote.objects.newest_first()), "lamps")
    assert [column.count for column in columns] == [0, 0, 0]


def test_a_debate_leads_to_its_network() -> None:
    lamps = make_topic("lamps")
    published("The lamps listen.", (lamps, "oppose"))
    assert "<graphml" in read(link(read("/topics/lamps/"), "GraphML"))
