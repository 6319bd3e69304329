"""The data tables as one Django fixture that depends on no primary key: dump, load, dump gives the same bytes.

`dumpdata` orders rows by primary key, which puts parents anywhere; and `loaddata` can defer a row that comes before its
target, but not the rows whose natural keys pass through it (the affiliations of a deferred quote). So rows come sorted
by natural key here, and after the rows of their own table that they refer to.
"""

import datetime as dt
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core import serializers
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models, transaction

from quotes.models import (
    Affiliation,
    Article,
    Authorship,
    Coding,
    CodingRound,
    DoubtfulSpeaker,
    Evidence,
    Import,
    ImportedRow,
    Merge,
    Organization,
    Person,
    Quote,
    QuoteAffiliation,
    Redirect,
    Review,
    Snapshot,
    Topic,
)

if TYPE_CHECKING:
    from _typeshed import SupportsWrite

# What a row refers to comes before it. With each table, the relations that its rows are written with. Accounts and
# history are no data: who entered a quote stays where it was entered.
TABLES: dict[type[models.Model], tuple[str, ...]] = {
    Person: (),
    Organization: ("parent", "successor"),
    Topic: ("parent",),
    Affiliation: ("person", "organization"),
    Article: ("outlet",),
    Authorship: ("article", "person"),
    Snapshot: ("article",),
    Quote: ("article", "snapshot__article", "speaker", "organization", "same_utterance_as", "reported_via"),
    QuoteAffiliation: ("quote", "affiliation__person", "affiliation__organization"),
    Evidence: ("quote",),
    CodingRound: (),
    Coding: ("quote", "topic"),
    Redirect: (),
}
# Which file a row came from is provenance of this database, and so is who reviewed and merged: where a fixture is loaded, the
# fixture is what it came from.
LEFT_OUT: tuple[type[models.Model], ...] = (Import, DoubtfulSpeaker, ImportedRow, Merge, Review)


class FixtureError(ValueError):
    """Rows that no order can load, because they refer to each other in a ring; the message names them."""


def save_fixture(path: Path, *, with_text: bool = False) -> Counter[str]:
    """`write_fixture` to a file, which is replaced whole or not at all."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("w", encoding="utf-8", newline="\n") as stream:
            counts = write_fixture(stream, with_text=with_text)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    return counts


def write_fixture(stream: "SupportsWrite[str]", *, with_text: bool = False) -> Counter[str]:
    """Write every data table to `stream` as JSON with natural keys; return the number of rows by plural name.

    The snapshots' text is under somebody's copyright and left out (length and hash stay), unless `with_text` says that
    it may be passed on, as the texts written for the demonstration may. Raises FixtureError.
    """
    counts: Counter[str] = Counter()
    with _one_moment():
        serializers.serialize(
            "json",
            _counted(_rows(with_text=with_text), counts),
            stream=stream,
            indent=1,
            cls=_ExactEncoder,
            use_natural_primary_keys=True,
            use_natural_foreign_keys=True,
        )
    return counts


class _ExactEncoder(DjangoJSONEncoder):
    """Keeps microseconds. Django's cuts them to milliseconds, and loading a dump over its source would change times."""

    def default(self, o: Any) -> Any:
        if isinstance(o, dt.datetime):
            return o.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
        return super().default(o)


@contextmanager
def _one_moment() -> Iterator[None]:
    """All tables as of one moment, so that no row refers to one that came after its table was read."""
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        if is_outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def _counted(rows: Iterable[models.Model], counts: Counter[str]) -> Iterator[models.Model]:
    for row in rows:
        counts[str(row._meta.verbose_name_plural)] += 1
        yield row


def _rows(*, with_text: bool) -> Iterator[models.Model]:
    for model, relations in TABLES.items():
        queryset = model._default_manager.order_by().select_related(*relations)
        if model is Quote:
            queryset = queryset.defer("snapshot__text")
        for row in _targets_first(sorted(queryset, key=_sort_key)):
            if isinstance(row, Snapshot) and not with_text:
                row.text = None
            yield row


def _sort_key(row: models.Model) -> tuple[str, ...]:
    # A missing part (an affiliation's start) sorts first. Compared in Python: collations differ between servers.
    return tuple("" if part is None else str(part) for part in row.natural_key())  # type: ignore[attr-defined]


def _targets_first(rows: list[Any]) -> Iterator[Any]:
    """The rows by depth, then as they came: first those that refer to no row of their own table."""
    fields = rows[0]._meta.fields if rows else ()
    references = [field.attname for field in fields if field.related_model is field.model]
    placed: set[Any] = {None}
    while rows:
        ready = [row for row in rows if all(getattr(row, name) in placed for name in references)]
        if not ready:
            raise FixtureError(f"these refer to each other in a ring: {'; '.join(str(row) for row in rows)}")
        yield from ready
        placed.update(row.pk for row in ready)
        rows = [row for row in rows if row.pk not in placed]
