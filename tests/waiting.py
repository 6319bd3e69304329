"""Quotes on their way through review, and whatever else can wait for somebody; made for tests of the inbox and the review."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group, User

from quotes import curation
from quotes.models import Quote
from tests import factories


def member(name: str, *roles: str) -> User:
    user = User.objects.create_user(name, is_staff=True)
    user.groups.set(Group.objects.filter(name__in=roles))
    return user


def ready(words: str = "The lanterns watch everyone.", **fields: Any) -> Quote:
    """A draft that could be published."""
    return factories.make_quote(words, **{"source_label": "a lamplighter", **fields})


def submitted(words: str = "The lanterns watch everyone.", **fields: Any) -> Quote:
    """A quote in review."""
    [quote] = curation.submit_for_review(quotes=[ready(words, **fields)], actor=fields.get("created_by"))
    return quote


def returned(comment: str, **fields: Any) -> Quote:
    [quote] = curation.return_to_draft(quotes=[submitted(**fields)], actor=None, comment=comment)
    return quote


def repeated() -> tuple[Quote, Quote]:
    """The same words of one speaker in two articles."""
    speaker, words = factories.make_person(), "The lanterns watch everyone."
    return factories.make_quote(words, speaker=speaker), factories.make_quote(words, speaker=speaker)


def read_again(quote: Quote, text: str, at: str = "2025-06-01T10:00:00Z") -> None:
    factories.make_snapshot(quote.article, text, retrieved_at=at)


def disagreed_on() -> Quote:
    """A quote that two coders judged differently."""
    quote, topic = factories.make_quote(), factories.make_topic()
    for coder, stance in (("a", "support"), ("b", "oppose")):
        factories.make_coding(quote, topic, stance, coder=coder, round=1, is_final=False)
    return quote
