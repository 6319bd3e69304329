"""`manage.py export FILE`: whatever is public and matches, in any of the API's formats."""

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from quotes.datasets import dna
from quotes.datasets.exporting import DNA_DATABASE, EXPORTED, KNOWN, ExportRefused, Question, export
from quotes.datasets.popolo import POPOLO
from quotes.management.progress import progress_bar

_ENDINGS = {"jsonl": "ndjson", "dna": DNA_DATABASE}


class Command(BaseCommand):
    help = "Write what is public and matches to a file, from one snapshot, in constant memory. docs/formats.md has the formats."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", help="- for standard output.")
        parser.add_argument(
            "--of", default="", choices=sorted(EXPORTED), help="What; quotes without it, people in Popolo."
        )
        parser.add_argument("--format", default="", choices=KNOWN, help="Else the file's ending.")
        parser.add_argument(
            "--filter",
            default="",
            metavar="QUERY",
            help="As the API takes it, such as 'topic=gatelight-pilot&stance=oppose' (docs/filters.md).",
        )
        parser.add_argument(
            "--root", default="", help="Before links, such as https://quotes.example; nothing without it."
        )
        parser.add_argument(
            "--rows-per",
            default="statement",
            choices=dna.ROWS_PER,
            help="Of DNA's event list: a row for each affiliation, weighed, rather than the primary one alone.",
        )
        parser.add_argument(
            "--actors",
            default="stated",
            choices=dna.ACTORS,
            help="For DNA: organizations as stated, or the one at the top of each.",
        )

    def handle(
        self, *, file: str, of: str, format: str, filter: str, root: str, rows_per: str, actors: str, **options: Any
    ) -> None:
        ending = Path(file).suffix.lstrip(".")
        name = format or _ENDINGS.get(ending, ending)
        if name not in KNOWN:
            raise CommandError(f"Say the --format: {file} does not. Known are {', '.join(KNOWN)}.")
        of = of or ("people" if name == POPOLO else "quotes")
        try:
            question = Question(of, name, filter, root.rstrip("/"), rows_per=rows_per, actors=actors)
            with progress_bar(question.count(), " rows") as bar:
                if file == "-":
                    written = export(question, self.stdout._out.buffer, bar.update)  # type: ignore[attr-defined]
                else:
                    written = _to_file(Path(file), question, bar)
        except (ExportRefused, OSError) as error:
            raise CommandError(str(error)) from error
        told = f"{file}: {written.rows:,} rows, {written.bytes:,} bytes, SHA-256 {written.sha256}"
        for line in (told, *(f"  {loss}" for loss in written.losses)):
            self.stderr.write(line, style_func=str)


def _to_file(path: Path, question: Question, bar: Any) -> Any:
    """The file is replaced whole or not at all."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with draft.open("wb") as stream:
            written = export(question, stream, bar.update)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return written
