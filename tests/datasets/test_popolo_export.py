"""What is public, as Popolo; and that it comes back as what it was."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError
from django.db import connection

from quotes.curation import publish, refresh_publication
from quotes.datasets.importing import SourceFile
from quotes.datasets.popolo import apply_popolo, plan_popolo
from quotes.models import Affiliation, Organization, Person
from tests.api.asking import draft
from tests.datasets.popolo import exported
from tests.emptying import statements
from tests.factories import make_affiliation, make_capacity, make_organization, make_person
from tests.model import settle

pytestmark = pytest.mark.django_db


def said_in_every_affiliation() -> None:
    """People are public when a published quote names them, and so is what they said it as."""
    quotes = []
    for affiliation in Affiliation.objects.order_by("id"):
        quotes.append(draft(speaker=affiliation.person))
        make_capacity(quotes[-1], affiliation.organization, affiliation=affiliation)
    publish(quotes=quotes, actor=None)
    refresh_publication()


@pytest.fixture
def council() -> None:
    """Namesakes, aliases, a tree, partial dates, two jobs of one beginning, and somebody without a job."""
    port = make_organization("free-port", kind="government_agency", country="XK")
    council = make_organization("zoning-council", short_name="ZC", aliases=["The Council", "Council"], parent=port)
    watch = make_organization("harbor-watch", kind="advocacy", parent=council, wikidata_id="Q900010")
    neva = make_person("Neva Corrin", slug="neva", sort_name="Corrin, Neva", aliases=["N. Corrin", "“Neva”"])
    twin = make_person("Neva Corrin", slug="neva-the-second", sort_name="Corrin, Neva", wikidata_id="Q900001")
    make_affiliation(neva, watch, "warden", start="2024-11", end="2025-03-04", kind="employment")
    make_affiliation(neva, watch, "speaker", start="2024-11", kind="office")
    make_affiliation(neva, council, "", kind="membership")
    make_affiliation(twin, council, "clerk", end="2020", kind="other")
    make_person("Nobody Quoted", slug="nobody")
    said_in_every_affiliation()


def members(content: bytes) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(content)
    assert list(found) == ["persons", "organizations", "memberships"]
    return found


def test_people_come_with_the_organizations_and_memberships_that_they_show(council: None, tmp_path: Path) -> None:
    content, told = exported(tmp_path)
    found = members(content)
    assert "2 rows" in told
    assert [person["id"] for person in found["persons"]] == ["neva", "neva-the-second"]
    assert found["persons"][0] == {
        "id": "neva",
        "name": "Neva Corrin",
        "sort_name": "Corrin, Neva",
        "other_names": [{"name": "N. Corrin"}, {"name": "“Neva”"}],
        "identifiers": [{"scheme": "quotebase", "identifier": "neva"}],
    }
    assert [one["id"] for one in found["organizations"]] == ["free-port", "harbor-watch", "zoning-council"]
    assert found["organizations"][2] == {
        "id": "zoning-council",
        "name": "Zoning Council",
        "other_names": [{"name": "ZC", "note": "short name"}, {"name": "The Council"}, {"name": "Council"}],
        "classification": "government_agency",
        "parent_id": "free-port",
        "identifiers": [{"scheme": "quotebase", "identifier": "zoning-council"}],
    }
    assert found["organizations"][0]["extra"] == {"country": "XK"}
    assert {"scheme": "wikidata", "identifier": "Q900010"} in found["organizations"][1]["identifiers"]
    assert {
        "person_id": "neva",
        "organization_id": "harbor-watch",
        "role": "warden",
        "start_date": "2024-11",
        "end_date": "2025-03-04",
        "extra": {"kind": "employment"},
    } in found["memberships"]
    assert len(found["memberships"]) == 4


def test_every_id_that_is_named_is_there_and_every_date_is_popolos(council: None, tmp_path: Path) -> None:
    found = members(exported(tmp_path)[0])
    ids = {name: {one["id"] for one in found[name]} for name in ("persons", "organizations")}
    for one in found["memberships"]:
        assert one["person_id"] in ids["persons"]
        assert one["organization_id"] in ids["organizations"]
        for name in {"start_date", "end_date"} & one.keys():
            assert re.fullmatch(r"\d{4}(-\d{2}){0,2}", one[name])
    assert {one["parent_id"] for one in found["organizations"] if "parent_id" in one} <= ids["organizations"]


def test_filters_are_those_of_the_list(council: None, tmp_path: Path) -> None:
    found = members(exported(tmp_path, "--filter", "affiliation=harbor-watch")[0])
    assert [person["id"] for person in found["persons"]] == ["neva"]
    with pytest.raises(CommandError, match="affilation"):
        exported(tmp_path, "--filter", "affilation=harbor-watch")


def test_organizations_come_alone_with_those_above_them(council: None, tmp_path: Path) -> None:
    found = members(exported(tmp_path, "--of", "organizations", "--filter", "kind=advocacy")[0])
    assert [one["id"] for one in found["organizations"]] == ["free-port", "harbor-watch", "zoning-council"]
    assert (found["persons"], found["memberships"]) == ([], [])
    with pytest.raises(CommandError, match="popolo does not hold quotes"):
        exported(tmp_path, "--of", "quotes")


def test_links_are_whole_addresses_or_none(council: None, tmp_path: Path) -> None:
    found = members(exported(tmp_path, "--root", "https://quotes.example/")[0])
    assert found["persons"][0]["links"] == [{"url": "https://quotes.example/people/neva/", "note": "quotebase"}]


def test_what_the_format_cannot_carry_is_counted(council: None, tmp_path: Path) -> None:
    guard = make_organization("harbor-guard")
    Organization.objects.filter(slug="harbor-watch").update(successor=guard)
    refresh_publication()
    assert "1 successors of organizations are left out" in exported(tmp_path)[1]


def test_our_own_file_is_known_here(council: None, tmp_path: Path) -> None:
    plan = plan_popolo(SourceFile("council.json", exported(tmp_path)[0], "popolo"))
    assert (plan.refusals, plan.differences, plan.known) == ((), (), 4)
    assert plan.is_nothing_new


def test_an_empty_answer_is_a_whole_file(tmp_path: Path) -> None:
    content, _ = exported(tmp_path)
    assert members(content) == {"persons": [], "organizations": [], "memberships": []}
    assert plan_popolo(SourceFile("council.json", content, "popolo")).refusals == ()


def test_a_file_brought_into_an_empty_database_comes_out_byte_for_byte(council: None, tmp_path: Path) -> None:
    first, _ = exported(tmp_path)
    settle()
    tables = connection.introspection.django_table_names(only_existing=True)
    with connection.cursor() as cursor:
        for statement in statements([name for name in tables if name.startswith(("quotes_", "publication_"))]):
            cursor.execute(statement)
    assert not Person.objects.exists()
    plan = plan_popolo(SourceFile("council.json", first, "popolo"))
    assert (plan.refusals, plan.left_out) == ((), ())
    apply_popolo(plan, actor=None)
    said_in_every_affiliation()
    assert exported(tmp_path)[0] == first
