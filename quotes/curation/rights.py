"""Who may do what beyond Django's permissions: what is public changes at once for everybody, so only editors change it."""

from __future__ import annotations

from typing import Any

from quotes.models import Quote
from quotes.vocabulary import Status


def is_editor(user: Any) -> bool:
    """Editors publish, withdraw, merge, finalise codings, and change what is published."""
    return bool(user.has_perm("quotes.publish_quote"))


def may_touch(user: Any, quote: Quote | None) -> bool:
    """Whether the user may change what belongs to the quote."""
    return quote is None or quote.status != Status.PUBLISHED or is_editor(user)
