"""Merges are undone to the row: whatever a merge did, in whatever world; and what stands against it is said."""

from __future__ import annotations

import random
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from quotes import curation
from quotes.curation.history import entries
from quotes.curation.merging import CHOICES
from quotes.models import (
    Affiliation,
    Merge,
    Organization,
    Person,
    Quote,
    Redirect,
)
from quotes.publication import checking
from tests import factories
from tests.api.mirror import Mirror, public_state
from tests.merging import dump, make_world, merge_organizations, merge_people, public_answers, two_people

MERGES = {Person: curation.merge_people, Organization: curation.merge_organizations}


def merge_any(chance: random.Random) -> Merge | None:
    """Merge two records by chance, with choices by chance; None where it is refused."""
    model: Any = chance.choice([Person, Organization])
    keep, merged = chance.sample(list(model.objects.order_by("pk")), 2)
    asked = [name for name in CHOICES[model] if chance.random() < 0.4]
    choices = {name: getattr(chance.choice([keep, merged]), name) for name in asked}
    try:
        MERGES[model](keep=keep, merged=merged, actor=None, choices=choices)
    except curation.CurationError:
        return None
    return Merge.objects.latest("pk")


def last_events() -> dict[str, int]:
    tracked = [model for model in apps.get_app_config("quotes").get_models() if hasattr(model, "pgh_tracked_model")]
    return {
        model.__name__: model.objects.order_by("-pgh_id").values_list("pgh_id", flat=True).first() or 0
        for model in tracked
    }


def touched_since(before: dict[str, int]) -> set[tuple[str, int]]:
    """Table and key of every row that was written since, by the history that triggers keep."""
    found = set()
    for name, last in before.items():
        model = apps.get_model("quotes", name)
        keys = model.objects.filter(pgh_id__gt=last).values_list("pgh_obj_id", flat=True)
        found |= {(model.pgh_tracked_model._meta.db_table, key) for key in keys}
    return {(table, key) for table, key in found if table != Merge._meta.db_table}


class AnyWorldTest(TestCase):
    @settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
    @given(st.integers(0, 1_000_000))
    def test_a_merge_and_its_undoing_leave_every_table_and_every_public_answer_as_it_was(self, number: int) -> None:
        chance = make_world(number)
        follower, states = Mirror(), []
        follower.follow(page_size=100)
        for _ in range(3):
            state, events = (dump(), public_answers()), last_events()
            if merge := merge_any(chance):
                journaled = {(row["table"], row["key"]) for row in merge.journal["rows"]}
                assert journaled == touched_since(events)
                states.append((merge, state))
        for merge, (tables, answers) in reversed(states):
            curation.undo_merge(merge=merge, actor=None)
            assert dump() == tables
            assert public_answers() == answers
        assert [str(finding) for finding in checking.check(checking.Seen()) if finding] == []
        follower.follow(page_size=100)
        assert follower.state() == public_state()


@pytest.mark.django_db
def test_the_old_address_leads_on_while_merged_and_is_a_page_again_after() -> None:
    merge = merge_people(*two_people())
    client = Client()
    assert client.get("/people/n-corrin/").headers["Location"] == "/people/neva/"
    assert client.get("/api/v1/people/n-corrin/").status_code == 301
    record = curation.undo_merge(merge=merge, actor=None)
    assert (record.name, record.slug) == ("N. Corrin", "n-corrin")
    assert "N. Corrin" in client.get("/people/n-corrin/").content.decode()
    assert "N. Corrin" not in client.get("/people/neva/").content.decode()
    assert not Redirect.objects.exists()


