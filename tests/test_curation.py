"""The verbs that change data: what they refuse, what they move, and that they do all of it or nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection

from quotes import curation
from quotes.models import Affiliation, Article, Authorship, Coding, Organization, Person, Quote, Redirect
from quotes.publication.models import PublishedQuote
from tests import factories

pytestmark = pytest.mark.django_db


def ready(**fields: Any) -> Quote:
    return factories.make_quote(source_label="the source", **fields)


def settle() -> None:
    """Have the deferred constraints speak now, as they would at commit."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_all_quotes_are_published_or_none() -> None:
    good, bad = ready(), factories.make_quote()
    with pytest.raises(curation.CurationError, match="in what capacity"):
        curation.publish(quotes=[good, bad], actor=None)
    assert not Quote.objects.published().exists()


def test_publishing_keeps_the_day_of_the_first_publication() -> None:
    quote = ready()
    curation.submit_for_review(quotes=[quote], actor=None)
    [quote] = curation.publish(quotes=[quote], actor=None)
    assert quote.published_at is not None
    with pytest.raises(curation.CurationError, match="published, so it cannot become published"):
        curation.publish(quotes=[quote], actor=None)


def test_a_published_quote_does_not_go_back_to_draft() -> None:
    quote = ready()
    curation.publish(quotes=[quote], actor=None)
    with pytest.raises(curation.CurationError, match="cannot become draft"):
        curation.return_to_draft(quotes=[quote], actor=None)


def test_a_withdrawal_needs_a_reason() -> None:
    quote = ready()
    curation.publish(quotes=[quote], actor=None)
    with pytest.raises(curation.CurationError, match="needs a reason"):
        curation.withdraw(quotes=[quote], reason="  ", actor=None)
    assert PublishedQuote.objects.exists()


def test_a_draft_cannot_be_withdrawn() -> None:
    with pytest.raises(curation.CurationError, match="draft, so it cannot become withdrawn"):
        curation.withdraw(quotes=[ready()], reason="Misheard.", actor=None)


def test_where_there_are_two_editors_nobody_publishes_their_own_quote() -> None:
    first = User.objects.create_superuser("first")
    quote = ready(created_by=first)
    second = User.objects.create_superuser("second")
    with pytest.raises(curation.CurationError, match="another editor publishes it"):
        curation.publish(quotes=[quote], actor=first)
    curation.publish(quotes=[quote], actor=second)


def test_an_editor_alone_publishes_their_own_quote() -> None:
    only = User.objects.create_superuser("only")
    curation.publish(quotes=[ready(created_by=only)], actor=only)
    assert Quote.objects.published().count() == 1


def test_a_new_final_coding_takes_the_place_of_the_old_one_which_stays() -> None:
    quote, topic = ready(), factories.make_topic()
    curation.record_coding(quote=quote, topic=topic, coder="a", stance="oppose", is_final=True)
    curation.record_coding(quote=quote, topic=topic, coder="b", stance="mixed", round=2, is_final=True)
    assert set(Coding.objects.values_list("coder", "stance", "is_final")) == {
        ("a", "oppose", False),
        ("b", "mixed", True),
    }


def test_merging_people_moves_quotes_capacities_bylines_and_names() -> None:
    keep, merged = (
        factories.make_person("Neva Corrin", slug="neva"),
        factories.make_person("N. Corrin", slug="n-corrin"),
    )
    ministry = factories.make_organization()
    kept_job = factories.make_affiliation(keep, ministry, "envoy")
    factories.make_affiliation(merged, ministry, "envoy")
    quote = ready(speaker=merged)
    factories.make_capacity(quote, ministry, affiliation=merged.affiliations.get())
    article = factories.make_article()
    Authorship.objects.create(article=article, person=merged)
    curation.publish(quotes=[quote], actor=None)

    curation.merge_people(keep=keep, merged=merged, actor=None)
    settle()

    quote.refresh_from_db()
    assert quote.speaker == keep
    assert [row.affiliation for row in quote.affiliations.all()] == [kept_job]
    assert Affiliation.objects.get() == kept_job
    assert article.authors.get() == keep
    assert Person.objects.get(slug="neva").aliases == ["N. Corrin"]
    assert Redirect.objects.get().target == "neva"
    assert '"slug":"neva"' in PublishedQuote.objects.get().document


def test_merging_organizations_moves_all_that_names_them() -> None:
    keep, merged = factories.make_organization("keep"), factories.make_organization("merged", wikidata_id="Q77")
    unit = factories.make_organization("unit", parent=merged)
    older = factories.make_organization("older", successor=merged)
    article = factories.make_article(outlet=merged)
    quote = ready()
    factories.make_capacity(quote, merged)
    curation.merge_organizations(keep=keep, merged=merged, actor=None)
    settle()
    assert Organization.objects.get(pk=unit.pk).parent == keep
    assert Organization.objects.get(pk=older.pk).successor == keep
    assert Article.objects.get(pk=article.pk).outlet == keep
    assert quote.affiliations.get().affiliation.organization == keep
    assert Organization.objects.get(pk=keep.pk).wikidata_id == "Q77"


def test_two_wikidata_ids_are_two_people() -> None:
    keep, merged = factories.make_person(wikidata_id="Q71"), factories.make_person(wikidata_id="Q72")
    with pytest.raises(curation.CurationError, match="not the same"):
        curation.merge_people(keep=keep, merged=merged, actor=None)


def test_a_unit_cannot_swallow_what_it_belongs_to() -> None:
    ministry = factories.make_organization("ministry")
    unit = factories.make_organization("unit", parent=ministry)
    with pytest.raises(curation.CurationError, match="is below"):
        curation.merge_organizations(keep=unit, merged=ministry, actor=None)


def test_chains_of_old_slugs_are_flattened() -> None:
    first, second, third = (factories.make_person(slug=slug) for slug in ("first", "second", "third"))
    curation.merge_people(keep=second, merged=first, actor=None)
    curation.merge_people(keep=third, merged=second, actor=None)
    assert dict(Redirect.objects.values_list("slug", "target")) == {"first": "third", "second": "third"}


def test_what_is_merged_already_is_said_to_be_gone() -> None:
    keep, merged = factories.make_person("Neva Corrin"), factories.make_person("N. Corrin")
    stale = Person.objects.get(pk=merged.pk)
    assert curation.merge_people(keep=keep, merged=merged, actor=None) == keep
    with pytest.raises(curation.CurationError, match=r"N\. Corrin is not there any more"):
        curation.merge_people(keep=keep, merged=stale, actor=None)
