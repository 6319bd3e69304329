"""The shapes of what curators' programs read (`…Record`) and write (`…Members`).

The OpenAPI document and the check of every body come from these types. In `…Members`, what is `Required` is so for a new
record; a change may name any of them alone. Records refer to each other by slug and uid.
"""

# Annotations are evaluated here: of those that wait as text, a typed dictionary cannot tell which are required.
from typing import Annotated, Required, TypedDict

from quotes.api.typed_schemas import rules
from quotes.vocabulary import (
    AffiliationKind,
    ArticleStatus,
    Genre,
    OrganizationKind,
)

# Control characters, line breaks among them, are no part of a name.
Line = Annotated[str, rules(pattern="^(?![\\s\\S]*[\\u0000-\\u001f\\u007f])")]
Place = Annotated[int, rules(minimum=0, maximum=2_000_000_000)]
Round = Annotated[int, rules(minimum=1, maximum=32_767)]
Uid = Annotated[str, "uuid"]
Names = Annotated[list[Line], rules(maxItems=100, uniqueItems=True)]
Slugs = Annotated[list[Line], rules(maxItems=200, uniqueItems=True)]


class PersonMembers(TypedDict, total=False):
    """A person."""

    slug: Required[Line]
    name: Required[Line]
    sort_name: Required[Line]
    aliases: Names
    wikidata_id: Line | None


class PersonRecord(TypedDict):
    """A person, as curators know them."""

    slug: str
    name: str
    sort_name: str
    aliases: list[str]
    wikidata_id: str | None


class OrganizationMembers(TypedDict, total=False):
    """An organization, or a unit of one. `parent` and `successor` are slugs."""

    slug: Required[Line]
    name: Required[Line]
    short_name: Line
    aliases: Names
    kind: Required[Annotated[str, OrganizationKind]]
    parent: Line | None
    successor: Line | None
    wikidata_id: Line | None
    country: Line


class OrganizationRecord(TypedDict):
    """An organization, as curators know it."""

    slug: str
    name: str
    short_name: str
    aliases: list[str]
    kind: Annotated[str, OrganizationKind]
    parent: str | None
    successor: str | None
    wikidata_id: str | None
    country: str


class AffiliationMembers(TypedDict, total=False):
    """A person's role at an organization. `start` and `end` are partial dates."""

    person: Required[Line]
    organization: Required[Line]
    role: Line
    kind: Annotated[str, AffiliationKind]
    start: Line | None
    end: Line | None


class AffiliationRecord(TypedDict):
    """An affiliation. `key` is made of organization, role and start, and is another one when they change."""

    key: str
    person: str
    organization: str
    role: str
    kind: Annotated[str, AffiliationKind]
    start: str | None
    end: str | None


class ArticleMembers(TypedDict, total=False):
    """An article. `outlet` is an organization's slug, `authors` are people's, in the order of the byline."""

    slug: Required[Line]
    url: Required[Line]
    title: Required[Line]
    outlet: Line | None
    authors: Slugs
    published: Line | None
    language: Line
    genre: Annotated[str, Genre]
    archive_url: Line
    status: Annotated[str, ArticleStatus]
    status_note: str


class ArticleRecord(TypedDict):
    """An article, as curators know it."""

    slug: str
    url: str
    title: str
    outlet: str | None
    authors: list[str]
    published: str | None
    language: str
    genre: Annotated[str, Genre]
    archive_url: str
    status: Annotated[str, ArticleStatus]
    status_note: str


class ArticleAddress(TypedDict):
    """An article on the web, to be fetched, read and kept."""

    url: str


class KeptArticle(TypedDict):
    """The article and its snapshot, which of them are new, and the names that nobody, or more than one, bears here."""

    slug: str
    url: str
    title: str
    published: str | None
    language: str
    sha256: str
    length: int
    is_new: bool
    is_new_text: bool
    unmatched_outlet: str | None
    unmatched_authors: list[str]


class SnapshotMembers(TypedDict, total=False):
    """The text of an article as it was read. Line ends become LF and NFC is applied; then it never changes."""

    text: Required[str]
    retrieved_at: Annotated[str, "date-time"]


class SnapshotRecord(TypedDict):
    """A snapshot: its hash and length (code points), and whether its text is kept here."""

    sha256: str
    length: int
    retrieved_at: Annotated[str, "date-time"]
    is_text_kept: bool


class SnapshotTextRecord(SnapshotRecord):
    """A snapshot with its text: for curators, under somebody's copyright."""

    text: str | None


class TopicMembers(TypedDict, total=False):
    """A topic: something one can be for or against, said as one sentence."""

    slug: Required[Line]
    name: Required[Line]
    proposition: Required[str]
    parent: Line | None


class TopicRecord(TypedDict):
    """A topic, as curators know it."""

    slug: str
    name: str
    proposition: str
    parent: str | None
