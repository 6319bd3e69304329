"""The flat tables of people, organizations, articles, topics and codings: a row each, like that of quotes in `records`.

`permalink` comes before the columns and, except of codings, the members that change alone (`quote_count`, `modified`) after them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from quotes.publication.records import SEPARATOR, TEXT_SEPARATOR, Column

# Documents of several shapes are read here; `quotes.publication.shapes` declares them.
Document = dict[str, Any]


def _string(name: str, meaning: str, of: Callable[[Document], Any] | None = None) -> Column[Document]:
    return Column(name, "string", meaning, of or (lambda document: document[name]))


def _of(member: str, part: str) -> Callable[[Document], Any]:
    """A part of a member that may be null."""
    return lambda document: document[member][part] if document[member] else None


def _joined(member: str) -> Callable[[Document], str]:
    return lambda document: TEXT_SEPARATOR.join(document[member])


def _jobs(person: Document) -> str:
    return SEPARATOR.join(
        f"{job['organization']['slug']}:{job['start'] or ''}:{job['end'] or ''}" for job in person["affiliations"]
    )


PERSON_COLUMNS: tuple[Column[Document], ...] = (
    _string("slug", "The person's permanent identifier."),
    _string("name", "The name."),
    _string("sort_name", "The name as it is sorted."),
    _string("aliases", "Other names, joined by a vertical bar.", _joined("aliases")),
    _string("wikidata_id", "The person's item at Wikidata."),
    _string("affiliations", "organization:start:end of each affiliation that a published quote was said in.", _jobs),
    _string(
        "roles",
        "The role of each affiliation, in the same order.",
        lambda person: TEXT_SEPARATOR.join(job["role"] for job in person["affiliations"]),
    ),
)

ORGANIZATION_COLUMNS: tuple[Column[Document], ...] = (
    _string("slug", "The organization's permanent identifier."),
    _string("name", "The name."),
    _string("short_name", "The name in short."),
    _string("aliases", "Other names, joined by a vertical bar.", _joined("aliases")),
    _string("kind", "government_agency, legislature, court, party, company, …"),
    _string("parent", "The slug of the organization that it is part of.", _of("parent", "slug")),
    _string("successor", "The slug of the organization that it became.", _of("successor", "slug")),
    _string("wikidata_id", "Its item at Wikidata."),
    _string("country", "Its country."),
)

ARTICLE_COLUMNS: tuple[Column[Document], ...] = (
    _string("slug", "The article's permanent identifier."),
    _string("title", "Its title."),
    _string("url", "Its address."),
    _string("archive_url", "A copy in a web archive."),
    _string("outlet", "Who published it: a slug.", _of("outlet", "slug")),
    _string("outlet_name", "Its name.", _of("outlet", "name")),
    _string(
        "authors", "The slugs of the byline.", lambda article: SEPARATOR.join(one["slug"] for one in article["authors"])
    ),
    _string(
        "author_names",
        "Their names, in the same order.",
        lambda article: TEXT_SEPARATOR.join(one["name"] for one in article["authors"]),
    ),
    _string("published", "When it came out: a year, a month or a day."),
    _string("language", "Its language (BCP 47)."),
    _string("genre", "Its genre."),
    _string("status", "current, corrected or retracted."),
    _string("status_note", "What is to be known about that."),
    _string(
        "snapshots",
        "The SHA-256 of each text that was read.",
        lambda article: SEPARATOR.join(one["sha256"] for one in article["snapshots"]),
    ),
)

TOPIC_COLUMNS: tuple[Column[Document], ...] = (
    _string("slug", "The topic's permanent identifier."),
    _string("name", "The name."),
    _string("proposition", "The sentence that stances are toward."),
    _string("parent", "The slug of the topic above it.", _of("parent", "slug")),
)

CODING_COLUMNS: tuple[Column[Document], ...] = (
    _string("quote", "The uid of the coded quote."),
    _string("topic", "The topic's slug.", _of("topic", "slug")),
    _string("proposition", "The sentence that the stance is toward.", _of("topic", "proposition")),
    _string("stance", "support, oppose, mixed, neutral, unclear or not_addressed."),
    _string("coder", "Who judged: a pseudonymous code."),
    Column("round", "integer", "1 is blind, later ones adjudicate.", lambda coding: coding["round"]),
    _string("certainty", "How sure the coder is."),
    _string("justification", "Why."),
    _string("codebook_version", "The codebook that was applied."),
    Column("is_final", "boolean", "Whether this is the quote's stance.", lambda coding: coding["is_final"]),
)
