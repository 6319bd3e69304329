"""Whole result sets into files, from the command line: the API's filters, formats and rows, without a server."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import IO, Any

from django.conf import settings
from django.http import QueryDict

from quotes.datasets import dna, popolo, stored_quotes
from quotes.datasets.formats import FORMATS, Context, Row
from quotes.publication import entity_filters, networks, streaming
from quotes.publication.coding_filters import CodingFilterSet
from quotes.publication.filters import QuoteFilterSet
from quotes.publication.models import PublishedCoding, PublishedEntity, PublishedQuote
from quotes.vocabulary import CODEBOOK_VERSION, EntityKind

Rows = Generator[Row, None, None]
Chunks = Generator[bytes, None, None]
# Formats of the command line alone, and the kinds of rows that each holds. Popolo needs more than a list's own rows.
DNA, DNA_DATABASE = "dna", "dna-database"
_QUOTES, _ACTORS = frozenset({"quote"}), frozenset({EntityKind.PERSON, EntityKind.ORGANIZATION})
OTHERS = {DNA: _QUOTES, DNA_DATABASE: _QUOTES, popolo.POPOLO: _ACTORS}
KNOWN = sorted([*FORMATS, *OTHERS])
_LONG_AGO = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class _Exported:
    """What can be written: the kind of its rows, its filters, and the order they come in."""

    kind: str
    filters: Any
    ordering: tuple[str, ...]

    def rows(self) -> Any:
        if self.kind == "quote":
            return PublishedQuote.objects.all()
        if self.kind == "coding":
            return PublishedCoding.objects.all()
        return PublishedEntity.objects.of_kind(self.kind)


EXPORTED: Mapping[str, _Exported] = {
    "quotes": _Exported("quote", QuoteFilterSet, ("-dated_start", "-uid")),
    "people": _Exported(EntityKind.PERSON, entity_filters.PersonFilterSet, ("sort_key", "slug")),
    "organizations": _Exported(EntityKind.ORGANIZATION, entity_filters.OrganizationFilterSet, ("sort_key", "slug")),
    "articles": _Exported(EntityKind.ARTICLE, entity_filters.ArticleFilterSet, ("-published_start", "-slug")),
    "topics": _Exported(EntityKind.TOPIC, entity_filters.TopicFilterSet, ("sort_key", "slug")),
    "codings": _Exported("coding", CodingFilterSet, ("uid", "topic", "round", "coder")),
}


class ExportRefused(ValueError):
    """What is wrong with the question; it names the parameter and the value."""


@dataclass(frozen=True, slots=True)
class Written:
    """What went out, and in words what the format could not carry."""

    rows: int
    bytes: int
    sha256: str
    losses: tuple[str, ...] = ()


class Question:
    """What is asked for. Raises ExportRefused for what the API would refuse, too, and for a format that does not hold it.

    `using`: the connection that answers; that of exports without it.
    """

    def __init__(
        self,
        of: str,
        format: str,
        filters: str = "",
        root: str = "",
        *,
        rows_per: str = "statement",
        actors: str = "stated",
        using: str = "",
    ) -> None:
        self.exported, self.format, self.root = EXPORTED[of], format, root
        self.rows_per, self.actors = rows_per, actors
        _check_statements(format, rows_per, actors)
        kinds = FORMATS[format].kinds if format in FORMATS else OTHERS[format]
        if self.exported.kind not in kinds:
            raise ExportRefused(f"{format} does not hold {of}.")
        rows = self.exported.rows().using(using or settings.EXPORTS_ALIAS)
        self.filterset = self.exported.filters(QueryDict(filters), rows)
        refusals = [
            f"{name}: {error}" for name, found in self.filterset.refusals().items() for one in found for error in one
        ]
        if refusals:
            raise ExportRefused(" ".join(refusals))

    def selection(self) -> dna.Selection:
        """Which actors DNA's statements have."""
        return dna.Selection(self.rows_per, networks.organizations_at_the_top() if self.actors == "root" else None)

    def count(self) -> int:
        """How many rows match."""
        found: int = self.filterset.qs.count()
        return found

    def queryset(self) -> Any:
        """What matches, in order."""
        return self.filterset.qs.order_by(*self.exported.ordering)

    def rows(self) -> Rows:
        """The rows, as the database finds them."""
        return all_rows(self.queryset())


def _check_statements(format: str, rows_per: str, actors: str) -> None:
    """Raises ExportRefused where the format has no statements, or cannot tell what one of several rows weighs."""
    if format not in (DNA, DNA_DATABASE) and (rows_per, actors) != ("statement", "stated"):
        raise ExportRefused(f"--rows-per and --actors are for {DNA} and {DNA_DATABASE}, not for {format}.")
    if format == DNA_DATABASE and rows_per != "statement":
        raise ExportRefused(
            f"--rows-per {rows_per} is for {DNA}: DNA counts each statement of its own file as one, whatever its weight."
        )


def all_rows(queryset: Any) -> Rows:
    """All rows of a query, as the database finds them: one statement."""
    if queryset.model is PublishedQuote:
        rows = streaming.stream(queryset, ("document", "modified"), ("text", "timestamptz"), is_prompt=True)
        with contextlib.closing(rows) as found:
            for document, modified in found:
                yield Row(document, {"modified": modified})
    elif queryset.model is PublishedEntity:
        columns, types = ("document", "quotes", "modified"), ("text", "int8", "timestamptz")
        with contextlib.closing(streaming.stream(streaming.with_quote_count(queryset), columns, types)) as found:
            for document, quotes, modified in found:
                yield Row(document, {"quote_count": quotes, "modified": modified})
    else:
        with contextlib.closing(streaming.stream(queryset, ("document",), ("text",))) as found:
            for (document,) in found:
                yield Row(document, {})


def export(question: Question, stream: IO[bytes], progress: Callable[[int], object] = lambda rows: None) -> Written:
    """Write all that matches. The same state gives the same bytes."""
    rows = size = 0
    digest = sha256()

    def count(some: int) -> None:
        nonlocal rows
        rows += some
        progress(some)

    def counted() -> Rows:
        with contextlib.closing(question.rows()) as found:
            for row in found:
                count(1)
                yield row

    context = Context(
        root=question.root,
        applied=question.filterset.applied(),
        generated_at=_LONG_AGO,
        codebook_version=CODEBOOK_VERSION,
    )
    losses: dna.Losses | popolo.Losses = popolo.Losses() if question.format == popolo.POPOLO else dna.Losses()
    with contextlib.closing(counted()) as found, contextlib.ExitStack() as ending:
        if isinstance(losses, popolo.Losses):
            chunks = popolo.write(question.exported.kind, found, context, losses)
        elif question.format == DNA:
            chunks = dna.event_list(found, losses, question.selection())
        elif question.format == DNA_DATABASE:
            chunks = dna.database(found, losses, question.selection())
        elif stored_quotes.are_enough(question.queryset(), FORMATS[question.format]):
            stored = stored_quotes.chunks(question.queryset(), FORMATS[question.format], context, count)
            chunks = ending.enter_context(contextlib.closing(stored))
        else:
            chunks = FORMATS[question.format].write(question.exported.kind, found, context)
        for chunk in chunks:
            stream.write(chunk)
            digest.update(chunk)
            size += len(chunk)
    return Written(rows, size, digest.hexdigest(), tuple(losses.told()))
