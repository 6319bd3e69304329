"""Plain functions that make valid rows about people, organizations and places that do not exist."""

from __future__ import annotations

import itertools
from typing import Any

from quotes.anchoring import anchor_words, normalise_text, text_hash
from quotes.models import (
    Affiliation,
    Article,
    Coding,
    CodingRound,
    DoubtfulSpeaker,
    Evidence,
    Import,
    ImportedRow,
    Organization,
    Person,
    Quote,
    QuoteAffiliation,
    Snapshot,
    Topic,
)
from quotes.vocabulary import QuoteKind, SourceType, Stance, Standing, Verification

_numbers = itertools.count(1)


def make_person(name: str = "", **fields: Any) -> Person:
    number = next(_numbers)
    name = name or f"Orla Tamsin {number}"
    slug = fields.pop("slug", f"person-{number}")
    return Person.objects.create(slug=slug, name=name, sort_name=fields.pop("sort_name", name), **fields)


def make_organization(slug: str = "", **fields: Any) -> Organization:
    slug = slug or f"organization-{next(_numbers)}"
    fields.setdefault("name", slug.replace("-", " ").title())
    fields.setdefault("kind", "government_agency")
    return Organization.objects.create(slug=slug, **fields)


def make_affiliation(
    person: Person, organization: Organization, role: str = "spokesperson", **fields: Any
) -> Affiliation:
    return Affiliation.objects.create(person=person, organization=organization, role=role, **fields)


def make_article(**fields: Any) -> Article:
    number = next(_numbers)
    fields.setdefault("slug", f"article-{number}")
    fields.setdefault("url", f"https://gazette.example/{number}")
    fields.setdefault("title", f"Article {number}")
    fields.setdefault("published", "2025-03-04")
    return Article.objects.create(**fields)


def make_snapshot(article: Article, text: str, **fields: Any) -> Snapshot:
    text = normalise_text(text)
    return Snapshot.objects.create(article=article, text=text, length=len(text), sha256=text_hash(text), **fields)


def make_topic(slug: str = "", **fields: Any) -> Topic:
    slug = slug or f"topic-{next(_numbers)}"
    fields.setdefault("name", slug.replace("-", " ").title())
    fields.setdefault("proposition", f"The council should adopt {slug}.")
    return Topic.objects.create(slug=slug, **fields)


def make_quote(text: str = "The lanterns watch everyone.", **fields: Any) -> Quote:
    """A draft, attested quote of a new person, anchored in a snapshot made for it (segments=[...] to split it)."""
    exacts = fields.pop("exacts", [text])
    article = fields.pop("article", None) or make_article()
    fields.setdefault("kind", QuoteKind.DIRECT)
    fields.setdefault("source_type", SourceType.PERSON)
    if fields["source_type"] == SourceType.PERSON and "speaker" not in fields:
        fields["speaker"] = make_person()
    if "snapshot" not in fields:
        body = "The council met. “" + "” said the source. “".join(exacts) + "” So it ended."
        fields["snapshot"] = make_snapshot(article, body, retrieved_at="2025-03-05T10:00:00Z")
        fields.setdefault("segments", anchor_words(fields["snapshot"].text, exacts))
        fields.setdefault("verification", Verification.ATTESTED)
    return Quote.objects.create(article=article, text=" ".join(exacts), **fields)


def make_capacity(quote: Quote, organization: Organization, **fields: Any) -> QuoteAffiliation:
    """The quote's speaker speaks in a capacity at the organization; the affiliation is made for it."""
    assert quote.speaker
    affiliation = fields.pop("affiliation", None) or make_affiliation(
        quote.speaker, organization, f"role {next(_numbers)}"
    )
    fields.setdefault("standing", Standing.CURRENT)
    return QuoteAffiliation.objects.create(quote=quote, affiliation=affiliation, **fields)


def make_coding(quote: Quote, topic: Topic, stance: str = Stance.SUPPORT, **fields: Any) -> Coding:
    """A final coding of round 2, unless told otherwise."""
    fields.setdefault("coder", "adjudicator")
    fields.setdefault("round", 2)
    fields.setdefault("is_final", True)
    return Coding.objects.create(quote=quote, topic=topic, stance=stance, **fields)


def make_round(number: int = 1, **fields: Any) -> CodingRound:
    """An open round, unless told otherwise."""
    fields.setdefault("name", f"Round {number}")
    fields.setdefault("opened_at", "2026-11-02T09:00:00Z")
    return CodingRound.objects.create(number=number, **fields)


def make_evidence(quote: Quote, **fields: Any) -> Evidence:
    fields.setdefault("kind", "document")
    fields.setdefault("url", "https://archive.example/minutes")
    fields.setdefault("provided_by", "curator-1")
    fields.setdefault("provided_on", "2025-04-01")
    return Evidence.objects.create(quote=quote, **fields)


def make_import(**fields: Any) -> Import:
    """A file of one row, brought in."""
    values = {"source": "harbor-notes", "file_name": "harbor-notes.csv", "sha256": "0" * 64, "format": "csv", "rows": 1}
    return Import.objects.create(**values | fields)


def make_doubtful_speaker(batch: Import, **fields: Any) -> DoubtfulSpeaker:
    """A name of the file that may mean more than one person."""
    return DoubtfulSpeaker.objects.create(**{"batch": batch, "name": "Ottoline Varga", **fields})


def make_imported_row(quote: Quote, **fields: Any) -> ImportedRow:
    """The quote came from row 2 of a file."""
    if "batch" not in fields:
        fields["batch"] = make_import(source=fields.get("source", "harbor-notes"))
    fields.setdefault("source", fields["batch"].source)
    fields.setdefault("external_id", f"row-{next(_numbers)}")
    return ImportedRow.objects.create(quote=quote, **{"row": 2, "digest": "0" * 64, **fields})
