"""What waits for somebody: words that are there twice, anchors that hold no longer, disagreements, records that may be one."""

from __future__ import annotations

from typing import Any

import pytest

from quotes import curation
from quotes.models import Article, Organization, Person, Quote
from tests import factories
from tests.waiting import disagreed_on, read_again, ready, repeated

pytestmark = pytest.mark.django_db


def test_the_same_words_elsewhere_wait_until_they_are_linked() -> None:
    first, second = repeated()
    assert set(Quote.objects.repeating_another()) == {second}
    Quote.objects.filter(pk=second.pk).update(same_utterance_as=first)
    assert not Quote.objects.repeating_another().exists()
    third = factories.make_quote("the lanterns watch everyone,", speaker=first.speaker)
    assert set(Quote.objects.repeating_another()) == {third}


@pytest.mark.parametrize(
    "change",
    [
        {"status": "withdrawn", "withdrawn_reason": "No.", "withdrawn_at": "2025-03-06T10:00Z"},
        {"text": "The lanterns watch anyone."},
        {"said_on": "2025-03-02"},
    ],
    ids=["withdrawn", "other words", "another day"],
)
def test_what_is_no_repetition_does_not_wait(change: dict[str, Any]) -> None:
    first, second = repeated()
    Quote.objects.update(verification="unverified")
    Quote.objects.filter(pk=first.pk).update(said_on="2025-03-01")
    Quote.objects.filter(pk=second.pk).update(snapshot=None, snapshot_length=None, segments=[], **change)
    assert not Quote.objects.repeating_another().exists()


def test_the_same_words_of_another_or_of_nobody_or_short_ones_do_not_wait() -> None:
    for _ in range(2):
        factories.make_quote("The lanterns watch everyone.")
        factories.make_quote("The lanterns watch everyone.", source_type="unnamed")
    speaker, article = factories.make_person(), factories.make_article()
    for _ in range(2):
        factories.make_quote("No comment.", speaker=speaker)
    snapshot = factories.make_quote("The lamps are ours to light.", speaker=speaker, article=article).snapshot
    factories.make_quote("The lamps are ours to light.", speaker=speaker, article=article, snapshot=snapshot)
    assert not Quote.objects.repeating_another().exists()


def test_an_institution_repeats_itself_too() -> None:
    watch = factories.make_organization("harbor-watch")
    for _ in range(3):
        factories.make_quote("Every quay is lit at night.", source_type="organization", organization=watch)
    assert Quote.objects.repeating_another().count() == 2


def test_words_that_left_the_newest_text_wait() -> None:
    gone, moved, half, unread = (
        factories.make_quote("The lanterns watch everyone."),
        factories.make_quote("The bells ring for nobody."),
        factories.make_quote(exacts=["The quay is dark,", "and the lamps sleep."]),
        factories.make_quote("The boats stay out."),
    )
    read_again(gone, "The council met. “The lanterns watch someone.” So it ended.")
    read_again(moved, "Corrected. The council met late. “The bells ring for nobody.”")
    read_again(half, "“The quay is dark,” said the source. “And the lamps sleep well.”")
    read_again(unread, "An older text without them.", at="2025-01-01T10:00:00Z")
    assert set(Quote.objects.gone_from_their_text()) == {gone, half}


def test_the_newest_text_counts_alone() -> None:
    quote = factories.make_quote("The lanterns watch everyone.")
    read_again(quote, "Nothing of it.", at="2025-06-01T10:00:00Z")
    read_again(
        quote, "“The lanterns watch everyone,” it has again. The lanterns watch everyone.", at="2025-07-01T10:00Z"
    )
    assert not Quote.objects.gone_from_their_text().exists()


@pytest.mark.parametrize("how", ["corrected", "disputed", "withdrawn"])
def test_an_anchor_that_was_dealt_with_waits_no_more(how: str) -> None:
    quote = ready()
    read_again(quote, "Nothing of it.")
    assert Quote.objects.gone_from_their_text().exists()
    if how == "corrected":
        Article.objects.filter(pk=quote.article_id).update(status="corrected", status_note="The words went.")
    elif how == "disputed":
        factories.make_evidence(quote)
        Quote.objects.filter(pk=quote.pk).update(verification="disputed")
    else:
        curation.publish(quotes=[quote], actor=None)
        curation.withdraw(quotes=[quote], reason="Never said.", actor=None)
    assert not Quote.objects.gone_from_their_text().exists()


def test_a_disagreement_waits_for_a_final_coding() -> None:
    quote, agreed = disagreed_on(), factories.make_quote()
    topic = factories.make_topic()
    factories.make_coding(agreed, topic, "support", coder="a", round=1, is_final=False)
    factories.make_coding(agreed, topic, "support", coder="b", round=1, is_final=False)
    factories.make_coding(agreed, topic, "oppose", coder="a", round=2, is_final=False)
    assert set(Quote.objects.disagreed_on()) == {quote}
    factories.make_coding(quote, quote.codings.all()[0].topic, "mixed", round=2)
    assert not Quote.objects.disagreed_on().exists()


def test_names_are_alike_but_for_accents_case_and_punctuation() -> None:
    alike = {
        factories.make_person("Søren Ångström-Lee", slug="a"),
        factories.make_person("N. N.", slug="b", aliases=["Another", "soren angstrom lee"]),
    }
    factories.make_person("Soren Angstrom", slug="c")
    assert set(Person.objects.alike()) == alike


def test_different_wikidata_ids_say_that_two_of_a_name_are_two() -> None:
    first, second = (factories.make_person("Neva Corrin", slug=slug) for slug in ("neva", "neva-2"))
    Person.objects.filter(pk=first.pk).update(wikidata_id="Q1")
    assert Person.objects.alike().count() == 2
    Person.objects.filter(pk=second.pk).update(wikidata_id="Q2")
    assert not Person.objects.alike().exists()


@pytest.mark.parametrize("relation", ["parent", "successor", "country"])
def test_organizations_that_share_a_name_rightly_do_not_wait(relation: str) -> None:
    first = factories.make_organization("watch", name="Harbor Watch", country="SE")
    second = factories.make_organization(
        "guard", name="Harbor Guard", aliases=["The Harbor Watch"], short_name="HARBOR WATCH"
    )
    assert Organization.objects.alike().count() == 2
    Organization.objects.filter(pk=second.pk).update(**{relation: "NO" if relation == "country" else first})
    assert not Organization.objects.alike().exists()


def test_articles_are_alike_within_one_outlet_alone() -> None:
    gazette, herald = factories.make_organization("gazette"), factories.make_organization("herald")
    one, two, three = (factories.make_article(outlet=outlet) for outlet in (gazette, gazette, herald))
    for article in (one, two, three):
        factories.make_snapshot(article, "One text under two addresses.")
    for outlet in (gazette, herald):
        factories.make_article(outlet=outlet, title="Lamps that listen")
    assert set(Article.objects.alike()) == {one, two}
    factories.make_article(outlet=herald, title="LAMPS that listen")
    assert Article.objects.alike().count() == 4
