"""Answers in other formats than JSON: one document, a page, or a whole result set, streamed as the database finds it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from typing import Any

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from rest_framework.request import Request

from quotes.api.negotiation import FormatRenderer
from quotes.api.problems import Unavailable
from quotes.datasets.formats import EXCEL_CSV, Context, Format, Row
from quotes.publication import streaming
from quotes.publication.models import PublishedEntity, PublishedQuote
from quotes.publication.serving import quote_counts
from quotes.vocabulary import CODEBOOK_VERSION

RETRY_AFTER = 10
Rows = Generator[Row, None, None]


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


def all_rows(queryset: Any, *, is_stored: bool) -> Iterator[Row]:
    """All rows of a query, as the database finds them: one statement. `is_stored`: of quotes, the finished records suffice."""
    if queryset.model is PublishedQuote and is_stored:
        for record, modified in streaming.stream(queryset, ("record", "modified"), ("text", "timestamptz")):
            yield Row("", {"modified": modified}, record)
    elif queryset.model is PublishedQuote:
        for document, modified in streaming.stream(queryset, ("document", "modified"), ("text", "timestamptz")):
            yield Row(document, {"modified": modified})
    elif queryset.model is PublishedEntity:
        rows = streaming.with_quote_count(queryset)
        columns, types = ("document", "quotes", "modified"), ("text", "int8", "timestamptz")
        for document, quotes, modified in streaming.stream(rows, columns, types):
            yield Row(document, {"quote_count": quotes, "modified": modified})
    else:
        for (document,) in streaming.stream(queryset, ("document",), ("text",)):
            yield Row(document, {})


def write(
    request: Request,
    written: Format,
    kind: str,
    rows: Iterable[Row],
    applied: Mapping[str, Any],
    fields: frozenset[str] | None,
) -> HttpResponse:
    """The rows that there are, in the format."""
    body = b"".join(written.write(kind, rows, _context(request, applied, fields)))
    return HttpResponse(body, headers=_headers(written, kind))


def stream_all(
    request: Request,
    written: Format,
    kind: str,
    make_rows: Callable[[], Rows],
    applied: Mapping[str, Any],
    fields: frozenset[str] | None,
) -> HttpResponseBase:
    """A whole result set. What can fail fails before the answer begins; one that breaks off later is seen to be cut."""
    headers = _headers(written, kind)
    if request.method == "HEAD":
        return HttpResponse(headers=headers)
    context = _context(request, applied, fields)
    chunks = _in_its_place(make_rows, lambda rows: written.write(kind, rows, context))
    try:
        first = next(chunks, b"")
    except streaming.Busy as error:
        message = f"{streaming.MOST_AT_ONCE} whole result sets are being read already. Come again shortly, or read page by page."
        raise Unavailable(message, wait=RETRY_AFTER) from error
    return StreamingHttpResponse(_resumed(first, chunks), headers=headers)


def _in_its_place(make_rows: Callable[[], Rows], write_rows: Callable[[Rows], Any]) -> Generator[bytes, None, None]:
    """The chunks of an export. Its statement ends with it, however it ends: the connection would wait for it for ever."""
    with streaming.place(), contextlib.closing(make_rows()) as rows, contextlib.closing(write_rows(rows)) as chunks:
        yield from chunks


def _resumed(first: bytes, rest: Generator[bytes, None, None]) -> Iterator[bytes]:
    with contextlib.closing(rest):
        yield first
        yield from rest


def _headers(written: Format, kind: str) -> dict[str, str]:
    name = "people" if kind == "person" else f"{kind}s"
    disposition = "inline" if "json" in written.media_type else "attachment"
    return {
        "Content-Type": written.media_type,
        "Content-Disposition": f'{disposition}; filename="{name}.{written.extension}"',
    }


def _context(request: Request, applied: Mapping[str, Any], fields: frozenset[str] | None) -> Context:
    root = request.build_absolute_uri("/").rstrip("/")
    now = timezone.now()
    return Context(root=root, applied=applied, generated_at=now, codebook_version=CODEBOOK_VERSION, fields=fields)
