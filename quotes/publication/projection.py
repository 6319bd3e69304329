"""From one quote to its published row: document, codes, search texts, sort keys. Reads what `for_projection()` fetched."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from hashlib import blake2b
from typing import Any

import orjson

from quotes.models import Coding, Organization, Quote, Topic
from quotes.partial_dates import PartialDate
from quotes.publication import codes
from quotes.publication.documents import quote_document
from quotes.publication.querysets import UNKNOWN_DATE
from quotes.publication.records import csv_record, flat_values
from quotes.vocabulary import UNLISTED, EntityKind, Stance, Standing

# Raise it whenever a document, the record or the codes change: the worker projects rows of an older version anew.
VERSION = 2

Mention = tuple[EntityKind, int]


@dataclass(frozen=True, slots=True)
class Hierarchy:
    """The rows above those that a batch of quotes names: `{id: row}`, complete up to the roots."""

    organizations: Mapping[int, Organization]
    topics: Mapping[int, Topic]

    def organizations_from(self, key: int) -> Iterator[int]:
        """The organization and its ancestors."""
        return _upward(self.organizations, key)

    def topics_from(self, key: int) -> Iterator[int]:
        """The topic and its ancestors."""
        return _upward(self.topics, key)


def _upward(rows: Mapping[int, Any], key: int | None) -> Iterator[int]:
    while key is not None:
        yield key
        key = rows[key].parent_id


@dataclass(frozen=True, slots=True)
class Projection:
    """What the published row of a quote must hold. `tokens` are the readable form of the facet codes."""

    id: int
    uid: Any
    document: str
    record: str
    tokens: frozenset[str]
    mentioned: frozenset[Mention]
    names: str
    words: str
    listed: bool
    utterance: int
    dated_start: dt.date
    dated_end: dt.date
    said_start: dt.date
    said_end: dt.date
    published_start: dt.date
    published_end: dt.date

    @property
    def pk(self) -> int:
        return self.id

    @property
    def facets(self) -> list[int]:
        return codes.codes(self.tokens)

    @property
    def mentions(self) -> list[int]:
        return codes.codes(codes.mention(kind, key) for kind, key in self.mentioned)

    @property
    def digest(self) -> bytes:
        """Equal for equal rows: what tells a changed row from an unchanged one."""
        return digest(*(_plain(getattr(self, field.name)) for field in fields(self)))


def digest(*members: Any) -> bytes:
    """16 bytes that tell one list of plain values from another."""
    return blake2b(orjson.dumps(members, default=str), digest_size=16).digest()


def _plain(member: Any) -> Any:
    return sorted(member) if isinstance(member, frozenset) else member


def project(quote: Quote, above: Hierarchy) -> Projection:
    """The published row of a quote, as it must be now, whatever its status."""
    document = quote_document(quote)
    said, published = period(quote.said_on), period(quote.article.published)
    dated_period = period(document["dated"]["date"])
    return Projection(
        id=quote.pk,
        uid=quote.uid,
        document=orjson.dumps(document).decode(),
        record=csv_record(flat_values(document)),
        tokens=frozenset(_tokens(quote, above)),
        mentioned=frozenset(_mentions(quote, above)),
        names=_names(quote),
        words=f"{quote.text} {quote.article.title}",
        listed=quote.verification not in UNLISTED,
        utterance=quote.same_utterance_as_id or quote.pk,
        dated_start=dated_period[0],
        dated_end=dated_period[1],
        said_start=said[0],
        said_end=said[1],
        published_start=published[0],
        published_end=published[1],
    )


def period(date: str | None) -> tuple[dt.date, dt.date]:
    """First and last day; UNKNOWN_DATE twice where nothing is known."""
    if not date:
        return UNKNOWN_DATE, UNKNOWN_DATE
    partial = PartialDate(date)
    return partial.start, partial.end


def _tokens(quote: Quote, above: Hierarchy) -> Iterator[str]:
    article = quote.article
    for field in ("kind", "source_type", "venue", "verification"):
        yield codes.value(field, getattr(quote, field))
    yield from language_tokens(article.language)
    yield codes.entity("article", article.pk)
    if article.outlet_id:
        yield codes.entity("outlet", article.outlet_id)
    for authorship in article.authorships.all():
        yield codes.entity("author", authorship.person_id)
    if quote.speaker_id:
        yield codes.entity("speaker", quote.speaker_id)
    if quote.speaks_for_organization and quote.organization_id:
        yield codes.entity("speaks_for", quote.organization_id)
    yield from _organization_tokens(quote, above)
    yield from _topic_tokens(quote, above)


def language_tokens(tag: str) -> Iterator[str]:
    """`language=pt` finds pt-BR, `language=pt-BR` does not find pt (RFC 4647 basic filtering)."""
    parts = tag.lower().split("-")
    for length in range(1, len(parts) + 1):
        yield codes.value("language", "-".join(parts[:length]))


def capacities(quote: Quote) -> Iterator[tuple[Organization, str]]:
    """Each organization that the words were said for or at, with the standing; what is no person's counts as current."""
    for row in quote.affiliations.all():
        yield row.affiliation.organization, row.standing
    if quote.organization:
        yield quote.organization, Standing.CURRENT


