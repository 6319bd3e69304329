"""Whether the words of every quote stand where its anchor says: against the texts that are kept, or a file at hand.

The database holds kept texts and quotes together by itself. This is for the rest: an article whose text is not ours to
keep, a page that may have changed since, a restored backup.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from quotes.anchoring import Anchor, Verdict, check_anchor, normalise_text, text_hash
from quotes.models import Article, Quote, Snapshot


class TextError(ValueError):
    """No text to check against: an unknown article, or a file that cannot be read. The message names it."""


@dataclass(frozen=True)
class CheckedQuote:
    uid: UUID
    source: str
    words: str
    anchor: Anchor


@dataclass
class CheckedArticle:
    """One article's quotes in the order of the text, each with its verdict."""

    slug: str
    quotes: list[CheckedQuote] = field(default_factory=list)
    textless: int = 0  # quotes whose text is neither kept nor given
    unanchored: int = 0  # quotes without a position in any text
    given: Path | None = None
    is_own_text: bool | None = None  # for a given file: whether its hash is that of a snapshot of the article


def check_quotes(
    files: Mapping[str, Path], progress: Callable[[int], object] = lambda quotes: None
) -> list[CheckedArticle]:
    """Check every quote of every article, drafts and withdrawn ones included; one entry an article, by slug.

    `files` maps an article's slug to a UTF-8 text to check its quotes against instead of the snapshots' own; it is
    normalised as a snapshot would be. `progress` is told how many quotes each article had. Raises TextError for an unknown
    slug or a file that cannot be read.
    """
    known = set(Article.objects.filter(slug__in=files).values_list("slug", flat=True))
    for slug in files:
        if slug not in known:
            raise TextError(f"no article has the slug {slug!r}")
    given = {slug: _read(path) for slug, path in files.items()}
    quoted = Article.objects.filter(quotes__isnull=False) | Article.objects.filter(slug__in=known)
    checked = []
    for article in quoted.distinct().order_by("slug"):
        checked.append(_check_article(article, files, given))
        progress(len(checked[-1].quotes) + checked[-1].textless + checked[-1].unanchored)
    return checked


def count_verdicts(articles: list[CheckedArticle]) -> Counter[Verdict]:
    return Counter(quote.anchor.verdict for article in articles for quote in article.quotes)


def _read(path: Path) -> str:
    try:
        # A byte order mark is no part of the text.
        return normalise_text(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise TextError(f"cannot read {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise TextError(f"{path} is not UTF-8: {error.reason} at byte {error.start}") from error


def _check_article(article: Article, files: Mapping[str, Path], given: Mapping[str, str]) -> CheckedArticle:
    checked = CheckedArticle(article.slug, given=files.get(article.slug))
    snapshots = {snapshot.pk: snapshot for snapshot in Snapshot.objects.filter(article=article)}
    text = given.get(article.slug)
    if text is not None:
        checked.is_own_text = text_hash(text) in {snapshot.sha256 for snapshot in snapshots.values()}
    for quote in article.quotes.select_related("speaker", "organization").order_by("segments__0__start", "uid"):
        snapshot = snapshots.get(quote.snapshot_id) if quote.snapshot_id else None
        _check_quote(quote, text if text is not None or snapshot is None else snapshot.text, checked)
    return checked


def _check_quote(quote: Quote, text: str | None, checked: CheckedArticle) -> None:
    if not quote.segments or quote.snapshot_id is None:
        checked.unanchored += 1
    elif text is None:
        checked.textless += 1
    else:
        anchor = check_anchor(text, quote.text, quote.segments)
        checked.quotes.append(CheckedQuote(quote.uid, quote.attribution, quote.text, anchor))
