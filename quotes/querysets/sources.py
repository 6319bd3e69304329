"""Where words stand: articles, bylines, snapshots, old addresses, and what was brought in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Exists, F, FloatField, OuterRef, Q, Value
from django.db.models.functions import Sign, StrIndex

from quotes.querysets import alike
from quotes.querysets.trees import PagedQuerySet
from quotes.vocabulary import Status

if TYPE_CHECKING:
    from quotes.models import (
        Article,
        Redirect,
    )


class ArticleQuerySet(PagedQuerySet):
    def get_by_natural_key(self, slug: str) -> Article:
        return self.get(slug=slug)

    def alike(self) -> Self:
        """Articles that may be one: of one outlet, with one title on one day or the very same text."""
        return self.filter(pk__in=alike.articles())

    def at_host(self, host: str, plain: str) -> Self:
        """Articles whose address has this host and this piece of a path in it."""
        return self.filter(url__icontains=host).filter(url__icontains=plain)

    def outlets(self) -> models.QuerySet[Any, Any]:
        """The names of their outlets, each once."""
        return (
            self.filter(outlet__isnull=False).order_by("outlet__name").values_list("outlet__name", flat=True).distinct()
        )

    def readable(self) -> Self:
        """Articles of which a text is kept, so that words can be marked in it."""
        return self.filter(Exists(self._of("snapshots").filter(article=OuterRef("pk"), text__isnull=False)))

    def with_drafts_of(self, user: Any) -> Self:
        """Articles with quotes that the user entered and has not handed in yet."""
        drafts = self._of("quotes").filter(article=OuterRef("pk"), created_by=user.pk, status=Status.DRAFT)
        return self.filter(Exists(drafts))

    def _of(self, relation: str) -> Any:
        """All rows of a model that refers to articles, which this module cannot import."""
        field: Any = self.model._meta.get_field(relation)
        return field.related_model._default_manager.all()


class AuthorshipManager(models.Manager[Any]):
    def get_by_natural_key(self, article: str, person: str) -> Any:
        return self.get(article__slug=article, person__slug=person)


class SnapshotQuerySet(PagedQuerySet):
    def told_by_hash(self) -> Self:
        """Without their texts, which are long; `is_kept` says whether there is one."""
        return self.defer("text").annotate(is_kept=Q(text__isnull=False))

    def sharing(self, words: Sequence[str], *, least: int) -> Self:
        """Snapshots whose text has at least so many of these pieces, to the letter; those with most of them first."""
        found = [Sign(StrIndex(F("text"), Value(piece))) for piece in words]
        shared = sum(found, start=Value(0, output_field=FloatField()))
        return (
            self.filter(text__isnull=False).annotate(shared=shared).filter(shared__gte=least).order_by("-shared", "-pk")
        )

    def get_by_natural_key(self, article: str, sha256: str) -> Any:
        return self.get(article__slug=article, sha256=sha256)


class RedirectManager(models.Manager["Redirect"]):
    def target_of(self, kind: str | None, slug: str) -> str:
        """Where an old slug leads; empty where it is none."""
        return self.filter(kind=kind, slug=slug).values_list("target", flat=True).first() or ""

    def get_by_natural_key(self, kind: str, slug: str) -> Redirect:
        return self.get(kind=kind, slug=slug)
