"""How parameters are read: comma and repetition are OR, parameters are AND, and what is not understood is an error."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from quotes.publication.filters import QuoteFilterSet
from tests.api.asking import ask, found, published, refused, said_at
from tests.factories import make_article, make_organization, make_person

pytestmark = pytest.mark.django_db


def test_every_filter_is_asked_for_in_a_test_of_filters() -> None:
    tests = "".join(path.read_text() for path in Path(__file__).parent.glob("test_filters_*.py"))
    negated = set(re.findall(r'^    \("(\w+)", "[^"]+", "[^"]*"\),$', tests, re.MULTILINE))
    asked = set(re.findall(r'["&](\w+)=', tests)) | {f"{name}__not" for name in negated}
    ranges = {f"{field}_{end}" for field in ("said", "published", "dated") for end in ("after", "before")}
    assert set(QuoteFilterSet.base_filters) - ranges <= asked
    assert all(f"{field}_{{end}}={{value}}" in tests for field in ("said", "published", "dated"))


# OR and AND


def test_commas_are_or() -> None:
    quotes = {published(kind="direct"), published(kind="partial")}
    published(kind="indirect")
    assert set(found("kind=direct,partial")) == quotes


def test_repetition_is_or() -> None:
    quotes = {published(kind="direct"), published(kind="partial")}
    published(kind="indirect")
    assert set(found("kind=direct&kind=partial")) == quotes


def test_commas_and_repetition_go_together() -> None:
    for kind in ("direct", "partial", "indirect"):
        published(kind=kind)
    assert len(found("kind=direct,partial&kind=indirect")) == 3


def test_a_value_given_twice_counts_once() -> None:
    quote = published(kind="direct")
    assert found("kind=direct,direct&kind=direct") == [quote]


def test_parameters_are_and() -> None:
    quote = published(kind="direct", venue="hearing")
    published(kind="direct")
    published(kind="indirect", venue="hearing")
    assert found("kind=direct&venue=hearing") == [quote]


def test_organizations_are_or_too() -> None:
    quotes = {said_at(make_organization(slug)) for slug in ("lamp-guild", "harbor-watch")}
    said_at(make_organization())
    assert set(found("affiliation=lamp-guild,harbor-watch")) == quotes


# Unknown parameters


@pytest.mark.parametrize(
    ("misspelt", "right"),
    [
        ("stanse", "stance"),
        ("Stance", "stance"),
        ("afiliation", "affiliation"),
        ("affiliation_not", "affiliation__not"),
        ("topics", "topic"),
        ("speakr", "speaker"),
        ("pagesize", "page_size"),
        ("order", "ordering"),
        ("publishd_after", "published_after"),
    ],
)
def test_a_misspelt_parameter_is_refused_with_the_right_one(misspelt: str, right: str) -> None:
    error = refused(f"{misspelt}=x")
    assert (error["param"], error["code"], error["suggestion"]) == (misspelt, "unknown_parameter", right)


@pytest.mark.parametrize(
    "name",
    ["xyzzy", "status", "text__icontains", "speaker__name", "id", "pk", "stance[]", "stance__in", "_", ""],
)
def test_a_parameter_that_there_is_not_is_refused(name: str) -> None:
    assert refused(f"{name}=1")["code"] == "unknown_parameter"


def test_all_that_is_wrong_is_said_at_once() -> None:
    errors = ask("stanse=x&kind=oral&said_after=soon&page_size=0&cursor=", status=400)["errors"]
    assert {(error["param"], error["code"]) for error in errors} == {
        ("stanse", "unknown_parameter"),
        ("kind", "unknown_value"),
        ("said_after", "invalid"),
        ("page_size", "invalid"),
        ("cursor", "empty"),
    }


@pytest.mark.parametrize("path", ["people/", "organizations/", "articles/", "topics/"])
def test_lists_of_entities_refuse_what_they_do_not_know(path: str) -> None:
    assert refused("stance=support", path=path)["code"] == "unknown_parameter"


@pytest.mark.parametrize("path", ["", "people/ottoline-varga/", "articles/the-lantern-vote/"])
def test_single_documents_take_no_parameters(path: str) -> None:
    published(speaker=make_person(slug="ottoline-varga"), article=make_article(slug="the-lantern-vote"))
    assert refused("stance=support", path=path)["code"] == "unknown_parameter"


# Unknown values


@pytest.mark.parametrize(
    ("query", "right"),
    [
        ("stance=suport", "support"),
        ("stance=SUPPORT", "support"),
        ("kind=indirekt", "indirect"),
        ("source_type=persons", "person"),
        ("venue=hearings", "hearing"),
        ("verification=fabricatd", "fabricated"),
        ("organization_kind=advocay", "advocacy"),
        ("affiliation=lamp-guild&affiliation_status=formr", "former"),
        ("affiliation=lamp-guild&affiliation_scope=exactly", "exact"),
        ("ordering=datd", "dated"),
    ],
)
def test_a_misspelt_value_is_refused_with_the_right_one(query: str, right: str) -> None:
    said_at(make_organization("lamp-guild"))
    error = refused(query)
    assert (error["code"], error["suggestion"]) == ("unknown_value", right)
    assert repr(right) in error["detail"]


@pytest.mark.parametrize("query", ["stance=maybe", "kind=oral", "count=yes", "distinct=all", "verification=any"])
def test_a_value_that_there_is_not_is_refused_with_those_that_there_are(query: str) -> None:
    error = refused(query)
    assert error["code"] == "unknown_value"
    assert "is not one of" in error["detail"]


@pytest.mark.parametrize("name", sorted(QuoteFilterSet.base_filters))
def test_an_empty_value_is_refused(name: str) -> None:
    errors = ask(f"{name}=", status=400)["errors"]
    assert "empty" in {error["code"] for error in errors if error["param"] == name}


@pytest.mark.parametrize("query", ["kind=direct,", "kind=,direct", "kind=direct,,partial", "kind=direct&kind="])
def test_an_empty_value_among_others_is_refused(query: str) -> None:
    assert refused(query)["code"] == "empty"


@pytest.mark.parametrize("query", ["said_after=2024&said_after=2025", "q=lamp&q=light", "page_size=3&page_size=4"])
def test_a_parameter_of_one_value_is_refused_when_repeated(query: str) -> None:
    assert refused(query)["code"] == "too_many"


def test_more_than_a_hundred_values_are_refused() -> None:
    assert ask("kind=" + ",".join(["direct"] * 100))["results"] == []
    assert refused("kind=" + ",".join(["direct"] * 101))["code"] == "too_many"


# Unknown names


@pytest.mark.parametrize(
    ("query", "right"),
    [
        ("affiliation=lamp-gild", "lamp-guild"),
        ("affiliation=LAMP-GUILD", "lamp-guild"),
        ("affiliation__not=lamp-guilds", "lamp-guild"),
        ("speaker=otoline-varga", "ottoline-varga"),
        ("article=the-lantern-vot", "the-lantern-vote"),
    ],
)
def test_a_misspelt_name_is_refused_with_the_right_one(query: str, right: str) -> None:
    article, speaker = make_article(slug="the-lantern-vote"), make_person(slug="ottoline-varga")
    said_at(make_organization("lamp-guild"), article=article, speaker=speaker)
    error = refused(query)
    assert error["suggestion"] == right
    assert repr(right) in error["detail"]


def test_a_name_like_no_other_is_refused_without_a_guess() -> None:
    said_at(make_organization("lamp-guild"))
    error = refused("affiliation=xyzzy")
    assert error["code"] == "unknown_organization"
    assert "'xyzzy'" in error["detail"]
    assert "suggestion" not in error


def test_one_unknown_name_among_known_ones_is_refused() -> None:
    said_at(make_organization("lamp-guild"))
    assert "'xyzzy'" in refused("affiliation=lamp-guild,xyzzy")["detail"]


def test_a_name_of_another_kind_is_unknown() -> None:
    said_at(make_organization("lamp-guild"), speaker=make_person(slug="ottoline-varga"))
    assert refused("speaker=lamp-guild")["code"] == "unknown_person"
    assert refused("affiliation=ottoline-varga")["code"] == "unknown_organization"


def test_display_names_and_internal_keys_are_no_identifiers() -> None:
    quote = said_at(make_organization("lamp-guild", name="Lamp Guild"))
    for value in ("Lamp Guild", str(quote.speaker_id), "1"):
        assert refused(f"affiliation={value}")["code"] == "unknown_organization"
