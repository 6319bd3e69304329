"""Fills the records that curators' programs read from the models. What a record shows is what its ETag stands for."""

from __future__ import annotations

import datetime as dt
from hashlib import blake2b
from typing import Any

import orjson

from quotes.api.curation.quote_shapes import (
    CapacityRecord,
    CodingRecord,
    EvidenceRecord,
    HistoryItem,
    QuoteRecord,
    SegmentRecord,
)
from quotes.api.curation.shapes import (
    AffiliationRecord,
    ArticleRecord,
    OrganizationRecord,
    PersonRecord,
    SnapshotRecord,
    SnapshotTextRecord,
    TopicRecord,
)
from quotes.curation.history import Entry
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


def person_record(person: Person) -> PersonRecord:
    return {
        "slug": person.slug,
        "name": person.name,
        "sort_name": person.sort_name,
        "aliases": person.aliases,
        "wikidata_id": person.wikidata_id,
    }


def organization_record(organization: Organization) -> OrganizationRecord:
    return {
        "slug": organization.slug,
        "name": organization.name,
        "short_name": organization.short_name,
        "aliases": organization.aliases,
        "kind": organization.kind,
        "parent": _slug(organization.parent),
        "successor": _slug(organization.successor),
        "wikidata_id": organization.wikidata_id,
        "country": organization.country,
    }


def affiliation_key(affiliation: Affiliation) -> str:
    """What tells a person's affiliations apart, fit for an address: a hash of organization, role and start."""
    parts = [affiliation.organization.slug, affiliation.role, affiliation.start and str(affiliation.start)]
    return blake2b(orjson.dumps(parts), digest_size=8).hexdigest()


def affiliation_record(affiliation: Affiliation) -> AffiliationRecord:
    return {
        "key": affiliation_key(affiliation),
        "person": affiliation.person.slug,
        "organization": affiliation.organization.slug,
        "role": affiliation.role,
        "kind": affiliation.kind,
        "start": affiliation.start,
        "end": affiliation.end,
    }


def article_record(article: Article) -> ArticleRecord:
    bylines = sorted(article.authorships.all(), key=lambda row: (row.position, row.person.slug))
    return {
        "slug": article.slug,
        "url": article.url,
        "title": article.title,
        "outlet": _slug(article.outlet),
        "authors": [row.person.slug for row in bylines],
        "published": article.published,
        "language": article.language,
        "genre": article.genre,
        "archive_url": article.archive_url,
        "status": article.status,
        "status_note": article.status_note,
    }


def snapshot_record(snapshot: Snapshot) -> SnapshotRecord:
    """Without the text. The row says itself whether it is kept (`is_kept`), so that lists read no texts."""
    return {
        "sha256": snapshot.sha256,
        "length": snapshot.length,
        "retrieved_at": _moment(snapshot.retrieved_at),
        "is_text_kept": snapshot.is_kept,  # type: ignore[attr-defined]
    }


def snapshot_text_record(snapshot: Snapshot) -> SnapshotTextRecord:
    return {**snapshot_record(snapshot), "text": snapshot.text}


def topic_record(topic: Topic) -> TopicRecord:
    return {
        "slug": topic.slug,
        "name": topic.name,
        "proposition": topic.proposition,
        "parent": _slug(topic.parent),
    }


def quote_record(quote: Quote) -> QuoteRecord:
    return {
        "uid": str(quote.uid),
        "status": quote.status,
        "article": quote.article.slug,
        "snapshot": quote.snapshot.sha256 if quote.snapshot else None,
        "text": quote.text,
        "segments": [_segment(segment, exact) for segment, exact in zip(quote.segments, quote.exacts, strict=False)],
        "kind": quote.kind,
        "source_type": quote.source_type,
        "speaker": _slug(quote.speaker),
        "organization": _slug(quote.organization),
        "speaks_for_organization": quote.speaks_for_organization,
        "source_label": quote.source_label,
        "affiliations": [_capacity(row) for row in sorted(quote.affiliations.all(), key=_primary_first)],
        "cue": quote.cue,
        "framing": quote.framing,
        "venue": quote.venue,
        "said_on": quote.said_on,
        "verification": quote.verification,
        "verification_note": quote.verification_note,
        "evidence": [_evidence(row) for row in sorted(quote.evidence.all(), key=lambda row: row.uid)],
        "same_utterance_as": _uid(quote.same_utterance_as),
        "reported_via": _uid(quote.reported_via),
        "created_by": quote.created_by.get_username() if quote.created_by else None,
        "published_at": _moment(quote.published_at) if quote.published_at else None,
        "withdrawn_at": _moment(quote.withdrawn_at) if quote.withdrawn_at else None,
        "withdrawn_reason": quote.withdrawn_reason,
    }


def coding_record(coding: Coding) -> CodingRecord:
    return {
        "topic": coding.topic.slug,
        "coder": coding.coder,
        "round": coding.round,
        "stance": coding.stance,
        "certainty": coding.certainty,
        "justification": coding.justification,
        "codebook_version": coding.codebook_version,
        "is_final": coding.is_final,
    }


def history_item(entry: Entry) -> HistoryItem:
    return {
        "at": _moment(entry.at),
        "who": entry.who,
        "through": entry.through,
        "action": entry.label,
        "kind": entry.kind,
        "record": entry.record,
        "changes": [
            {"field": change.field, "before": change.before, "after": change.after} for change in entry.changes
        ],
    }


def _segment(segment: dict[str, Any], exact: str) -> SegmentRecord:
    return {
        "start": segment.get("start"),
        "end": segment.get("end"),
        "exact": exact,
        "prefix": segment.get("prefix", ""),
        "suffix": segment.get("suffix", ""),
    }


def _primary_first(row: QuoteAffiliation) -> tuple[bool, str, str, str]:
    job = row.affiliation
    return (not row.is_primary, job.organization.slug, job.role, job.start or "")


def _capacity(row: QuoteAffiliation) -> CapacityRecord:
    return {
        "organization": row.affiliation.organization.slug,
        "role": row.affiliation.role,
        "start": row.affiliation.start,
        "role_as_stated": row.role_as_stated,
        "standing": row.standing,
        "is_primary": row.is_primary,
    }


def _evidence(row: Evidence) -> EvidenceRecord:
    return {
        "uid": str(row.uid),
        "kind": row.kind,
        "url": row.url,
        "description": row.description,
        "provided_by": row.provided_by,
        "provided_on": row.provided_on.isoformat(),
    }


def _slug(row: Person | Organization | Topic | None) -> str | None:
    return row.slug if row else None


def _uid(quote: Quote | None) -> str | None:
    return str(quote.uid) if quote else None


def _moment(value: dt.datetime) -> str:
    return value.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
