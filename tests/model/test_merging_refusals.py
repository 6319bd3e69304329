"""What stands against a merge, or against undoing one, is said in words that name each record; and nothing is changed."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from pghistory import context

from quotes import curation
from quotes.models import Affiliation, Authorship, Merge, Person, Quote, QuoteAffiliation, Redirect
from tests import factories
from tests.merging import dump, merge_organizations, merge_people, two_people

pytestmark = pytest.mark.django_db


def refused(merge: Merge) -> str:
    """What the refusal says; nothing was changed."""
    before = dump()
    with pytest.raises(curation.CurationError) as refusal:
        curation.undo_merge(merge=merge, actor=None)
    assert dump() == before
    assert Merge.objects.get(pk=merge.pk).undone_at is None
    return " ".join(refusal.value.messages)


def by(user: User) -> Any:
    return context(user=user.pk)


def test_what_is_neither_records_is_no_choice() -> None:
    keep, merged = two_people()
    with pytest.raises(curation.CurationError, match=r"name: Orla is neither Neva Corrin's nor N\. Corrin's"):
        merge_people(keep, merged, name="Orla")
    with pytest.raises(curation.CurationError, match="slug: a merge chooses between name, sort_name, wikidata_id"):
        merge_people(keep, merged, slug="n-corrin")
    unit = factories.make_organization("unit", parent=factories.make_organization("top"))
    with pytest.raises(curation.CurationError, match="is below Top, or would be"):
        merge_organizations(unit.parent, unit, parent=unit.parent)


def test_ids_that_differ_are_never_merged_whatever_is_chosen() -> None:
    keep, merged = factories.make_person(wikidata_id="Q71"), factories.make_person(wikidata_id="Q72")
    with pytest.raises(curation.CurationError, match="not the same"):
        merge_people(keep, merged, wikidata_id="Q72")


def test_a_row_that_was_changed_since_is_named_with_who_and_when() -> None:
    keep, merged = two_people()
    quote = merged.quotes.get()
    merge = merge_people(keep, merged)
    Person.objects.filter(pk=keep.pk).update(sort_name="Corrin, Neva")
    with by(User.objects.create_user("anna")):
        Quote.objects.filter(pk=quote.pk).update(cue="claims")
    said = refused(merge)
    assert f"Quote Neva Corrin: {quote.text} was changed on 20" in said
    assert "by anna." in said
    assert "Person Neva Corrin was changed on 20" in said
    assert "outside the admin." in said


def test_a_row_that_was_deleted_since_is_named() -> None:
    keep, merged = two_people()
    merge = merge_people(keep, merged)
    with by(User.objects.create_user("anna")):
        Redirect.objects.all().delete()
        Authorship.objects.all().delete()
    said = refused(merge)
    assert "Redirect n-corrin → neva was deleted on" in said
    assert "Authorship Neva Corrin: Article" in said


def test_a_new_quote_in_a_capacity_that_would_go_back_is_named() -> None:
    keep, merged = factories.make_person("Neva Corrin"), factories.make_person("N. Corrin")
    ministry = factories.make_organization("ministry")
    job = factories.make_affiliation(merged, ministry, "envoy")
    merge = merge_people(keep, merged)
    quote = factories.make_quote("Lamps.", speaker=keep)
    with by(User.objects.create_user("anna")):
        factories.make_capacity(quote, ministry, affiliation=job)
    said = refused(merge)
    assert "Quote Neva Corrin: Lamps. was given a capacity on 20" in said
    assert "by anna that would go back with the merged record: Neva Corrin, envoy, Ministry." in said
    QuoteAffiliation.objects.all().delete()
    curation.undo_merge(merge=merge, actor=None)
    assert Quote.objects.get().speaker == keep


def test_a_new_capacity_of_a_quote_that_would_go_back_is_named() -> None:
    keep, merged = factories.make_person("Neva Corrin"), factories.make_person("N. Corrin")
    quote = factories.make_quote("Lamps.", speaker=merged)
    job = factories.make_affiliation(keep, factories.make_organization("ministry"), "envoy")
    merge = merge_people(keep, merged)
    factories.make_capacity(Quote.objects.get(pk=quote.pk), job.organization, affiliation=job)
    assert "Quote Neva Corrin: Lamps. was given a capacity" in refused(merge)


def test_a_capacity_at_an_organization_that_would_go_back_is_named() -> None:
    keep, merged = factories.make_organization("keep"), factories.make_organization("merged")
    job = factories.make_affiliation(factories.make_person("Neva Corrin"), merged, "envoy")
    factories.make_capacity(factories.make_quote("Before.", speaker=job.person), merged, affiliation=job)
    merge = merge_organizations(keep, merged)
    new = factories.make_capacity(factories.make_quote("After.", speaker=job.person), keep, affiliation=job)
    said = refused(merge)
    assert "After." in said
    assert "Before." not in said
    new.delete()
    curation.undo_merge(merge=merge, actor=None)
    assert Affiliation.objects.get().organization.slug == "merged"


def test_later_merges_are_undone_first() -> None:
    first, second, third = (factories.make_person(f"Vell {n}", slug=f"vell-{n}") for n in range(3))
    earlier = merge_people(second, first)
    later = merge_people(third, second)
    said = refused(earlier)
    assert said.startswith("A later merge builds on this one. Undo that one first: Vell 1 into vell-2, of 20")
    curation.undo_merge(merge=later, actor=None)
    assert dict(Redirect.objects.values_list("slug", "target")) == {"vell-0": "vell-1"}
    curation.undo_merge(merge=earlier, actor=None)
    assert set(Person.objects.values_list("slug", flat=True)) == {"vell-0", "vell-1", "vell-2"}


def test_an_address_or_an_id_that_is_anothers_by_now_is_named() -> None:
    keep, merged = factories.make_person(slug="neva"), factories.make_person(slug="n-corrin", wikidata_id="Q77")
    merge = merge_people(keep, merged, wikidata_id=None)
    factories.make_person("Orla", slug="n-corrin", wikidata_id="Q77")
    said = refused(merge)
    assert "slug n-corrin is another record's by now: Orla." in said
    assert "Wikidata id Q77 is another record's by now: Orla." in said


def test_what_would_be_referred_to_and_is_gone_is_named() -> None:
    keep, above = factories.make_organization("keep"), factories.make_organization("above")
    merge = merge_organizations(keep, factories.make_organization("merged", parent=above))
    above.delete()
    said = refused(merge)
    assert "Organization Above was deleted on 20" in said
    assert "What comes back would refer to it." in said


def test_a_merge_is_undone_once() -> None:
    user = User.objects.create_user("anna")
    merge = merge_people(*two_people())
    curation.undo_merge(merge=merge, actor=user)
    merge.refresh_from_db()
    assert merge.undone_by == user
    with pytest.raises(curation.CurationError, match="undone already, on 20"):
        curation.undo_merge(merge=merge, actor=user)
