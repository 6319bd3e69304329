"""A test with transactions of its own leaves an empty database."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.db import connection

from quotes.models import Quote
from tests import factories
from tests.shipped import tables

pytestmark = pytest.mark.django_db(transaction=True)


def flush() -> None:
    """As after each test of this kind."""
    call_command("flush", interactive=False, verbosity=0, reset_sequences=False)


def test_no_row_of_ours_is_left_though_rows_refer_to_each_other_and_triggers_forbid_it() -> None:
    User.objects.create_user("curator")
    factories.make_capacity(factories.make_quote(), factories.make_organization())
    Quote.objects.update(status="published", published_at="2025-03-05T10:00Z")
    flush()
    with connection.cursor() as cursor:
        for table in tables(cursor):
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            assert cursor.fetchone() == (0,), table
    assert not User.objects.exists()


def test_the_roles_are_made_anew() -> None:
    Group.objects.all().delete()
    flush()
    assert set(Group.objects.values_list("name", flat=True)) == {"coder", "curator", "editor"}


def test_rules_of_the_database_hold_afterwards() -> None:
    flush()
    with connection.cursor() as cursor:
        cursor.execute("SHOW session_replication_role")
        assert cursor.fetchone() == ("origin",)
