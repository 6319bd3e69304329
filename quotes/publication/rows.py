"""Writes published rows, and tells which stored rows are not what they must be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection, models

from quotes import search
from quotes.publication.models import PublishedCoding, PublishedEntity, PublishedQuote
from quotes.publication.projection import VERSION

BATCH = 500
_VECTOR = search.vector({"A": "new.names", "B": "new.words"})

# What a row of each table holds, besides its key, its stamps and its search vector.
COLUMNS: dict[type[models.Model], tuple[str, ...]] = {
    PublishedQuote: (
        "uid",
        "document",
        "record",
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
    ),
    PublishedEntity: (
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
    ),
    PublishedCoding: (
        "quote_key",
        "uid",
        "topic",
        "stance",
        "certainty",
        "coder",
        "round",
        "is_final",
        "justification",
        "codebook_version",
        "document",
        "facets",
    ),
}

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


def write(model: type[models.Model], projections: Sequence[Any], *, is_forced: bool) -> int:
    """Write the rows that are new or changed; returns how many. `is_forced` compares every column, not digests."""
    if not projections:
        return 0
    unchanged = _unchanged(model, projections, is_forced=is_forced)
    written = [row for row in projections if row.pk not in unchanged]
    if written:
        stamps = {"change": "publication_next_change()", "version": str(VERSION)}
        if _is_searched(model):
            stamps |= {"modified": "clock_timestamp()", "search": _VECTOR}
        upsert(model, written, [*COLUMNS[model], "digest"], stamps)
    return len(written)


def _is_searched(model: type[models.Model]) -> bool:
    return model is not PublishedCoding


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
    columns = [*COLUMNS[model], "digest", "version"]
    stored = {row[0]: row[1:] for row in _stored(model, projections, columns)}
    misfits = _with_other_search(model, projections) if _is_searched(model) else set()
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
    key = model._meta.pk.column
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT stored.{key} FROM {model._meta.db_table} AS stored
            JOIN unnest(%s::bigint[], %s::text[], %s::text[]) AS new (key, names, words) ON stored.{key} = new.key
            WHERE stored.search IS DISTINCT FROM {_VECTOR}
            """,  # noqa: S608 - table and column are the model's own
            [[row.pk for row in projections], *_texts(projections)],
        )
        return {row[0] for row in cursor.fetchall()}


def _texts(projections: Sequence[Any]) -> list[list[str]]:
    """The columns `names` and `words` that _VECTOR is made of."""
    return [[search.fold(row.names) for row in projections], [search.fold(row.words) for row in projections]]


def upsert(
    model: type[models.Model], rows: Sequence[Any], columns: Sequence[str], stamps: Mapping[str, str] | None = None
) -> None:
    """Insert the rows, or update the columns of those whose key is there: one statement, whatever their number.

    `stamps`: further columns, and the SQL of their values. (`bulk_create` took three times as long: it compiles an expression
    for each value that is computed.)
    """
    stamps = stamps or {}
    fields: list[Any] = [model._meta.pk, *(model._meta.get_field(name) for name in columns)]
    values: list[Any] = [[_prepared(field, row) for row in rows] for field in fields]
    names, types = [str(field.column) for field in fields], [str(field.db_type(connection)) for field in fields]
    # An array of arrays would be flattened: each goes in as text. And a cast to varchar(20) would cut in silence.
    taken = ["text" if kind.endswith("[]") or kind.startswith("varchar") else kind for kind in types]
    given = [f"new.{name}" + f"::{kind}" * kind.endswith("[]") for name, kind in zip(names, types, strict=True)]
    if "search" in stamps:
        values, names, taken = [*values, *_texts(rows)], [*names, "names", "words"], [*taken, "text", "text"]
    written = [*names[: len(fields)], *stamps]
    sql = f"""
        INSERT INTO {model._meta.db_table} ({", ".join(written)})
        SELECT {", ".join([*given, *stamps.values()])}
        FROM unnest({", ".join(f"%s::{kind}[]" for kind in taken)}) AS new ({", ".join(names)})
        ON CONFLICT ({names[0]}) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in written[1:])}
    """  # noqa: S608 - tables, columns and stamps are the models' and this package's own; values are parameters
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def _prepared(field: Any, row: Any) -> Any:
    value = getattr(row, "pk" if field.primary_key else field.name)
    return f"{{{','.join(map(str, value))}}}" if isinstance(value, list) else value


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
