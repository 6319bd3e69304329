"""Reading the review screen as somebody does, and sending its form."""

from __future__ import annotations

import re
from typing import Any

from django.test import Client

from quotes.models import Quote
from tests.admin.forms import url


def decide(client: Client, quote: Quote, button: str, comment: str = "", *, shown: str | None = None) -> Any:
    """The answer to the form of the review screen, as it is now or as it was when `shown` was read from it."""
    token = shown_on(client, quote) if shown is None else shown
    return client.post(url(quote, "review"), {"shown": token, "comment": comment, button: "1"})


def shown_on(client: Client, quote: Quote) -> str:
    return str(client.get(url(quote, "review")).context["reading"].token)


def text_of(client: Client, quote: Quote) -> str:
    page = client.get(url(quote, "review"))
    assert page.status_code == 200
    return page.content.decode()


def words_of(html: str) -> str:
    """The page as somebody reads it: without markup, white space as one space."""
    return " ".join(re.sub("<[^>]*>", " ", html).replace("&quot;", '"').split())
