"""The columns that a table of quotes may have, and the headers that mean them.

They are those of our own flat table (quotes.publication.records), with simpler ones for a table kept by hand: one capacity
in `organization`, `role` and `standing`, one position in `topic` and `stance`. What our table tells beyond that is derived, or
is not for a table to say (a verification, a status): it is left out, and the plan says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from quotes.datasets.importing.refusals import ImportRefused, Refusal, shown
from quotes.publication.records import COLUMNS as FLAT_TABLE
from quotes.publication.suggestions import closest

# Name, meaning. The order is that of docs/importing.md.
COLUMNS = {
    "external_id": "The row's own id, unique in its collection. Without it, the row's content is its id.",
    "text": "The words, verbatim.",
    "prefix": "What stands right before the words, to find them by; its last 32 characters are kept.",
    "suffix": "What stands right after them; its first 32 characters are kept.",
    "kind": "direct, partial or indirect; direct where empty.",
    "source_type": "person, organization, unnamed or document; told from the other columns where empty.",
    "speaker": "A person's slug, Wikidata id or name.",
    "speaker_name": "The person's name.",
    "source_label": "The source as printed.",
    "organization": "The speaker's organization, or the organization that is the source: its slug, Wikidata id or name.",
    "organization_name": "Its name.",
    "role": "The speaker's role there, in the article's words.",
    "standing": "current, former, incoming or unknown; unknown where empty.",
    "speaks_for_organization": "yes where a person spoke on behalf of the organization.",
    "affiliations": "Several capacities: organization:standing; organization:standing, the primary one first.",
    "roles": "Their roles: role | role.",
    "cue": "The verb of attribution.",
    "framing": "The reporter's frame of a partial quote.",
    "venue": "Where it was said.",
    "said_on": "When it was said, where the article says so: 2024, 2024-11 or 2024-11-03.",
    "topic": "The slug of a topic.",
    "stance": "The stance toward it.",
    "certainty": "high, medium or low; high where empty.",
    "stances": "Several: topic:stance:certainty; topic:stance:certainty.",
    "coder": "Who coded the stance: a pseudonymous code; import where empty.",
    "is_final": "yes where the stance is final, and not one coder's round; no where empty.",
    "article_url": "The article's address.",
    "article_title": "Its title: needed for an article that is not known yet.",
    "outlet": "Who published it: a slug, Wikidata id or name.",
    "outlet_name": "Its name.",
    "published": "When it came out: 2024, 2024-11 or 2024-11-03.",
    "language": "Its language (BCP 47); en where empty.",
    "genre": "Its genre; news where empty.",
    "archive_url": "A copy in a web archive.",
}
# What people call them.
OTHER_NAMES = {
    "id": "external_id",
    "uid": "external_id",
    "quote": "text",
    "quotation": "text",
    "words": "text",
    "person": "speaker",
    "name": "speaker_name",
    "affiliation": "organization",
    "on_behalf": "speaks_for_organization",
    "date_said": "said_on",
    "url": "article_url",
    "link": "article_url",
    "title": "article_title",
    "headline": "article_title",
    "newspaper": "outlet",
    "publisher": "outlet",
    "date": "published",
    "published_on": "published",
    "lang": "language",
}
REQUIRED = ("text", "article_url")
LEFT_OUT = {column.name for column in FLAT_TABLE} | {"permalink", "modified"}
LEFT_OUT -= COLUMNS.keys() | OTHER_NAMES.keys()


@dataclass(frozen=True)
class Header:
    """The columns in their order, "" for one that is left out, and the names of those."""

    columns: tuple[str, ...]
    left_out: tuple[str, ...]


def column_named(header: str) -> str | None:
    """The column that a header means, "" where it is one that is left out, None where it is unknown.

    >>> column_named(" Article-URL "), column_named("Quote"), column_named("permalink"), column_named("zebra")
    ('article_url', 'text', '', None)
    """
    name = "_".join(header.casefold().replace("-", " ").replace("_", " ").split())
    if name in LEFT_OUT:
        return ""
    return name if name in COLUMNS else OTHER_NAMES.get(name)


def read_header(names: Sequence[str]) -> Header:
    """The header of a table. Raises ImportRefused, naming every header that is unknown, doubled or missing."""
    columns = [column_named(name) for name in names]
    refusals = [unknown_header(name) for name, column in zip(names, columns, strict=True) if column is None]
    for column in {one for one in columns if one and columns.count(one) > 1}:
        meant = [name for name, one in zip(names, columns, strict=True) if one == column]
        detail = f"{column} is given {len(meant)} times: as {', '.join(repr(shown(name)) for name in meant)}."
        refusals.append(Refusal("duplicate_header", detail, 1, column))
    for column in REQUIRED:
        if column not in columns:
            refusals.append(Refusal("missing_column", f"There is no column {column}. {COLUMNS[column]}", 1, column))
    if refusals:
        raise ImportRefused(refusals)
    left_out = tuple(name for name, column in zip(names, columns, strict=True) if not column)
    return Header(tuple(column or "" for column in columns), left_out)


def unknown_header(name: str, *, row: int = 1) -> Refusal:
    """The refusal of a header, with the closest that there is."""
    nearest = closest(name, [*COLUMNS, *OTHER_NAMES]) if name.strip() else None
    hint = f" Did you mean {nearest!r}?" if nearest else " Rename it, or take it out."
    detail = f"{shown(name)!r} is no column known here.{hint}" if name.strip() else "A column without a header."
    return Refusal("unknown_header", detail, row, shown(name) or None, shown(name))
