"""Addresses of filtered lists. Their parameters are the API's own."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.http import urlencode


def quotes_where(**parameters: str | Iterable[str] | None) -> str:
    """The address of the list under these filters; several values of one are OR, what is None is left out."""
    asked = {
        name: value if isinstance(value, str) else ",".join(value)
        for name, value in parameters.items()
        if value is not None
    }
    return f"{reverse('pages:quotes')}?{urlencode(asked)}"
