"""The shape of what the public reads: one typed dictionary for each kind of document and each part of one.

The OpenAPI document is generated from these types (quotes.api.typed_schemas), so a field is described where it is declared:
`Annotated[str, Vocabulary]` is one of its values, `Annotated[str, "uri"]` has that format. Links are root-relative.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypedDict

from quotes.vocabulary import (
    AffiliationKind,
    ArticleStatus,
    Certainty,
    EvidenceKind,
    Genre,
    OrganizationKind,
    QuoteKind,
    SourceType,
    Stance,
    Standing,
    Venue,
    Verification,
)


class Reference(TypedDict):
    """An entity in one line."""

    slug: str
    name: str
    api_url: Annotated[str, "uri-reference"]


class OrganizationReference(Reference):
    """An organization in one line."""

    short_name: str
    kind: Annotated[str, OrganizationKind]


class TopicReference(Reference):
    """A topic, with the sentence that stances are toward."""

    proposition: str


class Segment(TypedDict):
    """Where words stand: W3C TextPositionSelector (code points, end-exclusive) and TextQuoteSelector in one."""

    start: int | None
    end: int | None
    exact: str
    prefix: str
    suffix: str


class Capacity(TypedDict):
    """In what capacity the words were said. `standing` is the article's word, never derived from dates."""

    organization: OrganizationReference
    role: str
    role_as_stated: str
    standing: Annotated[str, Standing]
    is_primary: bool


class StanceOnTopic(TypedDict):
    """A final coding: the statement's position toward the topic's proposition."""

    topic: TopicReference
    stance: Annotated[str, Stance]
    certainty: Annotated[str, Certainty]
    justification: str
    coder: str
    codebook_version: str


class EvidenceItem(TypedDict):
    """What a verification beyond the printed text rests on."""

    kind: Annotated[str, EvidenceKind]
    url: str
    description: str
    provided_on: Annotated[str, "date"]


class Dated(TypedDict):
    """When it was said, or else when the article came out (`basis`: said, published or unknown), and how precisely."""

    date: str | None
    basis: str
    precision: str | None


class SnapshotReference(TypedDict):
    """The text that was read, by its hash: whoever has the article can check the anchors."""

    sha256: str
    length: int
    retrieved_at: Annotated[str, "date-time"]


class ArticleReference(TypedDict):
    """The article that the words stand in."""

    slug: str
    title: str
    url: Annotated[str, "uri"]
    archive_url: str
    outlet: OrganizationReference | None
    authors: list[Reference]
    published: str | None
    language: str
    genre: Annotated[str, Genre]
    status: Annotated[str, ArticleStatus]
    status_note: str
    api_url: Annotated[str, "uri-reference"]


class QuoteDocument(TypedDict):
    """One occurrence of an attributed statement in one article, with its status: nobody may quote it without."""

    uid: Annotated[str, "uuid"]
    api_url: Annotated[str, "uri-reference"]
    permalink: Annotated[str, "uri-reference"]
    text: str
    display: str
    kind: Annotated[str, QuoteKind]
    source_type: Annotated[str, SourceType]
    speaker: Reference | None
    source_label: str
    affiliations: list[Capacity]
    organization: OrganizationReference | None
    speaks_for_organization: bool
    cue: str
    framing: str
    venue: Annotated[str, Venue]
    said_on: str | None
    dated: Dated
    stances: list[StanceOnTopic]
    verification: Annotated[str, Verification]
    verification_note: str
    evidence: list[EvidenceItem]
    article: ArticleReference
    snapshot: SnapshotReference | None
    segments: list[Segment]
    same_utterance_as: Annotated[str, "uuid"] | None
    reported_via: Annotated[str, "uuid"] | None
    citation: dict[str, Any]


class JobItem(TypedDict):
    """An affiliation that a published quote was said in."""

    organization: OrganizationReference
    role: str
    kind: Annotated[str, AffiliationKind]
    start: str | None
    end: str | None


class PersonDocument(TypedDict):
    """A person who speaks in a published quote, or wrote an article that has one."""

    slug: str
    name: str
    sort_name: str
    aliases: list[str]
    wikidata_id: str | None
    affiliations: list[JobItem]
    api_url: Annotated[str, "uri-reference"]
    quotes_url: Annotated[str, "uri-reference"]


class OrganizationDocument(TypedDict):
    """An organization that a published quote names, or one above it."""

    slug: str
    name: str
    short_name: str
    aliases: list[str]
    kind: Annotated[str, OrganizationKind]
    parent: OrganizationReference | None
    successor: OrganizationReference | None
    wikidata_id: str | None
    country: str
    api_url: Annotated[str, "uri-reference"]
    quotes_url: Annotated[str, "uri-reference"]


class ArticleDocument(ArticleReference):
    """An article with published quotes. Its text is not ours to give; the hashes of what was read are."""

    snapshots: list[SnapshotReference]
    quotes_url: Annotated[str, "uri-reference"]


class TopicDocument(TypedDict):
    """A topic that a published quote is finally coded toward, or one above it."""

    slug: str
    name: str
    proposition: str
    parent: TopicReference | None
    api_url: Annotated[str, "uri-reference"]
    quotes_url: Annotated[str, "uri-reference"]


class CodingDocument(StanceOnTopic):
    """One coder's judgement of a quote toward a topic, in a closed round; `is_final` ones are the quote's `stances`."""

    quote: Annotated[str, "uuid"]
    quote_url: Annotated[str, "uri-reference"]
    round: int
    is_final: bool


# What the feed of changes carries: the documents of the details, without `quote_count`, which changes without them.


class _Modified(TypedDict):
    modified: Annotated[str, "date-time"]


class MirroredQuote(QuoteDocument, _Modified):
    """A quote as its detail has it."""


class MirroredPerson(PersonDocument, _Modified):
    """A person, without the count of quotes."""


class MirroredOrganization(OrganizationDocument, _Modified):
    """An organization, without the count of quotes."""


class MirroredArticle(ArticleDocument, _Modified):
    """An article, without the count of quotes."""


class MirroredTopic(TopicDocument, _Modified):
    """A topic, without the count of quotes."""


class Changed(TypedDict):
    """What every change says: its number, and of what it is one."""

    change: int
    kind: Literal["quote", "person", "organization", "article", "topic"]
    id: str
    api_url: Annotated[str, "uri-reference"]


class Saved(Changed):
    """Published, or changed since: the whole document as it is now."""

    event: Literal["saved"]
    document: MirroredQuote | MirroredPerson | MirroredOrganization | MirroredArticle | MirroredTopic


class Withdrawn(Changed):
    """A quote that was taken back; its address answers 410."""

    event: Literal["withdrawn"]
    reason: str
    withdrawn_at: Annotated[str, "date-time"]


class Removed(Changed):
    """Not public any more: whatever a mirror has under this kind and id, a redirect too, is to go."""

    event: Literal["removed"]


class Moved(Changed):
    """Merged or renamed: the id leads to `target` from now on, and nothing else has it."""

    event: Literal["moved"]
    target: str


class Changes(TypedDict):
    """Changes in their order, each name once, in its latest state. `until` is the next question's `since`."""

    since: int
    until: int
    next: Annotated[str, "uri"] | None
    results: list[Saved | Withdrawn | Removed | Moved]
