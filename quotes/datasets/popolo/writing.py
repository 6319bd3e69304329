"""Published people and organizations as Popolo: three lists, whose ids are our slugs.

Of a person all affiliations are given that published quotes were said in; with them their organizations and those above these.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import orjson
from django.conf import settings

from quotes.datasets.formats import Context, Row
from quotes.datasets.popolo.terms import OWN, SHORT_NAME, WIKIDATA
from quotes.publication import streaming
from quotes.publication.models import PublishedEntity
from quotes.vocabulary import EntityKind

Document = dict[str, Any]
_BATCH = 1_000
_IN_MEMORY = 10**6


@dataclass(slots=True)
class Losses:
    """What the format cannot carry, counted while it is written."""

    successors: int = 0

    def told(self) -> list[str]:
        """In words, one line for each."""
        return [f"{self.successors:,} successors of organizations are left out"] if self.successors else []


def write(kind: str, rows: Iterable[Row], context: Context, losses: Losses) -> Iterator[bytes]:
    """The rows of the kind `person` or `organization` as one document, a line a record.

    People are written as they come. What is kept of them is their memberships, in a file past a megabyte, and the
    organizations that these name.
    """
    organizations: dict[str, Document] = {}
    with streaming.snapshot(), tempfile.SpooledTemporaryFile(_IN_MEMORY) as memberships:
        yield b'{"persons":['
        separator, before = b"\n", b"\n"
        for row in rows:
            document = orjson.loads(row.document)
            if kind == EntityKind.ORGANIZATION:
                organizations[document["slug"]] = document
                continue
            yield separator + _json(_person(document, context.root))
            separator = b",\n"
            for job in document["affiliations"]:
                organizations.setdefault(job["organization"]["slug"], job["organization"])
                memberships.write(before + _json(_membership(document, job)))
                before = b",\n"
        yield b'\n],\n"organizations":['
        yield from _organizations(organizations, context.root, losses)
        yield b'\n],\n"memberships":['
        memberships.seek(0)
        while chunk := memberships.read(1 << 16):
            yield chunk
        yield b"\n]}\n"


def _organizations(named: dict[str, Document], root: str, losses: Losses) -> Iterator[bytes]:
    """All of these and those above them, by slug."""
    missing = {slug for slug, document in named.items() if "aliases" not in document}
    missing |= _above(named.values()) - named.keys()
    while missing:
        found = list(_stored(missing))
        named |= {document["slug"]: document for document in found}
        missing = _above(found) - named.keys()
    separator = b"\n"
    for _, document in sorted(named.items()):
        losses.successors += bool(document.get("successor"))
        yield separator + _json(_organization(document, root))
        separator = b",\n"


def _above(documents: Iterable[Document]) -> set[str]:
    return {document["parent"]["slug"] for document in documents if document.get("parent")}


def _stored(slugs: Iterable[str]) -> Iterator[Document]:
    rows = PublishedEntity.objects.using(settings.EXPORTS_ALIAS).of_kind(EntityKind.ORGANIZATION)
    wanted = sorted(slugs)
    for start in range(0, len(wanted), _BATCH):
        found = rows.filter(slug__in=wanted[start : start + _BATCH])
        yield from map(orjson.loads, found.values_list("document", flat=True))


def _person(document: Document, root: str) -> Document:
    return _told(
        id=document["slug"],
        name=document["name"],
        sort_name=document["sort_name"],
        other_names=[{"name": name} for name in document["aliases"]],
        **_identified(document, "people", root),
    )


def _organization(document: Document, root: str) -> Document:
    """In full, or, where it went from the public meanwhile, what a person's document says of it."""
    short = [{"name": document["short_name"], "note": SHORT_NAME}] if document["short_name"] else []
    return _told(
        id=document["slug"],
        name=document["name"],
        other_names=[*short, *({"name": name} for name in document.get("aliases", ()))],
        classification=document["kind"],
        parent_id=(document.get("parent") or {}).get("slug"),
        **_identified(document, "organizations", root),
        extra=_told(country=document.get("country")),
    )


def _identified(document: Document, folder: str, root: str) -> Document:
    wikidata = {"scheme": WIKIDATA, "identifier": document.get("wikidata_id")}
    own = {"scheme": OWN, "identifier": document["slug"]}
    # An address must be whole (RFC 3986), so without a root there is none.
    links = [{"url": f"{root}/{folder}/{document['slug']}/", "note": OWN}] if root else []
    return {"identifiers": [*([wikidata] if wikidata["identifier"] else []), own], "links": links}


def _membership(person: Document, job: Document) -> Document:
    return _told(
        person_id=person["slug"],
        organization_id=job["organization"]["slug"],
        role=job["role"],
        start_date=job["start"],
        end_date=job["end"],
        extra={"kind": job["kind"]},
    )


def _told(**members: Any) -> Document:
    """The members that have a value."""
    return {name: value for name, value in members.items() if value not in (None, "", [], {})}


def _json(document: Document) -> bytes:
    return orjson.dumps(document)
