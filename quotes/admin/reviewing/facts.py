"""A quote's record in plain words, for somebody who reads it instead of filling it in; and what differs between two readings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from quotes.admin.importing.origin import origins
from quotes.admin.links import change_url
from quotes.models import Quote
from quotes.vocabulary import Certainty, QuoteKind, SourceType, Stance, Standing, Venue, Verification

_KINDS = {
    QuoteKind.DIRECT: "direct: at least one whole clause stands in quotation marks",
    QuoteKind.PARTIAL: "partial: a few quoted words inside the reporter's own sentence",
    QuoteKind.INDIRECT: "indirect: the wording is the reporter's, without quotation marks",
}
_VERIFICATIONS = {
    Verification.UNVERIFIED: "unverified: nobody has checked these words",
    Verification.ATTESTED: "attested: the words stand so in the text that was read",
    Verification.CONFIRMED: "confirmed: checked against a primary source",
    Verification.DISPUTED: "disputed: wording, attribution or context is contested",
    Verification.RETRACTED: "retracted: the publisher took the words back",
    Verification.FABRICATED: "fabricated: the words were shown to be invented",
}
# Beside the word, which says it, for eyes that look for a sign.
_SIGNS = {
    Stance.SUPPORT: "+",
    Stance.OPPOSE: "−",  # noqa: RUF001 - a minus sign
    Stance.MIXED: "±",
    Stance.NEUTRAL: "=",
    Stance.UNCLEAR: "?",
    Stance.NOT_ADDRESSED: "∅",
}
_REPETITIONS = 5


@dataclass(frozen=True)
class Line:
    """One thing said of a quote; where it leads, what is said beside it, and the stance where it is one."""

    text: str
    address: str = ""
    beside: tuple[str, ...] = ()
    stance: str = ""
    is_missing: bool = False

    @property
    def sign(self) -> str:
        return _SIGNS[Stance(self.stance)]

    @property
    def stance_words(self) -> str:
        return str(Stance(self.stance).label)


@dataclass(frozen=True)
class Fact:
    """What the quote's record says under one heading."""

    label: str
    lines: list[Line] = field(default_factory=list)

    @property
    def plain(self) -> str:
        return "\n".join(" | ".join((line.stance, line.text, *line.beside)).strip(" |") for line in self.lines)


def facts(quote: Quote) -> list[Fact]:
    """All that the record says, heading by heading. The quote was read with `for_projection`, which brings what it shows."""
    found = [
        Fact("Who", [_who(quote)]),
        Fact("In what capacity", _capacities(quote)),
        Fact("As printed", _some(quote.source_label)),
        Fact("Kind", [Line(_KINDS[QuoteKind(quote.kind)])]),
        Fact("Cue", _some(f"“{quote.cue}”" if quote.cue else "")),
        Fact("Framing", _some(quote.framing)),
        Fact("Venue", [_stated(quote.get_venue_display() if quote.venue != Venue.UNSPECIFIED else "")]),
        Fact("Said on", [_stated(quote.said_on or "")]),
        Fact("Article", [_article(quote)]),
        Fact("Stances", _stances(quote)),
        Fact("Verification", _verification(quote)),
        Fact("Evidence", _evidence(quote)),
        Fact("Relations", _relations(quote)),
        Fact("Import", list(_imports(quote))),
    ]
    return [fact for fact in found if fact.lines]


def state(quote: Quote, found: Iterable[Fact]) -> dict[str, str]:
    """What was shown, as text by heading: to be held against what is shown later."""
    shown = {fact.label: fact.plain for fact in found}
    return {"Words": quote.display, "Status": quote.get_status_display(), **shown}


