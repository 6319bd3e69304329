"""When the public sees a change: at the verb's commit, or as soon as somebody refreshes what SQL by hand left marked."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from quotes import curation
from quotes.models import Organization, Person, Quote, Redirect
from quotes.publication import checking
from quotes.publication.models import PublishedEntity, PublishedQuote, PublishedRedirect, StaleMark, Tombstone, Total
from quotes.publication.rebuilding import rebuild
from quotes.publication.refresh import drain
from quotes.publication.worker import refresh_all
from tests import factories

pytestmark = pytest.mark.django_db


def publish(**fields: Any) -> Quote:
    quote = factories.make_quote(source_label="the source", **fields)
    curation.publish(quotes=[quote], actor=None)
    return quote


def document(quote: Quote) -> dict[str, Any]:
    return orjson.loads(PublishedQuote.objects.get(pk=quote.pk).document)


def slugs() -> set[str]:
    return set(PublishedEntity.objects.values_list("slug", flat=True))


def test_publishing_is_seen_when_the_verb_returns() -> None:
    quote = publish()
    assert document(quote)["text"] == quote.text
    assert not StaleMark.objects.exists()


def test_a_draft_has_no_public_row_and_makes_nobody_known() -> None:
    factories.make_quote(speaker=factories.make_person(slug="silent"), source_label="a source")
    drain()
    assert not PublishedQuote.objects.exists()
    assert slugs() == set()


def test_sql_by_hand_is_seen_after_the_next_refresh() -> None:
    quote = publish()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE quotes_person SET name = 'Neva Corrin' WHERE id = %s", [quote.speaker_id])
    assert document(quote)["speaker"]["name"] != "Neva Corrin"
    assert StaleMark.objects.filter(kind="person", key=quote.speaker_id).exists()
    refresh_all()
    assert document(quote)["speaker"]["name"] == "Neva Corrin"


def test_an_update_that_changes_nothing_marks_nothing() -> None:
    quote = publish()
    Quote.objects.filter(pk=quote.pk).update(text=quote.text)
    assert not StaleMark.objects.exists()


def test_a_refresh_that_finds_nothing_new_writes_nothing() -> None:
    quote = publish()
    before = PublishedQuote.objects.values("change", "modified").get(pk=quote.pk)
    StaleMark.objects.create(kind="quote", key=quote.pk)
    assert drain().written == 0
    assert PublishedQuote.objects.values("change", "modified").get(pk=quote.pk) == before


def test_a_withdrawal_by_sql_is_gone_at_once() -> None:
    quote = publish()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE quotes_quote SET status = 'withdrawn', withdrawn_at = now(), withdrawn_reason = 'Misheard.'"
        )
    assert not PublishedQuote.objects.exists()
    refresh_all()
    assert Tombstone.objects.get().uid == quote.uid


def test_a_withdrawn_quote_leaves_its_reason_and_takes_its_people_along() -> None:
    quote = publish()
    curation.withdraw(quotes=[quote], reason="Misheard.", actor=None)
    assert Tombstone.objects.get(uid=quote.uid).reason == "Misheard."
    assert slugs() == set()
    assert not Total.objects.exists()


def test_renaming_an_organization_reaches_the_quotes_of_its_units() -> None:
    ministry = factories.make_organization("ministry")
    unit = factories.make_organization("unit", parent=ministry)
    quote = factories.make_quote()
    factories.make_capacity(quote, unit)
    curation.publish(quotes=[quote], actor=None)
    Organization.objects.filter(pk=ministry.pk).update(name="Ministry of Lanterns")
    refresh_all()
    unit_document = orjson.loads(PublishedEntity.objects.get(slug="unit").document)
    assert unit_document["parent"]["name"] == "Ministry of Lanterns"


def test_a_change_is_numbered_in_the_order_of_commits() -> None:
    first, second = publish(), publish()
    changes = dict(PublishedQuote.objects.values_list("pk", "change"))
    assert changes[first.pk] < changes[second.pk]


def test_totals_count_listed_quotes_by_code() -> None:
    speaker = factories.make_person(slug="neva")
    publish(speaker=speaker)
    retracted = publish(speaker=speaker)
    factories.make_evidence(retracted)
    Quote.objects.filter(pk=retracted.pk).update(verification="retracted")
    refresh_all()
    counted = PublishedEntity.objects.get(slug="neva").counted
    assert Total.objects.get(pk=counted).quotes == 1


def test_what_is_too_much_for_one_verb_stays_marked_for_the_worker() -> None:
    quotes = [publish() for _ in range(3)]
    Quote.objects.update(cue="said")
    assert drain(most=2).is_complete is False
    assert refresh_all() == 1
    assert {document(quote)["cue"] for quote in quotes} == {"said"}


def test_the_number_of_queries_does_not_depend_on_the_number_of_quotes() -> None:
    def queries(number: int) -> int:
        organization = factories.make_organization()
        for _ in range(number):
            factories.make_capacity(factories.make_quote(), organization)
        Quote.objects.filter(status="draft").update(status="published", published_at="2025-01-01T00:00Z")
        with CaptureQueriesContext(
            connection,
        ) as captured:
            drain()
        return len(captured)

    assert queries(2) == queries(12)


def test_a_redirect_is_published_and_removed_with_its_source() -> None:
    publish(speaker=factories.make_person(slug="new"))
    redirect = Redirect.objects.create(kind="person", slug="old", target="new")
    drain()
    assert PublishedRedirect.objects.get().target == "new"
    redirect.delete()
    drain()
    assert not PublishedRedirect.objects.exists()


def test_a_redirect_is_public_as_long_as_its_target_is() -> None:
    Redirect.objects.create(kind="person", slug="old", target="new")
    drain()
    assert not PublishedRedirect.objects.exists()
    quote = publish(speaker=factories.make_person(slug="new"))
    assert PublishedRedirect.objects.get().slug == "old"
    curation.withdraw(quotes=[quote], reason="Misheard.", actor=None)
    assert not PublishedRedirect.objects.exists()


def test_two_people_may_exchange_their_slugs() -> None:
    first, second = (factories.make_person(slug=slug) for slug in ("first", "second"))
    publish(speaker=first)
    publish(speaker=second)
    for person, slug in ((first, "between"), (second, "first"), (first, "second")):
        Person.objects.filter(pk=person.pk).update(slug=slug)
    refresh_all()
    assert dict(PublishedEntity.objects.filter(kind="person").values_list("key", "slug")) == {
        first.pk: "second",
        second.pk: "first",
    }


def test_two_people_exchange_their_slugs_also_where_one_is_left_for_the_worker() -> None:
    people = [factories.make_person(slug=slug) for slug in ("first", "second")]
    for person in people:
        publish(speaker=person)
    for person, slug in ((people[0], "between"), (people[1], "first"), (people[0], "second")):
        Person.objects.filter(pk=person.pk).update(slug=slug)
    assert not drain(most=1).is_complete
    refresh_all()
    assert PublishedEntity.objects.filter(kind="person").count() == 2
    assert [finding for finding in checking.check(checking.Seen()) if finding] == []


def test_a_rebuild_mends_whatever_was_done_to_the_rows() -> None:
    kept, lost, foreign = publish(), publish(), publish()
    right = PublishedQuote.objects.values("document", "facets", "search").get(pk=kept.pk)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE publication_publishedquote SET document = '{}', facets = '{}', search = ''")
        cursor.execute("DELETE FROM publication_publishedquote WHERE id = %s", [lost.pk])
        cursor.execute("UPDATE publication_total SET quotes = 99")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE quotes_quote DISABLE TRIGGER USER")
        cursor.execute("UPDATE quotes_quote SET status = 'draft' WHERE id = %s", [foreign.pk])
        cursor.execute("ALTER TABLE quotes_quote ENABLE TRIGGER USER")
    list(rebuild())
    assert PublishedQuote.objects.values("document", "facets", "search").get(pk=kept.pk) == right
    assert set(PublishedQuote.objects.values_list("pk", flat=True)) == {kept.pk, lost.pk}
    assert set(Total.objects.values_list("quotes", flat=True)) <= {0, 1, 2}


def test_what_a_rename_reaches_in_a_later_batch_is_as_right_as_in_the_first() -> None:
    parent = factories.make_organization("ministry", name="Ministry of Lamps")
    quotes = [
        publish(organization=factories.make_organization(f"office-{number}", parent=parent), source_type="organization")
        for number in range(3)
    ]
    Organization.objects.filter(pk=parent.pk).update(name="Ministry of Light")
    assert not drain(most=1).is_complete
    while not drain(most=1).is_complete:
        pass
    shown = {document(quote)["organization"]["slug"] for quote in quotes}
    rows = PublishedEntity.objects.filter(slug__in=shown)
    assert {orjson.loads(row.document)["parent"]["name"] for row in rows} == {"Ministry of Light"}
    assert [finding for finding in checking.check(checking.Seen()) if finding] == []


def test_publishing_projects_of_who_is_public_already_people_alone() -> None:
    """Nobody else's row says anything of quotes. The quote, what it shows, and its rows are read and written as ever."""
    first = publish()
    second = factories.make_quote(source_label="the source", article=first.article, snapshot=None)
    with CaptureQueriesContext(connection) as captured:
        curation.publish(quotes=[second], actor=None)
    asked = [query["sql"] for query in captured]
    assert len(asked) <= 36, len(asked)
    assert [sql for sql in asked if sql.startswith("SELECT") and 'FROM "quotes_article"' in sql] == []
