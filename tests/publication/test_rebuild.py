"""Rebuilding by several processes: they share a lock that keeps everybody else out, and write one at a time."""

from __future__ import annotations

import pytest
from django.db import OperationalError, connection, connections, transaction

from quotes import curation
from quotes.models import Quote
from quotes.publication import rebuilding
from quotes.publication.changes import last_change
from quotes.publication.models import PublishedEntity, PublishedQuote
from tests import factories
from tests.publication.test_concurrency import Session, wait_until_somebody_waits_for_a_lock

pytestmark = pytest.mark.django_db(transaction=True)


def publish(number: int) -> list[Quote]:
    quotes = [factories.make_quote(source_label=f"source {one}") for one in range(number)]
    curation.publish(quotes=quotes, actor=None)
    return quotes


def spoil() -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE publication_publishedquote SET document = document || ' '")


def test_ranges_hold_every_key_once() -> None:
    keys = sorted(quote.pk for quote in publish(7))
    for parts in (1, 2, 3, 20):
        ranges = rebuilding.ranges(parts)
        assert len(ranges) == parts
        for key in keys:
            assert sum(after < key and (until is None or key <= until) for after, until in ranges) == 1


def test_ranges_of_nothing_are_there_all_the_same() -> None:
    assert rebuilding.ranges(2)[-1][1] is None


def test_two_who_rebuild_at_once_mend_what_differs() -> None:
    publish(6)
    spoil()
    sessions = [
        Session(lambda after=after, until=until: list(rebuilding.rebuild_quotes(after=after, until=until, batch=1)))
        for after, until in rebuilding.ranges(2)
    ]
    for session in sessions:
        session.finish()
    rebuilding.finish_rebuilding()
    assert not any(row.document.endswith(" ") for row in PublishedQuote.objects.all())
    assert len(set(PublishedQuote.objects.values_list("change", flat=True))) == 6


def test_who_shares_the_lock_waits_for_no_other_who_does() -> None:
    def share() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '5s'")
            rebuilding.share_lock()

    with transaction.atomic():
        rebuilding.share_lock()
        Session(share).finish()


def test_a_verb_waits_for_who_rebuilds() -> None:
    (quote,) = publish(1)
    with transaction.atomic():
        rebuilding.share_lock()
        session = Session(lambda: curation.withdraw(quotes=[quote], reason="The paper took it back.", actor=None))
        wait_until_somebody_waits_for_a_lock()
        assert PublishedQuote.objects.exists()
    session.finish()
    assert not PublishedQuote.objects.exists()


def test_two_who_must_remove_rows_at_once_both_come_to_their_end() -> None:
    """Each needs the whole lock while the other shares it: PostgreSQL ends one of the two, who begins anew."""
    quotes = publish(4)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE quotes_quote SET status = 'draft'")
        cursor.execute("SET session_replication_role = origin")
    sessions = [
        Session(lambda after=after, until=until: list(rebuilding.rebuild_quotes(after=after, until=until, batch=1)))
        for after, until in rebuilding.ranges(2)
    ]
    for session in sessions:
        session.finish()
    rebuilding.finish_rebuilding()
    assert len(quotes) == 4
    assert not PublishedQuote.objects.exists()
    assert not PublishedEntity.objects.exists()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE publication_publishedentity SET name = name || '!'",
        "UPDATE publication_publishedentity SET slug = slug WHERE false",
        "DELETE FROM publication_publishedentity WHERE false",
        "DELETE FROM publication_publishedquote WHERE false",
        "DELETE FROM publication_tombstone WHERE false",
    ],
)
def test_a_statement_by_which_no_name_goes_takes_no_lock(statement: str) -> None:
    publish(1)

    def change() -> None:
        with connections["default"].cursor() as cursor:
            cursor.execute("SET lock_timeout = '2s'")
            cursor.execute(statement)

    with transaction.atomic():
        rebuilding.share_lock()
        Session(change).finish()


def test_a_statement_by_which_a_name_goes_takes_the_lock() -> None:
    publish(1)

    def change() -> None:
        with connections["default"].cursor() as cursor:
            cursor.execute("SET lock_timeout = '200ms'")
            cursor.execute("UPDATE publication_publishedentity SET slug = slug || '-2'")

    with transaction.atomic():
        rebuilding.share_lock()
        session = Session(change)
        with pytest.raises(OperationalError, match="lock timeout"):
            session.finish()


def test_a_rebuild_that_finds_everything_right_changes_nothing() -> None:
    publish(3)
    before = last_change()
    assert sum(done.written for done in rebuilding.rebuild(batch=2)) == 0
    assert last_change() == before
