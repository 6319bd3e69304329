"""The published rows of people, organizations, articles and topics: those, and only those, that a published quote mentions."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from typing import Any

import orjson
from django.db.models import Prefetch

from quotes.models import Affiliation, Article, Authorship, Organization, Person, Topic
from quotes.publication import codes, documents
from quotes.publication.projection import Mention, digest, language_tokens, period
from quotes.publication.querysets import UNKNOWN_DATE
from quotes.vocabulary import EntityKind, Standing


@dataclass(frozen=True, slots=True)
class EntityProjection:
    """What the published row of an entity must hold."""

    kind: str
    key: int
    slug: str
    wikidata_id: str
    name: str
    sort_key: str
    document: str
    tokens: frozenset[str]
    names: str
    words: str
    counted: int
    published_start: dt.date = UNKNOWN_DATE
    published_end: dt.date = UNKNOWN_DATE

    @property
    def code(self) -> int:
        return codes.code(codes.mention(self.kind, self.key))

    @property
    def pk(self) -> int:
        return self.code

    @property
    def facets(self) -> list[int]:
        return codes.codes(self.tokens)

    @property
    def digest(self) -> bytes:
        """Equal for equal rows."""
        members = (getattr(self, field.name) for field in fields(self))
        return digest(*(sorted(member) if isinstance(member, frozenset) else member for member in members))


def project_entities(mentioned: Iterable[Mention]) -> Iterator[EntityProjection]:
    """The rows of the entities that exist, in a number of queries that does not depend on how many there are."""
    keys = defaultdict(list)
    for kind, key in sorted(mentioned):
        keys[kind].append(key)
    yield from _people(keys[EntityKind.PERSON])
    yield from _organizations(keys[EntityKind.ORGANIZATION])
    yield from _articles(keys[EntityKind.ARTICLE])
    yield from _topics(keys[EntityKind.TOPIC])


def _people(keys: list[int]) -> Iterator[EntityProjection]:
    if not keys:
        return
    jobs = defaultdict(list)
    for job in Affiliation.objects.of_people_in_public(keys):
        jobs[job.person_id].append(job)
    for person in Person.objects.filter(pk__in=keys):
        organizations = {job.organization_id for job in jobs[person.pk]}
        yield EntityProjection(
            kind=EntityKind.PERSON,
            key=person.pk,
            slug=person.slug,
            wikidata_id=person.wikidata_id or "",
            name=person.name,
            sort_key=person.sort_name.casefold(),
            document=_json(documents.person_document(person, jobs[person.pk])),
            tokens=frozenset(codes.entity("affiliation", key) for key in organizations),
            names=" ; ".join([person.name, *person.aliases]),
            words="",
            counted=codes.code(codes.entity("speaker", person.pk)),
        )


def _organizations(keys: list[int]) -> Iterator[EntityProjection]:
    for row in Organization.objects.filter(pk__in=keys).select_related("parent", "successor"):
        tokens = {codes.value("kind", row.kind), codes.value("country", row.country.lower())}
        if row.parent_id:
            tokens.add(codes.entity("parent", row.parent_id))
        yield EntityProjection(
            kind=EntityKind.ORGANIZATION,
            key=row.pk,
            slug=row.slug,
            wikidata_id=row.wikidata_id or "",
            name=row.name,
            sort_key=row.name.casefold(),
            document=_json(documents.organization_document(row)),
            tokens=frozenset(tokens),
            names=" ; ".join([row.name, row.short_name, *row.aliases]),
            words="",
            counted=codes.code(codes.standing_at(row.pk, Standing.CURRENT, scope="descendants")),
        )


def _articles(keys: list[int]) -> Iterator[EntityProjection]:
    bylines = Prefetch("authorships", Authorship.objects.select_related("person"))
    snapshots = "snapshots"
    for row in Article.objects.filter(pk__in=keys).select_related("outlet").prefetch_related(bylines, snapshots):
        authors = [authorship.person for authorship in row.authorships.all()]
        tokens = {codes.value(field, getattr(row, field).lower()) for field in ("genre", "status")}
        tokens |= set(language_tokens(row.language))
        tokens |= {codes.entity("author", person.pk) for person in authors}
        if row.outlet_id:
            tokens.add(codes.entity("outlet", row.outlet_id))
        published = period(row.published)
        yield EntityProjection(
            kind=EntityKind.ARTICLE,
            key=row.pk,
            slug=row.slug,
            wikidata_id="",
            name=row.title,
            sort_key=row.title.casefold(),
            document=_json(documents.article_document(row)),
            tokens=frozenset(tokens),
            names=row.title,
            words=" ; ".join([*(person.name for person in authors), row.outlet.name if row.outlet else ""]),
            counted=codes.code(codes.entity("article", row.pk)),
            published_start=published[0],
            published_end=published[1],
        )


def _topics(keys: list[int]) -> Iterator[EntityProjection]:
    for row in Topic.objects.filter(pk__in=keys).select_related("parent"):
        yield EntityProjection(
            kind=EntityKind.TOPIC,
            key=row.pk,
            slug=row.slug,
            wikidata_id="",
            name=row.name,
            sort_key=row.name.casefold(),
            document=_json(documents.topic_document(row)),
            tokens=frozenset({codes.entity("parent", row.parent_id)} if row.parent_id else ()),
            names=row.name,
            words=row.proposition,
            counted=codes.code(codes.stance_on(row.pk, codes.ADDRESSED, scope="exact")),
        )


def _json(document: Any) -> str:
    return orjson.dumps(document).decode()
