"""Projects everything anew while it is being read: `manage.py publication --rebuild`, in one process or several at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from django.db import OperationalError, connection, transaction
from psycopg.errors import DeadlockDetected

from quotes.models import Quote
from quotes.publication.addresses import refresh_all_redirects, refresh_redirects
from quotes.publication.changes import needless_removals
from quotes.publication.models import PublishedCoding, PublishedEntity, PublishedQuote, Removal, Total
from quotes.publication.projection import Mention
from quotes.publication.refresh import (
    Refreshed,
    fetch,
    keys_after,
    lock,
    project_all,
    refresh_entities,
    write_batch,
)
from quotes.publication.rows import BATCH, recount


def rebuild(*, batch: int = BATCH) -> Iterator[Refreshed]:
    """Project everything anew, batch by batch, each in its own transaction, while it is being read.

    Rows are written in place and only where they differ. Yields what each batch did.
    """
    yield from rebuild_quotes(batch=batch)
    finish_rebuilding()


def rebuild_quotes(
    *, after: int = 0, until: int | None = None, batch: int = BATCH, settled: set[Mention] | None = None
) -> Iterator[Refreshed]:
    """The rows of the quotes with these keys (`until` included), and of all that they mention but for what is `settled`.

    Several processes may do so at once, each with keys of its own: the lock that they share keeps everybody else out. Where
    one has to remove rows, which takes the whole lock, and another waits for it to write, PostgreSQL ends one of the two; it
    begins that batch anew.
    """
    last = after
    settled = set() if settled is None else settled
    take = share_lock
    while True:
        done = Refreshed()
        try:
            with transaction.atomic():
                take()
                keys = [key for key in keys_after(last, batch) if until is None or key <= until]
                if keys:
                    now_settled = _rebuild_batch(keys, done, settled)
        except OperationalError as error:
            if take is lock or not isinstance(error.__cause__, DeadlockDetected):
                raise
            take = lock
            continue
        if not keys:
            return
        settled |= now_settled
        last, take = keys[-1], share_lock
        yield done


def finish_rebuilding() -> None:
    """What is to do once, when all quotes are projected: counts, and what no quote mentions any more."""
    with transaction.atomic():
        lock()
        recount()
        PublishedEntity.objects.exclude(pk__in=Total.objects.filter(quotes__gt=0).values("pk")).delete()
        PublishedCoding.objects.exclude(quote_key__in=PublishedQuote.objects.values("pk")).delete()
        refresh_all_redirects()
        Removal.objects.filter(pk__in=[removal.pk for removal in needless_removals()]).delete()


def ranges(parts: int) -> list[tuple[int, int | None]]:
    """The keys in so many parts of like size, as (after, until) of `rebuild_quotes`."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(percentile_disc(%s::float[]) WITHIN GROUP (ORDER BY id), '{}') FROM quotes_quote",
            [[part / parts for part in range(1, parts)]],
        )
        row = cursor.fetchone()
    bounds: list[Any] = [0, *(row[0] if row else ()), None]
    return list(pairwise(bounds))


def share_lock() -> None:
    """Keep those who take the lock out, to the end of the transaction, and let in whoever shares it: who only reads sources."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(hashtextextended('publication', 0))")


def change_alone() -> None:
    """Of those who share the lock, be the only one to write, to the end of the transaction.

    Numbers of changes follow the order of commits: among those who took the whole lock they do so anyway.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('publication rebuild', 0))")


def _rebuild_batch(keys: Sequence[int], done: Refreshed, settled: set[Mention]) -> set[Mention]:
    """Project the quotes, comparing every column. Entities that are `settled` are left: what changes them since refreshes them.

    Returns what is settled now.
    """
    quotes = fetch(Quote.objects.filter(pk__in=keys), len(keys))
    projections = project_all(quotes)
    change_alone()
    public = write_batch(keys, quotes, projections, done, is_forced=True)
    mentioned = {mention for row in projections for mention in row.mentioned}
    done.names |= refresh_entities(mentioned - settled, is_forced=True)
    refresh_redirects((), done.names)
    return {mention for row in public for mention in row.mentioned}
