"""`manage.py dump_fixture [FILE]`: the data tables as one fixture, for `loaddata`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from quotes.datasets.fixtures import FixtureError, save_fixture, write_fixture


class Command(BaseCommand):
    help = (
        "Write people, organizations, articles, quotes, codings and the rest as one fixture with natural keys."
        " It holds the codings of open rounds too: nobody who codes in them may read it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, metavar="FILE", help="Standard output without it.")
        parser.add_argument(
            "--with-text",
            action="store_true",
            help="Keep the snapshots' text; only where it may be passed on: an article's text is its publisher's.",
        )

    def handle(self, *, file: Path | None, with_text: bool, **options: Any) -> None:
        self.stdout.ending = ""
        try:
            counts = (
                save_fixture(file, with_text=with_text) if file else write_fixture(self.stdout, with_text=with_text)
            )
        except (FixtureError, OSError) as error:
            raise CommandError(str(error)) from error
        summary = ", ".join(f"{name} {count:,}" for name, count in counts.items())
        self.stderr.write(f"{file or 'standard output'}: {summary or 'no data'}", style_func=str)
