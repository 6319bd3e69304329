"""Errors as problem details (RFC 9457): `application/problem+json` with `errors: [{location, param, code, detail}]`."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any, TypedDict

import orjson
from django.core.exceptions import PermissionDenied, SuspiciousOperation, ValidationError
from django.db import DataError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from psycopg.errors import QueryCanceled
from rest_framework import exceptions
from rest_framework.response import Response

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER = 5

logger = logging.getLogger(__name__)


class ErrorItem(TypedDict, total=False):
    """One thing that is wrong: where, which parameter, a code for programs, a sentence for people."""

    location: str
    param: str
    code: str
    detail: str
    suggestion: str
    row: int


class Problem(TypedDict, total=False):
    """Problem details, RFC 9457. `type` is about:blank: the status says what kind of problem it is."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[ErrorItem]
    withdrawn_at: str
    reason: str
    etag: str
    changed: list[str]


class BadParameters(exceptions.APIException):
    """400: what is wrong with each query parameter."""

    status_code = HTTPStatus.BAD_REQUEST
    default_code = "bad_parameters"

    def __init__(self, refusals: Mapping[str, Iterable[ValidationError]]) -> None:
        self.errors = [_item(name, error) for name, found in refusals.items() for error in found]
        super().__init__(" ".join(f"{item['param']}: {item['detail']}" for item in self.errors))


class Withdrawn(exceptions.APIException):
    """410: the quote was published and is withdrawn; says why and when."""

    status_code = HTTPStatus.GONE
    default_code = "withdrawn"

    def __init__(self, *, reason: str, withdrawn_at: str) -> None:
        super().__init__(f"This quote was withdrawn: {reason}")
        self.reason, self.withdrawn_at = reason, withdrawn_at


class Unavailable(exceptions.APIException):
    """503: it could not be answered now; `wait` seconds from now it may be."""

    status_code = HTTPStatus.SERVICE_UNAVAILABLE
    default_code = "unavailable"

    def __init__(self, detail: str, *, wait: int = RETRY_AFTER) -> None:
        super().__init__(detail)
        self.wait = wait


def why_unavailable(error: Exception) -> str:
    """What to tell the reader of a database error that is nobody's fault who asked."""
    if isinstance(error.__cause__, QueryCanceled):
        return "This question takes too long to answer. Narrow it, or ask for the whole result set in another format."
    return "The database cannot be reached at this moment. Try again shortly."


class Refused(exceptions.APIException):
    """What a program sent cannot be done: `members` of the problem say what is wrong with it."""

    def __init__(self, detail: str, **members: Any) -> None:
        super().__init__(detail)
        self.members = members


class BadBody(Refused):
    """400: what is wrong with the body."""

    status_code = HTTPStatus.BAD_REQUEST

    @classmethod
    def of(cls, code: str, detail: str, *, param: str = "") -> BadBody:
        """The refusal of one thing, of the whole body where no member is named."""
        return cls.listing([body_error(code, detail, param=param)])

    @classmethod
    def listing(cls, errors: list[ErrorItem]) -> BadBody:
        """The refusal of several things, the first few of many said."""
        shown = errors[:_MOST_ERRORS]
        said = [f"{item['param']}: {item['detail']}" if item.get("param") else item["detail"] for item in shown]
        return cls(" ".join(said), errors=shown)


class Conflict(Refused):
    """409: it cannot be done as things are; one error for each obstacle."""

    status_code = HTTPStatus.CONFLICT


class PreconditionFailed(Refused):
    """412: the record is not the one that was read. `etag` is the current one; `changed` names what is different."""

    status_code = HTTPStatus.PRECONDITION_FAILED


class PreconditionRequired(Refused):
    """428 (RFC 6585): a write must say which state of the record it is meant for."""

    status_code = HTTPStatus.PRECONDITION_REQUIRED


class TooLarge(Refused):
    """413: more bytes than are read."""

    status_code = HTTPStatus.REQUEST_ENTITY_TOO_LARGE


_MOST_ERRORS = 50


def body_error(code: str, detail: str, *, param: str = "", suggestion: str | None = None) -> ErrorItem:
    """One thing that is wrong with the body, or with a member of it (`affiliations[0].role`)."""
    item: ErrorItem = {"location": "body", "code": code, "detail": detail}
    if param:
        item["param"] = param[:100]
    if suggestion:
        item["suggestion"] = suggestion
    return item


def problem(status: int, detail: str, **members: Any) -> Problem:
    """The body of a problem response."""
    title = HTTPStatus(status).phrase
    return {"type": "about:blank", "title": title, "status": int(status), "detail": detail, **members}  # type: ignore[typeddict-item]


def problem_response(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """REST framework's exception handler. What it does not know is left to Django, which logs it and answers 500.

    Too many parameters (SuspiciousOperation) are found by Django while reading them; DataError is the backstop for values
    that no check of ours has refused.
    """
    if isinstance(error, Http404):
        error = exceptions.NotFound("There is nothing public at this address.")
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    elif isinstance(error, (OperationalError, InterfaceError)):
        logger.error("503: %s", str(error).strip().partition("\n")[0])
        error = Unavailable(why_unavailable(error))
    elif isinstance(error, (SuspiciousOperation, DataError)):
        error = exceptions.ParseError("There is something in this request that cannot be processed.")
    if not isinstance(error, exceptions.APIException):
        return None
    body = problem(error.status_code, _detail(error), **_members(error))
    return Response(body, status=error.status_code, headers=_headers(error), content_type=MEDIA_TYPE)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's handler404, for addresses under /api/ that no route has."""
    return _plain(404, "There is nothing at this address.")


def bad_request(request: HttpRequest) -> HttpResponse:
    """Django's handler400, for /api/."""
    return _plain(400, "There is something in this request that cannot be processed.")


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler500, for /api/: no word of what went wrong inside."""
    return _plain(500, "Something went wrong on our side; it has been logged.")


def unavailable(error: Exception) -> HttpResponse:
    """503 for an address under /api/ that no view of REST framework answers."""
    response = _plain(503, why_unavailable(error))
    response["Retry-After"] = str(RETRY_AFTER)
    return response


def _plain(status: int, detail: str) -> HttpResponse:
    return HttpResponse(orjson.dumps(problem(status, detail)), status=status, content_type=MEDIA_TYPE)


def _item(name: str, error: ValidationError) -> ErrorItem:
    item: ErrorItem = {
        "location": "query",
        "param": name[:100],
        "code": str(error.code or "invalid"),
        "detail": " ".join(error.messages),
    }
    if error.params and error.params.get("suggestion"):
        item["suggestion"] = error.params["suggestion"]
    return item


def _detail(error: exceptions.APIException) -> str:
    detail = error.detail
    return str(detail) if isinstance(detail, str) else "The request cannot be understood."


def _members(error: exceptions.APIException) -> dict[str, Any]:
    if isinstance(error, BadParameters):
        return {"errors": error.errors}
    if isinstance(error, Withdrawn):
        return {"reason": error.reason, "withdrawn_at": error.withdrawn_at}
    return error.members if isinstance(error, Refused) else {}


def _headers(error: exceptions.APIException) -> dict[str, str]:
    headers = {}
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(int(wait))
    return headers
