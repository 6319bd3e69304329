"""The filters of who, where and how: speaker, author, outlet, article, kind, venue, verification, language, uid."""

from __future__ import annotations

import pytest

from quotes.models import Quote
from quotes.vocabulary import QuoteKind, SourceType, Venue, Verification
from tests.api.asking import draft, each_published, found, published, refused
from tests.factories import make_article, make_evidence, make_organization, make_person

pytestmark = pytest.mark.django_db


def verified(verification: str) -> Quote:
    quote = draft(verification=verification)
    make_evidence(quote)
    return quote


def test_a_speaker_is_found_in_every_article() -> None:
    speaker = make_person(slug="ottoline-varga")
    quotes = {published(speaker=speaker), published(speaker=speaker)}
    published()
    assert set(found("speaker=ottoline-varga")) == quotes


def test_people_of_the_same_name_are_not_the_same() -> None:
    quote = published(speaker=make_person("Ottoline Varga", slug="ottoline-varga"))
    published(speaker=make_person("Ottoline Varga", slug="ottoline-varga-2"))
    assert found("speaker=ottoline-varga") == [quote]


def test_each_author_of_an_article_is_its_author() -> None:
    article = make_article()
    article.authors.add(make_person(slug="ottoline-varga"), make_person(slug="bram-telleri"))
    quote = published(article=article)
    published()
    assert found("author=ottoline-varga") == found("author=bram-telleri") == [quote]


def test_the_outlet_is_the_very_one_and_no_house_above_it() -> None:
    house = make_organization("lantern-house", kind="media")
    gazette = make_organization("lantern-gazette", kind="media", parent=house)
    quote = published(article=make_article(outlet=gazette))
    assert found("outlet=lantern-gazette") == [quote]
    assert found("outlet=lantern-house") == []


def test_an_article_has_all_its_quotes() -> None:
    article = make_article(slug="the-lantern-vote")
    quotes = {published("One lantern.", article=article), published("Two lanterns.", article=article)}
    published()
    assert set(found("article=the-lantern-vote")) == quotes


@pytest.mark.parametrize("kind", QuoteKind.values)
def test_a_kind_is_found(kind: str) -> None:
    quotes = each_published({value: draft(kind=value) for value in QuoteKind.values})
    assert found(f"kind={kind}") == [quotes[kind]]


@pytest.mark.parametrize("source_type", SourceType.values)
def test_a_type_of_source_is_found(source_type: str) -> None:
    office = make_organization()
    quotes = each_published(
        {
            value: draft(source_type=value, organization=None if value == "person" else office)
            for value in SourceType.values
        }
    )
    assert found(f"source_type={source_type}") == [quotes[source_type]]


@pytest.mark.parametrize("venue", Venue.values)
def test_a_venue_is_found(venue: str) -> None:
    quotes = each_published({value: draft(venue=value) for value in Venue.values})
    assert found(f"venue={venue}") == [quotes[venue]]


# Verification


@pytest.mark.parametrize("verification", Verification.values)
def test_a_verification_is_found_by_its_name(verification: str) -> None:
    quotes = each_published({value: verified(value) for value in Verification.values})
    assert found(f"verification={verification}") == [quotes[verification]]


def test_the_retracted_and_the_fabricated_come_only_when_asked_for_by_name() -> None:
    quotes = each_published({value: verified(value) for value in Verification.values})
    assert set(found()) == {quotes[value] for value in ("unverified", "attested", "confirmed", "disputed")}


def test_no_other_filter_brings_the_fabricated_in() -> None:
    quote = each_published({"": verified("fabricated")})[""]
    for query in (f"uid={quote.uid}", f"speaker={quote.speaker.slug}", "kind=direct", "q=lanterns", "said_before=9999"):
        assert found(query) == []


def test_a_verification_among_others_brings_only_what_is_named() -> None:
    quotes = each_published({value: verified(value) for value in Verification.values})
    assert set(found("verification=attested,fabricated")) == {quotes["attested"], quotes["fabricated"]}


# Languages


@pytest.mark.parametrize(
    ("asked", "tags"),
    [
        ("pt", {"pt", "pt-BR", "pt-Latn-PT"}),
        ("pt-BR", {"pt-BR"}),
        ("PT-br", {"pt-BR"}),
        ("pt-Latn", {"pt-Latn-PT"}),
        ("en", {"en"}),
        ("en,pt-BR", {"en", "pt-BR"}),
        ("p", None),
        ("xx", set()),
    ],
)
def test_a_language_range_finds_its_tags(asked: str, tags: set[str] | None) -> None:
    known = ("en", "pt", "pt-BR", "pt-Latn-PT", "ptx")
    quotes = each_published({tag: draft(article=make_article(language=tag)) for tag in known})
    if tags is None:
        assert refused(f"language={asked}")["param"] == "language"
    else:
        assert set(found(f"language={asked}")) == {quotes[tag] for tag in tags}


# uid


def test_uids_find_their_quotes() -> None:
    one, two, _ = published(), published(), published()
    assert set(found(f"uid={one.uid},{two.uid}")) == {one, two}


def test_a_uid_is_read_in_capitals_too() -> None:
    quote = published()
    assert found(f"uid={str(quote.uid).upper()}") == [quote]


def test_uids_are_and_with_other_filters() -> None:
    quote = published(kind="indirect")
    assert found(f"uid={quote.uid}&kind=direct") == []


@pytest.mark.parametrize(
    "value", ["1", "019a", "{}", "019bdfd3370976e99911d03d664c909a", "urn:uuid:019bdfd3-3709-76e9-9911-d03d664c909a"]
)
def test_what_is_no_uid_is_refused(value: str) -> None:
    assert refused(f"uid={value}")["code"] == "invalid"


# Words


def test_q_goes_with_filters() -> None:
    quote = published("The lanterns are dim.", kind="direct")
    published("The lanterns are dim.", kind="indirect")
    published("The bridges are long.", kind="direct")
    assert found("q=lantern&kind=direct") == [quote]
