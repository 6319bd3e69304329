"""Whole result sets, row by row: from one statement, so from one snapshot of the database, in constant memory, without a cap.

COPY hands rows over as they are found, where a query would hold them all first. It runs on a connection of its own with a
longer limit of time (the reader may be slow), and only so many run at once.
"""

from __future__ import annotations

import contextlib
from collections.abc import Generator, Iterator, Sequence
from typing import Any

from django.conf import settings
from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from quotes.publication.models import Total

# How many exports run at once, over all processes that read this database.
MOST_AT_ONCE = 6
# The first half of the keys of the advisory locks that stand for their places.
_PLACES = 7_102_003


class Busy(Exception):
    """As many exports as may run at once are running."""


@contextlib.contextmanager
def place() -> Iterator[None]:
    """One of the places for exports, held as long as the context. Raises Busy where all are taken.

    An advisory lock of the database: it counts over all processes and machines, and goes when its holder dies.
    """
    with connections[settings.EXPORTS_ALIAS].cursor() as cursor:
        taken = next((number for number in range(MOST_AT_ONCE) if _lock(cursor, "pg_try_advisory_lock", number)), None)
        if taken is None:
            raise Busy
        try:
            yield
        finally:
            _lock(cursor, "pg_advisory_unlock", taken)


def _lock(cursor: Any, function: str, number: int) -> bool:
    cursor.execute(f"SELECT {function}(%s, %s)", [_PLACES, number])
    return bool(cursor.fetchone()[0])


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
    with connection.cursor() as cursor, cursor.copy(f"COPY ({sql}) TO STDOUT", parameters) as copy:
        copy.set_types(list(types))
        yield from copy.rows()
