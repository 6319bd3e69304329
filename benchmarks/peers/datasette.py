"""Datasette on a SQLite copy of the peers' tables: with queries, indexes and settings made by hand, and as it comes."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable, Mapping
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.calling import Call, address, over_http
from benchmarks.candidates import LISTS, Candidate, Outcome, Parameters
from benchmarks.peers import sqlite_copy
from benchmarks.peers.serving import Absent, free_port, start

_ORGANIZATION = "json_object('slug', {0}.slug, 'name', {0}.name, 'short_name', {0}.short_name, 'kind', {0}.kind)"
_PERSON = "json_object('slug', {0}.slug, 'name', {0}.name)"
_DOCUMENT = f"""
    json_object('uid', quote.uid, 'text', quote.text, 'kind', quote.kind, 'source_type', quote.source_type,
        'source_label', quote.source_label, 'cue', quote.cue, 'framing', quote.framing, 'venue', quote.venue,
        'said_on', quote.said_on, 'dated_start', quote.dated_start, 'verification', quote.verification,
        'speaks_for_organization', quote.speaks_for_organization, 'segments', json(quote.segments),
        'speaker', iif(speaker.id IS NULL, NULL, {_PERSON.format("speaker")}),
        'organization', iif(own.id IS NULL, NULL, {_ORGANIZATION.format("own")}),
        'affiliations', (SELECT json_group_array(json_object('role', capacity.role, 'role_as_stated',
            capacity.role_as_stated, 'standing', capacity.standing, 'is_primary', capacity.is_primary,
            'organization', {_ORGANIZATION.format("at")}))
            FROM capacity JOIN organization AS at ON at.id = capacity.organization_id WHERE capacity.quote_id = quote.id),
        'stances', (SELECT json_group_array(json_object('stance', coding.stance, 'certainty', coding.certainty, 'topic',
            json_object('slug', topic.slug, 'name', topic.name, 'proposition', topic.proposition)))
            FROM coding JOIN topic ON topic.id = coding.topic_id WHERE coding.quote_id = quote.id),
        'article', json_object('slug', article.slug, 'title', article.title, 'url', article.url, 'archive_url',
            article.archive_url, 'published', article.published, 'language', article.language, 'genre', article.genre,
            'status', article.status, 'outlet', {_ORGANIZATION.format("outlet")}, 'authors', (
            SELECT json_group_array({_PERSON.format("author")}) FROM authorship
            JOIN person AS author ON author.id = authorship.person_id WHERE authorship.article_id = article.id)))
    AS document
    FROM page JOIN quote ON quote.id = page.id JOIN article ON article.id = quote.article_id
    JOIN organization AS outlet ON outlet.id = article.outlet_id
    LEFT JOIN person AS speaker ON speaker.id = quote.speaker_id
    LEFT JOIN organization AS own ON own.id = quote.organization_id
