"""Which actors DNA's statements have: the primary affiliation or all of them, as stated or at the top."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from django.core.management import CommandError

from quotes.curation import refresh_publication
from quotes.models import Quote
from tests.api.asking import published
from tests.datasets.dna import export, planned, rows
from tests.factories import make_capacity, make_coding, make_organization, make_person, make_topic

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def two_houses() -> Quote:
    """A member of a chamber who chairs a caucus of it, and speaks for a league, too; and a source without an organization."""
    assembly = make_organization("assembly", kind="legislature")
    chamber = make_organization("chamber", parent=assembly)
    caucus = make_organization("caucus", parent=chamber)
    quote = published("Put the lamps out.", speaker=make_person("Neva Corrin"))
    make_capacity(quote, chamber)
    make_capacity(quote, caucus, is_primary=False, standing="former")
    make_capacity(quote, make_organization("league"), is_primary=False)
    alone = published("Let them burn.", speaker=make_person("Bertil Quill"))
    lamps = make_topic("lamps")
    make_coding(quote, lamps, "oppose")
    make_coding(quote, make_topic("gates"), "support")
    make_coding(alone, lamps, "support")
    refresh_publication()
    return quote


def events(folder: Path, *arguments: str) -> tuple[list[dict[str, str]], str]:
    told = export(folder / "events.csv", "--format", "dna", *arguments)
    with (folder / "events.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";")), told


def actors(found: list[dict[str, str]], concept: str) -> list[tuple[str, str, str]]:
    return [(one["organization"], one["standing"], one.get("weight", "")) for one in found if one["concept"] == concept]


def test_a_statement_has_one_row_unless_more_are_asked_for(tmp_path: Path) -> None:
    found, told = events(tmp_path)
    assert actors(found, "gates") == [("Chamber", "current", "")]
    assert "weight" not in found[0]
    assert "2 further affiliations are left out" in told


def test_rows_per_affiliation_share_the_weight_of_one(tmp_path: Path) -> None:
    found, told = events(tmp_path, "--rows-per", "affiliation")
    third = "0.3333333333"
    assert actors(found, "gates") == [
        ("Chamber", "current", third),
        ("Caucus", "former", third),
        ("League", "current", third),
    ]
    assert ("", "", "1") in actors(found, "lamps")
    assert [one["statement_id"] for one in found] == [str(number) for number in range(1, 8)]
    assert "further affiliations" not in told


def test_affiliations_that_are_one_at_the_top_are_one_row(tmp_path: Path) -> None:
    found, told = events(tmp_path, "--rows-per", "affiliation", "--actors", "root")
    assert actors(found, "gates") == [("Assembly", "current", "0.5"), ("League", "current", "0.5")]
    assert "2 statements have the organization at the top" in told


def test_the_primary_affiliation_goes_to_the_top(tmp_path: Path) -> None:
    found, _ = events(tmp_path, "--actors", "root")
    assert actors(found, "gates") == [("Assembly", "current", "")]
    export(tmp_path / "debate.dna", "--actors", "root")
    organizations = "SELECT Value FROM ENTITIES WHERE VariableId = 2 AND Value <> ''"
    assert rows(tmp_path / "debate.dna", organizations) == [("Assembly",)]


def test_affiliations_come_back_as_those_of_one_quote(two_houses: Quote, tmp_path: Path) -> None:
    events(tmp_path, "--rows-per", "affiliation")
    text = (tmp_path / "events.csv").read_text(encoding="utf-8")
    plan = planned(text.replace(str(two_houses.uid), "019bdfd3-3708-7f3f-8b39-87e92cb58961"))
    assert plan.refusals == ()
    [quote] = plan.quotes
    assert [(record.name, capacity.standing) for record, capacity in quote.capacities] == [
        ("Chamber", "current"),
        ("Caucus", "former"),
        ("League", "current"),
    ]
    assert {(one.topic, one.stance) for one in quote.entry.positions} == {("lamps", "oppose"), ("gates", "support")}


@pytest.mark.parametrize(
    ("name", "arguments", "message"),
    [
        ("debate.dna", ("--rows-per", "affiliation"), "DNA counts each statement of its own file as one"),
        ("quotes.csv", ("--actors", "root"), "are for dna and dna-database, not for csv"),
    ],
)
def test_what_a_format_cannot_tell_is_refused(
    tmp_path: Path, name: str, arguments: tuple[str, ...], message: str
) -> None:
    with pytest.raises(CommandError, match=message):
        export(tmp_path / name, *arguments)
    assert list(tmp_path.iterdir()) == []


def test_people_of_one_name_are_counted(tmp_path: Path) -> None:
    quote = published("Let them burn brighter.", speaker=make_person("Bertil Quill"))
    make_coding(quote, make_topic("bells"), "support")
    refresh_publication()
    _, told = events(tmp_path)
    assert "1 people or organizations have a name that another has too" in told
