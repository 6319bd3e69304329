"""Who of a Popolo file is who here, and when nobody can tell."""

from __future__ import annotations

from typing import Any

import pytest

from quotes.models import Person, Redirect
from quotes.vocabulary import EntityKind
from tests.datasets.popolo import NEVA, accepted, brought_in, planned, refused
from tests.factories import make_organization, make_person

pytestmark = pytest.mark.django_db


def identified(scheme: str, identifier: str, **members: Any) -> dict[str, Any]:
    return {**NEVA, **members, "identifiers": [{"scheme": scheme, "identifier": identifier}]}


def matched(person: dict[str, Any]) -> str | None:
    """The slug of who is meant; None where the person is new."""
    plan = accepted(persons=[person])
    found = plan.matched(EntityKind.PERSON)
    return found[0].slug if found else None


def test_a_wikidata_id_tells_for_sure_and_another_name_is_told() -> None:
    make_person("Neva Corrin-Vale", slug="neva", wikidata_id="Q900001")
    plan = accepted(persons=[identified("wikidata", "Q900001")])
    assert plan.matched(EntityKind.PERSON)[0].slug == "neva"
    assert plan.differences == (
        "persons[0]: neva: name is 'Neva Corrin-Vale' here, and 'Neva Corrin' in the file: left as it is",
    )


def test_our_own_slug_tells_by_scheme_and_as_an_id() -> None:
    make_person("Neva Corrin", slug="neva")
    make_person("Neva Corrin", slug="neva-the-second")
    assert matched(identified("quotebase", "neva-the-second")) == "neva-the-second"
    assert matched({**NEVA, "id": "neva"}) == "neva"


def test_an_old_slug_still_tells() -> None:
    make_person("Neva Corrin", slug="neva")
    Redirect.objects.create(kind=EntityKind.PERSON, slug="n-corrin", target="neva")
    assert matched(identified("quotebase", "n-corrin")) == "neva"


@pytest.mark.parametrize("bearer", [{"name": "Neva Corrin"}, {"name": "N. Corrin", "aliases": ["Neva Corrin"]}])
def test_a_name_or_alias_tells_where_exactly_one_bears_it(bearer: dict[str, Any]) -> None:
    make_person(slug="neva", **bearer)
    assert matched(NEVA) == "neva"


def test_nobody_is_met_by_a_name_that_differs_in_a_letter() -> None:
    make_person("Neva Corrín", slug="neva")
    assert matched(NEVA) is None


def test_a_name_that_several_bear_is_in_doubt_and_names_them() -> None:
    make_person("Neva Corrin", slug="neva")
    make_person("N. Corrin", slug="neva-the-second", aliases=["Neva Corrin"])
    refusal = refused(persons=[NEVA])
    assert (refusal.code, refusal.column, refusal.value) == ("doubtful", "persons[0]", "Neva Corrin")
    assert "neva, neva-the-second" in refusal.detail


@pytest.mark.parametrize(
    "person",
    [
        identified("wikidata", "Q900001"),  # it is known of nobody, and the namesake here has none
        identified("quotebase", "neva-the-third"),
        {**NEVA, "name": "Neva Vale", "other_names": [{"name": "Neva Corrin"}]},
    ],
)
def test_a_name_beside_an_identifier_of_nobody_is_in_doubt(person: dict[str, Any]) -> None:
    make_person("Neva Corrin", slug="neva")
    refusal = refused(persons=[person])
    assert refusal.code == "doubtful"
    assert "neva." in refusal.detail


def test_wikidata_tells_namesakes_apart() -> None:
    make_person("Neva Corrin", slug="neva", wikidata_id="Q900002")
    assert matched(identified("wikidata", "Q900001")) is None


@pytest.mark.parametrize(
    ("person", "code", "named"),
    [
        (identified("quotebase", "neva", name="Neva Vale"), "different_name", ["neva"]),
        ({"id": "neva", "name": "Neva Vale"}, "different_name", ["neva"]),
        (
            {
                **NEVA,
                "identifiers": [
                    {"scheme": "wikidata", "identifier": "Q900003"},
                    {"scheme": "quotebase", "identifier": "neva"},
                ],
            },
            "contradiction",
            ["neva", "bertil"],
        ),
        (
            {
                **NEVA,
                "identifiers": [
                    {"scheme": "wikidata", "identifier": "Q900004"},
                    {"scheme": "quotebase", "identifier": "neva"},
                ],
            },
            "contradiction",
            ["neva", "Q900002"],
        ),
    ],
)
def test_identifiers_that_contradict_each_other_are_refused(
    person: dict[str, Any], code: str, named: list[str]
) -> None:
    make_person("Neva Corrin", slug="neva", wikidata_id="Q900002")
    make_person("Bertil Quill", slug="bertil", wikidata_id="Q900003")
    refusal = refused(persons=[person])
    assert refusal.code == code
    assert all(name in refusal.detail for name in named)


def test_namesakes_within_a_file_need_identifiers() -> None:
    plan = planned(persons=[NEVA, {**NEVA, "id": "p2"}])
    assert [(refusal.code, refusal.column) for refusal in plan.refusals] == [
        ("doubtful", "persons[0]"),
        ("doubtful", "persons[1]"),
    ]
    both = [identified("wikidata", "Q900001"), identified("wikidata", "Q900002", id="p2")]
    brought_in(persons=both)
    assert len(set(Person.objects.values_list("slug", flat=True))) == 2
    assert accepted(persons=both).is_nothing_new


def test_a_name_that_is_somebody_elses_other_name_in_the_file_is_in_doubt() -> None:
    other = {"id": "p2", "name": "Bertil Quill", "other_names": [{"name": "Neva Corrin"}]}
    assert refused(persons=[NEVA, other]).column == "persons[0]"


def test_two_of_a_file_are_never_one_here() -> None:
    make_person("Neva Corrin", slug="neva", wikidata_id="Q900001", aliases=["Neva Vale"])
    refusal = refused(persons=[identified("wikidata", "Q900001"), {"id": "p2", "name": "Neva Vale"}])
    assert (refusal.code, refusal.column) == ("duplicate", "persons[1]")
    assert "persons[0]" in refusal.detail


def test_the_same_identifier_twice_is_refused() -> None:
    two = [identified("wikidata", "Q900001"), identified("wikidata", "Q900001", id="p2", name="Neva Vale")]
    assert refused(persons=two).code == "duplicate"


def test_an_organization_is_met_by_its_short_name_and_what_differs_is_told() -> None:
    free_port = make_organization("free-port", kind="company", country="XK")
    make_organization("watch", name="Harbor Watch of the Free Port", short_name="Harbor Watch", parent=free_port)
    plan = accepted(
        organizations=[
            {"id": "o1", "name": "Harbor Watch", "classification": "party", "parent_id": "o2"},
            {"id": "o2", "name": "Zoning Council"},
        ]
    )
    assert plan.matched(EntityKind.ORGANIZATION)[0].slug == "watch"
    told = "\n".join(plan.differences)
    assert "kind is 'government_agency' here, and 'party' in the file" in told
    assert "parent is 'free-port' here, and 'zoning-council' in the file" in told
