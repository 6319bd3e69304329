"""A read article becomes a source: an article and a snapshot of its text, for quotes to be anchored in.

Nothing of it is public before a quote of it is. What the page says of people and outlets is matched only where exactly one
bears the name; nobody is made from a byline, and a curator is told whom they have to see to.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from psycopg.errors import UniqueViolation

from quotes.anchoring import text_hash
from quotes.models import Article, Authorship, Organization, Person, Snapshot
from quotes.models.slugs import free_slugs
from quotes.publication.refresh import drain
from quotes.reading.articles import ReadArticle
from quotes.reading.fetching import FetchedPage
from quotes.vocabulary import EntityKind


class KeepError(ValueError):
    """Why there is nothing to keep; a sentence for a curator."""


@dataclass(frozen=True)
class KeptArticle:
    """The article and the snapshot, which of them are new, and the names that nobody, or more than one, bears here."""

    slug: str
    url: str
    title: str
    published: str | None
    language: str
    sha256: str
    length: int
    is_new: bool
    is_new_text: bool
    unmatched_outlet: str | None
    unmatched_authors: tuple[str, ...]


def keep_article(page: FetchedPage, read: ReadArticle) -> KeptArticle:
    """Make the article and its snapshot, or find them: the same page again makes nothing new, a changed one a new snapshot.

    What is known of an article already is left as it is. Raises KeepError when no text was found, and when somebody else is
    making the same article at this moment.
    """
    if not read.text:
        raise KeepError("No text of an article was found on this page. Paste the text instead.")
    try:
        with transaction.atomic():
            kept = _keep(page, read)
            drain()
            return kept
    except IntegrityError as error:
        if isinstance(error.__cause__, UniqueViolation):
            raise KeepError("Somebody else has just brought in the same page. Try again.") from error
        raise


def _keep(page: FetchedPage, read: ReadArticle) -> KeptArticle:
    article, is_new = _article(page, read)
    unmatched = _add_authors(article, read.authors) if is_new else ()
    snapshot, is_new_text = Snapshot.objects.get_or_create(
        article=article,
        sha256=text_hash(read.text),
        defaults={"text": read.text, "length": len(read.text), "retrieved_at": page.retrieved_at},
    )
    return KeptArticle(
        slug=article.slug,
        url=article.url,
        title=article.title,
        published=article.published,
        language=article.language,
        sha256=snapshot.sha256,
        length=snapshot.length,
        is_new=is_new,
        is_new_text=is_new_text,
        unmatched_outlet=read.outlet_name if is_new and article.outlet_id is None else None,
        unmatched_authors=unmatched,
    )


def _article(page: FetchedPage, read: ReadArticle) -> tuple[Article, bool]:
    url = read.canonical_url or page.final_url
    known = Article.objects.filter(url__in={url, page.final_url, page.url}).order_by("pk").first()
    if known:
        return known, False
    title = read.title or url[:500]
    outlets = list(Organization.objects.named([read.outlet_name])[:2]) if read.outlet_name else []
    article = Article.objects.create(
        slug=free_slugs(EntityKind.ARTICLE, Article, [title])[title],
        url=url,
        title=title,
        outlet=outlets[0] if len(outlets) == 1 else None,
        published=read.published,  # type: ignore[misc] # mypy does not see that a partial date may be NULL
        language=read.language or "en",
    )
    return article, True


def _add_authors(article: Article, names: tuple[str, ...]) -> tuple[str, ...]:
    """Put those into the byline whose name exactly one person bears; the other names are returned."""
    unmatched, placed = [], set()
    for position, name in enumerate(names, 1):
        found = list(Person.objects.named([name])[:2])
        if len(found) != 1:
            unmatched.append(name)
        elif found[0].pk not in placed:
            Authorship.objects.create(article=article, person=found[0], position=position)
            placed.add(found[0].pk)
    return tuple(unmatched)
