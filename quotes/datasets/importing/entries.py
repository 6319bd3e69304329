"""A row's cells as clean values: every rule that needs no look at the database."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from django.core.exceptions import ValidationError

from quotes.anchoring import CONTEXT, normalise_text
from quotes.datasets.importing.cells import choice, given, is_yes, one_of, partial_date, web_address
from quotes.datasets.importing.columns import COLUMNS
from quotes.datasets.importing.refusals import CellError, Refusal, shown
from quotes.datasets.importing.tables import Row, check_cell
from quotes.models import Article, Coding, Organization, Person, Quote, QuoteAffiliation
from quotes.publication.records import SEPARATOR, TEXT_SEPARATOR
from quotes.vocabulary import Certainty, Genre, QuoteKind, SourceType, Stance, Standing, Venue

# The field that each cell goes to, for what the field says of itself: length, shape.
_FIELDS = {
    "speaker_name": (Person, "name"),
    "source_label": (Quote, "source_label"),
    "organization_name": (Organization, "name"),
    "role": (QuoteAffiliation, "role_as_stated"),
    "cue": (Quote, "cue"),
    "article_title": (Article, "title"),
    "outlet_name": (Organization, "name"),
    "language": (Article, "language"),
    "coder": (Coding, "coder"),
}
MAX_ID = 200
_PLACE = re.compile(r"\{\w+\}")


@dataclass(frozen=True, slots=True)
class Capacity:
    organization: str
    name: str
    standing: str
    role: str


@dataclass(frozen=True, slots=True)
class Position:
    topic: str
    stance: str
    certainty: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the table, cleaned; nothing is looked up yet. Empty means: the table does not say."""

    row: int
    external_id: str
    digest: str
    text: str
    kind: str
    source_type: str
    speaker: str
    speaker_name: str
    source_label: str
    organization: str
    organization_name: str
    speaks_for_organization: bool
    capacities: tuple[Capacity, ...]
    cue: str
    framing: str
    venue: str
    said_on: str | None
    positions: tuple[Position, ...]
    coder: str
    is_final: bool
    article_url: str
    article_title: str
    outlet: str
    outlet_name: str
    published: str | None
    language: str
    genre: str
    archive_url: str
    prefix: str = ""
    suffix: str = ""
    position: int | None = None


def read_entry(row: Row, defaults: Mapping[str, str]) -> Entry | list[Refusal]:
    """The row's values, or everything that is wrong with its cells.

    `defaults` are the cells to take where the row's own are empty.
    """
    refusals = [*row.refusals, *_unreadable(row)]
    if refusals:
        return refusals
    cells = {name: _cleaned(name, value) for name, value in row.cells.items()}
    filled = {name: cells.get(name) or _expanded(defaults.get(name, ""), cells) for name in COLUMNS}
    digest = _digest(cells)
    try:
        return replace(_entry(row.number, digest, filled), position=row.position)
    except CellError as error:
        return [error.at(row.number)]


def _cleaned(name: str, value: str) -> str:
    """A cell as it counts. The space between words and their surroundings is part of these."""
    value = normalise_text(value)
    return value if name in ("prefix", "suffix") else value.strip()


def _expanded(default: str, cells: Mapping[str, str]) -> str:
    """A default, what it names in braces taken from the row, where the row's format has such places (`{document_id}`)."""
    return _PLACE.sub(lambda place: cells.get(place[0], place[0]), default)


def _unreadable(row: Row) -> Iterator[Refusal]:
    for name, value in row.cells.items():
        if refusal := check_cell(row.number, name, value):
            yield refusal


def _digest(cells: Mapping[str, str]) -> str:
    """What the row says, whatever the order of its columns: SHA-256, hexadecimal."""
    said = {name: value for name, value in cells.items() if value and name != "external_id"}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def _entry(row: int, digest: str, cells: dict[str, str]) -> Entry:
    """Raises CellError for the first cell that is not taken."""
    _check_fields(cells)
    source_type = _source_type(cells)
    speaks_for = is_yes(cells, "speaks_for_organization")
    capacities = _capacities(cells) if source_type == SourceType.PERSON else ()
    _check_source(cells, source_type, speaks_for)
    own = source_type != SourceType.PERSON or speaks_for
    return Entry(
        row=row,
        external_id=cells["external_id"] or digest,
        digest=digest,
        text=given(cells, "text"),
        kind=choice(cells, "kind", QuoteKind, QuoteKind.DIRECT),
        source_type=source_type,
        speaker=cells["speaker"],
        speaker_name=cells["speaker_name"],
        source_label=cells["source_label"],
        organization=cells["organization"] if own else "",
        organization_name=cells["organization_name"] if own else "",
        speaks_for_organization=speaks_for,
        capacities=capacities,
        cue=cells["cue"],
        framing=cells["framing"],
        venue=choice(cells, "venue", Venue, Venue.UNSPECIFIED),
        said_on=partial_date(cells, "said_on"),
        positions=_positions(cells),
        coder=cells["coder"] or "import",
        is_final=is_yes(cells, "is_final"),
        article_url=web_address(cells, "article_url", given(cells, "article_url")),
        article_title=cells["article_title"],
        outlet=cells["outlet"],
        outlet_name=cells["outlet_name"],
        published=partial_date(cells, "published"),
        language=cells["language"],
        genre=one_of("genre", cells["genre"], Genre) if cells["genre"] else "",
        archive_url=web_address(cells, "archive_url", cells["archive_url"]),
        prefix=cells["prefix"][-CONTEXT:],
        suffix=cells["suffix"][:CONTEXT],
    )


