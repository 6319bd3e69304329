"""The first look at a corpus: what would become of it, in constant memory, with nothing written but temporary tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import connection

from quotes.datasets.bulk import speakers
from quotes.datasets.bulk.reading import Batch, CorpusFile, batches
from quotes.datasets.bulk.speakers import Fate
from quotes.datasets.bulk.statements import Speaker, Statement
from quotes.datasets.importing.refusals import Refusal, shown

MOST_SHOWN = 200
_PAGE = 5_000
_TABLE = """
    CREATE TEMP TABLE import_seen (
        external_id text, digest text, row int, url text, name text, wikidata_ids text[], is_known boolean DEFAULT false
    )
"""
_COPY = "COPY import_seen (external_id, digest, row, url, name, wikidata_ids) FROM STDIN"
_DROPPED = "DROP TABLE IF EXISTS import_seen"


@dataclass
class Look:
    """What `bring_in` would do. Names are samples; `refusals` are the first of `refused`."""

    file: CorpusFile
    rows: int = 0
    statements: int = 0
    new: int = 0
    again: int = 0
    known: int = 0
    articles: dict[str, int] = field(default_factory=lambda: {"new": 0, "matched": 0})
    people: Counter[Fate] = field(default_factory=Counter)
    samples: dict[Fate, list[Speaker]] = field(default_factory=lambda: {fate: [] for fate in Fate})
    unnamed: int = 0
    refused: int = 0
    refusals: list[Refusal] = field(default_factory=list)

    def refuse(self, refusal: Refusal) -> None:
        self.refused += 1
        if len(self.refusals) < MOST_SHOWN:
            self.refusals.append(refusal)


def look(
    file: CorpusFile,
    *,
    read_bytes: Callable[[int], object] = lambda count: None,
    reject: Callable[[Refusal, bytes], object] = lambda refusal, line: None,
) -> Look:
    """Read the whole file and say what would become of it.

    `reject` gets every refusal with its line, b"" where the line is known by its number alone. Raises ImportRefused where the
    file is damaged.
    """
    found = Look(file)
    with _table():
        for batch in batches(file, read_bytes=read_bytes):
            found.rows = batch.last
            found.statements += len(batch.statements)
            for refusal, line in batch.refused:
                found.refuse(refusal)
                reject(refusal, line)
            _note(batch)
        _mark_known(file.collection)
        for refusal in _wrong_ids(file.collection):
            found.refuse(refusal)
            reject(refusal, b"")
        _count(found)
        for page in _speakers():
            for speaker, match in speakers.look_up(page, file.collection).items():
                found.people[match.fate] += 1
                if len(found.samples[match.fate]) < MOST_SHOWN:
                    found.samples[match.fate].append(speaker)
    return found


@contextmanager
def _table() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(_DROPPED)
        cursor.execute(_TABLE)
    try:
        yield
    finally:
        if connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute(_DROPPED)


def _note(batch: Batch) -> None:
    with connection.cursor() as cursor, cursor.cursor.copy(_COPY) as copy:
        for one in batch.statements:
            name, ids = (one.speaker.name, list(one.speaker.wikidata_ids)) if one.speaker else (None, None)
            copy.write_row((one.external_id, one.digest, one.row, one.url, name, ids))


def _mark_known(source: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE import_seen (external_id, url)")
        cursor.execute(
            """
            UPDATE import_seen AS seen SET is_known = true FROM quotes_importedrow AS known
            WHERE known.source = %s AND known.external_id = seen.external_id
            """,
            [source],
        )


def _wrong_ids(source: str) -> Iterator[Refusal]:
    """Ids that the file has twice for different words, and rows that read otherwise when they came in before."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT max(row), min(row), external_id FROM import_seen
            GROUP BY external_id HAVING count(DISTINCT digest) > 1 ORDER BY 1, 3
            """
        )
        for row, first, external_id in cursor:
            detail = f"The id of row {first} again, with other words."
            yield Refusal("duplicate", detail, row, "id", shown(external_id))
        cursor.execute(
            """
            SELECT DISTINCT seen.row, seen.external_id FROM import_seen AS seen
            JOIN quotes_importedrow AS known ON known.source = %s AND known.external_id = seen.external_id
            WHERE seen.is_known AND known.digest <> seen.digest ORDER BY 1, 2
            """,
            [source],
        )
        for row, external_id in cursor:
            detail = (
                "Imported before, and it reads differently now. Change the quote itself; the row is left as it was."
            )
            yield Refusal("changed", detail, row, "id", shown(external_id))


def _count(found: Look) -> None:
    """Of what is known nothing is counted but that it is: it changes nothing."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT count(DISTINCT external_id) FILTER (WHERE is_known), count(DISTINCT external_id) FILTER (WHERE NOT is_known),
                count(*) FILTER (WHERE NOT is_known AND name IS NULL)
            FROM import_seen
            """
        )
        found.known, found.new, found.unnamed = cursor.fetchone()
        found.again = found.statements - found.known - found.new
        cursor.execute(
            """
            SELECT count(*) - count(article.id), count(article.id)
            FROM (SELECT DISTINCT url FROM import_seen WHERE NOT is_known) AS seen LEFT JOIN quotes_article AS article USING (url)
            """
        )
        found.articles = dict(zip(("new", "matched"), cursor.fetchone(), strict=True))


def _speakers() -> Iterator[list[Speaker]]:
    """Every name of the new rows once, page by page."""
    after: tuple[str, list[str]] = ("", [])
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT DISTINCT name, wikidata_ids FROM import_seen"
                " WHERE NOT is_known AND (name, wikidata_ids) > (%s, %s::text[]) ORDER BY 1, 2 LIMIT %s",
                [*after, _PAGE],
            )
            page = cursor.fetchall()
        if not page:
            return
        yield [Speaker(name, tuple(ids)) for name, ids in page]
        after = page[-1]


def kept_once(statements: Iterable[Statement]) -> list[Statement]:
    """The statements, the first of each id."""
    first: dict[str, Statement] = {}
    for one in statements:
        first.setdefault(one.external_id, one)
    return list(first.values())
