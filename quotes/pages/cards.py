"""A published quote as pages show it: its document, and what templates ask of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import orjson
from django.urls import reverse

from quotes.pages import wording
from quotes.pages.wording import Word
from quotes.publication.shapes import Capacity, QuoteDocument, Segment, StanceOnTopic
from quotes.vocabulary import SourceType, Stance, Standing, Verification

# Pages that sum quotes up read so many of the newest, and say so where there are more.
MOST = 2_000


@dataclass(frozen=True)
class Source:
    """Who or what is quoted; `note` says what it is unless a person or an organization."""

    key: tuple[str, str]
    name: str
    page: tuple[str, str] | None
    note: str

    @property
    def address(self) -> str:
        """Its page, if it has one."""
        return reverse(f"pages:{self.page[0]}", args=[self.page[1]]) if self.page else ""


@dataclass(frozen=True)
class Position:
    """A final stance toward a topic, with its words."""

    stance: str
    coding: StanceOnTopic

    @property
    def word(self) -> Word:
        return wording.STANCES[self.stance]


@dataclass(frozen=True)
class Card:
    """One quote. `row` names the columns that a page may need besides the document."""

    row: Any
    document: QuoteDocument = field(repr=False)

    @cached_property
    def source(self) -> Source:
        return source_of(self.document)

    @cached_property
    def positions(self) -> list[Position]:
        """The final stances in the order of `wording.STANCES`, those that do not address their topic last."""
        order = list(wording.STANCES)
        found = [Position(str(coding["stance"]), coding) for coding in self.document["stances"]]
        return sorted(found, key=lambda position: order.index(position.stance))

    @property
    def addressed(self) -> list[Position]:
        return [position for position in self.positions if position.stance != Stance.NOT_ADDRESSED]

    def toward(self, topic: str) -> str | None:
        """The final stance toward the topic with this slug."""
        return next((one["stance"] for one in self.document["stances"] if one["topic"]["slug"] == topic), None)

    @cached_property
    def capacity(self) -> str:
        """The primary capacity in one line; of an institution's words, what the institution was to them."""
        primary = primary_capacity(self.document)
        if primary:
            return wording.in_capacity(primary["role"], primary["organization"]["name"], primary["standing"])
        organization = self.document["organization"]
        return organization["name"] if organization and organization["name"] != self.source.name else ""

    @property
    def standing(self) -> str:
        """That of the primary capacity; an institution's own words are current."""
        primary = primary_capacity(self.document)
        return str(primary["standing"]) if primary else Standing.CURRENT

    @property
    def date(self) -> str:
        """When it was said, else when it was published."""
        dated = self.document["dated"]
        return f"{'published ' if dated['basis'] == 'published' else ''}{wording.written(dated['date'])}"

    @property
    def day(self) -> dt.date:
        return self.row.dated_start

    @property
    def kind(self) -> Word:
        return wording.KINDS[self.document["kind"]]

    @property
    def verification(self) -> Word:
        return wording.VERIFICATIONS[self.document["verification"]]

    @property
    def is_contested(self) -> bool:
        return self.document["verification"] == Verification.DISPUTED

    @property
    def is_taken_back(self) -> bool:
        """Retracted or fabricated: not to be read as something said."""
        return self.document["verification"] in {Verification.RETRACTED, Verification.FABRICATED}

    @property
    def is_made_up(self) -> bool:
        return wording.is_made_up(self.document["article"]["url"])

    @property
    def language(self) -> str:
        return self.document["article"]["language"]

    @property
    def article_address(self) -> str:
        return wording.web_address(self.document["article"]["url"])

    @property
    def archive_address(self) -> str:
        return wording.web_address(self.document["article"]["archive_url"])

    @property
    def address_at_words(self) -> str:
        """The article's address, at the words: for those who check."""
        return wording.at_words(self.document["article"]["url"], self.segments[0]["exact"]) if self.segments else ""

    @property
    def segments(self) -> list[Segment]:
        return self.document["segments"]

    @property
    def place(self) -> int:
        """Where in its article it begins; unknown places come first."""
        return (self.segments[0]["start"] or 0) if self.segments else 0


def primary_capacity(document: QuoteDocument) -> Capacity | None:
    """The one capacity that counts where a statement has one actor."""
    return next((one for one in document["affiliations"] if one["is_primary"]), None)


def capacities(document: QuoteDocument) -> set[tuple[str, str]]:
    """(organization, standing) of every capacity, as the filter `affiliation` knows them: an institution's is current."""
    found = {(one["organization"]["slug"], str(one["standing"])) for one in document["affiliations"]}
    if document["organization"]:
        found.add((document["organization"]["slug"], str(Standing.CURRENT)))
    return found


def source_of(document: QuoteDocument) -> Source:
    """Who or what is quoted."""
    speaker, organization = document["speaker"], document["organization"]
    kind, label = document["source_type"], document["source_label"]
    if speaker:
        return Source(("person", speaker["slug"]), speaker["name"], ("person", speaker["slug"]), "")
    notes = {SourceType.DOCUMENT: "document", SourceType.UNNAMED: "unnamed source"}
    note = notes.get(SourceType(kind), "")
    if organization is None:
        return Source((str(kind), label), _capitalised(label), None, note)
    name = organization["name"] if kind == SourceType.ORGANIZATION else label or organization["name"]
    page = ("organization", organization["slug"])
    return Source((str(kind), organization["slug"]), _capitalised(name), page, note)


def _capitalised(text: str) -> str:
    """Labels are stored as printed, in the middle of a sentence too.

    >>> _capitalised("the judgment")
    'The judgment'
    """
    return text[:1].upper() + text[1:]


def read_cards(rows: Iterable[Any]) -> list[Card]:
    """The cards of published rows (`document` and `dated_start` are read)."""
    return [Card(row, orjson.loads(row.document)) for row in rows]