def _check_fields(cells: Mapping[str, str]) -> None:
    if len(cells["external_id"]) > MAX_ID:
        raise CellError("external_id", cells["external_id"], "too_long", f"More than {MAX_ID} characters.")
    for column, (model, name) in _FIELDS.items():
        if cells[column]:
            try:
                model._meta.get_field(name).run_validators(cells[column])  # type: ignore[union-attr]
            except ValidationError as error:
                raise CellError(column, cells[column], "invalid", " ".join(error.messages)) from None


def _source_type(cells: Mapping[str, str]) -> str:
    """As said, else as the other columns tell."""
    if cells["source_type"]:
        return choice(cells, "source_type", SourceType, SourceType.PERSON)
    if cells["speaker"] or cells["speaker_name"]:
        return SourceType.PERSON
    if cells["organization"] or cells["organization_name"]:
        return SourceType.ORGANIZATION
    detail = "Nobody is named: fill in speaker, or organization, or say in source_type that the source is unnamed."
    raise CellError("speaker", "", "missing", detail)


def _check_source(cells: Mapping[str, str], source_type: str, speaks_for: bool) -> None:
    is_person = source_type == SourceType.PERSON
    if (named := cells["speaker"] or cells["speaker_name"]) and not is_person:
        raise CellError(
            "speaker", named, "contradiction", f"A speaker is named, and the source is said to be {source_type}."
        )
    if is_person and not named:
        raise CellError("speaker", "", "missing", "The source is a person, and nobody is named.")
    organization = cells["organization"] or cells["organization_name"]
    if not organization and (speaks_for or source_type == SourceType.ORGANIZATION):
        raise CellError("organization", "", "missing", "Say which organization it is.")
    if speaks_for and not is_person:
        raise CellError("speaks_for_organization", "yes", "contradiction", "Only a person speaks for an organization.")


def _capacities(cells: Mapping[str, str]) -> tuple[Capacity, ...]:
    """From `affiliations` and `roles`, else the one in `organization`, `role`, `standing`."""
    if not cells["affiliations"]:
        standing = choice(cells, "standing", Standing, Standing.UNKNOWN)
        if cells["organization"] or cells["organization_name"]:
            return (Capacity(cells["organization"], cells["organization_name"], standing, cells["role"]),)
        if cells["role"]:
            raise CellError("role", cells["role"], "contradiction", "A role needs its organization.")
        return ()
    places = [_split(one, "affiliations", cells, 2) for one in cells["affiliations"].split(SEPARATOR.strip())]
    roles = (
        [role.strip() for role in cells["roles"].split(TEXT_SEPARATOR.strip())]
        if cells["roles"]
        else [""] * len(places)
    )
    if len(roles) != len(places):
        raise CellError("roles", cells["roles"], "contradiction", f"{len(roles)} roles for {len(places)} affiliations.")
    if any(len(role) > 300 for role in roles):
        raise CellError("roles", cells["roles"], "too_long", "A role of more than 300 characters.")
    if len({organization for organization, _ in places}) < len(places):
        raise CellError("affiliations", cells["affiliations"], "duplicate", "An organization is given twice.")
    return tuple(
        Capacity(organization, "", one_of("affiliations", standing, Standing), role)
        for (organization, standing), role in zip(places, roles, strict=True)
    )


def _positions(cells: Mapping[str, str]) -> tuple[Position, ...]:
    """From `stances`, else the one in `topic`, `stance`, `certainty`."""
    if not cells["stances"]:
        if not cells["topic"] and not cells["stance"]:
            return ()
        stance = one_of("stance", given(cells, "stance"), Stance)
        return (Position(given(cells, "topic"), stance, choice(cells, "certainty", Certainty, Certainty.HIGH)),)
    parts = [_split(one, "stances", cells, 3) for one in cells["stances"].split(SEPARATOR.strip())]
    if len({topic for topic, *_ in parts}) < len(parts):
        raise CellError("stances", cells["stances"], "duplicate", "A topic is given twice.")
    return tuple(
        Position(topic, one_of("stances", stance, Stance), one_of("stances", certainty or "high", Certainty))
        for topic, stance, certainty in parts
    )


def _split(one: str, column: str, cells: Mapping[str, str], most: int) -> list[str]:
    """The parts between colons, the last one empty where it may be left out. Raises CellError."""
    parts = [part.strip() for part in one.split(":")]
    if len(parts) == 2 < most:
        parts.append("")
    if len(parts) != most or not all(parts[:2]):
        raise CellError(
            column, cells[column], "invalid", f"{shown(one.strip())!r} is not of the form {COLUMNS[column]}"
        )
    return parts