@pytest.mark.django_db
def test_a_merge_keeps_the_values_that_are_chosen_and_the_names_that_are_not_as_aliases() -> None:
    keep = factories.make_organization("keep", name="Harbor Watch", short_name="HW", kind="court", aliases=["The Quay"])
    above = factories.make_organization("above")
    merged = factories.make_organization(
        "merged", name="The Harbor Watch", short_name="THW", kind="other", country="XX", parent=above
    )
    merge_organizations(
        keep, merged, name="The Harbor Watch", short_name="THW", kind="other", country="XX", parent=above
    )
    keep.refresh_from_db()
    assert (keep.slug, keep.name, keep.short_name, keep.kind) == ("keep", "The Harbor Watch", "THW", "other")
    assert (keep.country, keep.parent) == ("XX", above)
    assert keep.aliases == ["The Quay", "Harbor Watch", "HW"]


@pytest.mark.django_db
def test_an_id_goes_back_to_the_one_whose_it_was() -> None:
    keep, merged = factories.make_organization("keep"), factories.make_organization("merged", wikidata_id="Q77")
    merge = merge_organizations(keep, merged)
    assert Organization.objects.get().wikidata_id == "Q77"
    curation.undo_merge(merge=merge, actor=None)
    assert dict(Organization.objects.values_list("slug", "wikidata_id")) == {"keep": None, "merged": "Q77"}


@pytest.mark.django_db
def test_what_was_added_since_stays_with_the_kept_record() -> None:
    keep, merged = two_people()
    merge = merge_people(keep, merged)
    office = factories.make_organization("office")
    quote = factories.make_quote(speaker=keep)
    capacity = factories.make_capacity(quote, office)
    curation.undo_merge(merge=merge, actor=None)
    assert Quote.objects.get(pk=quote.pk).speaker == keep
    assert Affiliation.objects.get(pk=capacity.affiliation_id).person == keep
    assert Quote.objects.filter(speaker__slug="n-corrin").count() == 1


@pytest.mark.django_db
def test_a_row_that_was_changed_and_changed_back_is_no_obstacle() -> None:
    keep, merged = two_people()
    merge = merge_people(keep, merged)
    Quote.objects.update(cue="claims")
    Quote.objects.update(cue="")
    curation.undo_merge(merge=merge, actor=None)
    assert Person.objects.count() == 2


@pytest.mark.django_db
def test_a_later_merge_of_others_is_no_obstacle() -> None:
    first, second, third, fourth = (factories.make_person(f"Vell {n}", slug=f"vell-{n}") for n in range(4))
    earlier = merge_people(second, first)
    merge_people(fourth, third)
    curation.undo_merge(merge=earlier, actor=None)
    assert Person.objects.count() == 3


@pytest.mark.django_db
def test_the_history_says_which_merge_changed_a_record_and_which_undoing() -> None:
    keep, merged = two_people()
    quote = merged.quotes.get()
    merge = merge_people(keep, merged)
    curation.undo_merge(merge=merge, actor=None)
    undone, moved, *_ = entries(Quote, quote.pk)
    assert moved.through == "merge of N. Corrin into Neva Corrin"
    assert undone.through == "merge of N. Corrin into neva undone"


@pytest.mark.django_db
def test_a_column_that_came_into_a_table_since_stays_as_it_is() -> None:
    keep, merged = two_people()
    merge = merge_people(keep, merged)
    for row in merge.journal["rows"]:
        for image in (row["before"], row["after"]):
            (image or {}).pop("framing", None)
    merge.save()
    Quote.objects.update(framing="It was said.")
    curation.undo_merge(merge=merge, actor=None)
    assert set(Quote.objects.values_list("speaker__slug", "framing")) == {
        ("neva", "It was said."),
        ("n-corrin", "It was said."),
    }


@pytest.mark.django_db
def test_who_made_a_merge_is_kept() -> None:
    user = User.objects.create_user("anna")
    keep, merged = two_people()
    curation.merge_people(keep=keep, merged=merged, actor=user)
    merge = Merge.objects.get()
    assert (merge.kind, merge.kept, merge.merged, merge.made_by) == ("person", "neva", "n-corrin", user)
    assert str(merge) == "N. Corrin into neva"
