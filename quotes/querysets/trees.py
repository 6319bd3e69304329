"""Rows that paging can begin in, and those that stand above and below one another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

from django.core.exceptions import EmptyResultSet
from django.db import models
from django.db.models import BooleanField, F, Func, Value
from django.db.models.expressions import RawSQL


class PagedQuerySet(models.QuerySet[Any]):
    """Rows that keyset paging can begin anywhere in."""

    def beyond(self, keys: Sequence[str], values: Sequence[Any], *, descending: bool) -> Self:
        """Rows that come after `values` in the order of `keys`: one row comparison, which an index can answer."""
        left = Func(*(F(key) for key in keys), template="(%(expressions)s)")
        right = Func(*(Value(value) for value in values), template="(%(expressions)s)")
        comparison = Func(
            left,
            right,
            template="(%(expressions)s)",
            arg_joiner=" < " if descending else " > ",
            output_field=BooleanField(),
        )
        return self.filter(comparison)


class TreeQuerySet(PagedQuerySet):
    """Rows with a `parent`."""

    def with_descendants(self) -> Self:
        """These rows and everything below them: one recursive query, however deep and wide."""
        return self._walk("tree.parent_id = walk.id")

    def with_ancestors(self) -> Self:
        """These rows and everything above them, in one recursive query."""
        return self._walk("tree.id = walk.parent_id")

    def _walk(self, step: str, *columns: str) -> Self:
        columns = ("id", "parent_id", *columns)
        try:
            roots, parameters = self.order_by().values(*columns).query.sql_with_params()
        except EmptyResultSet:
            return self.none()
        table = self.model._meta.db_table
        sql = f"""
            WITH RECURSIVE walk({", ".join(columns)}) AS (
                SELECT * FROM ({roots}) AS root
                UNION
                SELECT {", ".join(f"tree.{column}" for column in columns)} FROM {table} AS tree JOIN walk ON {step}
            ) SELECT id FROM walk
        """  # noqa: S608 - table, columns and step are this module's own; the roots' values are parameters
        return self.model._default_manager.filter(pk__in=RawSQL(sql, parameters))  # noqa: S611 - as above
