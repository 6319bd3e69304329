"""Answers in other formats than JSON: one document, a page, or a whole result set, streamed as the database finds it."""

from __future__ import annotations

import contextlib
import datetime as dt
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from typing import Any

from django.conf import settings
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from rest_framework.request import Request

from quotes.api import limits, ranges
from quotes.api.caching import entity_tag
from quotes.api.negotiation import FormatRenderer
from quotes.api.problems import Unavailable
from quotes.datasets.exporting import Chunks, Rows
from quotes.datasets.formats import EXCEL_CSV, Context, Format, Row
from quotes.publication import streaming
from quotes.publication.changes import last_change
from quotes.publication.models import PublishedEntity, PublishedQuote
from quotes.publication.serving import quote_counts
from quotes.vocabulary import CODEBOOK_VERSION

RETRY_AFTER = 10
# A reader who is slower than this, in seconds, is cut: others wait for the place.
LONGEST = 900
# The formats that say in the file when it was made.
_DATED = ("xlsx", "parquet")
_LONG_AGO = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def chosen_format(request: Request) -> Format | None:
    """The format of the answer; None for JSON, which the views make themselves."""
    renderer: Any = request.accepted_renderer
    if not isinstance(renderer, FormatRenderer):
        return None
    is_excel = renderer.written.name == "csv" and request.query_params.get("dialect") == "excel"
    return EXCEL_CSV if is_excel else renderer.written


def rows_of(instances: Iterable[Any]) -> list[Row]:
    """Published rows, read already, as the formats take them."""
    instances = list(instances)
    if instances and isinstance(instances[0], PublishedQuote):
        return [Row(one.document, {"modified": one.modified}) for one in instances]
    if instances and isinstance(instances[0], PublishedEntity):
        counts = quote_counts(instances)
        return [Row(one.document, {"quote_count": counts[one.pk], "modified": one.modified}) for one in instances]
    return [Row(one.document, {}) for one in instances]


def write(
    request: Request,
    written: Format,
    kind: str,
    rows: Iterable[Row],
    applied: Mapping[str, Any],
    fields: frozenset[str] | None,
) -> HttpResponse:
    """The rows that there are, in the format."""
    context = _context(request, written, applied, fields, using=PublishedQuote.objects.db)
    body = b"".join(written.write(kind, rows, context))
    return HttpResponse(body, headers=_headers(written, kind))


def stream_all(
    request: Request,
    written: Format,
    kind: str,
    make_chunks: Callable[[Context], Chunks],
    applied: Mapping[str, Any],
    fields: frozenset[str] | None,
) -> HttpResponseBase:
    """A whole result set. What can fail fails before the answer begins; one that breaks off later is seen to be cut."""
    context = _context(request, written, applied, fields, using=settings.EXPORTS_ALIAS)
    reader = ":".join(limits.reader(request, request.auth))
    chunks = _in_its_place(reader, lambda: make_chunks(context))
    with telling_when_busy():
        # Its own connection may see less than the others (another server): what it sees names the answer.
        etag = entity_tag(request, last_change(using=settings.EXPORTS_ALIAS))
        # A workbook's parts are dated when they are packed.
        headers = {**_headers(written, kind), "ETag": f"W/{etag}" if written.name == "xlsx" else etag}
        if ranges.is_wanted(request):
            return ranges.answer(request, chunks, headers)
        first = next(chunks, b"")
    return StreamingHttpResponse(_resumed(first, chunks), headers={**headers, "Accept-Ranges": "bytes"})


@contextlib.contextmanager
def telling_when_busy() -> Iterator[None]:
    """Where all places for whole result sets are taken, the reader is told when to come again."""
    try:
        yield
    except streaming.Busy as error:
        most, own = streaming.MOST_AT_ONCE, streaming.MOST_FOR_ONE
        message = (
            f"{most} whole result sets are being read already, or {own} of yours. Come again shortly, or read in pages."
        )
        raise Unavailable(message, wait=RETRY_AFTER) from error


def shaped_chunks(rows: Rows, shape: Callable[[Rows], Rows], write_rows: Callable[[Rows], Any]) -> Chunks:
    """The rows as they are wanted, in the format that `write_rows` writes. Its statement ends with it, however it ends."""
    with (
        contextlib.closing(rows),
        contextlib.closing(shape(rows)) as shaped,
        contextlib.closing(write_rows(shaped)) as chunks,
    ):
        yield from chunks


def _in_its_place(reader: str, make_chunks: Callable[[], Chunks]) -> Chunks:
    """The chunks of an export. Its statement ends with it, however it ends: the connection would wait for it for ever."""
    with streaming.place(reader), contextlib.closing(make_chunks()) as chunks:
        yield from chunks


def _resumed(first: bytes, rest: Generator[bytes, None, None]) -> Iterator[bytes]:
    ends = time.monotonic() + LONGEST
    with contextlib.closing(rest):
        yield first
        for chunk in rest:
            if time.monotonic() > ends:
                raise TimeoutError(f"a whole result set was not read within {LONGEST} seconds")
            yield chunk


def _headers(written: Format, kind: str) -> dict[str, str]:
    name = "people" if kind == "person" else f"{kind}s"
    disposition = "inline" if "json" in written.media_type else "attachment"
    return {
        "Content-Type": written.media_type,
        "Content-Disposition": f'{disposition}; filename="{name}.{written.extension}"',
    }


def _context(
    request: Request, written: Format, applied: Mapping[str, Any], fields: frozenset[str] | None, *, using: str
) -> Context:
    root = request.build_absolute_uri("/").rstrip("/")
    at = _last_modified(using) if written.name in _DATED else _LONG_AGO
    return Context(root=root, applied=applied, generated_at=at, codebook_version=CODEBOOK_VERSION, fields=fields)


def _last_modified(using: str) -> dt.datetime:
    """When a quote changed last: the same state gives the same bytes, whenever it is asked for."""
    newest = PublishedQuote.objects.using(using).order_by("-change").values_list("modified", flat=True)[:1]
    return next(iter(newest), _LONG_AGO)
