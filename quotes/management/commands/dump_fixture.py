"""`manage.py dump_fixture [FILE]`: the data tables, or what some quotes need of them, as one fixture for `loaddata`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from quotes.datasets.exporting import ExportRefused
from quotes.datasets.fixtures import FixtureError, save_fixture, write_fixture
from quotes.management.progress import progress_bar


class Command(BaseCommand):
    help = (
        "Write people, organizations, articles, quotes, codings and the rest as one fixture with natural keys."
        " It holds the codings of open rounds too: nobody who codes in them may read it. With --filter, only the published"
        " quotes that match, and all that they need to be loaded into an empty database (docs/formats.md)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, metavar="FILE", help="Standard output without it.")
        parser.add_argument(
            "--with-text",
            action="store_true",
            help="Keep the snapshots' text; only where it may be passed on: an article's text is its publisher's.",
        )

        parser.add_argument(
            "--filter",
            default=None,
            metavar="QUERY",
            help="As the API takes it, such as 'topic=gatelight-pilot&stance=oppose' (docs/filters.md).",
        )

    def handle(self, *, file: Path | None, with_text: bool, filter: str | None, **options: Any) -> None:
        self.stdout.ending = ""
        try:
            with progress_bar(None, " rows") as bar:

                def show(done: int, total: int) -> None:
                    bar.total = total
                    bar.update(done - bar.n)

                wanted: dict[str, Any] = {"with_text": with_text, "filters": filter, "progress": show}
                counts = save_fixture(file, **wanted) if file else write_fixture(self.stdout, **wanted)
        except (ExportRefused, FixtureError, OSError) as error:
            raise CommandError(str(error)) from error
        summary = ", ".join(f"{name} {count:,}" for name, count in counts.items())
        self.stderr.write(f"{file or 'standard output'}: {summary or 'no data'}", style_func=str)
