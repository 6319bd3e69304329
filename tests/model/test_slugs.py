"""Slugs for what is made from a file or a page."""

from __future__ import annotations

import pytest

from quotes.models import Person, Redirect
from quotes.models.slugs import free_slugs
from quotes.vocabulary import EntityKind
from tests.factories import make_person

pytestmark = pytest.mark.django_db


def slug_of(name: str) -> str:
    return free_slugs(EntityKind.PERSON, Person, [name])[name]


def test_a_name_gives_its_slug() -> None:
    assert slug_of("Orla Támsin") == "orla-tamsin"


def test_names_of_one_slug_are_told_apart() -> None:
    found = free_slugs(EntityKind.PERSON, Person, ["Orla Tamsin", "Orla  TAMSIN"])
    assert found["Orla Tamsin"] == "orla-tamsin"
    assert found["Orla  TAMSIN"].startswith("orla-tamsin-")


def test_an_old_address_is_taken() -> None:
    Redirect.objects.create(kind="person", slug="orla-tamsin", target="somebody")
    assert slug_of("Orla Tamsin") != "orla-tamsin"


def test_however_many_bear_a_name_each_has_a_slug_of_their_own() -> None:
    for _ in range(14):
        make_person("Orla Tamsin", slug=slug_of("Orla Tamsin"))
    assert Person.objects.values("slug").distinct().count() == 14
