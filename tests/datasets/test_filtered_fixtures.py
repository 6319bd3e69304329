"""`manage.py dump_fixture --filter`: some quotes, and all that they need in an empty database."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from quotes.curation import refresh_publication
from quotes.datasets.fixture_contents import contents_of
from quotes.datasets.fixtures import NATURAL_KEYS
from quotes.models import Quote, Redirect
from tests.api.asking import CLIENT, draft, published
from tests.factories import (
    make_affiliation,
    make_article,
    make_capacity,
    make_coding,
    make_evidence,
    make_organization,
    make_person,
    make_round,
    make_topic,
)
from tests.model import one_of_each
from tests.shipped import Shipped
from tests.test_fixtures import dump, empty_the_tables, load

pytestmark = pytest.mark.django_db

OPPOSED = "topic=lamps&stance=oppose"


@pytest.fixture
def debate() -> dict[str, Quote]:
    """A quote that matches, with all that hangs on it; and beside it what has nothing to do with it."""
    council = make_organization("harbor-council")
    office = make_organization("lamp-office", parent=council, successor=make_organization("light-office"))
    speaker, lamps = (
        make_person("Ottoline Varga", slug="ottoline-varga"),
        make_topic("lamps", parent=make_topic("towns")),
    )
    paper = make_organization("lantern-gazette", parent=make_organization("gazette-house"))
    article = make_article(slug="lamps-go-out", outlet=paper)
    article.authorships.create(person=make_person("Ines Pell", slug="ines-pell"))
    root = draft("Every lamp is broken.", speaker=speaker)
    wanted = published("Every lamp is broken.", speaker=speaker, article=article, same_utterance_as=root)
    make_capacity(wanted, office)
    make_affiliation(speaker, make_organization("rowing-club"), "member", start="1999")
    make_affiliation(make_person(slug="ines-sister"), office)
    make_coding(wanted, lamps, "oppose")
    make_coding(wanted, lamps, "support", coder="coder-a", round=1, is_final=False)
    make_round(1)
    make_round(2)
    make_round(3)
    make_evidence(wanted)
    Redirect.objects.create(kind="person", slug="o-varga", target="ottoline-varga")
    Redirect.objects.create(kind="topic", slug="o-lamps", target="ottoline-varga")
    other = published("The lamps are fine.")
    make_capacity(other, make_organization("other-office"))
    make_coding(other, lamps, "support")
    make_coding(draft("No lamps."), lamps, "oppose")
    refresh_publication()
    return {"wanted": wanted, "root": root}


def rows(text: str, model: str) -> list[dict[str, Any]]:
    return [row["fields"] for row in json.loads(text) if row["model"] == f"quotes.{model}"]


def slugs(text: str, model: str) -> set[str]:
    return {row["slug"] for row in rows(text, model)}


def empty_the_publication() -> None:
    """What is public goes by the verbs and triggers of rows; to TRUNCATE it is another table."""
    for model in apps.get_app_config("publication").get_models():
        model._default_manager.all().delete()


def uids(quotes: Iterable[Quote]) -> list[str]:
    return [str(quote.uid) for quote in quotes]


def test_the_quotes_that_match_come_with_those_that_they_refer_to(debate: dict[str, Quote]) -> None:
    found = rows(dump("--filter", OPPOSED), "quote")
    assert [row["uid"] for row in found] == uids([debate["root"], debate["wanted"]])
    assert [row["status"] for row in found] == ["draft", "published"]


def test_all_that_they_need_comes_with_them_and_no_more(debate: dict[str, Quote]) -> None:
    text = dump("--filter", OPPOSED)
    assert slugs(text, "person") == {"ottoline-varga", "ines-pell"}
    assert slugs(text, "organization") == {
        *("harbor-council", "lamp-office", "light-office", "rowing-club", "lantern-gazette", "gazette-house")
    }
    assert slugs(text, "topic") == {"lamps", "towns"}
    assert {row["organization"][0] for row in rows(text, "affiliation")} == {"lamp-office", "rowing-club"}
    assert (
        {row["round"] for row in rows(text, "coding")} == {row["number"] for row in rows(text, "codinground")} == {1, 2}
    )
    assert [row["slug"] for row in rows(text, "redirect")] == ["o-varga"]
    assert len(rows(text, "evidence")) == len(rows(text, "authorship")) == len(rows(text, "quoteaffiliation")) == 1


@pytest.mark.usefixtures("debate")
def test_texts_are_left_out_unless_told_otherwise() -> None:
    assert {row["text"] for row in rows(dump("--filter", OPPOSED), "snapshot")} == {None}
    assert None not in {row["text"] for row in rows(dump("--filter", OPPOSED, "--with-text"), "snapshot")}


@pytest.mark.usefixtures("debate")
def test_loaded_into_an_empty_database_it_dumps_the_same_bytes(tmp_path: Path) -> None:
    text = dump("--filter", OPPOSED, "--with-text")
    empty_the_tables()
    (tmp_path / "lamps.json").write_text(text, encoding="utf-8")
    load(tmp_path / "lamps.json")
    assert dump("--with-text") == text


@pytest.mark.parametrize("query", ["topic=gatelight-pilot&stance=oppose", "affiliation=us-congress", "q=contract"])
def test_what_is_taken_out_of_the_shipped_data_loads_and_answers_the_question(
    query: str, shipped: Shipped, tmp_path: Path
) -> None:
    shipped.put("reference", "demonstration")
    answer = CLIENT.get(f"/api/v1/quotes/?page_size=100&{query}").json()["results"]
    assert answer
    text = dump("--filter", query)
    empty_the_tables()
    empty_the_publication()
    (tmp_path / "some.json").write_text(text, encoding="utf-8")
    load(tmp_path / "some.json")
    assert dump() == text
    refresh_publication()
    again = CLIENT.get(f"/api/v1/quotes/?page_size=100&{query}").json()["results"]
    assert {one["uid"] for one in again} == {one["uid"] for one in answer}


@pytest.mark.usefixtures("debate")
def test_an_empty_filter_is_all_that_is_published() -> None:
    statuses = [row["status"] for row in rows(dump("--filter", ""), "quote")]
    assert sorted(statuses) == ["draft", "published", "published"]


@pytest.mark.usefixtures("debate")
def test_a_filter_that_nothing_matches_makes_an_empty_fixture() -> None:
    assert dump("--filter", "topic=lamps&stance=mixed") == "[\n]\n"


@pytest.mark.usefixtures("debate")
def test_a_misspelt_filter_is_refused_with_a_suggestion_and_the_old_file_stays(tmp_path: Path) -> None:
    file = tmp_path / "lamps.json"
    file.write_text("old")
    with pytest.raises(CommandError, match=r"stanse: .*Did you mean 'stance'"):
        call_command("dump_fixture", str(file), filter="stanse=oppose")
    with pytest.raises(CommandError, match="lampz"):
        call_command("dump_fixture", str(file), filter="topic=lampz")
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("lamps.json", "old")]


@pytest.mark.usefixtures("debate")
def test_the_summary_says_how_many_are_not_published(tmp_path: Path) -> None:
    errors = io.StringIO()
    call_command("dump_fixture", str(tmp_path / "lamps.json"), filter=OPPOSED, stderr=errors)
    assert "quotes 2, (unpublished, which they refer to) 1, " in errors.getvalue()


def test_more_quotes_than_a_statement_has_parameters(debate: dict[str, Quote]) -> None:
    keys = {debate["wanted"].pk, *range(10**9, 10**9 + 70_000)}
    assert len(contents_of(keys)[Quote]) == len(keys) + 1  # type: ignore[arg-type] # sets


def test_the_columns_that_rows_are_ordered_by_are_their_natural_keys() -> None:
    for row in one_of_each():
        if type(row) in NATURAL_KEYS:
            [columns] = type(row)._default_manager.filter(pk=row.pk).values_list(*NATURAL_KEYS[type(row)])
            assert [str(one) for one in columns] == [str(one) for one in row.natural_key()]  # type: ignore[attr-defined]
