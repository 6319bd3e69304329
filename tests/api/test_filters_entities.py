"""The lists of people, organizations, articles and topics: what is in them, and their own filters."""

from __future__ import annotations

import pytest

from quotes.curation import refresh_publication
from quotes.models import Organization
from quotes.publication import entity_filters
from quotes.vocabulary import ArticleStatus, Genre, OrganizationKind
from tests.api.asking import ask, capacity, coded, draft, each_published, found, listed, published, refused, said_at
from tests.factories import make_article, make_organization, make_person, make_topic

pytestmark = pytest.mark.django_db


@pytest.fixture
def watch() -> Organization:
    return make_organization("harbor-watch", name="Harbor Watch", kind="advocacy", country="NZ")


# Who and what is in them


def test_speakers_and_authors_are_people() -> None:
    article = make_article()
    article.authors.add(make_person(slug="bram-telleri"))
    published(article=article, speaker=make_person(slug="ottoline-varga"))
    make_person(slug="nobody-quoted")
    refresh_publication()
    assert set(listed("people/")) == {"bram-telleri", "ottoline-varga"}


def test_organizations_named_by_a_quote_and_those_above_them_are_listed(watch: Organization) -> None:
    pier = make_organization("harbor-pier", parent=watch)
    said_at(pier, article=make_article(outlet=make_organization("lantern-gazette")))
    make_organization("never-named", parent=pier)
    refresh_publication()
    assert set(listed("organizations/")) == {"harbor-pier", "harbor-watch", "lantern-gazette"}


def test_the_organization_that_another_became_is_listed_with_it(watch: Organization) -> None:
    said_at(make_organization("old-watch", successor=watch))
    assert set(listed("organizations/")) == {"old-watch", "harbor-watch"}


def test_topics_that_a_quote_is_coded_toward_and_those_above_them_are_listed() -> None:
    coded((make_topic("lantern-contract", parent=make_topic("lanterns")), "oppose"))
    make_topic("never-coded")
    refresh_publication()
    assert set(listed("topics/")) == {"lanterns", "lantern-contract"}


def test_a_topic_counts_the_quotes_that_address_it_and_none_below() -> None:
    lanterns = make_topic("lanterns")
    coded((make_topic(parent=lanterns), "oppose"))
    coded((lanterns, "support"))
    coded((lanterns, "not_addressed"))
    assert ask(path="topics/lanterns/")["quote_count"] == 1


def test_an_organization_counts_current_capacities_at_it_and_below(watch: Organization) -> None:
    said_at(watch)
    said_at(make_organization(parent=watch))
    said_at(watch, "former")
    assert ask(path="organizations/harbor-watch/")["quote_count"] == 2


def test_a_speaker_counts_quotes_and_an_author_does_not() -> None:
    article, speaker = make_article(), make_person(slug="ottoline-varga")
    article.authors.add(make_person(slug="bram-telleri"))
    published("One.", article=article, speaker=speaker)
    published("Two.", article=article, speaker=speaker)
    assert ask(path="people/ottoline-varga/")["quote_count"] == 2
    assert ask(path="people/bram-telleri/")["quote_count"] == 0


def test_who_is_named_no_more_is_listed_no_more(watch: Organization) -> None:
    quote = said_at(watch)
    capacity(quote, make_organization("lamp-guild"), is_primary=False)
    quote.affiliations.filter(affiliation__organization__slug="lamp-guild").delete()
    refresh_publication()
    assert listed("organizations/") == ["harbor-watch"]


# Order


def test_people_are_listed_by_sort_name_whatever_its_case() -> None:
    for slug, name in (("c", "varga, Ottoline"), ("a", "Telleri, Bram"), ("b", "Wend, Ana")):
        published(speaker=make_person(slug=slug, sort_name=name))
    assert listed("people/") == ["a", "c", "b"]
    assert listed("people/", "ordering=-name") == ["b", "c", "a"]


def test_articles_are_listed_newest_first_and_undated_last() -> None:
    for slug, date in (("undated", None), ("old", "2024"), ("new", "2025-03")):
        published(article=make_article(slug=slug, published=date))
    assert listed("articles/") == ["new", "old", "undated"]
    assert listed("articles/", "ordering=published") == ["undated", "old", "new"]


def test_quotes_orders_are_not_those_of_people() -> None:
    assert refused("ordering=-dated", path="people/")["code"] == "unknown_value"


# Filters


def test_people_are_found_by_an_organization_that_they_were_quoted_at(watch: Organization) -> None:
    quotes = [said_at(watch), said_at(watch, "former")]
    published()
    assert set(listed("people/", "affiliation=harbor-watch")) == {quote.speaker.slug for quote in quotes}


def test_organizations_are_found_by_kind(watch: Organization) -> None:
    for kind in OrganizationKind.values:
        said_at(make_organization(f"the-{kind.replace('_', '-')}", kind=kind))
    assert listed("organizations/", "kind=court") == ["the-court"]
    assert set(listed("organizations/", "kind=court,party")) == {"the-court", "the-party"}


