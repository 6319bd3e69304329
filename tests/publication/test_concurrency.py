"""Two sessions at once: neither misses what the other has not committed yet."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, transaction

from quotes import curation
from quotes.models import Organization, Quote
from quotes.publication import checking
from quotes.publication.changes import last_change, read_changes
from quotes.publication.models import PublishedQuote
from quotes.publication.worker import refresh_all
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 20


class Session(threading.Thread):
    """Work in a session of its own, begun at once. `finish()` waits for it; its failure is the test's."""

    def __init__(self, work: Callable[[], object]) -> None:
        super().__init__(daemon=True)
        self.work = work
        self.failure: Exception | None = None
        self.start()

    def run(self) -> None:
        try:
            self.work()
        except (DatabaseError, AssertionError) as error:
            self.failure = error
        finally:
            connection.close()

    def finish(self) -> None:
        self.join(PATIENCE)
        assert not self.is_alive(), "the other session hangs"
        if self.failure:
            raise self.failure


def wait_until_somebody_waits_for_a_lock() -> None:
    with connection.cursor() as cursor:
        for _ in range(PATIENCE * 50):
            cursor.execute("SELECT 1 FROM pg_locks WHERE NOT granted")
            if cursor.fetchone():
                return
            cursor.execute("SELECT pg_sleep(0.02)")
    raise AssertionError("nobody waits")


def quote_at(organization: Organization) -> Quote:
    quote = factories.make_quote()
    factories.make_capacity(quote, organization)
    return quote


def assert_true() -> None:
    refresh_all()
    assert [str(finding) for finding in checking.check(checking.Seen()) if finding] == []


def test_a_publish_and_a_rename_at_once_do_not_miss_each_other() -> None:
    organization = factories.make_organization("office")
    quote = quote_at(organization)

    def rename() -> None:
        with transaction.atomic():
            Organization.objects.filter(pk=organization.pk).update(name="Office of Lanterns")
            curation.refresh_publication()

    with transaction.atomic():
        curation.publish(quotes=[quote], actor=None)
        session = Session(rename)
        wait_until_somebody_waits_for_a_lock()
    session.finish()
    assert "Office of Lanterns" in PublishedQuote.objects.get().document
    assert_true()


def test_a_rename_and_a_publish_at_once_do_not_miss_each_other() -> None:
    organization = factories.make_organization("office")
    quote = quote_at(organization)
    with transaction.atomic():
        Organization.objects.filter(pk=organization.pk).update(name="Office of Lanterns")
        curation.refresh_publication()
        session = Session(lambda: curation.publish(quotes=[quote], actor=None))
        wait_until_somebody_waits_for_a_lock()
    session.finish()
    assert "Office of Lanterns" in PublishedQuote.objects.get().document
    assert_true()


def test_who_sees_a_change_sees_every_change_with_a_smaller_number() -> None:
    first, second = quote_at(factories.make_organization()), quote_at(factories.make_organization())
    with transaction.atomic():
        curation.publish(quotes=[first], actor=None)
        session = Session(lambda: curation.publish(quotes=[second], actor=None))
        wait_until_somebody_waits_for_a_lock()
        latest = last_change()
    session.finish()
    assert min(PublishedQuote.objects.filter(pk=second.pk).values_list("change", flat=True)) > latest
    assert {change["id"] for change in read_changes(latest, 100, last=last_change()).changes} >= {str(second.uid)}


def test_a_verb_that_lost_a_deadlock_is_begun_anew() -> None:
    first, second = quote_at(factories.make_organization()), quote_at(factories.make_organization())
    curation.publish(quotes=[first], actor=None)
    with transaction.atomic():
        # This session holds the publication's lock and then wants a row that the other has, which wants that lock.
        curation.refresh_publication()
        session = Session(lambda: curation.publish(quotes=[second], actor=None))
        wait_until_somebody_waits_for_a_lock()
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL deadlock_timeout = '1h'")  # so that the other one is the victim
        Quote.objects.filter(pk=second.pk).update(cue="said")
    session.finish()
    assert PublishedQuote.objects.count() == 2
    assert_true()
