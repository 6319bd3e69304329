"""Topics with what the published quotes make of them: kept totals, no counting."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import orjson
from django.urls import reverse

from quotes.pages.addresses import quotes_where
from quotes.pages.bars import Bar, stance_bar
from quotes.pages.wording import TAKEN
from quotes.publication import codes
from quotes.publication.models import PublishedEntity, Total
from quotes.publication.shapes import TopicDocument
from quotes.vocabulary import EntityKind, QuoteKind

# A site with more topics shows those that come first by name.
MOST_TOPICS = 500


@dataclass
class Debate:
    """A topic, its stances, and the topics below it."""

    document: TopicDocument
    bar: Bar
    below: list[Debate] = field(default_factory=list)
    is_made_up: bool = False

    @property
    def slug(self) -> str:
        return self.document["slug"]

    @property
    def address(self) -> str:
        return reverse("pages:topic", args=[self.slug])


def read_debates(rows: Iterable[PublishedEntity]) -> list[Debate]:
    """The topics of the rows with their totals: one query."""
    rows = list(rows)
    counts = stance_totals([row.key for row in rows])
    return [debate(orjson.loads(row.document), counts[row.key]) for row in rows]


def debate(document: TopicDocument, counts: dict[str, int]) -> Debate:
    """The topic with a bar of the counts, each part of which leads to its quotes."""
    return Debate(document, stance_bar(counts, lambda stance: quotes_where(topic=document["slug"], stance=stance)))


def all_topics() -> list[PublishedEntity]:
    return list(PublishedEntity.objects.of_kind(EntityKind.TOPIC).by_name()[:MOST_TOPICS])


def topics_below(topic: PublishedEntity) -> list[PublishedEntity]:
    below = PublishedEntity.objects.of_kind(EntityKind.TOPIC).coded([codes.code(codes.entity("parent", topic.key))])
    return list(below.by_name()[:MOST_TOPICS])


def as_tree(debates: Sequence[Debate]) -> list[Debate]:
    """The debates that stand below none of the others, each with those below it, the most debated first."""
    known = {one.slug: one for one in debates}
    roots: list[Debate] = []
    for one in debates:
        parent = one.document["parent"]
        above = known.get(parent["slug"]) if parent else None
        (above.below if above else roots).append(one)
    for siblings in (roots, *(one.below for one in debates)):
        siblings.sort(key=_debated, reverse=True)
    return roots


def _debated(root: Debate) -> int:
    return root.bar.total + sum(_debated(one) for one in root.below)


def stance_totals(topics: Sequence[int]) -> dict[int, dict[str, int]]:
    """How many listed quotes take each stance toward each topic itself, by the topic's internal key."""
    wanted = {
        codes.code(codes.stance_on(topic, stance, scope="exact")): (topic, str(stance))
        for topic in topics
        for stance in TAKEN
    }
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for code, count in totals(wanted).items():
        topic, stance = wanted[code]
        found[topic][stance] = count
    return found


def totals(wanted: Iterable[int]) -> dict[int, int]:
    """How many quotes carry each of the codes; what none carries is left out."""
    return dict(Total.objects.filter(pk__in=list(wanted)).values_list("code", "quotes"))


def quotes_in_all() -> int:
    """How many quotes are listed: each has exactly one kind."""
    return sum(totals(codes.codes(codes.value("kind", kind) for kind in QuoteKind)).values())
