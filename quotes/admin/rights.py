"""Who may do what beyond Django's permissions: what is public changes at once for everybody, so only editors change it."""

from typing import Any

from django.http import HttpRequest

from quotes.models import Quote
from quotes.vocabulary import Status


def is_editor(request: HttpRequest) -> bool:
    """Editors publish, withdraw, finalise codings, and change what is published."""
    return request.user.has_perm("quotes.publish_quote")


def may_touch(request: HttpRequest, quote: Quote | None) -> bool:
    """Whether the user may change what belongs to the quote."""
    return quote is None or quote.status != Status.PUBLISHED or is_editor(request)


def actor(request: HttpRequest) -> Any:
    """The user behind the request, who has passed the admin's door and so is none of the anonymous."""
    return request.user
