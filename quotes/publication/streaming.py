"""Whole result sets, row by row: from one statement, so from one snapshot of the database, in constant memory, without a cap.

COPY hands rows over as they are found, where a query would hold them all first. It runs on a connection of its own with a
longer limit of time (the reader may be slow), and only so many run at once.
"""

from __future__ import annotations

import contextlib
from collections.abc import Generator, Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Any
from zlib import crc32

from django.conf import settings
from django.core.exceptions import EmptyResultSet
from django.db import connections, transaction
from django.db.models import F, Func, OuterRef, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Coalesce

from quotes.publication.models import Total

# How many exports run at once, over all processes that read this database; and how many of them one reader's.
MOST_AT_ONCE = 6
MOST_FOR_ONE = 2
# The first halves of the keys of the advisory locks that stand for places: everybody's, and each reader's.
_PLACES = 7_102_003
_OWN_PLACES = 7_102_004
# Without it the planner minds the last row alone: it sorts a million rows before it shows one, although an index has them in
# order. A limit that it cannot know makes it mind the first ones, too.
_PROMPT = "LIMIT (SELECT 9223372036854775807)"
# `modified` in ISO 8601 as orjson writes it: UTC, microseconds only where there are any.
_INSTANT = Func(
    F("modified"),
    template="""replace(to_char(%(expressions)s AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), '.000000', '') || 'Z'""",
    output_field=TextField(),
)
# Stored rows that are handed on together: what a batch costs beside its rows is then no matter.
_BATCH = 100
# What COPY's binary format begins with, before its first row, and what it ends with.
_SIGNATURE_BYTES = 19
_END = b"\xff\xff"


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


def stream(
    rows: QuerySet[Any], columns: Sequence[str], types: Sequence[str], *, is_prompt: bool = False
) -> Generator[tuple[Any, ...], None, None]:
    """The rows' columns, as PostgreSQL's types of those names are read in Python. Ends its statement when it is closed.

    `is_prompt`: somebody waits for the first row.
    """
    with contextlib.suppress(EmptyResultSet), _copy(rows, columns, is_prompt=is_prompt) as copy:
        copy.set_types(list(types))
        yield from copy.rows()


def stored(quotes: QuerySet[Any], column: str) -> Generator[list[tuple[Any, Any]], None, None]:
    """A text column of the quotes and their `modified` as the API writes it, both as UTF-8 (memoryviews), in batches.

    The first quote comes by itself, so that a reader sees an answer. Ends its statement when it is closed.
    """
    quotes = quotes.annotate(instant=_INSTANT)
    # COPY's text format would double backslashes. In the binary one, whatever stands in the text stays as it is.
    with (
        contextlib.suppress(EmptyResultSet),
        _copy(quotes, (column, "instant"), "(FORMAT binary)", is_prompt=True) as copy,
    ):
        messages = iter(copy)
        messages = chain([next(messages)[_SIGNATURE_BYTES:]], messages)
        size = 1
        while batch := list(islice(messages, size)):
            yield [_two_fields(message) for message in batch if message != _END]
            size = _BATCH


def _two_fields(message: memoryview) -> tuple[memoryview, memoryview]:
    """The fields of a row of two: the number of fields (two bytes), then each with its length (four bytes) before it."""
    end = 6 + int.from_bytes(message[2:6])
    return message[6:end], message[end + 4 :]


@contextlib.contextmanager
def _copy(rows: QuerySet[Any], columns: Sequence[str], how: str = "", *, is_prompt: bool) -> Iterator[Any]:
    """psycopg's reader of the rows' columns. Raises EmptyResultSet where the ORM knows that there are none."""
    connection = connections[settings.EXPORTS_ALIAS]
    query = rows.using(connection.alias).values_list(*columns).query
    sql, parameters = query.get_compiler(connection.alias).as_sql()
    statement = f"COPY ({sql} {_PROMPT if is_prompt else ''}) TO STDOUT {how}"
    # The driver's own cursor: Django's around it, where queries are logged (DEBUG), takes no parameters here.
    with connection.cursor() as cursor, cursor.cursor.copy(statement, parameters) as copy:
        yield copy
