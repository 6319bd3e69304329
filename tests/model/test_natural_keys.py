"""Every model has a natural key, and finds its row again by it: fixtures hold no integer key."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.apps import apps
from django.core import serializers
from django.db import models

from quotes.models import Affiliation, ApiToken, Merge, Organization, Quote, Review
from tests.factories import make_affiliation, make_organization, make_person, make_quote
from tests.model import one_of_each

pytestmark = pytest.mark.django_db


def dump(rows: list[models.Model]) -> str:
    return serializers.serialize("json", rows, indent=1, use_natural_foreign_keys=True, use_natural_primary_keys=True)


def load(text: str) -> None:
    """As loaddata does it: what points at a later row is set after all are there."""
    waiting = []
    for row in serializers.deserialize("json", text, handle_forward_references=True):
        row.save()
        waiting += [row] if row.deferred_fields else []
    for row in waiting:
        row.save_deferred_fields()


def natural_key(row: Any) -> list[Any]:
    """As a fixture has it."""
    return json.loads(json.dumps(row.natural_key()))


def fresh(rows: list[models.Model]) -> list[Any]:
    """The rows as the database has them now, found by their natural keys."""
    return [type(row)._default_manager.get_by_natural_key(*natural_key(row)) for row in rows]


def test_one_of_each_is_of_every_model() -> None:
    tracked = {model for model in apps.get_app_config("quotes").get_models() if not hasattr(model, "pgh_tracked_model")}
    assert {type(row) for row in one_of_each()} == tracked - {
        ApiToken,
        Merge,
        Review,
    }  # accounts and workflow are no data


def test_every_row_is_found_by_its_natural_key() -> None:
    rows = one_of_each()
    assert fresh(rows) == rows


def test_natural_keys_hold_no_integer_key() -> None:
    keys = {member for row in one_of_each() for member in natural_key(row) if isinstance(member, int)}
    assert keys == {2}  # the number of the round, and of the coding in it


@pytest.mark.parametrize("start", [None, "2024", "2024-11-03"])
def test_an_affiliation_is_found_by_its_start_known_or_not(start: str | None) -> None:
    person, organization = make_person(), make_organization()
    wanted = make_affiliation(person, organization, start=start)
    make_affiliation(person, organization, start="1999")
    assert Affiliation.objects.get_by_natural_key(*natural_key(wanted)) == wanted


def test_everything_is_dumped_and_loaded_again_under_other_keys() -> None:
    rows = one_of_each()
    before = dump(fresh(rows))
    for row in reversed(rows):
        type(row)._default_manager.filter(pk=row.pk).delete()
    load(before)
    after = fresh(rows)
    assert dump(after) == before
    assert all(row.pk != old.pk for row, old in zip(after, rows, strict=True))


def test_loading_twice_changes_nothing() -> None:
    rows = one_of_each()
    before = dump(fresh(rows))
    load(before)
    assert fresh(rows) == rows and dump(fresh(rows)) == before


def test_a_child_may_be_loaded_before_its_parent() -> None:
    parent = make_organization()
    child = make_organization(parent=parent, successor=parent)
    text = dump([child, parent])
    child.delete()
    parent.delete()
    load(text)
    assert Organization.objects.get_by_natural_key(child.slug).parent.slug == parent.slug


def test_a_repetition_may_be_loaded_before_its_root() -> None:
    root = make_quote()
    repetition = make_quote(same_utterance_as=root)
    text = dump(fresh([repetition, root]))
    repetition.delete()
    root.delete()
    load(text)
    assert Quote.objects.get(uid=repetition.uid).same_utterance_as.uid == root.uid
