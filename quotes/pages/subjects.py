"""People, organizations and articles: the facts at the head of their pages, and the stances of their quotes by topic."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from quotes.pages import wording
from quotes.pages.addresses import quotes_where
from quotes.pages.bars import Bar, stance_bar
from quotes.pages.cards import Card
from quotes.pages.topics import totals
from quotes.publication import codes
from quotes.publication.models import PublishedEntity
from quotes.publication.shapes import (
    ArticleDocument,
    JobItem,
    OrganizationDocument,
    OrganizationReference,
    PersonDocument,
    TopicReference,
)
from quotes.vocabulary import EntityKind, OrganizationKind

MOST_UNITS = 200


@dataclass(frozen=True)
class TopicPositions:
    """The stances of somebody's quotes toward one topic."""

    topic: TopicReference
    bar: Bar

    @property
    def address(self) -> str:
        return reverse("pages:topic", args=[self.topic["slug"]])


def positions_by_topic(cards: Sequence[Card], **filters: str) -> list[TopicPositions]:
    """A bar for each topic that the cards address, the most addressed first; `filters` find the cards among all quotes."""
    topics: dict[str, TopicReference] = {}
    counts: dict[str, Counter[str]] = {}
    for card in cards:
        for position in card.addressed:
            topic = position.coding["topic"]
            topics.setdefault(topic["slug"], topic)
            counts.setdefault(topic["slug"], Counter())[position.stance] += 1
    most = max((found.total() for found in counts.values()), default=0)
    found = [TopicPositions(topic, _bar(counts[slug], most, topic=slug, **filters)) for slug, topic in topics.items()]
    return sorted(found, key=lambda one: (-one.bar.total, one.topic["name"]))


def _bar(counts: Counter[str], most: int, **filters: str) -> Bar:
    return stance_bar(counts, lambda stance: quotes_where(**filters, stance=stance), most=most)


@dataclass(frozen=True)
class Job:
    """An affiliation that published quotes were said in."""

    organization: OrganizationReference
    role: str
    period: str

    @property
    def address(self) -> str:
        return reverse("pages:organization", args=[self.organization["slug"]])


def jobs(document: PersonDocument) -> list[Job]:
    return [Job(item["organization"], item["role"], _period(item)) for item in document["affiliations"]]


def _period(item: JobItem) -> str:
    start, end = wording.written(item["start"]), wording.written(item["end"])
    if start and end:
        return f"{start} – {end}"
    return f"from {start}" if start else f"until {end}" if end else ""


def written_by(person: PublishedEntity) -> int:
    """In how many listed quotes' articles the person has a byline."""
    return _total(codes.entity("author", person.key))


def published_by(organization: PublishedEntity) -> int:
    """How many listed quotes stand in the organization's articles."""
    return _total(codes.entity("outlet", organization.key))


def _total(token: str) -> int:
    return sum(totals([codes.code(token)]).values())


def units_below(organization: PublishedEntity) -> Any:
    """The organizations directly below."""
    below = PublishedEntity.objects.of_kind(EntityKind.ORGANIZATION)
    return below.coded([codes.code(codes.entity("parent", organization.key))]).by_name()[:MOST_UNITS]


def kind_of(document: OrganizationDocument) -> str:
    """What sort of organization it is."""
    return OrganizationKind(document["kind"]).label


def readings(document: ArticleDocument) -> list[tuple[str, str, int]]:
    """(day, SHA-256, length) of each text that was read."""
    return [(wording.read_on(one["retrieved_at"]), one["sha256"], one["length"]) for one in document["snapshots"]]
