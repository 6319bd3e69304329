"""One batch into the tables: staged by COPY, resolved and inserted by SQL, a handful of statements however many rows."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import orjson
from django.db import connection
from django.utils.text import slugify

from quotes import search
from quotes.datasets.bulk import speakers
from quotes.datasets.bulk.statements import Statement
from quotes.models import Import
from quotes.vocabulary import Genre, QuoteKind, SourceType, Venue, Verification

_STAGED = """
    CREATE TEMP TABLE IF NOT EXISTS import_staged (
        number int, row int, external_id text, utterance text, digest text, text text, segments jsonb, person bigint,
        doubt bigint, label text, probability float8, told jsonb, url text, slug text, title text, published text, language text
    );
    CREATE TEMP TABLE IF NOT EXISTS import_fresh (
        quote bigint, article bigint, root bigint, number int, external_id text, utterance text
    );
    TRUNCATE import_staged, import_fresh;
"""
_ARTICLES = """
    INSERT INTO quotes_article (slug, url, title, published, language, genre, archive_url, status, status_note)
    SELECT DISTINCT ON (url)
        -- Whose address was changed since still has the slug that was made of the old one.
        CASE WHEN EXISTS (SELECT FROM quotes_article AS taken WHERE taken.slug = staged.slug)
            OR EXISTS (SELECT FROM quotes_redirect AS moved WHERE moved.kind = 'article' AND moved.slug = staged.slug)
        THEN staged.slug || '-' || left(md5(random()::text), 12) ELSE staged.slug END,
        url, title, published, language, %s, '', 'current', ''
    FROM import_staged AS staged
    WHERE NOT EXISTS (SELECT FROM quotes_article AS article WHERE article.url = staged.url)
    ORDER BY url, number
    ON CONFLICT (url) DO NOTHING
"""
_FRESH = """
    INSERT INTO import_fresh (quote, article, number, external_id, utterance)
    SELECT nextval(pg_get_serial_sequence('quotes_quote', 'id')), article.id, number, external_id, utterance
    FROM (SELECT * FROM import_staged ORDER BY number) AS staged JOIN quotes_article AS article USING (url)
"""
# The first occurrence of the words is the root of the others: one that came in before, else the first of the batch. The ids of
# one utterance begin alike: `<utterance>@…`; between @ and A nothing else comes, in whatever order the database has letters.
# The array is for the planner, which would walk the whole table in the order of a LIMIT.
_ROOTS = """
    UPDATE import_fresh AS fresh SET root = coalesce(earlier.root, first.quote)
    FROM (SELECT DISTINCT ON (utterance) utterance, quote FROM import_fresh ORDER BY utterance, number) AS first
    CROSS JOIN LATERAL (
        SELECT (array_agg(coalesce(quote.same_utterance_as_id, quote.id) ORDER BY known.id))[1] AS root
        FROM quotes_importedrow AS known JOIN quotes_quote AS quote ON quote.id = known.quote_id
        WHERE known.source = %s AND known.external_id >= first.utterance || '@'
            AND known.external_id < first.utterance || 'A' AND starts_with(known.external_id, first.utterance || '@')
    ) AS earlier
    WHERE fresh.utterance <> '' AND first.utterance = fresh.utterance
"""
# Roots first: what repeats them refers to them.
_QUOTES = """
    INSERT INTO quotes_quote (
        id, article_id, text, segments, kind, source_type, speaker_id, source_label, status, created_by_id, same_utterance_as_id,
        speaks_for_organization, cue, framing, venue, verification, verification_note, withdrawn_reason
    )
    SELECT fresh.quote, fresh.article, staged.text, staged.segments, %s,
        CASE WHEN staged.person IS NULL THEN %s ELSE %s END, staged.person, staged.label, %s, %s,
        nullif(fresh.root, fresh.quote), false, '', '', %s, %s, '', ''
    FROM import_fresh AS fresh JOIN import_staged AS staged USING (number)
    WHERE (coalesce(fresh.root, fresh.quote) <> fresh.quote) = %s
    ORDER BY fresh.number
"""
_ROWS = """
    INSERT INTO quotes_importedrow (batch_id, source, external_id, row, digest, quote_id, probability, told, doubt_id)
    SELECT %s, %s, staged.external_id, staged.row, staged.digest, fresh.quote, staged.probability, staged.told, staged.doubt
    FROM import_fresh AS fresh JOIN import_staged AS staged USING (number)
    ORDER BY fresh.number
"""


def write(statements: Iterable[Statement], batch: Import, *, status: str) -> int:
    """Make what is new; returns the number of quotes. The caller is in a transaction, under the imports' lock.

    What came in before is left as it is, whatever it says now.
    """
    new = _new(statements, batch.source)
    places = iter(speakers.place([one.speaker for one in new if one.speaker], batch))
    nowhere = speakers.Place()
    with connection.cursor() as cursor:
        cursor.execute(_STAGED)
        with cursor.cursor.copy("COPY import_staged FROM STDIN") as copy:
            for number, one in enumerate(new):
                copy.write_row(_staged(number, one, next(places) if one.speaker else nowhere))
        cursor.execute("ANALYZE import_staged (number, external_id, url, utterance)")
        cursor.execute(_ARTICLES, [Genre.NEWS])
        cursor.execute(_FRESH)
        cursor.execute("ANALYZE import_fresh (number, utterance)")
        cursor.execute(_ROOTS, [batch.source])
        common = (QuoteKind.DIRECT, SourceType.UNNAMED, SourceType.PERSON, status, batch.created_by_id)
        for repeats in (False, True):
            cursor.execute(_QUOTES, [*common, Venue.UNSPECIFIED, Verification.UNVERIFIED, repeats])
        cursor.execute(_ROWS, [batch.pk, batch.source])
    return len(new)


def forget() -> None:
    """Drop the tables of the last batch, where the session lives on."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS import_staged, import_fresh")


def _new(statements: Iterable[Statement], source: str) -> list[Statement]:
    """Those that are not in yet, the first of each id."""
    first: dict[str, Statement] = {}
    for one in statements:
        first.setdefault(one.external_id, one)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT external_id FROM quotes_importedrow WHERE source = %s AND external_id = ANY(%s)",
            [source, list(first)],
        )
        for (known,) in cursor:
            del first[known]
    return list(first.values())


def _staged(number: int, one: Statement, place: speakers.Place) -> tuple[object, ...]:
    return (
        number,
        one.row,
        one.external_id,
        one.utterance,
        one.digest,
        one.text,
        orjson.dumps(one.segments).decode(),
        place.person,
        place.doubt,
        # As long as nobody has decided, the name is what there is to go by.
        one.speaker.name if one.speaker and place.person is None else "",
        one.probability,
        orjson.dumps(one.told).decode() if one.told else None,
        one.url,
        article_slug(one.title, one.url),
        # Where the source has no title, the address is the one honest name.
        one.title or one.url[:500],
        one.published,
        one.language,
    )


def article_slug(title: str, url: str) -> str:
    """A slug for an article that a machine found, the same each time.

    >>> article_slug("The vote", "https://gazette.example/vote")
    'the-vote-509087ad1915f5d8'
    """
    plain = slugify(search.fold(title[:80])).replace("_", "-").strip("-") if title else ""
    digest = hashlib.sha256(url.encode()).hexdigest()[:16]
    return f"{plain[:60].strip('-') or 'article'}-{digest}"
