"""Fills the documents that the public reads (quotes.publication.shapes) from the models.

`modified` and counts are not in here: they change without the document (quotes.publication.serving adds them).
"""

from __future__ import annotations

from typing import Any

from quotes import citations
from quotes.models import (
    Affiliation,
    Article,
    Coding,
    Evidence,
    Organization,
    Person,
    Quote,
    QuoteAffiliation,
    Snapshot,
    Topic,
)
from quotes.partial_dates import PartialDate
from quotes.publication.shapes import (
    ArticleDocument,
    ArticleReference,
    Capacity,
    CodingDocument,
    Dated,
    EvidenceItem,
    JobItem,
    OrganizationDocument,
    OrganizationReference,
    PersonDocument,
    QuoteDocument,
    Reference,
    Segment,
    SnapshotReference,
    StanceOnTopic,
    TopicDocument,
    TopicReference,
)
from quotes.vocabulary import Status

API = "/api/v1"


def quote_document(quote: Quote) -> QuoteDocument:
    """The document of a quote that was fetched with `for_projection()`: no further query is made."""
    return {
        "uid": str(quote.uid),
        "api_url": f"{API}/quotes/{quote.uid}/",
        "permalink": f"/quotes/{quote.uid}/",
        "text": quote.text,
        "display": quote.display,
        "kind": quote.kind,
        "source_type": quote.source_type,
        "speaker": _person(quote.speaker) if quote.speaker else None,
        "source_label": quote.source_label,
        "affiliations": [_capacity(row) for row in sorted(quote.affiliations.all(), key=_primary_first)],
        "organization": _organization(quote.organization) if quote.organization else None,
        "speaks_for_organization": quote.speaks_for_organization,
        "cue": quote.cue,
        "framing": quote.framing,
        "venue": quote.venue,
        "said_on": quote.said_on,
        "dated": dated(quote),
        "stances": [_stance(coding) for coding in quote.final_codings],  # type: ignore[attr-defined]
        "verification": quote.verification,
        "verification_note": quote.verification_note,
        "evidence": [_evidence(item) for item in sorted(quote.evidence.all(), key=lambda item: item.uid)],
        "article": _article(quote.article),
        "snapshot": _snapshot(quote.snapshot) if quote.snapshot else None,
        "segments": _segments(quote),
        "same_utterance_as": _published_uid(quote.same_utterance_as),
        "reported_via": _published_uid(quote.reported_via),
        "citation": citation(quote),
    }


def dated(quote: Quote) -> Dated:
    """The date that the default order and the time lines use."""
    for basis, date in (("said", quote.said_on), ("published", quote.article.published)):
        if date:
            return {"date": date, "basis": basis, "precision": PartialDate(date).precision}
    return {"date": None, "basis": "unknown", "precision": None}


def citation(quote: Quote) -> dict[str, Any]:
    """The quote's article as a CSL-JSON item, with who is quoted."""
    article = quote.article
    return citations.csl_item(
        key=str(quote.uid),
        title=article.title,
        authors=[(person.name, person.sort_name) for person in _authors(article)],
        outlet=article.outlet.name if article.outlet else "",
        published=PartialDate(article.published) if article.published else None,
        url=article.url,
        archive_url=article.archive_url,
        accessed=quote.snapshot.retrieved_at.date() if quote.snapshot else None,
        language=article.language,
        genre=article.genre,
        note=f"Quoted: {quote.attribution}",
    )


def person_document(person: Person, jobs: list[Affiliation]) -> PersonDocument:
    """The document of a person, with the affiliations that published quotes were said in."""
    return {
        "slug": person.slug,
        "name": person.name,
        "sort_name": person.sort_name,
        "aliases": person.aliases,
        "wikidata_id": person.wikidata_id,
        "affiliations": [_job(job) for job in jobs],
        "api_url": f"{API}/people/{person.slug}/",
        "quotes_url": f"{API}/quotes/?speaker={person.slug}",
    }


def organization_document(organization: Organization) -> OrganizationDocument:
    """The document of an organization."""
    return {
        "slug": organization.slug,
        "name": organization.name,
        "short_name": organization.short_name,
        "aliases": organization.aliases,
        "kind": organization.kind,
        "parent": _organization(organization.parent) if organization.parent else None,
        "successor": _organization(organization.successor) if organization.successor else None,
        "wikidata_id": organization.wikidata_id,
        "country": organization.country,
        "api_url": f"{API}/organizations/{organization.slug}/",
        "quotes_url": f"{API}/quotes/?affiliation={organization.slug}",
    }


