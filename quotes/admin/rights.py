"""What quotes.curation.rights says of a user, asked of the request that the user sent."""

from typing import Any

from django.http import HttpRequest

from quotes.curation import rights
from quotes.models import Quote


def is_editor(request: HttpRequest) -> bool:
    """Editors publish, withdraw, finalise codings, and change what is published."""
    return rights.is_editor(request.user)


def may_touch(request: HttpRequest, quote: Quote | None) -> bool:
    """Whether the user may change what belongs to the quote."""
    return rights.may_touch(request.user, quote)


def actor(request: HttpRequest) -> Any:
    """The user behind the request, who has passed the admin's door and so is none of the anonymous."""
    return request.user
