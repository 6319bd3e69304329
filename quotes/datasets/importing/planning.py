"""What an import would do: what it would make, what it would match, what is here already, and what it refuses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from uuid import UUID

from quotes.datasets.doubts import decisions
from quotes.datasets.importing.articles import ArticleRecord, Shelf
from quotes.datasets.importing.columns import COLUMNS, Header, unknown_header
from quotes.datasets.importing.csv_tables import csv_rows
from quotes.datasets.importing.dna_events import dna_rows
from quotes.datasets.importing.entries import Capacity, Entry, Position, read_entry
from quotes.datasets.importing.hypothesis import hypothesis_rows
from quotes.datasets.importing.json_lines import json_rows
from quotes.datasets.importing.matching import Directory, Doubt, Mention, Record, SeveralBear, is_identifier
from quotes.datasets.importing.parquet_tables import parquet_rows
from quotes.datasets.importing.placing import Placement, Texts
from quotes.datasets.importing.refusals import CellError, ImportRefused, Refusal, shown
from quotes.datasets.importing.tables import SourceFile, counted
from quotes.datasets.importing.xlsx_tables import xlsx_rows
from quotes.models import Import, ImportedRow, Person, Quote, Redirect, Topic
from quotes.publication.suggestions import closest
from quotes.vocabulary import EntityKind

_READERS = {
    "csv": csv_rows,
    "dna": dna_rows,
    "hypothesis": hypothesis_rows,
    "jsonl": json_rows,
    "parquet": parquet_rows,
    "xlsx": xlsx_rows,
}
NO_DEFAULTS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class PlannedQuote:
    """A draft to be made: the row's values, and what its names mean. With a `doubt` it has no speaker yet."""

    entry: Entry
    article: ArticleRecord
    speaker: Record | None
    organization: Record | None
    capacities: tuple[tuple[Record, Capacity], ...]
    positions: tuple[tuple[int, Position], ...]
    placement: Placement
    doubt: Doubt | None = None


@dataclass(frozen=True)
class ImportPlan:
    """What `apply_import` would do with a file. With any refusal, it would do nothing."""

    file: SourceFile = field(repr=False)
    source: str
    defaults: Mapping[str, str]
    rows: int
    known: int
    quotes: tuple[PlannedQuote, ...] = field(repr=False)
    refusals: tuple[Refusal, ...]
    left_out: tuple[str, ...]

    @property
    def records(self) -> list[Record]:
        """The people and organizations that the new quotes name, each once, in the order of the table."""
        return list(dict.fromkeys(record for quote in self.quotes for record in _records(quote)))

    @property
    def articles(self) -> list[ArticleRecord]:
        return list(dict.fromkeys(quote.article for quote in self.quotes))

    @property
    def doubtful(self) -> Counter[Doubt]:
        """Names that may mean several people, and how many rows wait for a curator's decision of each."""
        return Counter(quote.doubt for quote in self.quotes if quote.doubt)

    @property
    def anchored(self) -> int:
        """How many of the new quotes stand in a text that was read here."""
        return sum(quote.placement.snapshot is not None for quote in self.quotes)


def plan_import(file: SourceFile, *, defaults: Mapping[str, str] = NO_DEFAULTS) -> ImportPlan:
    """Read a table and say what would become of it; nothing is written.

    `defaults` are cells, by column, for rows whose own are empty. What is wrong with the file as a whole is a refusal like
    any other. Rows of the same collection that were imported before are known, and make nothing new.
    """
    try:
        wrong = [unknown_header(name) for name in defaults if name not in COLUMNS]
        if wrong:
            raise ImportRefused(wrong)
        header, rows = _READERS[file.kind](file.content)
        found = [read_entry(row, defaults) for row in counted(rows)]
    except ImportRefused as refused:
        return ImportPlan(file, file.collection, defaults, 0, 0, (), refused.refusals, ())
    return _plan(file, defaults, header, found)


def _plan(
    file: SourceFile, defaults: Mapping[str, str], header: Header, found: list[Entry | list[Refusal]]
) -> ImportPlan:
    source = _source(file)
    refusals = [refusal for one in found if isinstance(one, list) for refusal in one]
    entries = [one for one in found if isinstance(one, Entry)]
    if not found:
        refusals.append(Refusal("empty", "The table has no rows."))
    new, repeated = _new_entries(source, entries)
    quotes, unmatched = _matched(new, source)
    refusals = sorted([*refusals, *repeated, *unmatched], key=lambda refusal: refusal.row or 0)
    known = len(entries) - len(new) - len(repeated)
    return ImportPlan(file, source, defaults, len(found), known, tuple(quotes), tuple(refusals), header.left_out)


def _source(file: SourceFile) -> str:
    """The collection, as said, else as an earlier import of these very bytes has it, else by the file's name."""
    if file.source:
        return file.source
    earlier = Import.objects.filter(sha256=file.sha256).order_by("id").values_list("source", flat=True).first()
    return earlier or file.collection


