"""Quotes as statements in DNA's sense: an actor, a concept, agreement. Of stances it knows support and opposition alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from quotes.datasets.formats import Row
from quotes.partial_dates import PartialDate
from quotes.vocabulary import Stance

# DNA's own limit for names, titles and sources.
LONGEST = 190
UNDATED = "0001-01-01"
# Beside DNA's own: what a statement needs to come back here as the quote that it was.
OWN_VARIABLES = ("uid", "kind", "source_type", "standing", "said_on", "published")
ROWS_PER = ("statement", "affiliation")
ACTORS = ("stated", "root")
_AGREEMENT = {Stance.SUPPORT.value: True, Stance.OPPOSE.value: False}
_LOST = {
    "stance": "codings that neither support nor oppose are left out",
    "uncoded": "quotes without a coding are left out",
    "undated": "dates are unknown, and written as 0001-01-01",
    "precision": "dates of a month or a year are written as their first day",
    "segments": "quotes of several segments have one place, from the first to the last",
    "affiliations": "further affiliations are left out: a statement has one actor",
    "root": "statements have the organization at the top in place of the one that was stated",
    "speaks_for": "statements do not say that the person spoke on behalf of an organization",
    "marks": "texts have , in place of ; and ' in place of \"",
    "cut": f"names and titles are cut at {LONGEST} characters",
    "namesakes": "people or organizations have a name that another has too, and are one in this file",
    "documents": "documents hold the quotes alone, one after another: the articles' texts are not ours to give",
    "units": "statements stand in or behind characters that DNA's window and its tables count differently, such as emoji",
}


@dataclass(slots=True)
class Losses:
    """What the format cannot carry, counted while it is written."""

    counts: Counter[str] = field(default_factory=Counter)
    _bearers: dict[tuple[str, str], set[str]] = field(default_factory=dict)

    def told(self) -> list[str]:
        """In words, one line for each."""
        return [f"{count:,} {_LOST[name]}" for name, count in sorted(self.counts.items()) if count]

    def cut(self, text: str) -> str:
        """The text, as long as DNA has names and titles."""
        self.counts["cut"] += len(text) > LONGEST
        return text[:LONGEST]

    def name(self, kind: str, slug: str, name: str) -> str:
        """A name, cut; DNA tells entities apart by their names alone."""
        name = self.cut(name)
        bearers = self._bearers.setdefault((kind, name), {slug})
        self.counts["namesakes"] += slug not in bearers
        bearers.add(slug)
        return name

    def first_day(self, date: str | None) -> str:
        """The first day of a partial date, which DNA does not have."""
        self.counts["undated"] += date is None
        self.counts["precision"] += date is not None and len(date) < len(UNDATED)
        return PartialDate(date).start.isoformat() if date else UNDATED


@dataclass(frozen=True, slots=True)
class Selection:
    """Which actors a statement has. `roots` are slug and name of the organization at the top, by the slug of each below it and
    its own; None: actors as they were stated."""

    rows_per: str = "statement"
    roots: Mapping[str, tuple[str, str]] | None = None


AS_STATED = Selection()


@dataclass(frozen=True, slots=True)
class Statement:
    """One position of one actor. `weight` is 1 / the number of rows that the position has."""

    quote: Mapping[str, Any] = field(repr=False)
    person: str
    organization: str
    standing: str
    topic: Mapping[str, str]
    agrees: bool
    weight: float

    @property
    def own_values(self) -> tuple[str, ...]:
        """Those of OWN_VARIABLES, in their order."""
        quote = self.quote
        return (
            quote["uid"],
            quote["kind"],
            quote["source_type"],
            self.standing,
            quote["said_on"] or "",
            quote["article"]["published"] or "",
        )


@dataclass(frozen=True, slots=True)
class _Actor:
    slug: str
    name: str
    standing: str


def statements(rows: Iterable[Row], selection: Selection, losses: Losses) -> Iterator[Statement]:
    """The statements of quotes, in their order; those of one quote come one after another."""
    for row in rows:
        quote = orjson.loads(row.document)
        losses.counts["uncoded"] += not quote["stances"]
        codings = [one for one in quote["stances"] if one["stance"] in _AGREEMENT]
        losses.counts["stance"] += len(quote["stances"]) - len(codings)
        if codings:
            yield from _of_quote(quote, codings, selection, losses)


def _of_quote(
    quote: dict[str, Any], codings: list[dict[str, Any]], selection: Selection, losses: Losses
) -> Iterator[Statement]:
    actors = _actors(quote, selection, losses)
    speaker = quote["speaker"]
    person = losses.name("person", speaker["slug"], speaker["name"]) if speaker else losses.cut(quote["source_label"])
    losses.counts["segments"] += len(quote["segments"]) > 1
    losses.counts["speaks_for"] += bool(speaker and quote["speaks_for_organization"]) * len(codings)
    for coding in codings:
        for actor in actors:
            organization = losses.name("organization", actor.slug, actor.name)
            agrees = _AGREEMENT[coding["stance"]]
            yield Statement(quote, person, organization, actor.standing, coding["topic"], agrees, 1 / len(actors))


def _actors(quote: dict[str, Any], selection: Selection, losses: Losses) -> list[_Actor]:
    """The organizations that the words count for; one without a name where there is none. The primary one is first."""
    found = [
        _Actor(one["organization"]["slug"], one["organization"]["name"], one["standing"])
        for one in quote["affiliations"]
    ]
    if not found and quote["organization"]:
        found = [_Actor(quote["organization"]["slug"], quote["organization"]["name"], "")]
    if selection.rows_per == "statement":
        losses.counts["affiliations"] += max(0, len(found) - 1)
        found = found[:1]
    if selection.roots is not None:
        found = [_at_the_top(one, selection.roots, losses) for one in found]
    by_slug: dict[str, _Actor] = {}
    for actor in found:
        by_slug.setdefault(actor.slug, actor)
    return list(by_slug.values()) or [_Actor("", "", "")]


def _at_the_top(actor: _Actor, roots: Mapping[str, tuple[str, str]], losses: Losses) -> _Actor:
    slug, name = roots.get(actor.slug, (actor.slug, actor.name))
    losses.counts["root"] += slug != actor.slug
    return _Actor(slug, name, actor.standing)
