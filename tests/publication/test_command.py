"""`manage.py publication`: what a keeper of the service sees."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from quotes import curation
from quotes.models import Person
from quotes.publication.models import PublishedQuote
from tests import factories


def run(option: str) -> str:
    out = StringIO()
    call_command("publication", option, stdout=out)
    return out.getvalue()


def publish_one() -> None:
    curation.publish(quotes=[factories.make_quote(source_label="the source")], actor=None)


@pytest.mark.django_db
def test_a_true_publication_is_said_to_be_true() -> None:
    publish_one()
    assert run("--check") == "1 published quotes, 2 entities: all as they must be.\n"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("UPDATE publication_publishedquote SET document = document || ' '", "differs in document"),
        ("UPDATE publication_publishedquote SET record = ''", "differs in record"),
        ("UPDATE publication_publishedquote SET facets = facets || 5::bigint", "differs in facets"),
        ("UPDATE publication_publishedquote SET search = ''", "differs in search"),
        ("UPDATE publication_publishedquote SET dated_start = '1999-01-01'", "differs in dated_start"),
        ("UPDATE publication_publishedquote SET version = 0", "differs in version"),
        ("DELETE FROM publication_publishedquote", "has no row"),
        ("UPDATE publication_total SET quotes = quotes + 1", "is kept as 2, and is 1"),
        ("UPDATE publication_publishedentity SET name = 'x' WHERE kind = 'person'", "differs in name"),
        ("DELETE FROM publication_publishedentity WHERE kind = 'article'", "has no row"),
        ("INSERT INTO publication_tombstone VALUES (uuidv7(), 'x', now(), 1)", "is not what it must be"),
        ("INSERT INTO publication_publishedredirect VALUES (1, 'person', 'a', 'b', 1)", "is not what it must be"),
    ],
)
def test_a_check_names_what_is_not_as_it_must_be(sql: str, said: str) -> None:
    publish_one()
    with connection.cursor() as cursor:
        cursor.execute(sql)
    out = StringIO()
    with pytest.raises(CommandError, match="differences in 1 quotes"):
        call_command("publication", "--check", stdout=out)
    assert said in out.getvalue()
    assert "1 quotes projected" in run("--rebuild")
    if "tombstone" not in sql:
        run("--check")


@pytest.mark.django_db(transaction=True)
def test_the_worker_refreshes_sql_by_hand_and_ends_when_told() -> None:
    publish_one()
    environment = {**os.environ, "DATABASE_URL": _url(), "QUOTEBASE_MODE": "local"}
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "publication", "--follow"]
    worker = subprocess.Popen(command, env=environment)
    try:
        for name, seconds in (("Neva Corrin", 30), ("Neva Tolland", 5)):  # the first one waits for the start, too
            Person.objects.update(name=name)
            _wait_for(name, seconds)
    finally:
        worker.send_signal(signal.SIGTERM)
        status = worker.wait(timeout=10)
    assert status == 0


def _wait_for(name: str, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while name not in PublishedQuote.objects.get().document:
        assert time.monotonic() < deadline, f"{name} is not public after {seconds} s"
        time.sleep(0.02)


def _url() -> str:
    """The test database, as another process can reach it."""
    parameters = connection.get_connection_params()
    host, user, name = parameters.get("host", ""), parameters.get("user", ""), parameters["dbname"]
    password = f":{parameters['password']}" if parameters.get("password") else ""
    return f"postgresql://{user}{password}@/{name}?host={host}&port={parameters.get('port') or 5432}"
