"""The first look at a corpus: what would become of it, in constant memory, with nothing written but temporary tables."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from quotes.datasets.bulk.reading import Batch, CorpusFile, batches
from quotes.datasets.bulk.sessions import kept_short
from quotes.datasets.bulk.speakers import Directory, Fate
from quotes.datasets.bulk.statements import Speaker
from quotes.datasets.importing.refusals import ImportRefused, Refusal, shown

MOST_SHOWN = 200
_PAGE = 20_000
_DROPPED = "DROP TABLE IF EXISTS import_seen, import_new"
_SEEN = """
    CREATE TEMP TABLE import_seen (
        number bigint, external_id text, digest text, row int, url text, name text, wikidata_ids text[],
        is_known boolean DEFAULT false
    )
"""
_COPY = "COPY import_seen (number, external_id, digest, row, url, name, wikidata_ids) FROM STDIN"
_MARKED = """
    UPDATE import_seen AS seen SET is_known = true FROM quotes_importedrow AS known
    WHERE known.source = %s AND known.external_id = seen.external_id
"""
# The first of each id is the one that counts.
_NEW = """
    CREATE TEMP TABLE import_new AS
    SELECT DISTINCT ON (external_id) number, url, name, wikidata_ids FROM import_seen
    WHERE NOT is_known ORDER BY external_id, number
"""
_TWICE = """
    SELECT seen.row, first.row, seen.external_id
    FROM import_seen AS seen JOIN (
        SELECT DISTINCT ON (external_id) external_id, row, digest FROM import_seen
        WHERE external_id IN (SELECT external_id FROM import_seen GROUP BY 1 HAVING min(digest) <> max(digest))
        ORDER BY external_id, number
    ) AS first USING (external_id)
    WHERE seen.digest <> first.digest AND NOT seen.is_known ORDER BY seen.number
"""
_CHANGED = """
    SELECT seen.row, seen.external_id FROM import_seen AS seen
    JOIN quotes_importedrow AS known ON known.source = %s AND known.external_id = seen.external_id
    WHERE seen.is_known AND known.digest <> seen.digest ORDER BY seen.number
"""
_ARTICLES = """
    SELECT count(*) - count(article.id), count(article.id)
    FROM (SELECT DISTINCT url FROM import_new) AS seen LEFT JOIN quotes_article AS article USING (url)
"""
_SPEAKERS = "SELECT name, wikidata_ids FROM import_new WHERE name IS NOT NULL ORDER BY number"


@dataclass
class Look:
    """What `bring_in` would do. Names are samples; `refusals` are the first of `refused`.

    Each of the `statements` that were read is `new`, or `known` from before, or there `again`, or refused for its id.
    """

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
    file is damaged, or has no lines.
    """
    found = Look(file)
    with kept_short(), _tables():
        for batch in batches(file, read_bytes=read_bytes):
            found.rows = batch.last
            for refusal, line in batch.refused:
                found.refuse(refusal)
                reject(refusal, line)
            _note(batch, found.statements)
            found.statements += len(batch.statements)
        if not found.rows:
            raise ImportRefused([Refusal("empty", "The file has no lines.")])
        _sort_out(file.collection)
        wrong: Counter[str] = Counter()
        for refusal in _wrong_ids(file.collection):
            wrong[refusal.code] += 1
            found.refuse(refusal)
            reject(refusal, b"")
        _count(found, wrong)
        _foresee_people(found)
    return found


@contextmanager
def _tables() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(_DROPPED)
        cursor.execute(_SEEN)
    try:
        yield
    finally:
        if connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute(_DROPPED)


def _note(batch: Batch, before: int) -> None:
    with connection.cursor() as cursor, cursor.cursor.copy(_COPY) as copy:
        for number, one in enumerate(batch.statements, before):
            name, ids = (one.speaker.name, list(one.speaker.wikidata_ids)) if one.speaker else (None, None)
            copy.write_row((number, one.external_id, one.digest, one.row, one.url, name, ids))


def _sort_out(source: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE import_seen (external_id)")
        cursor.execute(_MARKED, [source])
        cursor.execute(_NEW)
        cursor.execute("ANALYZE import_new (url, name)")


def _wrong_ids(source: str) -> Iterator[Refusal]:
    """Ids that the file has again for other words, and rows that read otherwise when they came in before."""
    for row, first, external_id in _rows(_TWICE):
        yield Refusal("duplicate", f"The id of row {first} again, with other words.", row, "id", shown(external_id))
    detail = "Imported before, and it reads differently now. Change the quote itself; the row is left as it was."
    for row, external_id in _rows(_CHANGED, source):
        yield Refusal("changed", detail, row, "id", shown(external_id))


def _rows(query: str, *parameters: str) -> Iterator[tuple[Any, ...]]:
    """However many there are, some thousand at a time."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(query, parameters)
        while rows := cursor.fetchmany(_PAGE):
            yield from rows


def _count(found: Look, wrong: Mapping[str, int]) -> None:
    """Of what is known nothing is counted but that it is: it changes nothing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), count(*) - count(name) FROM import_new")
        found.new, found.unnamed = cursor.fetchone()
        cursor.execute("SELECT count(*) FROM import_seen WHERE is_known")
        known = cursor.fetchone()[0]
        found.known = known - wrong["changed"]
        found.again = found.statements - known - found.new - wrong["duplicate"]
        cursor.execute(_ARTICLES)
        found.articles = dict(zip(("new", "matched"), cursor.fetchone(), strict=True))


def _foresee_people(found: Look) -> None:
    """Page by page, in the order of the file. What is kept grows with the number of different names alone."""
    directory = Directory(found.file.collection)
    seen: set[tuple[Fate, Speaker]] = set()
    names = (Speaker(name, tuple(ids)) for name, ids in _rows(_SPEAKERS))
    while page := list(itertools.islice(names, _PAGE)):
        for one, match in zip(page, directory.look_up(page), strict=True):
            # Who is new in one row is known in the next.
            if match.same_as == one or (match.fate, one) in seen:
                continue
            seen.add((match.fate, one))
            found.people[match.fate] += 1
            if len(found.samples[match.fate]) < MOST_SHOWN:
                found.samples[match.fate].append(one)
