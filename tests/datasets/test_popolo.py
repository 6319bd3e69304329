"""People, organizations and memberships of a Popolo file: what is made of them, and how often."""

from __future__ import annotations

import doctest
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from quotes.datasets.importing import ImportRefused, SourceFile, json_text
from quotes.datasets.popolo import apply_popolo, plan_popolo, reading, terms
from quotes.models import Affiliation, Import, Organization, Person
from quotes.vocabulary import EntityKind
from tests.datasets.popolo import MEMBER, NEVA, WATCH, accepted, brought_in, planned, refused
from tests.factories import make_affiliation, make_organization, make_person
from tests.model import settle

pytestmark = pytest.mark.django_db

COUNCIL: dict[str, Any] = {
    "persons": [
        {
            **NEVA,
            "sort_name": "Corrin, Neva",
            "other_names": [{"name": "N. Corrin"}, {"name": "Neva C."}, {"name": "Neva Corrin"}],
            "identifiers": [{"scheme": "Wikidata", "identifier": "https://www.wikidata.org/wiki/Q900001"}],
        },
        {"id": "p2", "name": "Bertil Quill"},
    ],
    "organizations": [
        {**WATCH, "parent_id": "o2", "classification": "Political Party"},
        {
            "id": "o2",
            "name": "Zoning Council",
            "other_names": [{"name": "ZC", "note": "short name"}, {"name": "The Council"}],
            "extra": {"country": "XK"},
            "parent_id": "o3",
        },
        {"id": "o3", "name": "Free Port", "classification": "government agency"},
    ],
    "memberships": [
        {**MEMBER, "end_date": "2025-03-04"},
        {"person_id": "p2", "organization_id": "o2", "role": "clerk", "extra": {"kind": "employment"}},
    ],
}


def test_a_file_becomes_people_organizations_and_affiliations() -> None:
    brought_in(**COUNCIL)
    settle()
    neva, bertil = Person.objects.order_by("id")
    assert (neva.slug, neva.sort_name, neva.wikidata_id) == ("neva-corrin", "Corrin, Neva", "Q900001")
    assert neva.aliases == ["N. Corrin", "Neva C."]
    assert (bertil.sort_name, bertil.wikidata_id, bertil.aliases) == ("Bertil Quill", None, [])
    rows = {row.slug: row for row in Organization.objects.select_related("parent")}
    council = rows["zoning-council"]
    assert (council.short_name, council.aliases, council.country, council.kind) == (
        "ZC",
        ["The Council"],
        "XK",
        "other",
    )
    assert rows["harbor-watch"].parent == council
    assert council.parent == rows["free-port"]
    assert (rows["harbor-watch"].kind, rows["free-port"].kind) == ("party", "government_agency")
    first, second = Affiliation.objects.order_by("id")
    assert (first.person, first.organization.slug, first.role) == (neva, "harbor-watch", "warden")
    assert (first.start, first.end, first.kind) == ("2024-11", "2025-03-04", "membership")
    assert (second.start, second.end, second.kind) == (None, None, "employment")


def test_the_same_file_again_makes_nothing() -> None:
    assert isinstance(brought_in(**COUNCIL), Import)
    again = accepted(**COUNCIL)
    assert again.is_nothing_new
    assert (again.known, again.differences) == (2, ())
    assert len(again.matched(EntityKind.PERSON)) == 2
    assert apply_popolo(again, actor=None) is None
    assert Import.objects.count() == 1


def test_bringing_in_is_recorded_in_the_history() -> None:
    brought_in(persons=[NEVA])
    assert Import.objects.get().format == "popolo"
    event = Person.pgh_event_model.objects.select_related("pgh_context").get()  # type: ignore[attr-defined]
    assert event.pgh_context.metadata["done"] == "import of council.json"


def test_nothing_is_written_while_anything_is_refused() -> None:
    plan = planned(persons=[NEVA, {"id": "p2"}], organizations=[WATCH], memberships=[MEMBER])
    with pytest.raises(ImportRefused):
        apply_popolo(plan, actor=None)
    assert not Person.objects.exists()


def test_a_plan_that_is_no_longer_true_is_refused() -> None:
    plan = accepted(persons=[NEVA])
    make_person("Neva Corrin")
    with pytest.raises(ImportRefused, match="changed since"):
        apply_popolo(plan, actor=None)


def test_memberships_may_stand_within_people_and_organizations() -> None:
    within = {**NEVA, "memberships": [{"organization_id": "o1", "role": "warden"}]}
    below = {**WATCH, "memberships": [{"person": {"id": "p2"}, "role": "clerk"}]}
    brought_in(people=[within, {"id": "p2", "name": "Bertil Quill"}], organizations=[below])
    assert {(row.person.name, row.role) for row in Affiliation.objects.all()} == {
        ("Neva Corrin", "warden"),
        ("Bertil Quill", "clerk"),
    }


