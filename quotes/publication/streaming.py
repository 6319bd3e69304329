"""Whole result sets, row by row: from one statement, so from one snapshot of the database, in constant memory, without a cap.

COPY hands rows over as they are found, where a query would hold them all first. It runs on a connection of its own with a
longer limit of time (the reader may be slow), and only so many run at once.
"""

from __future__ import annotations

import contextlib
from collections.abc import Generator, Iterable, Iterator, Sequence
from typing import Any
from zlib import crc32

from django.conf import settings
from django.core.exceptions import EmptyResultSet
from django.db import connections, transaction
from django.db.models import OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from quotes.publication.models import Total

# How many exports run at once, over all processes that read this database; and how many of them one reader's.
MOST_AT_ONCE = 6
MOST_FOR_ONE = 2
# The first halves of the keys of the advisory locks that stand for places: everybody's, and each reader's.
_PLACES = 7_102_003
_OWN_PLACES = 7_102_004


class Busy(Exception):
    """As many exports as may run at once are running, of everybody's or of this reader's."""


@contextlib.contextmanager
def place(reader: str) -> Iterator[None]:
    """One of the places for exports, held as long as the context. Raises Busy where all are taken.

    Advisory locks of the database: they count over all processes and machines, and go when their holder dies.
    """
    code = crc32(reader.encode()) & 0x3FFF_FFFF
    with (
        _one_of(_OWN_PLACES, [code * MOST_FOR_ONE % 0x7FFF_FFFF + number for number in range(MOST_FOR_ONE)]),
        _one_of(_PLACES, range(MOST_AT_ONCE)),
    ):
        yield


@contextlib.contextmanager
def _one_of(places: int, numbers: Iterable[int]) -> Iterator[None]:
    with connections[settings.EXPORTS_ALIAS].cursor() as cursor:
        taken = next((number for number in numbers if _lock(cursor, "pg_try_advisory_lock", places, number)), None)
        if taken is None:
            raise Busy
        try:
            yield
        finally:
            _lock(cursor, "pg_advisory_unlock", places, taken)


def _lock(cursor: Any, function: str, places: int, number: int) -> bool:
    cursor.execute(f"SELECT {function}(%s, %s)", [places, number])
    return bool(cursor.fetchone()[0])


@contextlib.contextmanager
def snapshot() -> Iterator[None]:
    """All statements of the context see the same state."""
    connection = connections[settings.EXPORTS_ALIAS]
    is_outermost = not connection.in_atomic_block
    with transaction.atomic(using=connection.alias):
        if is_outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


def with_quote_count(entities: QuerySet[Any]) -> QuerySet[Any]:
    """The entities with `quotes`, the number of published quotes of each, in the same statement."""
    total = Total.objects.filter(pk=OuterRef("counted")).values("quotes")
    return entities.annotate(quotes=Coalesce(Subquery(total), Value(0)))


def stream(rows: QuerySet[Any], columns: Sequence[str], types: Sequence[str]) -> Generator[tuple[Any, ...], None, None]:
    """The rows' columns, as PostgreSQL's types of those names are read in Python. Ends its statement when it is closed."""
    connection = connections[settings.EXPORTS_ALIAS]
    try:
        sql, parameters = (
            rows.using(connection.alias).values_list(*columns).query.get_compiler(connection.alias).as_sql()
        )
    except EmptyResultSet:
        return
    # The driver's own cursor: Django's around it, where queries are logged (DEBUG), takes no parameters here.
    with connection.cursor() as cursor, cursor.cursor.copy(f"COPY ({sql}) TO STDOUT", parameters) as copy:
        copy.set_types(list(types))
        yield from copy.rows()