def _organization_tokens(quote: Quote, above: Hierarchy) -> Iterator[str]:
    for organization, standing in capacities(quote):
        yield codes.standing_at(organization.pk, standing, scope="exact")
        yield codes.kind_with(organization.kind, standing)
        for ancestor in above.organizations_from(organization.pk):
            yield codes.standing_at(ancestor, standing, scope="descendants")


def _topic_tokens(quote: Quote, above: Hierarchy) -> Iterator[str]:
    for coding in quote.final_codings:  # type: ignore[attr-defined]
        stances = [codes.value("stance", coding.stance), *_stances_on(coding, coding.stance, above)]
        yield from stances
        # With its certainty, the stance itself alone: that a topic is addressed is asked as each of the stances that
        # address it, and a certainty alone as each stance, which saves half of these codes.
        yield from (codes.certainly(stance, coding.certainty) for stance in stances)
        if coding.stance != Stance.NOT_ADDRESSED:
            yield from _stances_on(coding, codes.ADDRESSED, above)


def _stances_on(coding: Coding, answer: str, above: Hierarchy) -> Iterator[str]:
    yield codes.stance_on(coding.topic_id, answer, scope="exact")
    for ancestor in above.topics_from(coding.topic_id):
        yield codes.stance_on(ancestor, answer, scope="descendants")


def _mentions(quote: Quote, above: Hierarchy) -> Iterator[Mention]:
    yield EntityKind.ARTICLE, quote.article_id
    if quote.speaker_id:
        yield EntityKind.PERSON, quote.speaker_id
    for authorship in quote.article.authorships.all():
        yield EntityKind.PERSON, authorship.person_id
    for key in _shown_organizations(_named_organizations(quote), above):
        yield EntityKind.ORGANIZATION, key
    for topic in coded_topics(quote):
        for key in above.topics_from(topic):
            yield EntityKind.TOPIC, key


def coded_topics(quote: Quote) -> set[int]:
    """The topics of the codings that are public: the final ones, and those of closed rounds."""
    codings = [*quote.final_codings, *quote.closed_codings]  # type: ignore[attr-defined]
    return {coding.topic_id for coding in codings}


def _named_organizations(quote: Quote) -> set[int]:
    named = {organization.pk for organization, _ in capacities(quote)}
    return named | ({quote.article.outlet_id} if quote.article.outlet_id else set())


def _shown_organizations(keys: Iterable[int], above: Hierarchy) -> set[int]:
    """The organizations, and all that their documents lead to: parents and successors."""
    shown: set[int] = set()
    waiting = list(keys)
    while waiting:
        key = waiting.pop()
        if key not in shown:
            shown.add(key)
            row = above.organizations[key]
            waiting += [other for other in (row.parent_id, row.successor_id) if other]
    return shown


def _names(quote: Quote) -> str:
    """Speaker and organizations under all their names: searched along with the words, and weighed more."""
    names = [quote.source_label]
    if quote.speaker:
        names += [quote.speaker.name, *quote.speaker.aliases]
    for organization, _ in capacities(quote):
        names += [organization.name, organization.short_name, *organization.aliases]
    return " ; ".join(name for name in names if name)