"""


def _page(page: str) -> str:
    return f"WITH page AS MATERIALIZED ({page}) SELECT {_DOCUMENT} ORDER BY quote.place DESC"


_LATEST = "ORDER BY place DESC LIMIT 25"
QUERIES: dict[str, str] = {
    "topic+stance": _page(
        "SELECT quote_id AS id FROM coding WHERE topic_id = (SELECT id FROM topic WHERE slug = :topic)"
        f" AND stance = :stance {_LATEST}"
    ),
    "organization": _page(
        "SELECT quote_id AS id FROM place WHERE organization_id = (SELECT id FROM organization WHERE slug = :affiliation)"
        f" AND standing = 'current' {_LATEST}"
    ),
    "speaker": _page(
        f"SELECT id FROM quote WHERE speaker_id = (SELECT id FROM person WHERE slug = :speaker) {_LATEST}"
    ),
    "outlet": _page(
        f"SELECT id FROM quote WHERE outlet_id = (SELECT id FROM organization WHERE slug = :outlet) {_LATEST}"
    ),
    "detail": f"WITH page AS (SELECT id FROM quote WHERE uid = :uid) SELECT {_DOCUMENT}",
    # FTS5 has no cap of its own on what is ranked: this is the newest thousand, as the service has it.
    "search+stance": f"""
        WITH page AS MATERIALIZED (
            SELECT rowid AS id, rank FROM spoken WHERE spoken MATCH :q AND rowid IN (
                SELECT quote.id FROM spoken JOIN quote ON quote.id = spoken.rowid WHERE spoken MATCH :q
                AND EXISTS (SELECT 1 FROM coding WHERE coding.quote_id = quote.id AND stance = :stance)
                ORDER BY place DESC LIMIT 1000)
            ORDER BY rank LIMIT 25
        ) SELECT {_DOCUMENT} ORDER BY page.rank
    """,
    "facet topics of outlet": """
        SELECT topic.slug AS value, count(*) AS count FROM coding JOIN topic ON topic.id = topic_id
        WHERE outlet_id = (SELECT id FROM organization WHERE slug = :outlet) AND stance <> 'not_addressed' GROUP BY topic_id
    """,
    "facet topics": """
        SELECT topic.slug AS value, count(*) AS count FROM coding JOIN topic ON topic.id = topic_id
        WHERE stance <> 'not_addressed' GROUP BY topic_id
    """,
}
# No second thread for a single reader, no limit that would cut an answer short, and room for the whole file in memory.
_TUNED = {
    "num_sql_threads": "1",
    "sql_time_limit_ms": "60000",
    "facet_time_limit_ms": "60000",
    "cache_size_kb": "1000000",
}


def candidates(folder: Path, connect: Callable[[], psycopg.Connection[Any]], stamp: str) -> list[Candidate]:
    """Both of them, running. Raises Absent where Datasette is not installed."""
    if not find_spec("datasette"):
        raise Absent("Datasette is not installed (requirements/bench.txt)")
    return [
        _served(folder, connect, stamp, is_tuned=True),
        _served(folder, connect, stamp, is_tuned=False),
    ]


def _served(folder: Path, connect: Callable[[], psycopg.Connection[Any]], stamp: str, *, is_tuned: bool) -> Candidate:
    makers = hashlib.blake2b(Path(sqlite_copy.__file__).read_bytes(), digest_size=4).hexdigest()
    file = folder / f"{stamp}-{makers}-{'tuned' if is_tuned else 'plain'}.db"
    if not file.exists():
        with connect() as source:
            sqlite_copy.make(file.with_suffix(".unfinished"), source, is_tuned=is_tuned)
        file.with_suffix(".unfinished").rename(file)
    end, port = _start(file, folder, is_tuned=is_tuned)
    call = over_http(port)
    if is_tuned:
        ask = _Queries(call, file.stem)
        return Candidate("Datasette, tuned", version("datasette"), frozenset(QUERIES), ask, _read_documents, False, end)
    pages = _Tables(call, file.stem, keys_by_slug(connect))
    known = frozenset((*LISTS, "detail", "facet topics", "facet topics of outlet"))
    return Candidate("Datasette, as it comes", version("datasette"), known, pages, pages.read, False, end)


def _start(file: Path, folder: Path, *, is_tuned: bool) -> tuple[Callable[[], None], int]:
    options: list[str] = []
    if is_tuned:
        queries = {_named(question): {"sql": sql} for question, sql in QUERIES.items()}
        metadata = folder / "datasette.json"
        metadata.write_text(json.dumps({"databases": {file.stem: {"queries": queries}}}))
        options = ["--metadata", str(metadata), "--immutable"]
        options = [part for name, value in _TUNED.items() for part in ("--setting", name, value)] + options
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "datasette",
        "serve",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        *options,
        str(file),
    ]
    return start(command, port, folder / f"{file.stem}.log"), port


class _Queries:
    """Queries with a name, that answer with documents."""

    def __init__(self, call: Call, name: str) -> None:
        self.call, self.name = call, name

    def __call__(self, question: str, asked: Parameters) -> bytes:
        shape = {"_shape": "array"} if question.startswith("facet") else {"_shape": "array", "_json": "document"}
        return self.call(address(f"/{self.name}/{_named(question)}.json", {**asked, **shape}), {})


def _named(question: str) -> str:
    return question.replace("+", "_").replace(" ", "_")


def _read_documents(body: bytes) -> Outcome:
    rows = json.loads(body)
    if rows and "value" in rows[0]:
        return dict(sorted((row["value"], row["count"]) for row in rows))
    return [row["document"]["uid"] for row in rows]


_PAGE = {"_shape": "array", "_sort_desc": "place", "_size": "25"}
_FACET = {"_facet": "topic_id", "_size": "1", "_facet_size": "max", "stance__not": "not_addressed"}


class _Tables:
    """Table pages with filters, which take internal keys: found out beforehand, so that they cost nothing."""

    def __init__(self, call: Call, name: str, keys: Mapping[str, Mapping[str, int]]) -> None:
        self.call, self.name, self.keys = call, name, keys
        self.topics = {str(key): slug for slug, key in keys["topic"].items()}

    def __call__(self, question: str, asked: Parameters) -> bytes:
        table, filters = self._page(question, asked)
        shape = _FACET if question.startswith("facet") else _PAGE
        return self.call(address(f"/{self.name}/{table}.json", {**shape, **filters}), {})

    def _page(self, question: str, asked: Parameters) -> tuple[str, dict[str, str]]:
        """The table, and the filters by column."""
        if question == "topic+stance":
            return "coding", {"topic_id": self._key("topic", asked["topic"]), "stance": asked["stance"]}
        if question == "organization":
            key = self._key("organization", asked["affiliation"])
            return "place", {"organization_id": key, "standing": "current"}
        if question == "speaker":
            return "quote", {"speaker_id": self._key("person", asked["speaker"])}
        if question == "detail":
            return "quote", {"uid": asked["uid"]}
        filters = {"outlet_id": self._key("organization", asked["outlet"])} if "outlet" in asked else {}
        return ("coding" if question.startswith("facet") else "quote"), filters

    def _key(self, table: str, slug: str) -> str:
        return str(self.keys[table][slug])

    def read(self, body: bytes) -> Outcome:
        answer = json.loads(body)
        if isinstance(answer, list):
            return [row["uid"] for row in answer]
        found = answer["facet_results"]["topic_id"]["results"]
        return dict(sorted((self.topics[str(one["value"])], one["count"]) for one in found))


def keys_by_slug(connect: Callable[[], psycopg.Connection[Any]]) -> dict[str, dict[str, int]]:
    with connect() as source:
        return {
            table: dict(source.execute(f"SELECT slug, id FROM peers.{table}").fetchall())
            for table in ("person", "organization", "topic")
        }
