"""`manage.py release VERSION`: freeze what is public now as a data set that others can check and cite."""

import datetime as dt
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from quotes.datasets.releases import AboutError, ReleaseError, make_release, read_about
from quotes.datasets.releases.making import count_rows
from quotes.management.progress import progress_bar


class Command(BaseCommand):
    help = (
        "Freeze what is public now: tables (CSV, JSON Lines, Parquet), data package, Croissant, codebook, data statement, "
        "licence, citation, sums, and what changed since the release before. docs/releases.md tells more."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("version", metavar="VERSION", help="Letters, digits, points and hyphens, such as 2026.1.")
        parser.add_argument(
            "--about",
            type=Path,
            default=settings.BASE_DIR / "release.toml",
            metavar="FILE",
            help="Title, creators and licence (TOML); release.toml by default.",
        )
        parser.add_argument(
            "--folder", type=Path, default=settings.RELEASES_FOLDER, help="Where releases are; QUOTEBASE_RELEASES."
        )
        parser.add_argument(
            "--date", type=_date, default=None, metavar="YYYY-MM-DD", help="Its date; today's without it."
        )

    def handle(self, *, version: str, about: Path, folder: Path, date: dt.date | None, **options: Any) -> None:
        released = date or dt.datetime.now(tz=dt.UTC).date()
        try:
            known = read_about(about)
            with progress_bar(count_rows(), " rows") as bar:
                made = make_release(
                    version=version,
                    about=known,
                    folder=folder,
                    released=released,
                    progress=lambda rows: bar.update(rows),
                )
        except (AboutError, ReleaseError, OSError) as error:
            raise CommandError(str(error)) from error
        for file in made.files:
            rows = f"{file['rows']:>9,} rows" if "rows" in file else " " * 14
            self.stdout.write(f"  {file['name']:<24}{file['bytes']:>13,} bytes {rows}")
        self.stdout.write(f"Release {made.version} of {released} is in {made.folder}")


def _date(argument: str) -> dt.date:
    try:
        return dt.date.fromisoformat(argument)
    except ValueError as error:
        raise ArgumentTypeError(f"{argument!r} is no date such as 2026-11-23") from error