def article_document(article: Article) -> ArticleDocument:
    """The document of an article."""
    return {
        **_article(article),
        "snapshots": [_snapshot(row) for row in sorted(article.snapshots.all(), key=lambda row: row.sha256)],
        "quotes_url": f"{API}/quotes/?article={article.slug}",
    }


def topic_document(topic: Topic) -> TopicDocument:
    """The document of a topic."""
    return {
        "slug": topic.slug,
        "name": topic.name,
        "proposition": topic.proposition,
        "parent": _topic(topic.parent) if topic.parent else None,
        "api_url": f"{API}/topics/{topic.slug}/",
        "quotes_url": f"{API}/quotes/?topic={topic.slug}",
    }


def coding_document(coding: Coding, quote: Quote) -> CodingDocument:
    """The document of one coder's judgement of a quote; its topic must be fetched."""
    return {
        "quote": str(quote.uid),
        "quote_url": f"{API}/quotes/{quote.uid}/",
        **_stance(coding),
        "round": coding.round,
        "is_final": coding.is_final,
    }


def _person(person: Person) -> Reference:
    return {"slug": person.slug, "name": person.name, "api_url": f"{API}/people/{person.slug}/"}


def _organization(organization: Organization) -> OrganizationReference:
    return {
        "slug": organization.slug,
        "name": organization.name,
        "short_name": organization.short_name,
        "kind": organization.kind,
        "api_url": f"{API}/organizations/{organization.slug}/",
    }


def _topic(topic: Topic) -> TopicReference:
    return {
        "slug": topic.slug,
        "name": topic.name,
        "proposition": topic.proposition,
        "api_url": f"{API}/topics/{topic.slug}/",
    }


def _primary_first(row: QuoteAffiliation) -> tuple[bool, str, str]:
    return (not row.is_primary, row.affiliation.organization.slug, row.affiliation.role)


def _capacity(row: QuoteAffiliation) -> Capacity:
    return {
        "organization": _organization(row.affiliation.organization),
        "role": row.affiliation.role,
        "role_as_stated": row.role_as_stated,
        "standing": row.standing,
        "is_primary": row.is_primary,
    }


def _stance(coding: Coding) -> StanceOnTopic:
    return {
        "topic": _topic(coding.topic),
        "stance": coding.stance,
        "certainty": coding.certainty,
        "justification": coding.justification,
        "coder": coding.coder,
        "codebook_version": coding.codebook_version,
    }


def _evidence(item: Evidence) -> EvidenceItem:
    return {
        "kind": item.kind,
        "url": item.url,
        "description": item.description,
        "provided_on": item.provided_on.isoformat(),
    }


def _authors(article: Article) -> list[Person]:
    rows = sorted(article.authorships.all(), key=lambda row: (row.position, row.person.slug))
    return [row.person for row in rows]


def _article(article: Article) -> ArticleReference:
    return {
        "slug": article.slug,
        "title": article.title,
        "url": article.url,
        "archive_url": article.archive_url,
        "outlet": _organization(article.outlet) if article.outlet else None,
        "authors": [_person(person) for person in _authors(article)],
        "published": article.published,
        "language": article.language,
        "genre": article.genre,
        "status": article.status,
        "status_note": article.status_note,
        "api_url": f"{API}/articles/{article.slug}/",
    }


def _snapshot(snapshot: Snapshot) -> SnapshotReference:
    return {
        "sha256": snapshot.sha256,
        "length": snapshot.length,
        "retrieved_at": snapshot.retrieved_at.isoformat().replace("+00:00", "Z"),
    }


def _segments(quote: Quote) -> list[Segment]:
    return [
        {
            "start": segment.get("start"),
            "end": segment.get("end"),
            "exact": exact,
            "prefix": segment.get("prefix", ""),
            "suffix": segment.get("suffix", ""),
        }
        for segment, exact in zip(quote.segments, quote.exacts, strict=False)
    ]


def _published_uid(quote: Quote | None) -> str | None:
    """The uid of another quote, unless it is not public: a draft must not be known from its neighbour."""
    return str(quote.uid) if quote and quote.status == Status.PUBLISHED else None


def _job(affiliation: Affiliation) -> JobItem:
    return {
        "organization": _organization(affiliation.organization),
        "role": affiliation.role,
        "kind": affiliation.kind,
        "start": affiliation.start,
        "end": affiliation.end,
    }
