"""Nobody overwrites what they have not read: If-Match is asked for, and a stale one is told what changed."""

from __future__ import annotations

from typing import Any

import pytest

from quotes.models import Person, QuoteAffiliation
from tests import factories
from tests.api_curation.asking import Program, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def address(db: None) -> str:
    factories.make_person("Neva Corrin", slug="neva")
    return "people/neva/"


def test_a_write_without_a_precondition_is_a_428(editor: Program, address: str) -> None:
    quote = f"quotes/{factories.make_quote().uid}/"
    told(editor.send("PATCH", address, {"name": "X"}), 428)
    told(editor.send("PATCH", address, {"name": "X"}, if_match=" "), 428)
    told(editor.send("DELETE", address), 428)
    told(editor.send("POST", f"{address}merge/", {"into": factories.make_person().slug}), 428)
    told(editor.send("POST", f"{quote}submit/"), 428)
    assert Person.objects.get(slug="neva").name == "Neva Corrin"


@pytest.mark.parametrize("spoil", ["W/{}", "*", '"a", "b"', "nonsense", '"a,a,a,', '""'])
def test_what_is_not_the_records_tag_is_a_412(editor: Program, address: str, spoil: str) -> None:
    tag = editor.tag(address)
    answer = told(editor.send("PATCH", address, {"name": "X"}, if_match=spoil.format(tag)), 412)
    assert answer["etag"] == tag
    assert Person.objects.get(slug="neva").name == "Neva Corrin"


def test_thousands_of_tags_are_looked_through(editor: Program, address: str) -> None:
    told(editor.send("PATCH", address, {"name": "X"}, if_match='"a",' * 1500 + '"b"'), 412)
    many = '"a",' * 1500 + editor.tag(address)
    told(editor.send("PATCH", address, {"name": "X"}, if_match=many), 200)


def test_a_stale_tag_is_told_what_changed_meanwhile(editor: Program, address: str) -> None:
    stale = editor.tag(address)
    editor.change(address, {"name": "Neva C.", "aliases": ["Neva Corrin"]})
    answer = told(editor.send("PATCH", address, {"sort_name": "Corrin"}, if_match=stale), 412)
    assert answer["changed"] == ["aliases", "name"]
    assert answer["etag"] == editor.tag(address)
    told(editor.send("PATCH", address, {"sort_name": "Corrin"}, if_match=answer["etag"]), 200)


def test_an_answers_tag_is_good_for_the_next_write(editor: Program, address: str) -> None:
    first = editor.send("PATCH", address, {"name": "One"}, if_match=editor.tag(address))
    told(editor.send("PATCH", address, {"name": "Two"}, if_match=first.headers["ETag"]), 200)


def test_nested_rows_are_of_the_record(editor: Program) -> None:
    quote = factories.make_quote()
    capacity = factories.make_capacity(quote, factories.make_organization())
    address = f"quotes/{quote.uid}/"
    stale = editor.tag(address)
    QuoteAffiliation.objects.filter(pk=capacity.pk).update(standing="former")
    answer = told(editor.send("PATCH", address, {"cue": "said"}, if_match=stale), 412)
    assert answer["changed"] == ["affiliations"]


def test_a_transition_is_of_the_state_that_was_read(editor: Program) -> None:
    quote = factories.make_quote(source_label="a")
    address = f"quotes/{quote.uid}/"
    stale = editor.tag(address)
    editor.act(address, "submit")
    answer = told(editor.send("POST", f"{address}publish/", if_match=stale), 412)
    assert answer["changed"] == ["status"]


def test_what_is_not_there_is_a_404_whatever_the_precondition(editor: Program) -> None:
    for method, path in (("PATCH", "people/nobody/"), ("DELETE", "people/nobody/"), ("POST", "people/nobody/merge/")):
        body: Any = {"into": factories.make_person().slug} if method == "POST" else {}
        told(editor.send(method, path, body), 404)
        told(editor.send(method, path, body, if_match='"x"'), 404)
