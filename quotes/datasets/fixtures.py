"""The data tables as one Django fixture that depends on no primary key: dump, load, dump gives the same bytes.

`dumpdata` orders rows by primary key, which puts parents anywhere; and `loaddata` can defer a row that comes before its
target, but not the rows whose natural keys pass through it (the affiliations of a deferred quote). So rows come sorted
by natural key here, and after the rows of their own table that they refer to. Only keys are held; rows are read in batches.
"""

import datetime as dt
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core import serializers
from django.core.serializers.json import DjangoJSONEncoder
from django.db import DEFAULT_DB_ALIAS, connection, models, transaction

from quotes.datasets.exporting import Question
from quotes.datasets.fixture_contents import Contents, contents_of, having
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
from quotes.vocabulary import Status

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
# The natural keys (`natural_key()`) as columns: to put rows in order without reading them whole.
NATURAL_KEYS: dict[type[models.Model], tuple[str, ...]] = {
    Person: ("slug",),
    Organization: ("slug",),
    Topic: ("slug",),
    Affiliation: ("person__slug", "organization__slug", "role", "start"),
    Article: ("slug",),
    Authorship: ("article__slug", "person__slug"),
    Snapshot: ("article__slug", "sha256"),
    Quote: ("uid",),
    QuoteAffiliation: (
        "quote__uid",
        "affiliation__person__slug",
        "affiliation__organization__slug",
        "affiliation__role",
        "affiliation__start",
    ),
    Evidence: ("uid",),
    CodingRound: ("number",),
    Coding: ("quote__uid", "topic__slug", "coder", "round"),
    Redirect: ("kind", "slug"),
}
# Which file a row came from is provenance of this database, and so is who reviewed and merged: where a fixture is loaded, the
# fixture is what it came from.
LEFT_OUT: tuple[type[models.Model], ...] = (Import, DoubtfulSpeaker, ImportedRow, Merge, Review)
_BATCH = 500
Progress = Callable[[int, int], object]


def _no_progress(done: int, total: int) -> None:
    pass


class FixtureError(ValueError):
    """Rows that no order can load, because they refer to each other in a ring; the message names them."""


def save_fixture(path: Path, **options: Any) -> Counter[str]:
    """`write_fixture` to a file, which is replaced whole or not at all."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("w", encoding="utf-8", newline="\n") as stream:
            counts = write_fixture(stream, **options)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    return counts


def write_fixture(
    stream: "SupportsWrite[str]",
    *,
    with_text: bool = False,
    filters: str | None = None,
    progress: Progress = _no_progress,
) -> Counter[str]:
    """Write every data table to `stream` as JSON with natural keys; return the number of rows by plural name.

    With `filters`, as the API takes them, only the published quotes that match, and all that they need in an empty database
    (`fixture_contents`). The snapshots' text is under somebody's copyright and left out (length and hash stay), unless
    `with_text` says that it may be passed on, as the texts written for the demonstration may. `progress` is told how many rows
    are written, and of how many. Raises FixtureError, and ExportRefused for filters that the API would refuse.
    """
    counts: Counter[str] = Counter()
    with _one_moment():
        contents = None if filters is None else contents_of(_matching(filters))
        serializers.serialize(
            "json",
            _counted(_rows(contents, progress, with_text=with_text), counts, is_whole=contents is None),
            stream=stream,
            indent=1,
            cls=_ExactEncoder,
            use_natural_primary_keys=True,
            use_natural_foreign_keys=True,
        )
    return counts


def _matching(filters: str) -> set[int]:
    """The keys of the published quotes that match, as this very database has them."""
    matching = Question("quotes", "ndjson", filters, using=DEFAULT_DB_ALIAS).filterset.qs
    found = set(matching.order_by().values_list("pk", flat=True))
    return set(having(Quote, found).published().values_list("pk", flat=True))


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


def _counted(rows: Iterable[models.Model], counts: Counter[str], *, is_whole: bool) -> Iterator[models.Model]:
    for row in rows:
        counts[str(row._meta.verbose_name_plural)] += 1
        if not is_whole and isinstance(row, Quote) and row.status != Status.PUBLISHED:
            counts["(unpublished, which they refer to)"] += 1
        yield row


def _rows(contents: Contents | None, progress: Progress, *, with_text: bool) -> Iterator[models.Model]:
    ordered = {model: _in_order(model, contents) for model in TABLES}
    total, done = sum(len(keys) for keys in ordered.values()), 0
    for model, keys in ordered.items():
        for start in range(0, len(keys), _BATCH):
            batch = keys[start : start + _BATCH]
            for row in _read(model, batch, with_text=with_text):
                if isinstance(row, Snapshot) and not with_text:
                    row.text = None
                yield row
            done += len(batch)
            progress(done, total)


def _read(model: type[models.Model], keys: list[int], *, with_text: bool) -> Iterator[models.Model]:
    """The rows with these keys, in this order, with what they are written with."""
    queryset = having(model, keys).select_related(*TABLES[model])
    if model is Quote:
        queryset = queryset.defer("snapshot__text")
    elif model is Snapshot and not with_text:
        queryset = queryset.defer("text")
    rows = {row.pk: row for row in queryset}
    return (rows[key] for key in keys)


def _in_order(model: type[models.Model], contents: Contents | None) -> list[int]:
    """The keys of the rows that are in: sorted by natural key, and after those of their own table that they refer to."""
    queryset = model._default_manager.order_by() if contents is None else having(model, contents[model])
    references = [field.attname for field in model._meta.concrete_fields if field.related_model is model]
    parts = len(NATURAL_KEYS[model])
    rows = sorted(queryset.values_list(*NATURAL_KEYS[model], "pk", *references), key=lambda row: _sort_key(row[:parts]))
    return list(_targets_first(model, [(row[parts], row[parts + 1 :]) for row in rows]))


def _sort_key(parts: tuple[Any, ...]) -> tuple[str, ...]:
    # A missing part (an affiliation's start) sorts first. Compared in Python: collations differ between servers.
    return tuple("" if part is None else str(part) for part in parts)


def _targets_first(model: type[models.Model], rows: list[tuple[int, tuple[int | None, ...]]]) -> Iterator[int]:
    """The keys by depth, then as they came: first those that refer to no row of their own table."""
    placed: set[int | None] = {None}
    while rows:
        ready = [key for key, targets in rows if placed.issuperset(targets)]
        if not ready:
            ring = having(model, [key for key, _ in rows]).order_by(*NATURAL_KEYS[model])
            raise FixtureError(f"these refer to each other in a ring: {'; '.join(str(row) for row in ring)}")
        yield from ready
        placed.update(ready)
        rows = [row for row in rows if row[0] not in placed]
