"""Discourse networks of the quotes that match: published rows in, statements out, and what had to be left out, counted.

An actor is who spoke, or the organization for which the words count; a concept is a topic; support is agreement with its
proposition, and opposition disagreement. A quote with stances on several topics is a statement for each.
"""

from __future__ import annotations

import contextlib
import csv
import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import orjson
from django.conf import settings

from quotes.networks import Statement
from quotes.publication import streaming
from quotes.publication.filters import QuoteFilterSet
from quotes.publication.models import PublishedEntity
from quotes.publication.querysets import UNKNOWN_DATE
from quotes.publication.records import COLUMNS, SEPARATOR
from quotes.vocabulary import EntityKind, Stance

ACTORS = ("organization", "root_organization", "speaker")
_AGREEMENT = {Stance.SUPPORT.value: True, Stance.OPPOSE.value: False}
_PLACES = {column.name: place for place, column in enumerate(COLUMNS)}


class Node(NamedTuple):
    """What a node of a network stands for: its kind, slug and name."""

    variable: str
    slug: str
    name: str

    @property
    def id(self) -> str:
        return f"{self.variable}:{self.slug}"


@dataclass(frozen=True, slots=True)
class _Entity:
    key: int
    name: str
    parent: str | None


@dataclass(frozen=True, slots=True)
class _Condition:
    """The codings that a question speaks of: those of its topics, stances and certainties."""

    topics: frozenset[str] | None
    others: Mapping[str, frozenset[str]]

    def holds(self, topic: str, stance: str, certainty: str) -> bool:
        if self.topics is not None and topic not in self.topics:
            return False
        if topic in self.others["topic__not"]:
            return False
        return all(
            value in self.others.get(name, (value,)) and value not in self.others[f"{name}__not"]
            for name, value in (("stance", stance), ("certainty", certainty))
        )


@dataclass(slots=True)
class Statements:
    """The final codings of the quotes that match, as statements. Once they are read, it knows what there was besides.

    Of `codings`, `left_out` had no actor or are none that the question asks for, and `stances` counts those that neither support
    nor oppose. `nodes` are all actors and topics that were met, by id, whether they have a statement or not.
    """

    filterset: QuoteFilterSet
    actor: str
    standings: Sequence[str]
    quotes: int = 0
    codings: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    stances: Counter[str] = field(default_factory=Counter)
    nodes: dict[str, Node] = field(default_factory=dict)

    def read(self) -> Iterator[Statement]:
        """The statements, in the order of time."""
        topics, organizations = _entities(EntityKind.TOPIC), _entities(EntityKind.ORGANIZATION)
        condition = _condition(self.filterset, topics)
        for row, start, end in _records(self.filterset.qs):
            self.quotes += 1
            actor = self._actor(row, organizations)
            if actor:
                self.nodes.setdefault(actor.id, actor)
            for topic, agrees in self._positions(row, actor, topics, condition):
                assert actor  # noqa: S101 - positions without one are left out
                yield Statement(actor.id, topic, agrees, row[_PLACES["article"]], start, end)

    def _positions(
        self, row: Sequence[str], actor: Node | None, topics: Mapping[str, _Entity], condition: _Condition
    ) -> Iterator[tuple[str, bool]]:
        """The topics that the quote supports or opposes, as nodes, and whether it supports them."""
        for one in filter(None, row[_PLACES["stances"]].split(SEPARATOR)):
            self.codings += 1
            slug, stance, certainty = one.split(":")
            if not condition.holds(slug, stance, certainty):
                self.left_out["not_asked_for"] += 1
                continue
            topic = Node("topic", slug, topics[slug].name)
            self.nodes.setdefault(topic.id, topic)
            if not actor:
                self.left_out["no_actor"] += 1
            elif stance not in _AGREEMENT:
                self.stances[stance] += 1
            else:
                yield topic.id, _AGREEMENT[stance]

    def actors_and_topics(self) -> tuple[list[str], list[str]]:
        """The ids of all nodes that were met."""
        actors: list[str] = []
        topics: list[str] = []
        for name, node in self.nodes.items():
            (topics if node.variable == "topic" else actors).append(name)
        return actors, topics

    def _actor(self, row: Sequence[str], organizations: Mapping[str, _Entity]) -> Node | None:
        """Who speaks; or the organization: of their capacities with one of the standings the first, which is the primary one
        wherever that has it; where words have no speaker, the organization whose words they are."""
        if self.actor == "speaker":
            slug = row[_PLACES["speaker"]]
            return Node("speaker", slug, row[_PLACES["speaker_name"]]) if slug else None
        capacities = [one.split(":") for one in row[_PLACES["affiliations"]].split(SEPARATOR) if one]
        own = row[_PLACES["organization"]] if not capacities else ""
        slug = next((slug for slug, standing in capacities if standing in self.standings), own)
        if not slug:
            return None
        if self.actor == "root_organization":
            slug = _root(slug, organizations)
        return Node("organization", slug, organizations[slug].name)


def _records(queryset: Any) -> Iterator[tuple[list[str], dt.date | None, dt.date | None]]:
    """The flat rows of quotes, the earliest first and the undated last; of one day, in the order of their uids."""
    rows = streaming.stream(
        queryset.order_by("dated_start", "uid"), ("record", "dated_start", "dated_end"), ("text", "date", "date")
    )
    undated: list[list[str]] = []
    with contextlib.closing(rows) as found:
        for record, start, end in found:
            row = next(csv.reader([record]))
            if start == UNKNOWN_DATE:
                undated.append(row)
            else:
                yield row, start, end
    for row in undated:
        yield row, None, None


def _entities(kind: EntityKind) -> dict[str, _Entity]:
    rows = (
        PublishedEntity.objects.using(settings.EXPORTS_ALIAS)
        .of_kind(kind)
        .values_list("slug", "key", "name", "document")
    )
    found = {}
    for slug, key, name, document in rows.iterator():
        parent = orjson.loads(document)["parent"]
        found[slug] = _Entity(key, name, parent["slug"] if parent else None)
    return found


def organizations_at_the_top() -> dict[str, tuple[str, str]]:
    """Slug and name of the organization at the top, by the slug of each below it and its own."""
    organizations = _entities(EntityKind.ORGANIZATION)
    roots = {slug: _root(slug, organizations) for slug in organizations}
    return {slug: (root, organizations[root].name) for slug, root in roots.items()}


def _root(slug: str, entities: Mapping[str, _Entity]) -> str:
    """The organization at the top; trees have no rings, by a trigger."""
    while (parent := entities[slug].parent) is not None:
        slug = parent
    return slug


def _condition(filterset: QuoteFilterSet, topics: Mapping[str, _Entity]) -> _Condition:
    asked = filterset.form.cleaned_data
    has_descendants = asked.get("topic_scope") == "descendants"

    def chosen(keys: Sequence[int]) -> frozenset[str]:
        return frozenset(slug for slug in topics if _is_within(slug, keys, topics, has_descendants=has_descendants))

    others = {name: frozenset(asked[name]) for name in ("stance", "certainty") if asked.get(name)}
    others |= {name: frozenset(asked.get(name) or ()) for name in ("stance__not", "certainty__not")}
    others["topic__not"] = chosen(asked.get("topic__not") or ())
    return _Condition(chosen(asked["topic"]) if asked.get("topic") else None, others)


def _is_within(slug: str, keys: Sequence[int], topics: Mapping[str, _Entity], *, has_descendants: bool) -> bool:
    above: str | None = slug
    while above is not None:
        if topics[above].key in keys:
            return True
        above = topics[above].parent if has_descendants else None
    return False
