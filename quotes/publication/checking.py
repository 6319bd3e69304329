"""Recomputes the publication and compares: every row, every total, every code. What `manage.py publication --check` says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction

from quotes.models import Quote, Redirect
from quotes.publication import codes
from quotes.publication.addresses import public_redirects
from quotes.publication.changes import needless_removals
from quotes.publication.codings import CodingProjection, project_codings
from quotes.publication.entities import project_entities
from quotes.publication.models import PublishedCoding, PublishedEntity, PublishedQuote, PublishedRedirect, Tombstone
from quotes.publication.projection import Mention
from quotes.publication.refresh import fetch, keys_after, lock, project_all
from quotes.publication.rows import BATCH, WRONG_TOTALS, differences
from quotes.vocabulary import EntityKind, Status


@dataclass(frozen=True, slots=True)
class Finding:
    """Something in the publication that is not as it must be."""

    table: str
    key: str
    what: str

    def __str__(self) -> str:
        return f"{self.table} {self.key}: {self.what}"


@dataclass
class Seen:
    """What a check has come by: rows compared, entities mentioned, and the token of each code."""

    quotes: int = 0
    mentioned: set[Mention] = field(default_factory=set)
    tokens: dict[int, str] = field(default_factory=dict)


def check(seen: Seen) -> Iterator[Finding | None]:
    """Findings, as they are found; None after each batch, for progress. Nothing is written and no reader waits.

    Each part holds the publication's lock for its own short transaction, so that what a curator changes meanwhile is
    either in both sides of a comparison or in neither.
    """
    last = 0
    while keys := keys_after(last, BATCH):
        with transaction.atomic():
            lock()
            yield from _check_quotes(keys, seen)
        last = keys[-1]
        yield None
    with transaction.atomic():
        lock()
        yield from _check_entities(seen)
        yield from _check_totals()
        yield from _check_tombstones()
        yield from _check_redirects()
        yield from _check_orphans()


def _check_quotes(keys: Sequence[int], seen: Seen) -> Iterator[Finding]:
    quotes = fetch(Quote.objects.published().filter(pk__in=keys), len(keys))
    projections = project_all(quotes)
    seen.quotes += len(projections)
    for row in projections:
        seen.mentioned |= row.mentioned
        yield from _collisions(row.tokens, seen.tokens)
        yield from _collisions((codes.mention(*mention) for mention in row.mentioned), seen.tokens)
    uids = {row.id: row.uid for row in projections}
    for key, columns in differences(PublishedQuote, projections).items():
        yield Finding("quote", str(uids[key]), _explain(columns))
    yield from _check_codings(keys, [row for quote in quotes for row in project_codings(quote)])
    for uid in PublishedQuote.objects.filter(pk__in=keys).exclude(pk__in=uids).values_list("uid", flat=True):
        yield Finding("quote", str(uid), "is in public, and must not be")


def _check_codings(keys: Sequence[int], projections: Sequence[CodingProjection]) -> Iterator[Finding]:
    names = {row.pk: f"{row.uid} {row.topic} {row.coder} {row.round}" for row in projections}
    for key, columns in differences(PublishedCoding, projections).items():
        yield Finding("coding", names[key], _explain(columns))
    for row in PublishedCoding.objects.filter(quote_key__in=keys).exclude(pk__in=names):
        yield Finding("coding", str(row), "is in public, and must not be")


def _check_entities(seen: Seen) -> Iterator[Finding]:
    expected: set[int] = set()
    for batch in _batches(sorted(seen.mentioned)):
        projections = list(project_entities(batch))
        names = {row.code: f"{row.kind} {row.slug}" for row in projections}
        expected |= names.keys()
        for row in projections:
            yield from _collisions(row.tokens, seen.tokens)
        for key, columns in differences(PublishedEntity, projections).items():
            yield Finding("entity", names[key], _explain(columns))
    for row in PublishedEntity.objects.only("code", "kind", "slug").iterator():
        if row.code not in expected:
            yield Finding("entity", f"{row.kind} {row.slug}", "is in public, and no published quote mentions it")


def _batches(mentioned: list[tuple[EntityKind, int]]) -> Iterator[list[Mention]]:
    for start in range(0, len(mentioned), BATCH):
        yield mentioned[start : start + BATCH]


def _explain(columns: list[str]) -> str:
    return "has no row" if columns == ["row"] else f"differs in {', '.join(columns)}"


def _collisions(tokens: Iterable[str], known: dict[int, str]) -> Iterator[Finding]:
    for token in tokens:
        other = known.setdefault(codes.code(token), token)
        if other != token:
            yield Finding("code", str(codes.code(token)), f"stands for {token!r} and {other!r}")


def _check_totals() -> Iterator[Finding]:
    for code, kept, counted in _query(WRONG_TOTALS):
        yield Finding("total", str(code), f"is kept as {kept}, and is {counted}")


def _check_tombstones() -> Iterator[Finding]:
    withdrawn = Quote.objects.filter(status=Status.WITHDRAWN).exclude(published_at=None)
    yield from _compare(
        "tombstone",
        set(withdrawn.values_list("uid", "withdrawn_reason", "withdrawn_at")),
        set(Tombstone.objects.values_list("uid", "reason", "withdrawn_at")),
    )


def _check_redirects() -> Iterator[Finding]:
    columns = ("id", "kind", "slug", "target")
    expected = {(row.pk, row.kind, row.slug, row.target) for row in public_redirects(Redirect.objects.all())}
    yield from _compare("redirect", expected, set(PublishedRedirect.objects.values_list(*columns)))


def _check_orphans() -> Iterator[Finding]:
    """Codings of no public quote, and removals of what is public."""
    for coding in PublishedCoding.objects.exclude(quote_key__in=PublishedQuote.objects.values("pk")):
        yield Finding("coding", str(coding), "is in public, and its quote is not")
    for removal in needless_removals():
        yield Finding("removal", str(removal), "is in public, and noted as removed")


def _compare(table: str, expected: set[Any], stored: set[Any]) -> Iterator[Finding]:
    for row in expected - stored:
        yield Finding(table, str(row[0]), "is missing or differs")
    for row in stored - expected:
        yield Finding(table, str(row[0]), "is not what it must be")


def _query(sql: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()
