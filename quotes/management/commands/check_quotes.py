"""`manage.py check_quotes [--snapshot SLUG=FILE ...]`: do the quotes still stand in their texts, word for word?"""

from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from quotes.anchoring import Verdict
from quotes.management.progress import progress_bar
from quotes.models import Quote
from quotes.reading.anchors import CheckedArticle, CheckedQuote, TextError, check_quotes, count_verdicts


class Command(BaseCommand):
    help = (
        "Check every quote's anchor against the text that is kept, or against a file for articles whose text is not. "
        "Exit status 0 only when all are verbatim. With --verbosity 0, only those that are not are listed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--snapshot",
            dest="snapshots",
            action="append",
            default=[],
            type=_slug_and_file,
            metavar="SLUG=FILE",
            help="The article's text, UTF-8; repeatable.",
        )

    def handle(self, *, snapshots: list[tuple[str, Path]], verbosity: int, **options: Any) -> None:
        files: dict[str, Path] = {}
        for slug, file in snapshots:
            if files.setdefault(slug, file) is not file:
                raise CommandError(f"--snapshot names {slug!r} twice")
        try:
            with progress_bar(Quote.objects.count(), " quotes") as bar:
                articles = check_quotes(files, bar.update)
        except TextError as error:
            raise CommandError(str(error)) from error
        for article in articles:
            for line in _lines(article, is_brief=verbosity == 0):
                self.stdout.write(line)
        self._conclude(articles)

    def _conclude(self, articles: list[CheckedArticle]) -> None:
        counts = count_verdicts(articles)
        self.stdout.write(
            f"{counts.total()} checked: " + ", ".join(f"{counts[verdict]} {verdict}" for verdict in Verdict)
        )
        skipped = [article for article in articles if article.textless]
        if skipped:
            quotes = sum(article.textless for article in skipped)
            self.stdout.write(f"{quotes} skipped, in {len(skipped)} article(s): no text is kept and none was given")
        unanchored = sum(article.unanchored for article in articles)
        if unanchored:
            self.stdout.write(f"{unanchored} skipped: no position in any text")
        if not counts:
            raise CommandError("Nothing was checked.")
        if counts.total() > counts[Verdict.VERBATIM]:
            raise CommandError(f"{counts.total() - counts[Verdict.VERBATIM]} of {counts.total()} are not verbatim.")


def _slug_and_file(argument: str) -> tuple[str, Path]:
    slug, sign, file = argument.partition("=")
    if not (slug and sign and file):
        raise ArgumentTypeError(f"{argument!r} is not SLUG=FILE")
    return slug, Path(file)


def _lines(article: CheckedArticle, *, is_brief: bool) -> Iterator[str]:
    shown = [quote for quote in article.quotes if not is_brief or quote.anchor.verdict != Verdict.VERBATIM]
    if shown or article.textless or article.given:
        yield article.slug
    if article.given:
        is_own = "the hash is the snapshot's own" if article.is_own_text else "the hash is no snapshot's: another text"
        yield f"  {article.given}: {is_own}"
    for quote in shown:
        yield from _quote_lines(quote)
    if article.textless:
        yield f"  skipped    {article.textless}: no text is kept and none was given"


def _quote_lines(quote: CheckedQuote) -> Iterator[str]:
    """A row of at most 100 columns, and where the words are now when they moved."""
    yield f"  {quote.anchor.verdict:<9}  {quote.uid}  {_cut(quote.source, 20):<20}  {_cut(quote.words, 27)}"
    if quote.anchor.verdict == Verdict.MOVED:
        places = ", ".join(f"[{start}, {end})" for start, end in quote.anchor.places)
        yield f"             now at {places}"


def _cut(words: str, width: int) -> str:
    line = " ".join(words.split())
    return line if len(line) <= width else line[: width - 1] + "…"
