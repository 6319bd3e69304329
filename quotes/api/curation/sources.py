"""Where words stand: articles with their authors, and snapshots of their text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.urls import reverse
from django.utils.dateparse import parse_datetime
from rest_framework.exceptions import NotFound

from quotes.api.curation import records, shapes
from quotes.api.curation.actors import BY_SLUG
from quotes.api.curation.references import resolve
from quotes.api.curation.views import Collection, Item, RecordsView
from quotes.api.problems import BadBody
from quotes.curation import add_snapshot, save_article
from quotes.models import Article, Organization, Person, Snapshot
from quotes.publication.paging import Order

# A long text, and what JSON makes of it.
MOST_BYTES = 5 << 20


class Articles(RecordsView):
    model = Article
    shape: ClassVar[type] = shapes.ArticleRecord
    members: ClassVar[type] = shapes.ArticleMembers

    def rows(self) -> Any:
        return Article.objects.select_related("outlet").prefetch_related("authorships__person")

    def record(self, row: Article) -> Mapping[str, Any]:
        return records.article_record(row)

    def address(self, row: Article) -> str:
        return reverse("curation-article", args=[row.slug])

    def save(self, row: Article, body: dict[str, Any]) -> Article:
        changes = resolve(body, {"outlet": Organization, "authors": Person})
        authors = changes.pop("authors", None)
        return save_article(article=row, changes=changes, authors=authors, actor=self.user)


class ArticleList(Articles, Collection):
    """Articles."""

    order = BY_SLUG


class ArticleItem(Articles, Item):
    """An article."""


class Snapshots(RecordsView):
    model = Snapshot
    members: ClassVar[type] = shapes.SnapshotMembers
    most_bytes = MOST_BYTES

    def rows(self) -> Any:
        return Snapshot.objects.select_related("article").told_by_hash()

    def find(self, rows: Any, **place: Any) -> Any:
        return rows.filter(article__slug=place["slug"], sha256=place["sha256"]).first()

    def address(self, row: Snapshot) -> str:
        return reverse("curation-snapshot", args=[row.article.slug, row.sha256])

    def save(self, row: Snapshot, body: dict[str, Any]) -> Snapshot:
        retrieved_at = _moment(body["retrieved_at"]) if "retrieved_at" in body else None
        return add_snapshot(article=row.article, text=body["text"], retrieved_at=retrieved_at, actor=self.user)


class SnapshotList(Snapshots, Collection):
    """The snapshots of an article, by hash, without their texts."""

    shape: ClassVar[type] = shapes.SnapshotRecord
    order = Order(("sha256",), descending=False)

    def record(self, row: Snapshot) -> Mapping[str, Any]:
        return records.snapshot_record(row)

    def listed(self, **place: Any) -> Any:
        return self.rows().filter(article=_article(place["slug"]))

    def new(self, **place: Any) -> Snapshot:
        return Snapshot(article=_article(place["slug"]))


class SnapshotItem(Snapshots, Item):
    """A snapshot with its text. It never changes: another text is another snapshot."""

    shape: ClassVar[type] = shapes.SnapshotTextRecord
    http_method_names = ("get", "head", "delete", "options")

    def record(self, row: Snapshot) -> Mapping[str, Any]:
        return records.snapshot_text_record(row)


def _article(slug: str) -> Article:
    article = Article.objects.filter(slug=slug).first()
    if article is None:
        raise NotFound("There is no such article.")
    return article


def _moment(text: str) -> Any:
    """A moment with its zone. Raises BadBody."""
    try:
        moment = parse_datetime(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        said = f"{text[:40]!r} is not a time such as 2025-03-04T10:00:00Z."
        raise BadBody.of("invalid", said, param="retrieved_at")
    return moment
