"""Who and what a table's names mean: the sure matches, the doubtful ones, and what is to be made."""

from __future__ import annotations

from typing import Any

import pytest

from quotes.datasets.importing.matching import Doubt
from quotes.models import Person, Redirect
from tests.datasets import accepted, line, lines, refusal_of, refused
from tests.factories import make_article, make_organization, make_person, make_topic

pytestmark = pytest.mark.django_db

VOTE = "https://gazette.example/vote"


@pytest.fixture
def ottoline() -> Person:
    return make_person("Ottoline Varga", slug="ottoline-varga", aliases=["O. Varga"], wikidata_id="Q900000001")


@pytest.mark.parametrize("speaker", ["ottoline-varga", "Q900000001", "Ottoline Varga", "O. Varga"])
def test_a_person_is_known_by_slug_wikidata_id_name_or_alias(ottoline: Person, speaker: str) -> None:
    assert accepted(speaker=speaker).speaker.key == ottoline.pk


@pytest.mark.parametrize("name", ["ottoline varga", "Ottoline  Vargas", "Varga", "O Varga"])
def test_a_name_must_be_the_same_to_the_letter(ottoline: Person, name: str) -> None:
    assert accepted(speaker="", speaker_name=name).speaker.key is None


def test_a_merged_persons_old_slug_leads_to_the_one_who_was_kept(ottoline: Person) -> None:
    Redirect.objects.create(kind="person", slug="o-varga", target="ottoline-varga")
    assert accepted(speaker="o-varga").speaker.key == ottoline.pk


@pytest.mark.parametrize("other", [{"name": "Ottoline Varga"}, {"name": "Olga Varga", "aliases": ["Ottoline Varga"]}])
def test_a_speakers_name_that_two_bear_is_doubtful_and_both_are_named(ottoline: Person, other: dict[str, Any]) -> None:
    make_person(slug="second-varga", **other)
    plan = lines(line(speaker="Ottoline Varga"), line(external_id="h2", speaker="", speaker_name="Ottoline Varga"))
    assert plan.refusals == ()
    assert plan.doubtful == {Doubt("Ottoline Varga", ("ottoline-varga", "second-varga")): 2}
    assert [quote.speaker for quote in plan.quotes] == [None, None]


@pytest.mark.parametrize("column", ["organization", "outlet"])
def test_an_organizations_name_that_two_bear_is_refused_and_both_are_named(column: str) -> None:
    for slug in ("harbor-watch", "second-watch"):
        make_organization(slug, name="Harbor Watch")
    refusal = refused(lines(line(**{column: "Harbor Watch"})))
    assert (refusal.code, refusal.column, refusal.value) == ("doubtful", column, "Harbor Watch")
    assert "harbor-watch, second-watch. Give the slug" in refusal.detail


def test_a_name_in_doubt_beside_another_is_refused(ottoline: Person) -> None:
    make_person("Ottoline Varga", slug="second-varga")
    assert refusal_of(speaker="Ottoline Varga", speaker_name="O. Varga") == ("doubtful", "speaker")


def test_a_slug_tells_apart_those_who_share_a_name(ottoline: Person) -> None:
    second = make_person("Ottoline Varga", slug="second-varga")
    quote = accepted(speaker="second-varga", speaker_name="Ottoline Varga")
    assert quote.speaker.key == second.pk


def test_a_slug_with_another_persons_name_is_refused(ottoline: Person) -> None:
    assert refusal_of(speaker="ottoline-varga", speaker_name="Orla Tamsin") == ("different_name", "speaker_name")


def test_an_unknown_slug_is_refused_with_the_closest(ottoline: Person) -> None:
    refusal = refused(lines(line(speaker="otoline-varga")))
    assert refusal.detail == "'otoline-varga' is no person known here. Did you mean 'ottoline-varga'?"
    assert refusal_of(speaker="Q900000002") == ("unknown", "speaker")


def test_an_unknown_slug_with_a_name_is_a_new_person_whoever_shares_the_name(ottoline: Person) -> None:
    record = accepted(speaker="ottoline-varga-of-sutherby", speaker_name="Ottoline Varga").speaker
    assert (record.key, record.slug, record.name) == (None, "ottoline-varga-of-sutherby", "Ottoline Varga")


def test_an_unknown_wikidata_id_is_doubtful_where_the_name_has_none_yet() -> None:
    make_person("Orla Tamsin", slug="orla-tamsin")
    refusal = refused(lines(line(speaker="Q900000002", speaker_name="Orla Tamsin")))
    assert refusal.code == "doubtful"
    assert "orla-tamsin bears the name" in refusal.detail


def test_an_unknown_wikidata_id_is_a_new_person_where_the_namesake_has_another(ottoline: Person) -> None:
    record = accepted(speaker="Q900000002", speaker_name="Ottoline Varga").speaker
    assert (record.key, record.wikidata_id) == (None, "Q900000002")
    assert record.slug == "ottoline-varga-q900000002"


def test_two_new_people_of_one_name_are_told_apart_by_the_table() -> None:
    rows = [
        line(external_id=number, speaker=f"Q90000000{number}", speaker_name="Orla Tamsin", text=f"Lit {number}.")
        for number in (1, 2)
    ]
    records = [quote.speaker for quote in lines(*rows).quotes]
    assert [record.slug for record in records if record] == ["orla-tamsin", "orla-tamsin-q900000002"]
    plan = lines(*rows, line(speaker="Orla Tamsin"))
    assert plan.doubtful == {Doubt("Orla Tamsin", ("orla-tamsin", "orla-tamsin-q900000002")): 1}
    assert plan.quotes[2].doubt


