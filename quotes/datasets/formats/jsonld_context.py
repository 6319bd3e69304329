"""The JSON-LD context, given inline so that every answer expands without a network.

Terms are those of schema.org and of the Web Annotation context (http://www.w3.org/ns/anno.jsonld: same keys, same IRIs); what
neither has a word for is in our own namespace, `{root}/ns#`. No term stands in two vocabularies, so a document compacts back
to itself. Terms of which there may be several are sets: always arrays.
"""

from __future__ import annotations

from typing import Any

_CLASSES = {
    "schema": ("CreativeWork", "DefinedTerm", "NewsArticle", "Organization", "OrganizationRole", "Person", "Quotation"),
    "oa": ("Annotation", "SpecificResource", "TextPositionSelector", "TextQuoteSelector", "TimeState"),
    "ns": ("Snapshot", "StanceOnTopic"),
}
_PLAIN = {
    "schema": (
        "creativeWorkStatus creditText description genre headline identifier inLanguage isPartOf name parentOrganization "
        "publisher roleName text"
    ),
    "oa": "exact prefix suffix",
    "ns": (
        "certainty codebookVersion coder country cue datedBasis display evidenceKind framing isPrimary justification length "
        "organization organizationKind parent proposition quoteKind sha256 shortName sortName sourceType speaksFor stance "
        "standing statusNote successor topic venue verification verificationNote"
    ),
}
_SETS = {"schema": "affiliation alternateName author creator", "ns": "evidence snapshot stances"}
_LINKS = {"schema": "archivedAt citation mainEntityOfPage sameAs url", "ns": "reportedVia sameUtteranceAs"}
_DATES = {"schema": "dateCreated datePublished endDate startDate", "ns": "dated providedOn"}


def context(root: str) -> dict[str, Any]:
    """What `@context` holds, for the site at `root`."""
    terms: dict[str, Any] = {
        "id": "@id",
        "type": "@type",
        "schema": "https://schema.org/",
        "oa": "http://www.w3.org/ns/oa#",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
        "ns": f"{root}/ns#",
    }
    for vocabulary, names in _CLASSES.items():
        terms |= {name: f"{vocabulary}:{name}" for name in names}
    terms |= _terms(_PLAIN)
    terms |= _terms(_SETS, {"@container": "@set"})
    terms |= _terms(_LINKS, {"@type": "@id"})
    terms |= _terms(_DATES, {"@type": "schema:Date"})
    return terms | _times_and_numbers() | _annotation()


def _terms(names: dict[str, str], rules: dict[str, str] | None = None) -> dict[str, Any]:
    return {
        name: {"@id": f"{vocabulary}:{name}", **rules} if rules else f"{vocabulary}:{name}"
        for vocabulary, group in names.items()
        for name in group.split()
    }


def _times_and_numbers() -> dict[str, Any]:
    return {
        "dateModified": {"@id": "schema:dateModified", "@type": "schema:DateTime"},
        "retrievedAt": {"@id": "ns:retrievedAt", "@type": "xsd:dateTime"},
        "quoteCount": {"@id": "ns:quoteCount", "@type": "xsd:nonNegativeInteger"},
    }


def _annotation() -> dict[str, Any]:
    return {
        "identifying": "oa:identifying",
        "motivation": {"@id": "oa:motivatedBy", "@type": "@vocab"},
        "body": {"@id": "oa:hasBody", "@type": "@id"},
        "target": {"@id": "oa:hasTarget", "@type": "@id", "@container": "@set"},
        "source": {"@id": "oa:hasSource", "@type": "@id"},
        "selector": {"@id": "oa:hasSelector", "@type": "@id", "@container": "@set"},
        "state": {"@id": "oa:hasState", "@type": "@id"},
        "cached": {"@id": "oa:cachedSource", "@type": "@id"},
        "sourceDate": {"@id": "oa:sourceDate", "@type": "xsd:dateTime"},
        "start": {"@id": "oa:start", "@type": "xsd:nonNegativeInteger"},
        "end": {"@id": "oa:end", "@type": "xsd:nonNegativeInteger"},
    }