def differing(before: Mapping[str, str], after: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Heading, what was shown and what is, for each that is not the same."""
    labels = dict.fromkeys([*before, *after])
    pairs = [(label, before.get(label, ""), after.get(label, "")) for label in labels]
    return [(label, old, new) for label, old, new in pairs if old != new]


def _some(text: str) -> list[Line]:
    return [Line(text)] if text else []


def _stated(text: str) -> Line:
    return Line(text) if text else Line("the article does not say", is_missing=True)


def _who(quote: Quote) -> Line:
    if quote.speaker:
        return Line(str(quote.speaker), change_url(quote.speaker))
    kinds = {SourceType.UNNAMED: "an unnamed source", SourceType.DOCUMENT: "a document"}
    kind = kinds.get(SourceType(quote.source_type), "an organization")
    if quote.organization:
        beside = () if kind == "an organization" else (kind,)
        return Line(str(quote.organization), change_url(quote.organization), beside)
    return Line(kind)


def _capacities(quote: Quote) -> list[Line]:
    rows = sorted(quote.affiliations.all(), key=lambda row: (not row.is_primary, row.pk))
    lines = [_capacity(row, is_one_of_many=len(rows) > 1) for row in rows]
    if quote.speaks_for_organization and quote.organization:
        lines.append(Line(f"speaks for {quote.organization}", change_url(quote.organization)))
    if not lines and quote.source_type == SourceType.PERSON:
        lines.append(Line("none is given", is_missing=True))
    return lines


def _capacity(row: Any, *, is_one_of_many: bool) -> Line:
    job = row.affiliation
    known = {Standing.UNKNOWN: "standing not stated"}
    standing = known.get(row.standing, row.get_standing_display())
    period = f"dates on record {job.start or '?'}–{job.end or ''}" if job.start or job.end else ""
    printed = f"printed as “{row.role_as_stated}”" if row.role_as_stated else ""
    primary = "primary" if row.is_primary and is_one_of_many else ""
    role = job.role or job.get_kind_display()
    beside = " · ".join(part for part in (standing, primary, printed, period) if part)
    return Line(f"{role}, {job.organization}", change_url(job), (beside,))


def _article(quote: Quote) -> Line:
    article = quote.article
    outlet = str(article.outlet) if article.outlet else ""
    status = f"{article.get_status_display()}: {article.status_note}" if article.status_note else ""
    beside = " · ".join(part for part in (outlet, article.published or "undated", status) if part)
    return Line(article.title, change_url(article), (beside,))


def _stances(quote: Quote) -> list[Line]:
    lines = []
    for coding in quote.final_codings:  # type: ignore[attr-defined]
        certainty = f"certainty {coding.get_certainty_display()}" if coding.certainty != Certainty.HIGH else ""
        beside = (coding.topic.proposition, certainty, coding.justification)
        lines.append(
            Line(str(coding.topic), change_url(coding), tuple(part for part in beside if part), stance=coding.stance)
        )
    return lines or [Line("no final coding yet", is_missing=True)]


def _verification(quote: Quote) -> list[Line]:
    note = (quote.verification_note,) if quote.verification_note else ()
    return [Line(_VERIFICATIONS[Verification(quote.verification)], beside=note)]


def _evidence(quote: Quote) -> list[Line]:
    rows = sorted(quote.evidence.all(), key=lambda row: row.uid)
    return [
        Line(
            f"{row.get_kind_display()}: {row.description or row.url}",
            row.url,
            (f"from {row.provided_by}, {row.provided_on}",),
        )
        for row in rows
    ]


def _imports(quote: Quote) -> Iterator[Line]:
    for one in origins(quote):
        yield Line(one.text, one.address, one.beside)
        if one.doubt_address:
            yield Line("Decide whose words they are", one.doubt_address)


def _relations(quote: Quote) -> list[Line]:
    lines = []
    if root := quote.same_utterance_as:
        lines.append(Line(f"the same utterance as: {root}", change_url(root)))
    if via := quote.reported_via:
        lines.append(Line(f"reported via: {via}", change_url(via)))
    repetitions = list(quote.repetitions.select_related("speaker", "organization").order_by("pk")[: _REPETITIONS + 1])
    lines += [Line(f"repeated in: {one}", change_url(one)) for one in repetitions[:_REPETITIONS]]
    return lines + ([Line("and in more")] if len(repetitions) > _REPETITIONS else [])
