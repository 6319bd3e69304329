"""The peers' tables as a SQLite file: bare for Datasette as it comes, indexed for Datasette tuned by hand."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import psycopg

# Where Datasette sorts by: the place of a quote in the order (date, uid), as one integer.
_PLACED = "(SELECT id, row_number() OVER (ORDER BY dated_start, uid) AS place FROM peers.quote) AS placed"
_NAMES = """concat_ws(' ; ', q.source_label, (SELECT name FROM peers.person WHERE id = q.speaker_id),
    (SELECT string_agg(o.name || ' ; ' || o.short_name, ' ; ') FROM peers.organization AS o WHERE o.id = q.organization_id OR
        o.id IN (SELECT organization_id FROM peers.capacity WHERE quote_id = q.id)))"""

TABLES: dict[str, tuple[str, str]] = {
    "person": ("id INTEGER PRIMARY KEY, slug TEXT, name TEXT", "SELECT id, slug, name FROM peers.person"),
    "organization": (
        "id INTEGER PRIMARY KEY, slug TEXT, name TEXT, short_name TEXT, kind TEXT",
        "SELECT id, slug, name, short_name, kind FROM peers.organization",
    ),
    "topic": (
        "id INTEGER PRIMARY KEY, slug TEXT, name TEXT, proposition TEXT",
        "SELECT id, slug, name, proposition FROM peers.topic",
    ),
    "article": (
        "id INTEGER PRIMARY KEY, slug TEXT, title TEXT, url TEXT, archive_url TEXT, outlet_id INTEGER REFERENCES organization(id),"
        " published TEXT, language TEXT, genre TEXT, status TEXT",
        "SELECT id, slug, title, url, archive_url, outlet_id, published, language, genre, status FROM peers.article",
    ),
    "authorship": (
        "id INTEGER PRIMARY KEY, article_id INTEGER REFERENCES article(id), person_id INTEGER REFERENCES person(id), position INTEGER",
        "SELECT id, article_id, person_id, position FROM peers.authorship",
    ),
    "quote": (
        "id INTEGER PRIMARY KEY, uid TEXT, place INTEGER, dated_start TEXT, text TEXT, kind TEXT, source_type TEXT,"
        " speaker_id INTEGER REFERENCES person(id), organization_id INTEGER REFERENCES organization(id),"
        " speaks_for_organization INTEGER, source_label TEXT, cue TEXT, framing TEXT, venue TEXT, said_on TEXT,"
        " verification TEXT, segments TEXT, article_id INTEGER REFERENCES article(id),"
        " outlet_id INTEGER REFERENCES organization(id)",
        "SELECT q.id, uid::text, place, dated_start::text, text, kind, source_type, speaker_id, organization_id,"
        " speaks_for_organization::int, source_label, cue, framing, venue, said_on, verification, segments, article_id,"
        f" outlet_id FROM peers.quote AS q JOIN {_PLACED} USING (id) ORDER BY place",
    ),
    "capacity": (
        "id INTEGER PRIMARY KEY, quote_id INTEGER REFERENCES quote(id), organization_id INTEGER REFERENCES organization(id),"
        " role TEXT, role_as_stated TEXT, standing TEXT, is_primary INTEGER",
        "SELECT id, quote_id, organization_id, role, role_as_stated, standing, is_primary::int FROM peers.capacity",
    ),
    "coding": (
        "id INTEGER PRIMARY KEY, quote_id INTEGER REFERENCES quote(id), topic_id INTEGER REFERENCES topic(id), stance TEXT,"
        " certainty TEXT, place INTEGER, uid TEXT, outlet_id INTEGER",
        "SELECT c.id, quote_id, topic_id, stance, certainty, place, c.uid::text, outlet_id FROM peers.coding AS c"
        f" JOIN {_PLACED} ON placed.id = c.quote_id JOIN peers.quote AS q ON q.id = c.quote_id",
    ),
    "place": (
        "id INTEGER PRIMARY KEY, quote_id INTEGER REFERENCES quote(id), organization_id INTEGER REFERENCES organization(id),"
        " standing TEXT, place INTEGER, uid TEXT",
        f"SELECT p.id, quote_id, organization_id, standing, place, uid::text FROM peers.place AS p"
        f" JOIN {_PLACED} ON placed.id = p.quote_id",
    ),
}
WORDS = f"SELECT q.id, {_NAMES}, q.text || ' ' || a.title FROM peers.quote AS q JOIN peers.article AS a ON a.id = article_id"
SEARCH = "CREATE VIRTUAL TABLE spoken USING fts5(names, words, content='', tokenize='porter unicode61')"
INDEXES = """
CREATE UNIQUE INDEX person_slug ON person (slug);
CREATE UNIQUE INDEX organization_slug ON organization (slug);
CREATE UNIQUE INDEX topic_slug ON topic (slug);
CREATE UNIQUE INDEX quote_uid ON quote (uid);
CREATE INDEX quote_speaker ON quote (speaker_id, place);
CREATE INDEX quote_outlet ON quote (outlet_id, place);
CREATE INDEX quote_place ON quote (place);
CREATE INDEX authorship_article ON authorship (article_id, position);
CREATE INDEX capacity_quote ON capacity (quote_id);
CREATE INDEX coding_quote ON coding (quote_id, stance);
CREATE INDEX coding_topic ON coding (topic_id, stance, place, quote_id);
CREATE INDEX coding_outlet ON coding (outlet_id, topic_id, stance);
CREATE INDEX place_organization ON place (organization_id, standing, place, quote_id);
"""


def make(path: Path, source: psycopg.Connection[Any], *, is_tuned: bool) -> None:
    """Write the file anew from the peers' tables."""
    path.unlink(missing_ok=True)
    target = sqlite3.connect(path)
    target.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")
    for table, (columns, select) in TABLES.items():
        target.execute(f"CREATE TABLE {table} ({columns})")
        _copy(source, select, target, f"INSERT INTO {table} VALUES ({{}})")
    target.execute(SEARCH)
    _copy(source, WORDS, target, "INSERT INTO spoken (rowid, names, words) VALUES ({})")
    if is_tuned:
        target.executescript(INDEXES)
    target.execute("ANALYZE")
    target.commit()
    target.close()


def _copy(source: psycopg.Connection[Any], select: str, target: sqlite3.Connection, insert: str) -> None:
    with source.transaction(), source.cursor("rows") as cursor:
        cursor.itersize = 20_000
        cursor.execute(select)
        for row in cursor:
            target.execute(insert.format(", ".join("?" * len(row))), row)