def test_a_post_says_role_and_organization_where_the_membership_does_not() -> None:
    post = {"id": "5", "label": "Keeper of the lamps", "organization_id": "o1"}
    plan = accepted(
        persons=[NEVA], organizations=[WATCH], posts=[post], memberships=[{"person_id": "p1", "post_id": 5}]
    )
    [membership] = plan.memberships
    assert (membership.role, membership.organization) == ("Keeper of the lamps", "organizations[0]")


def test_what_is_not_taken_is_named_and_counted() -> None:
    plan = accepted(
        persons=[
            {**NEVA, "gender": "unknown", "birth_date": "1970", "email": None, "links": [], "contact_details": [{}]}
        ],
        organizations=[{**WATCH, "classification": "committee", "identifiers": [{"scheme": "lei", "identifier": "9"}]}],
        memberships=[
            {**MEMBER, "on_behalf_of_id": "o1", "area_id": "a1"},
            MEMBER,
            {"organization_id": "o1", "member": {"id": "o1"}},
        ],
        areas=[{"id": "a1"}, {"id": "a2"}],
        meta={"made": "2025"},
    )
    assert set(plan.left_out) == {
        "persons.gender (1)",
        "persons.birth_date (1)",
        "persons.contact_details (1)",
        "organizations.classification 'committee', none of our kinds (1)",
        "organizations.identifiers of 'lei' (1)",
        "memberships.on_behalf_of_id (1)",
        "memberships.area_id (1)",
        "memberships said before (1)",
        "memberships of organizations (1)",
        "areas (2)",
        "meta (1)",
    }
    assert len(plan.memberships) == 1


@pytest.mark.parametrize(("said", "read"), [("2024", "2024"), ("2024-11-03T10:00:00Z", "2024-11-03"), ("", None)])
def test_dates_are_as_precise_as_they_are_said(said: str, read: str | None) -> None:
    [membership] = accepted(
        persons=[NEVA], organizations=[WATCH], memberships=[{**MEMBER, "start_date": said}]
    ).memberships
    assert membership.start == read


@pytest.mark.parametrize(
    ("changed", "code", "place", "value"),
    [
        ({"start_date": "11/2024"}, "invalid_date", "memberships[0].start_date", "11/2024"),
        ({"start_date": "2024-13"}, "invalid_date", "memberships[0].start_date", "2024-13"),
        ({"end_date": "2024-10"}, "invalid_date", "memberships[0].end_date", "2024-10"),
        ({"person_id": "p9"}, "unknown", "memberships[0].person_id", "p9"),
        ({"person_id": None}, "missing", "memberships[0].person_id", ""),
        ({"organization_id": ""}, "missing", "memberships[0].organization_id", ""),
        ({"role": ["warden"]}, "not_text", "memberships[0].role", "['warden']"),
        ({"role": 7}, "not_text", "memberships[0].role", "7"),
        ({"role": "w\u0007"}, "control_character", "memberships[0].role", "w "),
        ({"extra": {"kind": "friend"}}, "unknown_value", "memberships[0].extra.kind", "friend"),
    ],
)
def test_what_is_wrong_with_a_membership_is_named_with_its_place(
    changed: Any, code: str, place: str, value: str
) -> None:
    refusal = refused(persons=[NEVA], organizations=[WATCH], memberships=[{**MEMBER, **changed}])
    assert (refusal.code, refusal.column, refusal.value) == (code, place, value)


def by(*pairs: tuple[str, str]) -> dict[str, Any]:
    return {"identifiers": [{"scheme": scheme, "identifier": identifier} for scheme, identifier in pairs]}


@pytest.mark.parametrize(
    ("changed", "code", "place"),
    [
        ({"name": " "}, "missing", "name"),
        ({"name": "x" * 301}, "too_long", "name"),
        ({"id": "o1"}, "duplicate", "id"),
        ({"parent_id": "o9"}, "unknown", "parent_id"),
        ({"parent_id": "o2"}, "circle", "parent_id"),
        ({"extra": {"country": "Nowhere"}}, "invalid", "extra.country"),
        ({"identifiers": "Q1"}, "not_a_list", "identifiers"),
        ({"identifiers": ["Q1"]}, "not_an_object", "identifiers[0]"),
        (by(("wikidata", "42")), "invalid", "identifiers[0].identifier"),
        (by(("quotebase", "A b")), "invalid", "identifiers[0].identifier"),
        (by(("wikidata", "Q900001"), ("wikidata", "Q900002")), "contradiction", "identifiers[1].identifier"),
    ],
)
def test_what_is_wrong_with_an_organization_is_named_with_its_place(changed: Any, code: str, place: str) -> None:
    refusal = refused(organizations=[WATCH, {"id": "o2", "name": "Zoning Council", **changed}])
    assert (refusal.code, refusal.column) == (code, f"organizations[1].{place}")


