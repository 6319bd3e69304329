"""Parts of a whole result set (RFC 9110, section 14): for clients that read a table's end before its rows, as Parquet wants it.

The answer is written to a temporary file first, so that its length is known; the same state gives the same bytes, and the ETag
says which state it is.
"""

from __future__ import annotations

import io
import re
import tempfile
from collections.abc import Iterable, Iterator
from http import HTTPStatus
from typing import IO

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from rest_framework.request import Request

_PIECE = 65_536
# One part, in bytes. What is not understood, several parts among it, may be ignored, and the whole is sent.
_RANGE = re.compile(r"bytes=(?!-$)(\d{0,18})-(\d{0,18})")


def is_wanted(request: Request) -> bool:
    """Whether the length must be known before the answer begins."""
    return request.method == "HEAD" or "Range" in request.headers


def answer(request: Request, chunks: Iterable[bytes], headers: dict[str, str]) -> HttpResponseBase:
    """The part that the Range header asks for, or all; for HEAD the headers alone. 416 for a part that is not there."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by the answer, which reads it
    for chunk in chunks:
        file.write(chunk)
    return answer_file(request, file, headers)


def answer_file(request: Request, file: IO[bytes], headers: dict[str, str]) -> HttpResponseBase:
    """The part of an open file that the Range header asks for, or all; the answer closes it."""
    length = file.seek(0, io.SEEK_END)
    headers = {**headers, "Accept-Ranges": "bytes"}
    asked = _RANGE.fullmatch(request.headers.get("Range", "").strip())
    part = _part(asked[1], asked[2], length) if asked else (0, length)
    if part is None:
        file.close()
        status = HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE
        return HttpResponse(status=status, headers={"Content-Range": f"bytes */{length}"})
    start, end = part
    headers["Content-Length"] = str(end - start)
    # A part that is all there is, is a part all the same: clients look for the length in Content-Range.
    if asked:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{length}"
    status = HTTPStatus.PARTIAL_CONTENT if asked else HTTPStatus.OK
    if request.method == "HEAD":
        file.close()
        return HttpResponse(status=status, headers=headers)
    return StreamingHttpResponse(_read(file, start, end), status=status, headers=headers)


def _part(first: str, last: str, length: int) -> tuple[int, int] | None:
    """The half-open part from `first` to `last`, or of the `last` bytes where there is no first; None where it is not there.

    >>> _part("2", "3", 10), _part("", "4", 10), _part("", "40", 10), _part("8", "", 10), _part("8", "99", 10)
    ((2, 4), (6, 10), (0, 10), (8, 10), (8, 10))
    >>> _part("10", "", 10), _part("", "0", 10), _part("5", "2", 10)
    (None, None, None)
    """
    start = int(first) if first else max(0, length - int(last))
    end = min(length, int(last) + 1) if first and last else length
    return (start, end) if start < end else None


def _read(file: IO[bytes], start: int, end: int) -> Iterator[bytes]:
    with file:
        file.seek(start)
        while start < end:
            piece = file.read(min(_PIECE, end - start))
            start += len(piece)
            yield piece
