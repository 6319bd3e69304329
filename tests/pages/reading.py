"""How these tests make and publish quotes, and read pages as a stranger does: over HTTP."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from django.test import Client

from quotes.curation import publish
from quotes.models import Quote, Topic
from quotes.vocabulary import SourceType, Stance
from tests.factories import (
    make_capacity,
    make_coding,
    make_quote,
)


def read(address: str, *, status: int = 200) -> str:
    """The page at the address, which must answer with this status."""
    response = Client().get(address)
    assert response.status_code == status, f"{address}: {response.status_code}"
    return response.content.decode()


def draft(text: str = "The lanterns watch everyone.", **fields: Any) -> Quote:
    if fields.get("source_type", SourceType.PERSON) == SourceType.PERSON:
        fields.setdefault("source_label", "a source")
    return make_quote(text, **fields)


def published(text: str = "The lanterns watch everyone.", *positions: tuple[Topic, str], **fields: Any) -> Quote:
    """A published quote with a final coding for each (topic, stance)."""
    quote = draft(text, **fields)
    for topic, stance in positions:
        make_coding(quote, topic, stance)
    publish(quotes=[quote], actor=None)
    return quote


def said_at(organization: Any, topic: Topic, stance: str = Stance.SUPPORT, **capacity: Any) -> Quote:
    """A published quote that was said in a capacity at the organization."""
    quote = draft()
    make_coding(quote, topic, stance)
    make_capacity(quote, organization, **capacity)
    publish(quotes=[quote], actor=None)
    return quote


def permalink(quote: Quote) -> str:
    return f"/quotes/{quote.uid}/"


def uids_in(page: str) -> list[str]:
    """The quotes of a page, in its order, each once."""
    found = re.findall(r'href="/quotes/([0-9a-f-]{36})/"', page)
    return list(dict.fromkeys(found))


def link(page: str, text: str) -> str:
    """The address behind a link with this text."""
    found = re.search(rf'<a[^>]* href="([^"]+)"[^>]*>(?:<[^>]+>)*{re.escape(text)}', page)
    assert found, f"no link {text!r}"
    return unescape(found[1])


def plain(page: str) -> str:
    """The text of a page as a reader sees it: no tags, no runs of space."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", page)))
