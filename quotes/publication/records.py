"""The flat table of quotes: a row a quote, for spreadsheets, statistics and data frames.

A row is stored as a finished CSV record beside the document, so that a whole result set goes out without being computed. What
a quote has several of is joined in one cell; slugs hold neither colons nor semicolons, so `affiliations` and `stances` can be
split again.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from quotes.partial_dates import PartialDate
from quotes.publication.shapes import QuoteDocument

SEPARATOR = "; "
# For free text, in which semicolons are common.
TEXT_SEPARATOR = " | "

Document = TypeVar("Document")


@dataclass(frozen=True, slots=True)
class Column(Generic[Document]):
    """A column: its name, its type (string, boolean, integer, date, timestamp), what it means, and its value in a document."""

    name: str
    type: str
    meaning: str
    of: Callable[[Document], Any]


def _first_day(quote: QuoteDocument) -> str | None:
    date = quote["dated"]["date"]
    return PartialDate(date).start.isoformat() if date else None


def _last_day(quote: QuoteDocument) -> str | None:
    date = quote["dated"]["date"]
    return PartialDate(date).end.isoformat() if date else None


def _slug(reference: Any) -> str | None:
    return reference["slug"] if reference else None


def _name(reference: Any) -> str | None:
    return reference["name"] if reference else None


def _positions(quote: QuoteDocument) -> str:
    places = ((one["start"], one["end"]) for one in quote["segments"])
    return SEPARATOR.join(f"{start}-{end}" for start, end in places if start is not None)


def _string(name: str, meaning: str, of: Callable[[QuoteDocument], Any] | None = None) -> Column[QuoteDocument]:
    return Column(name, "string", meaning, of or (lambda quote: quote[name]))  # type: ignore[literal-required]


# `permalink` comes before these and `modified` after them: the one depends on the host, the other changes alone.
COLUMNS: tuple[Column[QuoteDocument], ...] = (
    _string("uid", "The quote's permanent identifier (UUIDv7)."),
    _string("text", "The words, verbatim; segments joined by one space."),
    _string("display", "The words as one may print them, with quotation marks where they are quoted."),
    _string("kind", "direct, partial or indirect."),
    _string("source_type", "person, organization, unnamed or document."),
    _string("speaker", "The speaker's slug.", lambda quote: _slug(quote["speaker"])),
    _string("speaker_name", "The speaker's name.", lambda quote: _name(quote["speaker"])),
    _string("source_label", "The source as printed."),
    _string(
        "affiliations",
        "organization:standing of each capacity, the primary one first.",
        lambda quote: SEPARATOR.join(
            f"{one['organization']['slug']}:{one['standing']}" for one in quote["affiliations"]
        ),
    ),
    _string(
        "roles",
        "The role of each capacity as the article states it, in the same order.",
        lambda quote: TEXT_SEPARATOR.join(one["role_as_stated"] or one["role"] for one in quote["affiliations"]),
    ),
    _string(
        "organization",
        "The organization that is the source, issued the document, or is spoken for.",
        lambda quote: _slug(quote["organization"]),
    ),
    _string("organization_name", "Its name.", lambda quote: _name(quote["organization"])),
    Column(
        "speaks_for_organization",
        "boolean",
        "Whether the speaker spoke for that organization.",
        lambda quote: quote["speaks_for_organization"],
    ),
    _string("cue", "The verb of attribution."),
    _string("framing", "The reporter's frame of a partial quote."),
    _string("venue", "Where it was said."),
    _string("said_on", "When it was said, where the article says so: a year, a month or a day."),
    _string("dated", "When it was said, else when the article came out.", lambda quote: quote["dated"]["date"]),
    _string("dated_basis", "said, published or unknown.", lambda quote: quote["dated"]["basis"]),
    Column("dated_start", "date", "The first day of the period `dated`.", _first_day),
    Column("dated_end", "date", "Its last day.", _last_day),
    _string(
        "stances",
        "topic:stance:certainty of each final coding.",
        lambda quote: SEPARATOR.join(
            f"{one['topic']['slug']}:{one['stance']}:{one['certainty']}" for one in quote["stances"]
        ),
    ),
    _string("verification", "How far the proof goes."),
    _string("verification_note", "What is to be known about it."),
    _string("article", "The article's slug.", lambda quote: quote["article"]["slug"]),
    _string("article_title", "Its title.", lambda quote: quote["article"]["title"]),
    _string("article_url", "Its address.", lambda quote: quote["article"]["url"]),
    _string("archive_url", "A copy in a web archive.", lambda quote: quote["article"]["archive_url"]),
    _string("outlet", "Who published it: a slug.", lambda quote: _slug(quote["article"]["outlet"])),
    _string("outlet_name", "Its name.", lambda quote: _name(quote["article"]["outlet"])),
    _string(
        "authors",
        "The names in the byline.",
        lambda quote: TEXT_SEPARATOR.join(one["name"] for one in quote["article"]["authors"]),
    ),
    _string("published", "When the article came out.", lambda quote: quote["article"]["published"]),
    _string("language", "The article's language (BCP 47).", lambda quote: quote["article"]["language"]),
    _string("genre", "The article's genre.", lambda quote: quote["article"]["genre"]),
    _string("article_status", "current, corrected or retracted.", lambda quote: quote["article"]["status"]),
    _string(
        "snapshot_sha256",
        "Of the text that was read.",
        lambda quote: quote["snapshot"]["sha256"] if quote["snapshot"] else None,
    ),
    _string("positions", "start-end of each segment in that text, in code points.", _positions),
    _string("same_utterance_as", "The uid of the first appearance of the same words."),
    _string("reported_via", "The uid of the statement that reports this one."),
)


def flat_values(quote: QuoteDocument) -> list[Any]:
    """The values of COLUMNS: strings, booleans, None."""
    return [column.of(quote) for column in COLUMNS]


def csv_record(values: Iterable[Any]) -> str:
    """One CSV record (RFC 4180), without its line end; None is an empty cell, true and false are words.

    >>> csv_record(["a", "said “no”, twice", None, True])
    'a,"said “no”, twice",,true'
    """
    line = io.StringIO()
    # The writer puts marks around line ends only where they are part of its own: so it writes one, and it is taken off.
    csv.writer(line, lineterminator="\r\n").writerow([cell(value) for value in values])
    return line.getvalue()[:-2]


def cell(value: Any) -> str:
    """A value as it stands in a table of text: None is empty, true and false are words."""
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)