def test_a_bare_name_means_the_new_person_whom_another_row_names_in_full() -> None:
    plan = lines(line(speaker="Orla Tamsin"), line(external_id="h2", speaker="orla-t", speaker_name="Orla Tamsin"))
    assert plan.refusals == ()
    assert [record.slug for record in plan.records] == ["orla-t"]


def test_a_new_name_is_one_new_person_however_often_it_comes() -> None:
    plan = lines(line(), line(external_id="h2", text="Others."))
    assert [(record.slug, record.name) for record in plan.records] == [("ottoline-varga", "Ottoline Varga")]


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Ångström Ødegård", "angstrom-odegard"),
        ("オルラ", "person"),
        ("cher", "cher"),
        ("—", "person"),
        ("x" * 300, "x" * 90),
    ],
)
def test_a_new_slug_is_made_of_the_plain_letters_of_the_name(name: str, slug: str) -> None:
    assert accepted(speaker="", speaker_name=name).speaker.slug == slug


def test_a_new_slug_is_none_that_is_taken_or_leads_elsewhere() -> None:
    make_person("Orla T.", slug="orla-tamsin")
    Redirect.objects.create(kind="person", slug="ottoline-varga", target="orla-tamsin")
    plan = lines(line(), line(external_id="h2", speaker="Orla Tamsin"), line(external_id="h3", speaker="Orla, Tamsin"))
    slugs = [quote.speaker.slug for quote in plan.quotes if quote.speaker]
    assert len(set(slugs)) == 3
    assert not set(slugs) & {"orla-tamsin", "ottoline-varga"}


def test_a_new_slug_is_none_that_the_table_gives_to_someone_else() -> None:
    plan = lines(line(speaker="ottoline-varga", speaker_name="O. Varga"), line(external_id="h2"))
    first, second = (quote.speaker for quote in plan.quotes)
    assert first and second
    assert first.slug == "ottoline-varga" != second.slug


def test_organizations_are_known_by_their_short_name_too() -> None:
    watch = make_organization("harbor-watch", short_name="HW")
    [(record, _)] = accepted(organization="HW").capacities
    assert record.key == watch.pk


def test_a_new_outlet_is_told_from_other_new_organizations() -> None:
    plan = lines(line(outlet="Lantern Gazette", organization="Harbor Watch"))
    assert {record.name: record.is_outlet for record in plan.records if record.kind == "organization"} == {
        "Lantern Gazette": True,
        "Harbor Watch": False,
    }


def test_two_names_of_one_organization_are_no_two_capacities() -> None:
    make_organization("harbor-watch", short_name="HW")
    assert refusal_of(affiliations="harbor-watch:current; HW:former") == ("duplicate", "affiliations")


def test_a_merged_topics_old_slug_still_means_it() -> None:
    topic = make_topic("lanterns")
    Redirect.objects.create(kind="topic", slug="lamps", target="lanterns")
    [(key, _)] = accepted(topic="lamps", stance="oppose").positions
    assert key == topic.pk


# Articles


def test_an_article_is_known_by_its_address_and_nothing_else_is_asked_of_it() -> None:
    article = make_article(url=VOTE, title="The vote, and after")
    quote = accepted(article_url=VOTE, article_title="")
    assert (quote.article.key, quote.article.title) == (article.pk, "The vote, and after")
    assert accepted(article_url=VOTE, article_title="Another", published="1999").article.key == article.pk


def test_a_new_article_needs_a_title() -> None:
    assert refusal_of(article_url=VOTE, article_title="") == ("missing", "article_title")


def test_rows_of_a_new_article_complete_each_other() -> None:
    plan = lines(line(), line(external_id="h2", article_title="", language="es", published="2025-03-04"))
    [article] = plan.articles
    assert article.description
    assert (article.title, article.description.language, article.description.published) == (
        "The vote",
        "es",
        "2025-03-04",
    )


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("article_title", ("The vote", "A vote")),
        ("published", ("2025", "2025-03")),
        ("outlet", ("Lantern Gazette", "Harbor Herald")),
        ("language", ("es", "pt")),
    ],
)
def test_rows_that_contradict_each_other_about_an_article_are_refused(column: str, values: tuple[str, str]) -> None:
    rows = [line(external_id=number, **{column: value}) for number, value in enumerate(values)]
    [refusal] = lines(*rows).refusals
    assert (refusal.code, refusal.column, refusal.row, refusal.value) == ("contradiction", column, 2, values[1])


def test_articles_of_one_title_get_slugs_of_their_own() -> None:
    make_article(slug="the-vote")
    rows = [line(external_id=number, article_url=f"{VOTE}/{number}") for number in range(3)]
    slugs = [article.slug for article in lines(*rows).articles]
    assert len({*slugs, "the-vote"}) == 4


def test_the_number_of_queries_does_not_depend_on_the_rows(django_assert_max_num_queries: Any) -> None:
    rows = [
        line(external_id=number, speaker=f"Orla {number}", organization=f"Watch {number}", article_url=f"{VOTE}/{number}",
             article_title=f"Vote {number}", text=f"Lit {number}.")
        for number in range(40)
    ]  # fmt: skip
    with django_assert_max_num_queries(20):
        assert len(lines(*rows).quotes) == 40
