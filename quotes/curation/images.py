"""Rows as they stand in their tables: read whole, and put back, by PostgreSQL itself, so that no type loses anything.

An image is a row as JSON, value by column, the primary key and what triggers have filled in included.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.db import connection, models
from django.db.models import JSONField, Q
from django.db.models.expressions import RawSQL

Image = dict[str, Any]


def read(model: type[models.Model], rows: Q, *, is_locked: bool = True) -> dict[int, Image]:
    """The images of the rows by primary key; locked, in the keys' order, to the end of the transaction unless told otherwise."""
    # The condition stands in a subquery: a lock is taken on the rows themselves, and on nothing that they are joined to.
    found = model._base_manager.filter(pk__in=model._base_manager.filter(rows).order_by().values("pk"))
    image = RawSQL(f'to_jsonb("{model._meta.db_table}")', (), output_field=JSONField())  # noqa: S611 - a table of ours
    images = (found.select_for_update() if is_locked else found).order_by("pk").annotate(image=image)
    return dict(images.values_list("pk", "image"))


def insert(model: type[models.Model], images: Iterable[Image]) -> None:
    """Rows that are not there any more, as they were. Columns that the table has lost since are left out."""
    if not (rows := list(images)):
        return
    table, columns = model._meta.db_table, _columns(model, rows[0])
    listed = ", ".join(f'"{column}"' for column in columns)
    _run(
        f'INSERT INTO "{table}" ({listed}) SELECT {listed} FROM jsonb_populate_recordset(NULL::"{table}", %s)',  # noqa: S608 - names of ours
        rows,
    )


def update(model: type[models.Model], images: Iterable[Image], columns: Iterable[str]) -> None:
    """These columns of rows that are there, as they were: one statement, so that no state between is ever checked."""
    table, changed = model._meta.db_table, _columns(model, columns)
    if not changed or not (rows := list(images)):
        return
    values = ", ".join(f'"{column}" = image."{column}"' for column in changed)
    _run(
        f'UPDATE "{table}" SET {values} FROM jsonb_populate_recordset(NULL::"{table}", %s) AS image'  # noqa: S608 - names of ours
        f' WHERE "{table}".id = image.id',
        rows,
    )


def _columns(model: type[models.Model], named: Iterable[str]) -> list[str]:
    return sorted({field.column for field in model._meta.concrete_fields if field.column} & set(named))


def _run(sql: str, rows: list[Image]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, [json.dumps(rows)])
