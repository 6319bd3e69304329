"""`manage.py verify_release FOLDER`: whether a release is what it says it is. Asks no database."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from quotes.datasets.releases import verify_release
from quotes.datasets.releases.verifying import bytes_to_read
from quotes.management.progress import progress_bar


class Command(BaseCommand):
    help = "Check a release: sums, columns, types, vocabularies, identifiers, references, and that the formats agree."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="FOLDER")

    def handle(self, *, folder: Path, **options: Any) -> None:
        if not folder.is_dir():
            raise CommandError(f"{folder} is no folder")
        count = 0
        with progress_bar(bytes_to_read(folder), "B", unit_scale=True) as bar:
            for finding in verify_release(folder, bar.update):
                count += 1
                bar.write(f"  {finding}", file=self.stdout._out)
        if count:
            raise CommandError(f"{folder}: {count} found wrong.")
        self.stdout.write(f"{folder}: all holds.")
