"""Documents as schema.org nodes. Their ids are our pages' addresses, except an article's, which is its own.

A speaker's capacity is a Role between the Quotation and its creator, never an affiliation of the Person: it belongs to this
quote, and graphs are merged by id.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from quotes.datasets.formats.addresses import iri

Node = dict[str, Any]

API = "/api/v1"
WIKIDATA = "http://www.wikidata.org/entity/"


@dataclass(frozen=True, slots=True)
class Site:
    """Makes nodes of documents, with absolute addresses."""

    root: str

    def absolute(self, path: str) -> str:
        return self.root + path

    def quotation(self, quote: Node) -> Node:
        """The Quotation: words, source, article, date, stances, proof."""
        article = quote["article"]
        return present(
            {
                "id": self.absolute(quote["permalink"]),
                "type": "Quotation",
                "identifier": quote["uid"],
                "text": quote["text"],
                "display": quote["display"],
                "inLanguage": article["language"],
                "creator": self._creators(quote),
                "creditText": quote["source_label"],
                "organization": self._organization(quote["organization"]),
                "speaksFor": self._organization(quote["organization"] if quote["speaks_for_organization"] else None),
                "dateCreated": quote["said_on"],
                "dated": quote["dated"]["date"],
                "datedBasis": quote["dated"]["basis"],
                "isPartOf": self._article(article),
                "citation": iri(article["url"]),
                "stances": [self._stance(one) for one in quote["stances"]],
                "evidence": [_evidence(one) for one in quote["evidence"]],
                "sameUtteranceAs": self._quote(quote["same_utterance_as"]),
                "reportedVia": self._quote(quote["reported_via"]),
                "quoteKind": quote["kind"],
                "sourceType": quote["source_type"],
                "verificationNote": quote["verification_note"],
                "dateModified": quote.get("modified"),
            }
            | {name: quote[name] for name in ("cue", "framing", "venue", "verification")}
        )

    def person(self, person: Node) -> Node:
        return present(
            {
                **self._entity("Person", person),
                "sortName": person["sort_name"],
                "affiliation": [self._job(job) for job in person["affiliations"]],
            }
        )

    def organization(self, organization: Node) -> Node:
        return present(
            {
                **self._entity("Organization", organization),
                "shortName": organization["short_name"],
                "organizationKind": organization["kind"],
                "parentOrganization": self._organization(organization["parent"]),
                "successor": self._organization(organization["successor"]),
                "country": organization["country"],
            }
        )

    def article(self, article: Node) -> Node:
        snapshots = [
            {"type": "Snapshot", "sha256": one["sha256"], "length": one["length"], "retrievedAt": one["retrieved_at"]}
            for one in article["snapshots"]
        ]
        return present({**self._article(article), "snapshot": snapshots, **_changing(article)})

    def topic(self, topic: Node) -> Node:
        return present(
            {
                **self._topic(topic),
                "identifier": topic["slug"],
                "parent": self._topic(topic["parent"]) if topic["parent"] else None,
                **_changing(topic),
            }
        )

    def _page(self, api_url: str) -> str:
        return self.absolute(api_url.removeprefix(API))

    def _quote(self, uid: str | None) -> str | None:
        return self.absolute(f"/quotes/{uid}/") if uid else None

    def _entity(self, type_: str, entity: Node) -> Node:
        return {
            "id": self._page(entity["api_url"]),
            "type": type_,
            "identifier": entity["slug"],
            "name": entity["name"],
            "alternateName": entity["aliases"],
            "sameAs": WIKIDATA + entity["wikidata_id"] if entity["wikidata_id"] else None,
            **_changing(entity),
        }

    def _reference(self, type_: str, reference: Node) -> Node:
        return {"id": self._page(reference["api_url"]), "type": type_, "name": reference["name"]}

    def _organization(self, reference: Node | None) -> Node | None:
        if not reference:
            return None
        kind = {"organizationKind": reference["kind"], "shortName": reference["short_name"]}
        return present({**self._reference("Organization", reference), **kind})

    def _creators(self, quote: Node) -> list[Node]:
        """The source: a speaker in each capacity, or an organization. Who is unnamed has no node: `creditText` says it."""
        if quote["source_type"] in ("organization", "document"):
            return [node] if (node := self._organization(quote["organization"])) else []
        if not quote["speaker"]:
            return []
        speaker = self._reference("Person", quote["speaker"])
        return [self._capacity(one, speaker) for one in quote["affiliations"]] or [speaker]

    def _capacity(self, capacity: Node, speaker: Node) -> Node:
        return present(
            {
                "type": "OrganizationRole",
                "creator": [speaker],
                "roleName": capacity["role_as_stated"] or capacity["role"],
                "organization": self._organization(capacity["organization"]),
                "standing": capacity["standing"],
                "isPrimary": capacity["is_primary"],
            }
        )

    def _job(self, job: Node) -> Node:
        return present(
            {
                "type": "OrganizationRole",
                "affiliation": [self._organization(job["organization"])],
                "roleName": job["role"],
                "startDate": job["start"],
                "endDate": job["end"],
            }
        )

    def _stance(self, stance: Node) -> Node:
        return present(
            {
                "type": "StanceOnTopic",
                "topic": self._topic(stance["topic"]),
                "stance": stance["stance"],
                "certainty": stance["certainty"],
                "justification": stance["justification"],
                "coder": stance["coder"],
                "codebookVersion": stance["codebook_version"],
            }
        )

    def _topic(self, topic: Node) -> Node:
        return {**self._reference("DefinedTerm", topic), "proposition": topic["proposition"]}

    def _article(self, article: Node) -> Node:
        return present(
            {
                "id": iri(article["url"]),
                "type": "NewsArticle",
                "mainEntityOfPage": self._page(article["api_url"]),
                "headline": article["title"],
                "url": iri(article["url"]),
                "archivedAt": iri(article["archive_url"]),
                "publisher": self._organization(article["outlet"]),
                "author": [self._reference("Person", author) for author in article["authors"]],
                "datePublished": article["published"],
                "inLanguage": article["language"],
                "genre": article["genre"],
                "creativeWorkStatus": article["status"],
                "statusNote": article["status_note"],
            }
        )


def present(node: Node) -> Node:
    """The members that have a value. Zero and false are values.

    >>> present({"text": "Aye.", "framing": "", "isPrimary": False, "stances": [], "dateCreated": None})
    {'text': 'Aye.', 'isPrimary': False}
    """
    return {name: value for name, value in node.items() if value is not None and value not in ("", [])}


def _evidence(item: Node) -> Node:
    return present(
        {
            "type": "CreativeWork",
            "evidenceKind": item["kind"],
            "url": iri(item["url"]),
            "description": item["description"],
            "providedOn": item["provided_on"],
        }
    )


def _changing(entity: Node) -> Node:
    return {"quoteCount": entity.get("quote_count"), "dateModified": entity.get("modified")}
