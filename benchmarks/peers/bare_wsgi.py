"""A WSGI application of one function, one connection and one statement a request: PostgreSQL makes the JSON.

As little as a service can do and still answer: no validation, no limits, no ETag, no `applied`, no citation in the documents.
What a request is answered with is `SELECTS[question]`, with the values of its parameters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qsl

import psycopg

ORGANIZATION = "json_build_object('slug', {0}.slug, 'name', {0}.name, 'short_name', {0}.short_name, 'kind', {0}.kind)"
PERSON = "json_build_object('slug', {0}.slug, 'name', {0}.name)"
# The documents of the quotes in `page`, in its order.
DOCUMENT = f"""
    json_build_object(
        'uid', quote.uid, 'text', quote.text, 'kind', quote.kind, 'source_type', quote.source_type,
        'source_label', quote.source_label, 'cue', quote.cue, 'framing', quote.framing, 'venue', quote.venue,
        'said_on', quote.said_on, 'dated_start', quote.dated_start, 'verification', quote.verification,
        'speaks_for_organization', quote.speaks_for_organization, 'segments', quote.segments::json,
        'speaker', CASE WHEN speaker.id IS NOT NULL THEN {PERSON.format("speaker")} END,
        'organization', CASE WHEN organization.id IS NOT NULL THEN {ORGANIZATION.format("organization")} END,
        'affiliations', coalesce((
            SELECT json_agg(json_build_object('role', capacity.role, 'role_as_stated', capacity.role_as_stated,
                'standing', capacity.standing, 'is_primary', capacity.is_primary, 'organization', {ORGANIZATION.format("at")})
                ORDER BY NOT capacity.is_primary)
            FROM peers.capacity JOIN peers.organization AS at ON at.id = capacity.organization_id
            WHERE capacity.quote_id = quote.id), '[]'),
        'stances', coalesce((
            SELECT json_agg(json_build_object('stance', coding.stance, 'certainty', coding.certainty, 'topic',
                json_build_object('slug', topic.slug, 'name', topic.name, 'proposition', topic.proposition))
                ORDER BY topic.slug)
            FROM peers.coding JOIN peers.topic ON topic.id = coding.topic_id WHERE coding.quote_id = quote.id), '[]'),
        'article', json_build_object('slug', article.slug, 'title', article.title, 'url', article.url,
            'archive_url', article.archive_url, 'published', article.published, 'language', article.language,
            'genre', article.genre, 'status', article.status, 'outlet', {ORGANIZATION.format("outlet")}, 'authors', (
            SELECT json_agg({PERSON.format("author")} ORDER BY authorship.position)
            FROM peers.authorship JOIN peers.person AS author ON author.id = authorship.person_id
            WHERE authorship.article_id = article.id)))
"""
FROM_PAGE = """
    FROM page JOIN peers.quote ON quote.id = page.id
    JOIN peers.article ON article.id = quote.article_id
    JOIN peers.organization AS outlet ON outlet.id = article.outlet_id
    LEFT JOIN peers.person AS speaker ON speaker.id = quote.speaker_id
    LEFT JOIN peers.organization ON organization.id = quote.organization_id
"""


def documents(page: str, order: str = "quote.dated_start DESC, quote.uid DESC") -> str:
    """The statement that answers with the documents of the quotes whose ids `page` selects."""
    return f"""
        WITH page AS MATERIALIZED ({page})
        SELECT json_build_object('results', coalesce(json_agg({DOCUMENT} ORDER BY {order}), '[]'))::text {FROM_PAGE}
    """


LATEST = "ORDER BY dated_start DESC, uid DESC LIMIT 25"
OF_SPEAKER = "speaker_id = (SELECT id FROM peers.person WHERE slug = %(speaker)s)"
OF_OUTLET = "outlet_id = (SELECT id FROM peers.organization WHERE slug = %(outlet)s)"
ON_TOPIC = "topic_id = (SELECT id FROM peers.topic WHERE slug = %(topic)s) AND stance = %(stance)s"
AT = "organization_id = (SELECT id FROM peers.organization WHERE slug = %(affiliation)s) AND standing = 'current'"
MATCHES = "search @@ websearch_to_tsquery('english', %(q)s)"
BY_RANK = "ts_rank_cd(quote.search, websearch_to_tsquery('english', %(q)s)) DESC, quote.uid DESC"
COUNTED = "SELECT json_build_object('facets', json_object_agg(slug, count))::text FROM ({}) AS counted"

SELECTS: dict[str, str] = {
    "topic+stance": documents(f"SELECT quote_id AS id FROM peers.coding WHERE {ON_TOPIC} {LATEST}"),
    "organization": documents(f"SELECT quote_id AS id FROM peers.place WHERE {AT} {LATEST}"),
    "speaker": documents(f"SELECT id FROM peers.quote WHERE {OF_SPEAKER} {LATEST}"),
    "outlet": documents(f"SELECT id FROM peers.quote WHERE {OF_OUTLET} {LATEST}"),
    "detail": f"""
        WITH page AS MATERIALIZED (SELECT id FROM peers.quote WHERE uid = %(uid)s::uuid)
        SELECT {DOCUMENT}::text {FROM_PAGE}
    """,
    "search+stance": documents(
        f"""
        SELECT id FROM (
            SELECT quote.id, quote.search, quote.uid FROM peers.quote
            WHERE {MATCHES} AND EXISTS (
                SELECT FROM peers.coding WHERE coding.quote_id = quote.id AND stance = %(stance)s)
            {LATEST.replace("25", "1000")}
        ) AS quote ORDER BY {BY_RANK} LIMIT 25
        """,
        BY_RANK,
    ),
    "facet topics of outlet": COUNTED.format(
        f"""
        SELECT topic.slug, count(*) FROM peers.quote JOIN peers.coding ON coding.quote_id = quote.id
        JOIN peers.topic ON topic.id = coding.topic_id WHERE {OF_OUTLET} AND stance <> 'not_addressed' GROUP BY topic.slug
        """
    ),
    "facet topics": COUNTED.format(
        """
        SELECT topic.slug, counted.count FROM (
            SELECT topic_id, count(*) FROM peers.coding WHERE stance <> 'not_addressed' GROUP BY topic_id
        ) AS counted JOIN peers.topic ON topic.id = counted.topic_id
        """
    ),
}


def application(connect: Callable[[], psycopg.Connection[Any]]) -> Callable[..., Iterable[bytes]]:
    """The application, with its one connection. The path names the question."""
    connection = connect()
    connection.prepare_threshold = 0

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        values = dict(parse_qsl(environ["QUERY_STRING"]))
        row = connection.execute(SELECTS[environ["PATH_INFO"].strip("/")], values).fetchone()
        body = (row[0] if row else "null").encode()
        start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
        return [body]

    return answer
