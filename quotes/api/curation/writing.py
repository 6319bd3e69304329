"""A write: one transaction in the name of the token's user; whatever refuses it is told as a problem, and nothing is saved."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import pghistory
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import DataError, IntegrityError
from rest_framework.request import Request

from quotes.api.problems import BadBody, Conflict, ErrorItem, body_error
from quotes.curation import verb
from quotes.curation.refusals import REFUSALS, explain, worded

T = TypeVar("T")
# Of PostgreSQL: a row breaks a CHECK or a rule of a trigger; or what it names does not belong together (composite keys).
_WRONG_IN_ITSELF = {"23514", "23503"}
_TAKEN = {"unique", "unique_together"}


def write(request: Request, change: Callable[[], T]) -> T:
    """What `change` returns, done as one transaction and begun anew if it lost a deadlock."""
    token: Any = request.auth
    with pghistory.context(user=request.user.pk, token=token.prefix), _refusals_as_problems(request):
        return verb(change)()


@contextmanager
def _refusals_as_problems(request: Request) -> Iterator[None]:
    try:
        yield
    except ValidationError as error:
        raise _invalid(worded(error)) from error
    except REFUSALS as refusal:
        items = [body_error("refused", sentence) for sentence in explain(refusal)]
        is_bad = request.method != "DELETE" and _is_about_the_body(refusal)
        if is_bad:
            raise BadBody.listing(items) from refusal
        raise Conflict(" ".join(item["detail"] for item in items), errors=items) from refusal


def _is_about_the_body(refusal: Exception) -> bool:
    state = getattr(refusal.__cause__, "sqlstate", None)
    return isinstance(refusal, DataError) or (isinstance(refusal, IntegrityError) and state in _WRONG_IN_ITSELF)


def _invalid(error: ValidationError) -> BadBody | Conflict:
    """409 where all that is wrong is that another record has the name already; else 400."""
    by_name = error.error_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.error_list}
    pairs = [(name, one) for name, found in by_name.items() for one in found]
    items: list[ErrorItem] = []
    for name, one in pairs:
        item = body_error(str(one.code or "invalid"), " ".join(one.messages), param=_member(name))
        # A web address is looked at by a validator of Django's and one of ours, which may say the same.
        items += [item] if item not in items else []
    if all(one.code in _TAKEN for _, one in pairs):
        return Conflict(" ".join(item["detail"] for item in items), errors=items)
    return BadBody.listing(items)


def _member(name: str) -> str:
    """The member of the body: rules over a whole record, or over a nested one, name none of its members."""
    return name.removesuffix(NON_FIELD_ERRORS).removesuffix(".")
