"""tests/shipped.py copies rows instead of loading fixtures: that has to leave the very database that loading leaves."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from quotes.curation import publish
from quotes.models import Article, Person, Quote
from quotes.publication.changes import last_change
from tests import emptying, factories
from tests.shipped import Shipped, load, restart_sequences, sequences, tables

pytestmark = pytest.mark.django_db

TIMES_OF_LOADING = ["modified", "pgh_created_at"]
BOTH = ("reference", "demonstration")


def everything() -> dict[str, list[Any]]:
    """Every row of every table, but for the times at which it was loaded; and the state of the sequences."""
    with connection.cursor() as cursor:
        found: dict[str, list[Any]] = {"sequences": list(sequences(cursor).items())}
        for table in tables(cursor):
            cursor.execute(f'SELECT (to_jsonb(t) - %s::text[])::text FROM "{table}" t ORDER BY 1', [TIMES_OF_LOADING])
            found[table] = cursor.fetchall()
    return found


def test_copied_rows_are_those_that_loading_makes(shipped: Shipped) -> None:
    if not emptying.is_allowed():
        pytest.skip("the database's user may not switch triggers off, so nothing is copied")
    with transaction.atomic(), connection.cursor() as cursor:
        restart_sequences(cursor)
        shipped.put(*BOTH)
        copied = everything()
        transaction.set_rollback(True)
    with connection.cursor() as cursor:
        restart_sequences(cursor)
    load(*BOTH)
    assert len(copied["quotes_quote"]) > 200 < len(copied["publication_publishedquote"])
    assert everything() == copied


def test_what_is_put_replaces_what_was_there(shipped: Shipped) -> None:
    factories.make_quote()
    shipped.put(*BOTH)
    shipped.put("reference")
    assert Article.objects.count() == 1
    assert not Person.objects.filter(slug__startswith="person")


def test_new_rows_get_keys_and_changes_of_their_own(shipped: Shipped) -> None:
    shipped.put("reference")
    keys, change = set(Quote.objects.values_list("pk", flat=True)), last_change()
    quote = factories.make_quote(source_label="a letter")
    publish(quotes=[quote], actor=None)
    assert quote.pk not in keys
    assert last_change() > change


def test_rules_of_the_database_hold_again_after_copying(shipped: Shipped) -> None:
    shipped.put("reference")
    with pytest.raises(IntegrityError), transaction.atomic():
        Quote.objects.published()[0].delete()


def test_what_was_put_is_gone_with_its_transaction(shipped: Shipped) -> None:
    with transaction.atomic():
        shipped.put("reference")
        transaction.set_rollback(True)
    assert not Article.objects.exists()
