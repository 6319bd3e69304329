"""Does the database hold what the models promise? Every constraint and trigger, by trying to break it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import IntegrityError, connection, models, transaction

from quotes.models import Redirect
from tests import factories

BAD_SLUGS = ("", "Upper", "under_score", "-first", "last-", "two--hyphens", "a space", "line\n", "café")
BAD_WEB_ADDRESSES = (
    "javascript:alert(1)",
    "ftp://files.example/a",
    "//gazette.example",
    "https://a b.example",
    "https://",
)
PATIENCE = 10  # seconds: far more than any lock here is held


def run(sql: str, *parameters: Any) -> None:
    """The statement, by hand: no field, validator or queryset has seen it."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def ask(sql: str, *parameters: Any) -> Any:
    """The one value that the query answers."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchone()[0]


def settle() -> None:
    """Check now what waits for the end of the transaction."""
    connection.check_constraints()


@contextmanager
def refused(constraint: str) -> Iterator[None]:
    """The block breaks this very constraint, at the latest when the transaction would end."""
    settle()  # what came before is checked before, and cannot be what is refused
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        yield
        settle()
    assert caught.value.__cause__.diag.constraint_name == constraint  # type: ignore[union-attr]


def meet(first: Callable[[], Any], second: Callable[[], Any]) -> None:
    """Two sessions at once: `second` runs, whole, while `first` is done but not committed. Raises what `second` raises."""
    with ThreadPoolExecutor(max_workers=1) as other_thread:
        with transaction.atomic():
            first()
            outcome = other_thread.submit(_in_a_session_of_its_own, second)
            _until_it_waits_for_us(outcome)
        outcome.result(timeout=PATIENCE)


def _in_a_session_of_its_own(work: Callable[[], Any]) -> None:
    try:
        with transaction.atomic():
            work()
    finally:
        connection.close()


def _until_it_waits_for_us(outcome: Future[None]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not outcome.done() and time.monotonic() < deadline:
        if ask(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid)))"
        ):
            return
        time.sleep(0.005)


def one_of_each() -> list[models.Model]:
    """A row of every model, in an order in which they can be loaded again; the start of the affiliation is unknown."""
    person, organization = factories.make_person(), factories.make_organization()
    article, topic = factories.make_article(outlet=organization), factories.make_topic()
    quote = factories.make_quote(article=article, speaker=person)
    capacity = factories.make_capacity(quote, organization)
    doubt = factories.make_doubtful_speaker(factories.make_import())
    row = factories.make_imported_row(quote, batch=doubt.batch, doubt=doubt)
    return [
        person,
        organization,
        capacity.affiliation,
        article,
        article.authorships.create(person=person),
        quote.snapshot,
        topic,
        quote,
        capacity,
        factories.make_evidence(quote),
        factories.make_coding(quote, topic),
        factories.make_round(2),
        Redirect.objects.create(kind="person", slug="old-slug", target=person.slug),
        doubt.batch,
        doubt,
        row,
    ]
