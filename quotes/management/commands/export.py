"""`manage.py export FILE`: whatever is public and matches, in any of the API's formats."""

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from quotes.datasets.exporting import EXPORTED, OTHERS, ExportRefused, Question, export
from quotes.datasets.formats import FORMATS
from quotes.datasets.popolo import POPOLO

_FORMATS = sorted([*FORMATS, *OTHERS])


class Command(BaseCommand):
    help = "Write what is public and matches to a file, from one snapshot, in constant memory. docs/formats.md has the formats."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", help="- for standard output.")
        parser.add_argument(
            "--of", default="", choices=sorted(EXPORTED), help="What; quotes without it, people in Popolo."
        )
        parser.add_argument("--format", default="", choices=_FORMATS, help="Else the file's ending.")
        parser.add_argument(
            "--filter",
            default="",
            metavar="QUERY",
            help="As the API takes it, such as 'topic=gatelight-pilot&stance=oppose' (docs/filters.md).",
        )
        parser.add_argument(
            "--root", default="", help="Before links, such as https://quotes.example; nothing without it."
        )

    def handle(self, *, file: str, of: str, format: str, filter: str, root: str, **options: Any) -> None:
        name = format or Path(file).suffix.lstrip(".").replace("jsonl", "ndjson")
        if name not in _FORMATS:
            raise CommandError(f"Say the --format: {file} does not. Known are {', '.join(_FORMATS)}.")
        try:
            question = Question(of or ("people" if name == POPOLO else "quotes"), name, filter, root.rstrip("/"))
            with tqdm(total=question.count(), unit=" rows", disable=None, leave=False, delay=2) as bar:
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