def test_organizations_are_found_by_what_is_directly_above_them(watch: Organization) -> None:
    pier = make_organization("harbor-pier", parent=watch)
    said_at(make_organization("harbor-bench", parent=pier))
    assert listed("organizations/", "parent=harbor-watch") == ["harbor-pier"]


def test_organizations_are_found_by_country_in_any_case(watch: Organization) -> None:
    said_at(watch)
    said_at(make_organization())
    assert listed("organizations/", "country=NZ") == listed("organizations/", "country=nz") == ["harbor-watch"]


def test_articles_are_found_by_outlet_and_author(watch: Organization) -> None:
    article = make_article(slug="the-lantern-vote", outlet=watch)
    article.authors.add(make_person(slug="bram-telleri"))
    published(article=article)
    published()
    assert listed("articles/", "outlet=harbor-watch") == ["the-lantern-vote"]
    assert listed("articles/", "author=bram-telleri") == ["the-lantern-vote"]


@pytest.mark.parametrize("genre", Genre.values)
def test_articles_are_found_by_genre(genre: str) -> None:
    slugs = {value: f"one-{value.replace('_', '-')}" for value in Genre.values}
    each_published({value: draft(article=make_article(slug=slug, genre=value)) for value, slug in slugs.items()})
    assert listed("articles/", f"genre={genre}") == [f"one-{genre.replace('_', '-')}"]


@pytest.mark.parametrize("status", ArticleStatus.values)
def test_articles_are_found_by_status(status: str) -> None:
    articles = {
        value: make_article(slug=f"one-{value}", status=value, status_note="?") for value in ArticleStatus.values
    }
    each_published({value: draft(article=article) for value, article in articles.items()})
    assert listed("articles/", f"status={status}") == [f"one-{status}"]


def test_articles_are_found_by_language_range_as_quotes_are() -> None:
    for tag in ("pt", "pt-BR", "en"):
        published(article=make_article(slug=f"one-{tag.lower()}", language=tag))
    assert set(listed("articles/", "language=pt")) == {"one-pt", "one-pt-br"}
    assert listed("articles/", "language=pt-BR") == ["one-pt-br"]


@pytest.mark.parametrize(
    ("query", "slugs"),
    [
        ("published_after=2025", {"march"}),
        ("published_before=2024-06", {"year"}),
        ("published_after=2024-06&published_before=2025-03", {"year", "march"}),
    ],
)
def test_articles_are_found_by_date(query: str, slugs: set[str]) -> None:
    for slug, date in (("undated", None), ("year", "2024"), ("march", "2025-03")):
        published(article=make_article(slug=slug, published=date))
    assert set(listed("articles/", query)) == slugs


def test_topics_are_found_by_what_is_directly_above_them() -> None:
    lanterns = make_topic("lanterns")
    coded((make_topic("lantern-contract", parent=lanterns), "oppose"))
    assert listed("topics/", "parent=lanterns") == ["lantern-contract"]


# Search


@pytest.mark.parametrize(
    ("path", "query", "slug"),
    [
        ("people/", "q=varga", "ottoline-varga"),
        ("people/", "q=the lamplighter", "ottoline-varga"),
        ("organizations/", "q=harbour", "harbor-watch"),
        ("articles/", "q=vote", "the-lantern-vote"),
        ("articles/", "q=telleri", "the-lantern-vote"),
        ("articles/", "q=gazette", "the-lantern-vote"),
        ("topics/", "q=chandeliers", "lanterns"),
    ],
)
def test_names_aliases_titles_and_propositions_are_searched(path: str, query: str, slug: str) -> None:
    speaker = make_person("Ottoline Varga", slug="ottoline-varga", aliases=["The Lamplighter"])
    watch = make_organization("harbor-watch", aliases=["Harbour Watch"])
    gazette = make_organization("lantern-gazette", kind="media")
    article = make_article(slug="the-lantern-vote", title="The vote on every light", outlet=gazette)
    article.authors.add(make_person("Bram Telleri", slug="bram-telleri"))
    topic = make_topic("lanterns", proposition="The council should light the chandeliers.")
    quote = coded((topic, "oppose"), speaker=speaker, article=article)
    capacity(quote, watch, is_primary=True)
    published()
    assert listed(path, query) == [slug]


def test_a_search_for_people_leaves_their_words_out() -> None:
    published("Chandeliers are dim.")
    assert len(found("q=chandeliers")) == 1
    assert listed("people/", "q=chandeliers") == []


@pytest.mark.parametrize("name", ["PersonFilterSet", "OrganizationFilterSet", "ArticleFilterSet", "TopicFilterSet"])
def test_every_filter_of_these_lists_is_asked_for_here(name: str) -> None:
    with open(__file__) as file:
        tests = file.read()
    assert all(f"{parameter}=" in tests for parameter in getattr(entity_filters, name).base_filters)