def test_organizations_above_one_another_in_a_circle_are_refused() -> None:
    one, two = {**WATCH, "parent_id": "o2"}, {"id": "o2", "name": "Zoning Council", "parent_id": "o1"}
    assert refused(organizations=[one, two]).detail == (
        "A circle: organizations[0] below organizations[1] below organizations[0]."
    )


def test_memberships_that_contradict_each_other_are_refused() -> None:
    refusal = refused(
        persons=[NEVA],
        organizations=[WATCH],
        memberships=[{**MEMBER, "end_date": "2025"}, {**MEMBER, "end_date": "2026"}],
    )
    assert (refusal.code, refusal.column, refusal.value) == ("contradiction", "memberships[1]", "2026")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b'{"persons": [', "not_json"),
        (b'{"persons": [], "persons": []}', "not_json"),
        (b"[]", "not_popolo"),
        (b'{"total": 0, "rows": []}', "not_popolo"),
        (b'{"persons": {}}', None),
        (b'{"persons": {"id": 1}}', "not_a_list"),
    ],
)
def test_what_is_no_popolo_is_refused(content: bytes, code: str | None) -> None:
    plan = plan_popolo(SourceFile("council.json", content, "popolo"))
    assert [refusal.code for refusal in plan.refusals] == ([code] if code else [])


def test_an_affiliation_that_is_here_is_left_as_it_is() -> None:
    brought_in(persons=[NEVA], organizations=[WATCH], memberships=[MEMBER])
    plan = accepted(persons=[NEVA], organizations=[WATCH], memberships=[{**MEMBER, "end_date": "2026"}])
    assert plan.is_nothing_new
    [difference] = plan.differences
    assert difference == (
        "memberships[0]: neva-corrin at harbor-watch: end is '' here, and '2026' in the file: left as it is"
    )


def test_a_membership_without_a_start_is_the_one_that_is_here() -> None:
    person, organization = make_person("Neva Corrin"), make_organization("harbor-watch")
    make_affiliation(person, organization, "warden", start="2020")
    unsure = {"person_id": "p1", "organization_id": "o1", "role": "warden"}
    assert accepted(persons=[NEVA], organizations=[WATCH], memberships=[unsure]).known == 1
    make_affiliation(person, organization, "warden", start="2022")
    assert accepted(persons=[NEVA], organizations=[WATCH], memberships=[unsure]).known == 0


def test_the_command_looks_first_and_writes_when_told(tmp_path: Path) -> None:
    path, out = tmp_path / "council.json", io.StringIO()
    path.write_text(json.dumps(COUNCIL), encoding="utf-8")
    call_command("import_quotes", str(path), "--format", "popolo", stdout=out)
    assert "people                2 new        0 matched" in out.getvalue()
    assert "new person        neva-corrin                     Neva Corrin" in out.getvalue()
    assert "Nothing was written." in out.getvalue()
    assert not Person.objects.exists()
    call_command("import_quotes", str(path), "--format", "popolo", "--apply", stdout=out)
    assert f"Brought in as import {Import.objects.get().uid}." in out.getvalue()
    call_command("import_quotes", str(path), "--format", "popolo", "--apply", stdout=out)
    assert "Nothing is new; nothing was written." in out.getvalue()


def test_the_command_shows_what_is_refused_and_fails(tmp_path: Path) -> None:
    path, out = tmp_path / "council.json", io.StringIO()
    path.write_text(json.dumps({"persons": [{**NEVA, "sort_name": 7}]}), encoding="utf-8")
    with pytest.raises(CommandError, match="1 refused; nothing was written"):
        call_command("import_quotes", str(path), "--format", "popolo", "--apply", stdout=out)
    assert "persons[0].sort_name      7" in out.getvalue()
    with pytest.raises(CommandError, match="no --default"):
        call_command("import_quotes", str(path), "--format", "popolo", "--default", "kind=direct", stdout=out)


@pytest.mark.parametrize("module", [json_text, reading, terms])
def test_the_examples_in_the_documentation_are_true(module: Any) -> None:
    found = doctest.testmod(module)
    assert (found.failed, found.attempted > 0) == (0, True)
