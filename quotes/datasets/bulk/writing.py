"""One batch into the tables: staged by COPY, resolved and inserted by SQL, a handful of statements however many rows."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import orjson
from django.db import connection
from django.utils.text import slugify

from quotes import search
from quotes.datasets.bulk import speakers
from quotes.datasets.bulk.looking import kept_once
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
# What came in before is left as it is.
_KNOWN_LEFT = """
    DELETE FROM import_staged AS staged USING quotes_importedrow AS known
    WHERE known.source = %s AND known.external_id = staged.external_id
"""
_ARTICLES = """
    INSERT INTO quotes_article (slug, url, title, published, language, genre, archive_url, status, status_note)
    SELECT DISTINCT ON (url) slug, url, title, published, language, %s, '', 'current', ''
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
# one utterance begin alike: `<utterance>`, `<utterance>@…`.
_ROOTS = """
    UPDATE import_fresh AS fresh SET root = coalesce(
        (SELECT coalesce(quote.same_utterance_as_id, quote.id)
            FROM quotes_importedrow AS known JOIN quotes_quote AS quote ON quote.id = known.quote_id
            WHERE known.source = %s AND (known.external_id = fresh.utterance
                OR known.external_id >= fresh.utterance || '@' AND known.external_id < fresh.utterance || 'A'
                    AND starts_with(known.external_id, fresh.utterance || '@'))
            ORDER BY known.id LIMIT 1),
        first.quote)
    FROM (SELECT DISTINCT ON (utterance) utterance, quote FROM import_fresh ORDER BY utterance, number) AS first
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
    """Make what is new; returns the number of quotes. The caller is in a transaction, under the imports' lock."""
    once = kept_once(statements)
    places = speakers.place({one.speaker for one in once if one.speaker}, batch)
    nowhere = speakers.Place()
    with connection.cursor() as cursor:
        cursor.execute(_STAGED)
        with cursor.cursor.copy("COPY import_staged FROM STDIN") as copy:
            for number, one in enumerate(once):
                copy.write_row(_staged(number, one, places[one.speaker] if one.speaker else nowhere))
        cursor.execute("ANALYZE import_staged (number, external_id, url, utterance)")
        cursor.execute(_KNOWN_LEFT, [batch.source])
        cursor.execute(_ARTICLES, [Genre.NEWS])
        cursor.execute(_FRESH)
        made: int = cursor.rowcount
        cursor.execute("ANALYZE import_fresh (number, utterance)")
        cursor.execute(_ROOTS, [batch.source])
        common = (QuoteKind.DIRECT, SourceType.UNNAMED, SourceType.PERSON, status, batch.created_by_id)
        for repeats in (False, True):
            cursor.execute(_QUOTES, [*common, Venue.UNSPECIFIED, Verification.UNVERIFIED, repeats])
        cursor.execute(_ROWS, [batch.pk, batch.source])
    return made


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
    'the-vote-5b9bbf3bd0c0b1f8'
    """
    plain = slugify(search.fold(title[:80])).replace("_", "-").strip("-") if title else ""
    digest = hashlib.sha256(url.encode()).hexdigest()[:16]
    return f"{plain[:80].strip('-') or 'article'}-{digest}"
