"""The tables of a release: every row of the publication, sorted by its identifier, as CSV, JSON Lines and Parquet.

`modified` and whatever else depends on the machine is left out: the same published data give the same bytes anywhere.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from quotes.datasets.formats import FORMATS, TABLES, Context, Row
from quotes.datasets.formats.rows import Write
from quotes.publication import streaming
from quotes.publication.models import PublishedCoding, PublishedEntity, PublishedQuote, PublishedRedirect, Tombstone
from quotes.publication.records import Column, csv_record
from quotes.vocabulary import CODEBOOK_VERSION, EntityKind

CHANGING = "modified"
Rows = Generator[Row, None, None]
_LONG_AGO = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
WRITTEN: tuple[tuple[str, str], ...] = (("csv", "csv"), ("jsonl", "ndjson"), ("parquet", "parquet"))


@dataclass(frozen=True, slots=True)
class ReleaseTable:
    """A table: the kind of its rows, where they come from, and what identifies one."""

    name: str
    kind: str
    about: str
    rows: Callable[[], Rows]
    key: tuple[str, ...]

    @property
    def columns(self) -> tuple[Column[Any], ...]:
        """Its columns in order; `permalink`, which depends on a host, and `modified` are not among them."""
        return tuple(one for one in TABLES[self.kind].columns if one.name not in ("permalink", CHANGING))


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """A file of the release: its name, its size and SHA-256, and its number of rows, where it has rows."""

    name: str
    bytes: int
    sha256: str
    rows: int | None = None


def _quotes(*, listed: bool) -> Rows:
    rows = PublishedQuote.objects.filter(listed=listed).order_by("uid")
    with contextlib.closing(streaming.stream(rows, ("document",), ("text",))) as found:
        for (document,) in found:
            yield Row(document, {})


def _codings() -> Rows:
    """Codings of closed rounds, of the quotes in `quotes`."""
    listed = PublishedQuote.objects.filter(listed=True).values("pk")
    rows = PublishedCoding.objects.filter(quote_key__in=listed).order_by("uid", "topic", "round", "coder")
    with contextlib.closing(streaming.stream(rows, ("document",), ("text",))) as found:
        for (document,) in found:
            yield Row(document, {})


def _entities(kind: EntityKind) -> Callable[[], Rows]:
    def rows() -> Rows:
        entities = streaming.with_quote_count(PublishedEntity.objects.of_kind(kind)).order_by("slug")
        with contextlib.closing(streaming.stream(entities, ("document", "quotes"), ("text", "int8"))) as found:
            for document, quotes in found:
                yield Row(document, {"quote_count": quotes})

    return rows


RELEASED: tuple[ReleaseTable, ...] = (
    ReleaseTable("quotes", "quote", "A row a published quote.", lambda: _quotes(listed=True), ("uid",)),
    ReleaseTable(
        "retracted",
        "quote",
        "Quotes that were retracted by their publisher or shown to be invented. They are in no other table: do not count them.",
        lambda: _quotes(listed=False),
        ("uid",),
    ),
    ReleaseTable(
        "codings",
        "coding",
        "A row for each judgement of a coder, of closed rounds, of the quotes in `quotes`: to compute agreement from.",
        _codings,
        ("quote", "topic", "coder", "round"),
    ),
    ReleaseTable(
        "people", "person", "People who speak in a quote or wrote an article.", _entities(EntityKind.PERSON), ("slug",)
    ),
    ReleaseTable(
        "organizations",
        "organization",
        "Organizations that a quote names, and those above them.",
        _entities(EntityKind.ORGANIZATION),
        ("slug",),
    ),
    ReleaseTable(
        "articles", "article", "Articles with quotes; never their text.", _entities(EntityKind.ARTICLE), ("slug",)
    ),
    ReleaseTable("topics", "topic", "Topics, with their propositions.", _entities(EntityKind.TOPIC), ("slug",)),
)


def write_tables(folder: Path, version: str, *, progress: Callable[[int], object]) -> list[WrittenFile]:
    """All tables, each as CSV, JSON Lines and Parquet. `progress` is told of rows as they are written."""
    return [
        _write(folder / f"{table.name}.{extension}", FORMATS[name].write, table, version, progress)
        for table in RELEASED
        for extension, name in WRITTEN
    ]


def _write(
    path: Path, write: Write, table: ReleaseTable, version: str, progress: Callable[[int], object]
) -> WrittenFile:
    counted = 0

    def rows() -> Rows:
        nonlocal counted
        wanted = None if path.suffix == ".jsonl" else frozenset(column.name for column in table.columns)
        with contextlib.closing(table.rows()) as found:
            for row in found:
                counted += 1
                progress(1)
                yield Row(row.document, row.members, fields=wanted)

    context = Context(
        root="",
        applied={},
        generated_at=_LONG_AGO,
        codebook_version=CODEBOOK_VERSION,
        release=version,
        fields=frozenset(column.name for column in table.columns),
    )
    with contextlib.closing(rows()) as found:
        size, digest = write_chunks(path, write(table.kind, found, context))
    return WrittenFile(path.name, size, digest, counted)


def write_chunks(path: Path, chunks: Iterable[bytes]) -> tuple[int, str]:
    """Write a file; return its size and SHA-256."""
    size, digest = 0, sha256()
    with path.open("wb") as file:
        for chunk in chunks:
            file.write(chunk)
            digest.update(chunk)
            size += len(chunk)
    return size, digest.hexdigest()


def withdrawn() -> Iterator[tuple[str, str, str]]:
    """uid, date and reason of every quote that was published and is withdrawn."""
    rows = Tombstone.objects.order_by("uid")
    with contextlib.closing(
        streaming.stream(rows, ("uid", "withdrawn_at", "reason"), ("text", "timestamptz", "text"))
    ) as found:
        for uid, at, reason in found:
            yield str(uid), at.astimezone(dt.UTC).date().isoformat(), reason


def redirects() -> Iterator[tuple[str, str, str]]:
    """kind, old and present slug of what was merged or renamed."""
    rows = PublishedRedirect.objects.order_by("kind", "slug")
    columns = ("kind", "slug", "target")
    with contextlib.closing(streaming.stream(rows, columns, ("text",) * 3)) as found:
        yield from found


def write_list(path: Path, header: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> WrittenFile:
    """A small table as CSV alone."""
    counted = 0

    def lines() -> Iterator[bytes]:
        nonlocal counted
        yield f"{csv_record(header)}\r\n".encode()
        for row in rows:
            counted += 1
            yield f"{csv_record(row)}\r\n".encode()

    size, digest = write_chunks(path, lines())
    return WrittenFile(path.name, size, digest, counted)
