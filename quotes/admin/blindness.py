"""What the admin's pages tell of codings to people who may not know of them, beside the lists of codings themselves.

Whoever is no editor knows the codings of `visible_codings` and no others: not what they say, nor that they exist.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.http import HttpRequest

from quotes.admin.rights import actor, is_editor
from quotes.curation.coding import visible_codings
from quotes.models import Coding

# Nested as a page lists them: what goes, how many of each kind, which permissions are missing, what stands in the way.
Deletion = tuple[list[Any], dict[Any, int], set[Any], list[Any]]


def visible_to(request: HttpRequest) -> Any:
    """The codings that the user behind the request may know of."""
    return visible_codings(actor(request))


def known(request: HttpRequest, codings: Any) -> Any:
    """Of these codings, those that the user behind the request may know of."""
    return codings if is_editor(request) else codings.filter(pk__in=visible_to(request).values("pk"))


def asks_backwards(model: type[models.Model], lookup: str) -> bool:
    """Whether a look-up in a list's address goes from a record to those that refer to it: `?codings__isnull=1` would tell which
    quotes somebody has coded, and Django lets it through as if it was one of the record's own fields."""
    try:
        return bool(model._meta.get_field(lookup.split("__")[0]).auto_created)
    except FieldDoesNotExist:
        return False


def tell_deletion(request: HttpRequest, model: type[models.Model], found: Deletion) -> Deletion:
    """What deleting records would do, without the codings that go with them: for non-editors none are listed, or counted."""
    if model is Coding or is_editor(request):
        return found
    to_delete, counts, missing, protected = found
    plural, singular = Coding._meta.verbose_name_plural, Coding._meta.verbose_name
    return (
        _without_codings(to_delete),
        {name: count for name, count in counts.items() if name != plural},
        {name for name in missing if name != singular},
        _without_codings(protected),
    )


def _without_codings(lines: list[Any]) -> list[Any]:
    """Django lists records as "Kind: name", and what hangs on one as a list behind it."""
    kind = f"{str(Coding._meta.verbose_name).capitalize()}:"
    nested = [_without_codings(line) if isinstance(line, list) else line for line in lines]
    return [line for line in nested if line != [] and not str(line).startswith(kind)]
