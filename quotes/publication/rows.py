"""Writes published rows, and tells which stored rows are not what they must be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection, models
from django.db.models import Func

from quotes import search
from quotes.publication.entities import EntityProjection
from quotes.publication.models import PublishedEntity, PublishedQuote
from quotes.publication.projection import VERSION, Projection

BATCH = 500

QUOTE_COLUMNS = (
    "uid",
    "document",
    "facets",
    "mentions",
    "listed",
    "utterance",
    "dated_start",
    "dated_end",
    "said_start",
    "said_end",
    "published_start",
    "published_end",
)
ENTITY_COLUMNS = (
    "kind",
    "key",
    "slug",
    "wikidata_id",
    "name",
    "sort_key",
    "document",
    "facets",
    "counted",
    "published_start",
    "published_end",
)
_STAMPS = ("search", "change", "modified", "version", "digest")

# Codes whose kept total is not what the rows say: (code, kept, counted).
WRONG_TOTALS = """
    WITH counted AS (
        SELECT code, count(*) AS quotes FROM (
            SELECT unnest(facets) AS code FROM publication_publishedquote WHERE listed
            UNION ALL SELECT unnest(mentions) FROM publication_publishedquote
        ) AS part GROUP BY code
    )
    SELECT code, coalesce(total.quotes, 0), coalesce(counted.quotes, 0)
    FROM publication_total AS total FULL JOIN counted USING (code)
    WHERE coalesce(total.quotes, 0) <> coalesce(counted.quotes, 0)
"""


def write_quotes(projections: Sequence[Projection], *, is_forced: bool) -> int:
    """Write the rows that are new or changed; returns how many. `is_forced` compares every column, not digests."""
    unchanged = _unchanged(PublishedQuote, projections, is_forced=is_forced)
    rows = [
        PublishedQuote(
            id=row.id,
            search=search.vector({"A": row.names, "B": row.words}),
            **_stamps(row.digest),
            **{column: getattr(row, column) for column in QUOTE_COLUMNS},
        )
        for row in projections
        if row.pk not in unchanged
    ]
    upsert(PublishedQuote, rows, [*QUOTE_COLUMNS, *_STAMPS])
    return len(rows)


def write_entities(projections: Sequence[EntityProjection], *, is_forced: bool) -> None:
    """Write the rows of entities that are new or changed, as `write_quotes` does."""
    unchanged = _unchanged(PublishedEntity, projections, is_forced=is_forced)
    rows = [
        PublishedEntity(
            code=row.code,
            search=search.vector({"A": row.names, "B": row.words}),
            **_stamps(row.digest),
            **{column: getattr(row, column) for column in ENTITY_COLUMNS},
        )
        for row in projections
        if row.pk not in unchanged
    ]
    upsert(PublishedEntity, rows, [*ENTITY_COLUMNS, *_STAMPS])


def _unchanged(model: Any, projections: Sequence[Any], *, is_forced: bool) -> set[int]:
    """Keys of rows that are what they must be: by their digest, or (forced, which trusts nothing) column by column."""
    if is_forced:
        wrong = differences(model, projections)
        return {row.pk for row in projections} - wrong.keys()
    digests = {row.pk: row.digest for row in projections}
    stored = model.objects.filter(pk__in=digests.keys(), version=VERSION).values_list("pk", "digest")
    return {key for key, stored_digest in stored if bytes(stored_digest) == digests[key]}


def differences(model: Any, projections: Sequence[Any]) -> dict[int, list[str]]:
    """Of each stored row that is not as projected, the names of the columns that differ ("row" where there is none)."""
    columns = [*(QUOTE_COLUMNS if model is PublishedQuote else ENTITY_COLUMNS), "digest", "version"]
    stored = {row[0]: row[1:] for row in _stored(model, projections, columns)}
    misfits = _with_other_search(model, projections)
    wrong: dict[int, list[str]] = {}
    for row in projections:
        if row.pk not in stored:
            wrong[row.pk] = ["row"]
            continue
        expected = [VERSION if column == "version" else getattr(row, column) for column in columns]
        different = [
            column
            for column, is_value, must_be in zip(columns, stored[row.pk], expected, strict=True)
            if (bytes(is_value) if column == "digest" else is_value) != must_be
        ] + (["search"] if row.pk in misfits else [])
        if different:
            wrong[row.pk] = different
    return wrong


def _stored(model: Any, projections: Sequence[Any], columns: Sequence[str]) -> Any:
    return model.objects.filter(pk__in=[row.pk for row in projections]).values_list("pk", *columns)


def _with_other_search(model: Any, projections: Sequence[Any]) -> set[int]:
    """Keys of the stored rows whose search vector is not that of their texts."""
    texts = [(row.pk, search.fold(row.names), search.fold(row.words)) for row in projections]
    key = model._meta.pk.column
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT stored.{key} FROM {model._meta.db_table} AS stored
            JOIN unnest(%s::bigint[], %s::text[], %s::text[]) AS expected(key, names, words) ON stored.{key} = expected.key
            WHERE stored.search IS DISTINCT FROM
                setweight(to_tsvector(%s::regconfig, names), 'A') || setweight(to_tsvector(%s::regconfig, words), 'B')
            """,  # noqa: S608 - table and column are the model's own
            [*(list(column) for column in zip(*texts, strict=True)), search.CONFIG, search.CONFIG]
            if texts
            else [[], [], [], search.CONFIG, search.CONFIG],
        )
        return {row[0] for row in cursor.fetchall()}


def _stamps(row_digest: bytes) -> dict[str, Any]:
    return {
        "change": Func(function="publication_next_change"),
        "modified": Func(function="clock_timestamp"),
        "version": VERSION,
        "digest": row_digest,
    }


def upsert(model: type[models.Model], rows: list[Any], columns: list[str]) -> None:
    """Insert the rows, or update the columns of those whose key is there."""
    key = model._meta.pk.name
    model._default_manager.bulk_create(
        rows, update_conflicts=True, unique_fields=[key], update_fields=columns, batch_size=BATCH
    )


def recount() -> None:
    """Set right every total that is wrong. The publication's lock must be held."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO publication_total (code, quotes)
            SELECT code, counted FROM ({WRONG_TOTALS}) AS wrong (code, kept, counted)
            ON CONFLICT (code) DO UPDATE SET quotes = excluded.quotes
            """  # noqa: S608 - this module's own SQL, without values
        )
