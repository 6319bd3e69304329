"""How these tests make, publish and ask for quotes: the API over HTTP, through Django's own client."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.test import Client

from quotes.curation import publish, refresh_publication, withdraw
from quotes.models import Coding, Quote, QuoteAffiliation
from quotes.vocabulary import SourceType, Status
from tests.factories import make_capacity, make_coding, make_quote

API = "/api/v1/"
# One for all: each new client loads all middleware again.
CLIENT = Client()


def ask(query: str = "", *, path: str = "quotes/", status: int = 200) -> Any:
    """The JSON of the API's answer, which must have this status."""
    response = CLIENT.get(f"{API}{path}" + (f"?{query}" if query else ""))
    assert response.status_code == status, response.content.decode()
    return response.json()


def found(query: str = "") -> list[Quote]:
    """The quotes of a whole answer, in its order. No quote may come twice, and the count must be theirs."""
    answer = ask(f"{query}&count=1&page_size=100")
    uids = [document["uid"] for document in answer["results"]]
    assert answer["next"] is None
    assert len(set(uids)) == len(uids) == answer["count"]
    rows = {str(quote.uid): quote for quote in Quote.objects.filter(uid__in=uids)}
    return [rows[uid] for uid in uids]


def refused(query: str, *, path: str = "quotes/") -> dict[str, str]:
    """The one error of a 400."""
    [error] = ask(query, path=path, status=400)["errors"]
    return error


def listed(path: str, query: str = "", *, member: str = "slug") -> list[str]:
    """One member of each document of a whole list of people, organizations, articles or topics."""
    answer = ask(f"{query}&count=1&page_size=100", path=path)
    assert answer["next"] is None
    assert len(answer["results"]) == answer["count"]
    return [document[member] for document in answer["results"]]


def draft(text: str = "The lanterns watch everyone.", **fields: Any) -> Quote:
    """A draft that an editor may publish as it is."""
    if fields.get("source_type", SourceType.PERSON) == SourceType.PERSON:
        fields.setdefault("source_label", "a source")
    return make_quote(text, **fields)


def published(text: str = "The lanterns watch everyone.", **fields: Any) -> Quote:
    """A published quote."""
    quote = draft(text, **fields)
    publish(quotes=[quote], actor=None)
    return quote


def each_published(quotes: Mapping[Any, Quote]) -> Mapping[Any, Quote]:
    """The drafts of a mapping, published together (which takes as long as publishing one)."""
    publish(quotes=quotes.values(), actor=None)
    return quotes


def said_at(organization: Any, standing: str = "current", **fields: Any) -> Quote:
    """A published quote, said in a capacity at the organization."""
    quote = draft(**fields)
    make_capacity(quote, organization, standing=standing)
    publish(quotes=[quote], actor=None)
    return quote


def coded(*positions: tuple[Any, str], **fields: Any) -> Quote:
    """A published quote with a final coding for each (topic, stance)."""
    quote = draft(**fields)
    for topic, stance in positions:
        make_coding(quote, topic, stance)
    publish(quotes=[quote], actor=None)
    return quote


def capacity(quote: Quote, organization: Any, standing: str = "current", **fields: Any) -> QuoteAffiliation:
    """One more capacity of a published quote's speaker."""
    row = make_capacity(quote, organization, standing=standing, **{"is_primary": False, **fields})
    refresh_publication()
    return row


def coding(quote: Quote, topic: Any, stance: str, **fields: Any) -> Coding:
    """One more coding of a published quote."""
    row = make_coding(quote, topic, stance, **fields)
    refresh_publication()
    return row


def moved_to(quote: Quote, status: str) -> Quote:
    """A draft, brought to this status by the verbs that bring it there."""
    if status == Status.WITHDRAWN:
        publish(quotes=[quote], actor=None)
        withdraw(quotes=[quote], reason="The paper took it back.", actor=None)
    else:
        Quote.objects.filter(pk=quote.pk).update(status=status)
        refresh_publication()
    return quote