def _new_entries(source: str, entries: list[Entry]) -> tuple[list[Entry], list[Refusal]]:
    """The entries that are not here yet; and refusals of those that come twice, or came before and now say something else."""
    ids = [entry.external_id for entry in entries]
    imported = ImportedRow.objects.filter(source=source, external_id__in=ids)
    digests = dict(imported.values_list("external_id", "digest"))
    own = {str(uid) for uid in Quote.objects.filter(uid__in=_uids(ids)).values_list("uid", flat=True)}
    first: dict[str, int] = {}
    new, refusals = [], []
    for entry in entries:
        if entry.external_id in first:
            detail = f"The id of row {first[entry.external_id]} again (without a column of ids: the same row again)."
            refusals.append(_refused_id(entry, "duplicate", detail))
        elif digests.get(entry.external_id, entry.digest) != entry.digest:
            detail = (
                "Imported before, and it reads differently now. Change the quote itself, and take the row out here."
            )
            refusals.append(_refused_id(entry, "changed", detail))
        elif entry.external_id not in digests and entry.external_id.lower() not in own:
            new.append(entry)
        first.setdefault(entry.external_id, entry.row)
    return new, refusals


def _refused_id(entry: Entry, code: str, detail: str) -> Refusal:
    return Refusal(code, detail, entry.row, "external_id", shown(entry.external_id))


def _uids(ids: Iterable[str]) -> Iterator[UUID]:
    """Those of the ids that are uids, as in a table that was exported here."""
    for one in ids:
        if len(one) == 36 and one.count("-") == 4:
            try:
                yield UUID(one)
            except ValueError:
                continue


def _matched(entries: list[Entry], source: str) -> tuple[list[PlannedQuote], list[Refusal]]:
    mentions = [one for one in map(_speaker, entries) if one]
    people = Directory(EntityKind.PERSON, mentions, _decided(mentions, source))
    organizations = Directory(EntityKind.ORGANIZATION, (one for entry in entries for one in _organizations(entry)))
    shelf, topics, texts = Shelf(entries), _topics(entries), Texts(entries)
    quotes, refusals = [], []
    for entry in entries:
        try:
            quotes.append(_match(entry, people, organizations, shelf, topics, texts))
        except CellError as error:
            refusals.append(error.at(entry.row))
    return quotes, refusals


def _decided(mentions: Iterable[Mention], source: str) -> dict[str, Record]:
    """Whom bare names mean of which curators decided that before, in the same collection."""
    asked = {(one.identifier or one.name, ()) for one in mentions if not is_identifier(one.identifier)}
    found = decisions(asked, source)
    rows = Person.objects.in_bulk(found.values())
    people = {key: Record(EntityKind.PERSON, row.slug, row.name, key, row.wikidata_id) for key, row in rows.items()}
    return {name: people[key] for (name, _), key in found.items()}


def _match(
    entry: Entry,
    people: Directory,
    organizations: Directory,
    shelf: Shelf,
    topics: Mapping[str, int],
    texts: Texts,
) -> PlannedQuote:
    organization, outlet = _organization(entry), _outlet(entry)
    capacities = [(organizations.find(_place(one)), one) for one in entry.capacities]
    if len({record for record, _ in capacities}) < len(capacities):
        raise CellError("affiliations", "", "duplicate", "Two of the names mean one organization.")
    speaker, doubt = _whose(entry, people)
    return PlannedQuote(
        entry,
        shelf.find(entry, lambda: organizations.find(outlet) if outlet else None),
        speaker,
        organizations.find(organization) if organization else None,
        tuple(capacities),
        tuple((_topic(one, topics), one) for one in entry.positions),
        texts.place(entry),
        doubt,
    )


def _whose(entry: Entry, people: Directory) -> tuple[Record | None, Doubt | None]:
    """The speaker, or the doubt about the name, where one is named. Raises CellError."""
    mention = _speaker(entry)
    if mention is None:
        return None, None
    try:
        return people.find(mention), None
    except SeveralBear as several:
        if mention.name not in ("", several.doubt.name):
            raise
        return None, several.doubt


def _speaker(entry: Entry) -> Mention | None:
    return Mention("speaker", entry.speaker, entry.speaker_name) if entry.speaker or entry.speaker_name else None


def _organization(entry: Entry) -> Mention | None:
    named = entry.organization or entry.organization_name
    return Mention("organization", entry.organization, entry.organization_name) if named else None


def _outlet(entry: Entry) -> Mention | None:
    return Mention("outlet", entry.outlet, entry.outlet_name) if entry.outlet or entry.outlet_name else None


def _place(capacity: Capacity) -> Mention:
    return Mention("organization", capacity.organization, capacity.name)


def _organizations(entry: Entry) -> Iterator[Mention]:
    yield from filter(None, (_organization(entry), _outlet(entry)))
    yield from map(_place, entry.capacities)


def _records(quote: PlannedQuote) -> Iterator[Record]:
    yield from filter(None, (quote.speaker, quote.organization, quote.article.outlet))
    yield from (record for record, _ in quote.capacities)


def _topics(entries: Iterable[Entry]) -> dict[str, int]:
    """Keys by slug, the old slugs of merged topics included."""
    slugs = {position.topic for entry in entries for position in entry.positions}
    moved = dict(Redirect.objects.filter(kind=EntityKind.TOPIC, slug__in=slugs).values_list("slug", "target"))
    keys = dict(Topic.objects.filter(slug__in=slugs | set(moved.values())).values_list("slug", "pk"))
    return {old: keys[target] for old, target in moved.items() if target in keys} | keys


def _topic(position: Position, topics: Mapping[str, int]) -> int:
    if position.topic not in topics:
        nearest = closest(position.topic, Topic.objects.values_list("slug", flat=True))
        hint = f" Did you mean {nearest!r}?" if nearest else ""
        detail = (
            f"{shown(position.topic)!r} is no topic here.{hint} A new one needs a proposition: make it in the admin."
        )
        raise CellError("topic", position.topic, "unknown", detail)
    return topics[position.topic]
