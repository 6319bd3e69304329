"""Where words stand: articles, bylines, snapshots, old addresses, and what was brought in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q

from quotes.querysets import alike
from quotes.querysets.trees import PagedQuerySet

if TYPE_CHECKING:
    from quotes.models import (
        Article,
        Import,
        ImportedRow,
        Redirect,
    )


class ArticleQuerySet(PagedQuerySet):
    def get_by_natural_key(self, slug: str) -> Article:
        return self.get(slug=slug)

    def alike(self) -> Self:
        """Articles that may be one: of one outlet, with one title on one day or the very same text."""
        return self.filter(pk__in=alike.articles())


class AuthorshipManager(models.Manager[Any]):
    def get_by_natural_key(self, article: str, person: str) -> Any:
        return self.get(article__slug=article, person__slug=person)


class SnapshotQuerySet(PagedQuerySet):
    def told_by_hash(self) -> Self:
        """Without their texts, which are long; `is_kept` says whether there is one."""
        return self.defer("text").annotate(is_kept=Q(text__isnull=False))

    def get_by_natural_key(self, article: str, sha256: str) -> Any:
        return self.get(article__slug=article, sha256=sha256)


class RedirectManager(models.Manager["Redirect"]):
    def target_of(self, kind: str | None, slug: str) -> str:
        """Where an old slug leads; empty where it is none."""
        return self.filter(kind=kind, slug=slug).values_list("target", flat=True).first() or ""

    def get_by_natural_key(self, kind: str, slug: str) -> Redirect:
        return self.get(kind=kind, slug=slug)


class ImportManager(models.Manager["Import"]):
    def get_by_natural_key(self, uid: str) -> Import:
        return self.get(uid=uid)


class ImportedRowManager(models.Manager["ImportedRow"]):
    def get_by_natural_key(self, source: str, external_id: str) -> ImportedRow:
        return self.get(source=source, external_id=external_id)
