"""Which article a row's words stand in: the one with its address, or a new one as the table describes it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields

from quotes.datasets.importing.entries import Entry
from quotes.datasets.importing.matching import Record
from quotes.datasets.importing.refusals import CellError, shown
from quotes.models import Article
from quotes.models.slugs import free_slugs
from quotes.vocabulary import EntityKind


@dataclass(frozen=True, slots=True)
class Description:
    """What rows say of an article. Rows of one article may leave out what another of them says."""

    article_title: str
    outlet: str
    outlet_name: str
    published: str | None
    language: str
    genre: str
    archive_url: str


@dataclass(frozen=True, slots=True)
class ArticleRecord:
    """An article: one that exists (`key`), or one to be made as described."""

    url: str
    slug: str
    title: str
    key: int | None = None
    outlet: Record | None = None
    description: Description | None = None


class Shelf:
    """The articles that a table names, by address. Of one that exists nothing is changed, whatever the table says of it."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._described: dict[str, Description] = {}
        self._rows: dict[str, int] = {}
        entries = list(entries)
        addresses = {entry.article_url for entry in entries}
        rows = Article.objects.filter(url__in=addresses).order_by()
        self._records = {
            row.url: ArticleRecord(row.url, row.slug, row.title, row.pk) for row in rows.defer("status_note")
        }
        for entry in entries:
            if entry.article_url not in self._records:
                self._describe(entry)
        titles = {url: described.article_title or url for url, described in self._described.items()}
        self._slugs = free_slugs(EntityKind.ARTICLE, Article, titles.values())
        self._used: set[str] = set()

    def find(self, entry: Entry, find_outlet: Callable[[], Record | None]) -> ArticleRecord:
        """The row's article. Raises CellError where it is new and has no title, or where rows contradict each other."""
        url = entry.article_url
        if url in self._described:
            self._compare(entry)
        if url not in self._records:
            described = self._described[url]
            if not described.article_title:
                detail = "The article is not known here, so it needs a title."
                raise CellError("article_title", "", "missing", detail)
            slug = self._slug(described.article_title, url)
            self._records[url] = ArticleRecord(
                url, slug, described.article_title, outlet=find_outlet(), description=described
            )
        return self._records[url]

    def _slug(self, title: str, url: str) -> str:
        slug = self._slugs[title]
        if slug in self._used:
            slug = free_slugs(EntityKind.ARTICLE, Article, [f"{title[:60]} {url}"])[f"{title[:60]} {url}"]
        self._used.add(slug)
        return slug

    def _describe(self, entry: Entry) -> None:
        said = Description(*(getattr(entry, field.name) for field in fields(Description)))
        before = self._described.setdefault(entry.article_url, said)
        self._rows.setdefault(entry.article_url, entry.row)
        merged = (getattr(before, field.name) or getattr(said, field.name) for field in fields(Description))
        self._described[entry.article_url] = Description(*merged)

    def _compare(self, entry: Entry) -> None:
        described = self._described[entry.article_url]
        for field in fields(Description):
            said, before = getattr(entry, field.name), getattr(described, field.name)
            if said and said != before:
                row = self._rows[entry.article_url]
                detail = f"{shown(said)!r}, where a row before (row {row} or later) says {shown(before)!r} of the same article."
                raise CellError(field.name, said, "contradiction", detail)
