"""Bringing in what others have: a table of quotes, or an article at a web address. Both end as drafts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from http import HTTPStatus
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http.request import UnreadablePostError
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from quotes.api.curation import shapes
from quotes.api.curation.views import CurationView
from quotes.api.problems import BadBody, BadParameters, ErrorItem, TooLarge, body_error
from quotes.datasets.importing import (
    MAX_FILE_BYTES,
    ImportRefused,
    Refusal,
    SourceFile,
    apply_import,
    describe,
    plan_import,
)
from quotes.models import Article, Import
from quotes.publication.parameters import refuse
from quotes.reading.articles import read_article
from quotes.reading.fetching import FetchError, fetch
from quotes.reading.keeping import KeepError, keep_article
from quotes.vocabulary import Status

_MOST_ERRORS = 100
_FORM_BYTES = 100_000  # what a form weighs beside its file
_FIELDS = ("format", "source", "default", "status")
_STARTS = {str(one): one for one in (Status.DRAFT, Status.IN_REVIEW)}


class ImportList(CurationView):
    """A table of quotes, as a form with the member `file`: looked at, and with `?apply=1` brought in."""

    model = Import
    parameters = ("apply",)
    parser_classes: tuple[type[BaseParser], ...] = (MultiPartParser,)

    def post(self, request: Request) -> Response:
        """202 with what would be made; with `apply=1` 201 (200 when no row is new); 400 with every refusal."""
        is_to_apply = _apply(request)
        _check_length(request)
        file, defaults, status = _form(request)
        plan = plan_import(file, defaults=defaults)
        try:
            if plan.refusals:
                raise ImportRefused(plan.refusals)
            if not is_to_apply:
                return Response(describe(plan), status=HTTPStatus.ACCEPTED)
            batch = self.write(lambda: apply_import(plan, actor=self.user, status=status))
        except ImportRefused as refused:
            raise _refused(refused.refusals) from refused
        uid = {"uid": str(batch.uid)} if batch else {}
        return Response({**uid, **describe(plan)}, status=HTTPStatus.CREATED if batch else HTTPStatus.OK)


class ArticleImport(CurationView):
    """An article at a web address: fetched, read, and kept with a snapshot of its text."""

    model = Article

    def post(self, request: Request) -> Response:
        """201 with the article, or 200 when this very text was kept already; 400 with what stands in the way."""
        url = self.read_body(shapes.ArticleAddress)["url"]
        try:
            page = fetch(url)
            read = read_article(page)
            kept = self.write(lambda: keep_article(page, read))
        except FetchError as error:
            raise _refused_url(error.code, str(error)) from error
        except KeepError as error:
            raise _refused_url("no_article", str(error)) from error
        return Response(asdict(kept), status=HTTPStatus.CREATED if kept.is_new_text else HTTPStatus.OK)


def _apply(request: Request) -> bool:
    """Whether `apply=1`, the one parameter that is taken. Raises BadParameters."""
    values = request.query_params.getlist("apply")
    if values not in ([], ["0"], ["1"]):
        raise BadParameters({"apply": [refuse("unknown_value", "Either 1 or 0, once.")]})
    return values == ["1"]


def _check_length(request: Request) -> None:
    """Raise TooLarge or BadBody by what the client says that it sends; a server that streams without has its own limit."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not (length.isascii() and length.isdecimal()):
        raise BadBody.of("invalid_length", "The Content-Length is no number.")
    # By its digits first: Python refuses to read a number of thousands of them.
    if len(length) > 19 or int(length) > MAX_FILE_BYTES + _FORM_BYTES:
        raise TooLarge(f"A file of at most {MAX_FILE_BYTES // 10**6} MB comes in here.")


def _form(request: Request) -> tuple[SourceFile, dict[str, str], Status]:
    """The file, the defaults and the status of new quotes. Raises BadBody, and ParseError for what is no form."""
    data: Any
    try:
        data, files = request.data, request.FILES
    except (UnreadablePostError, LookupError) as error:
        raise ParseError("The form cannot be read.") from error
    found = files.getlist("file")
    if len(found) != 1 or set(files) - {"file"}:
        raise BadBody.of("required", "One file, as file.", param="file")
    if unknown := [name for name in data if name not in (*_FIELDS, "file")]:
        raise BadBody.of("unknown", f"Only file, {', '.join(_FIELDS)} are taken.", param=unknown[0])
    status = data.get("status", str(Status.DRAFT))
    if status not in _STARTS:
        raise BadBody.of("unknown_value", f"Not one of {', '.join(_STARTS)}.", param="status")
    return _source_file(found[0], data), dict(_pair(one) for one in data.getlist("default")), _STARTS[status]


def _source_file(upload: UploadedFile, data: Any) -> SourceFile:
    name, source = _printable(upload.name or ""), _printable(data.get("source", ""))
    return SourceFile(name, upload.read(MAX_FILE_BYTES + 1), data.get("format", ""), source)


def _printable(text: str) -> str:
    return "".join(char for char in text if char.isprintable()).strip()[:200]


def _pair(text: str) -> tuple[str, str]:
    column, sign, value = text.partition("=")
    if not (column and sign and value):
        raise BadBody.of("invalid", "A default is COLUMN=VALUE.", param="default")
    return column, value


def _refused(refusals: Sequence[Refusal]) -> BadBody:
    shown = [_item(refusal) for refusal in refusals[:_MOST_ERRORS]]
    more = f" These are the first {len(shown)} of {len(refusals):,} refusals." if len(refusals) > len(shown) else ""
    return BadBody(f"Nothing was written.{more}", errors=shown)


def _item(refusal: Refusal) -> ErrorItem:
    item: ErrorItem = {**body_error(refusal.code, refusal.detail, param=refusal.column or ""), "location": "file"}
    if refusal.row is not None:
        item["row"] = refusal.row
    return item


def _refused_url(code: str, detail: str) -> BadBody:
    return BadBody.of(code, detail, param="url")
