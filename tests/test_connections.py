"""Kept connections are looked at before they are used again, without a question to the server."""

from __future__ import annotations

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "publication"])


@pytest.fixture
def kept() -> object:
    """A connection that is open, and that no test's transaction is in."""
    one = connections["publication"]
    one.ensure_connection()
    yield one
    one.close()


def test_a_connection_at_rest_is_usable_and_the_server_is_not_asked(kept: object) -> None:
    with CaptureQueriesContext(kept) as queries:
        assert kept.is_usable()  # type: ignore[attr-defined]
    assert len(queries) == 0


def test_one_whose_server_process_has_ended_is_not(kept: object) -> None:
    with kept.cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 20000)", [pid])  # and wait until it has ended
    assert not kept.is_usable()  # type: ignore[attr-defined]


def test_one_with_news_is_asked_and_usable(kept: object) -> None:
    with kept.cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute("LISTEN something")
    with connection.cursor() as cursor:
        cursor.execute("NOTIFY something")
    assert kept.is_usable()  # type: ignore[attr-defined]


def test_a_closed_one_is_not() -> None:
    assert not connections["publication"].is_usable()
