"""`manage.py import_quotes FILE [--apply]`: what a table or corpus of quotes would make, and, when told so, make it."""

from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from quotes.datasets import bulk
from quotes.datasets.importing import (
    KINDS,
    MAX_FILE_BYTES,
    ImportPlan,
    ImportRefused,
    Refusal,
    SourceFile,
    apply_import,
    describe,
    plan_import,
)
from quotes.datasets.popolo import POPOLO, PopoloPlan, apply_popolo, plan_popolo
from quotes.datasets.popolo import lines as popolo_lines
from quotes.management.corpora import import_corpus
from quotes.vocabulary import Status

_MOST_REFUSALS = 200


class Command(BaseCommand):
    help = (
        "Look at a file of quotes (docs/importing.md) and print what would become of it. With --apply, bring it in as drafts: "
        "tables whole or not at all, corpora (quotebank, gdelt) batch by batch, going on where it was ended. Exit status 1 "
        "when anything is refused."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        formats = (*KINDS, POPOLO, *bulk.FORMATS)
        parser.add_argument("--format", default="", choices=formats, help="Else the file's ending.")
        parser.add_argument(
            "--source", default="", help="The collection that the rows' ids belong to; else the file's name."
        )
        parser.add_argument(
            "--default",
            dest="defaults",
            action="append",
            default=[],
            type=_column_and_value,
            metavar="COLUMN=VALUE",
            help="For rows that leave the column empty, such as standing=current; repeatable.",
        )
        parser.add_argument("--apply", action="store_true", help="Write, unless something is refused.")
        parser.add_argument(
            "--status", default=str(Status.DRAFT), choices=[str(one) for one in bulk.STARTS], help="Of the new quotes."
        )
        parser.add_argument(
            "--rejects",
            type=Path,
            metavar="FILE",
            help="Of a corpus: write the refused lines there, with their reasons, and take the rest.",
        )

    def handle(
        self,
        *,
        file: Path,
        format: str,
        source: str,
        defaults: list[tuple[str, str]],
        apply: bool,
        status: str,
        rejects: Path | None,
        **options: Any,
    ) -> None:
        if format in bulk.FORMATS:
            if defaults:
                raise CommandError("--default is for tables.")
            corpus = bulk.CorpusFile(file, format, source)
            import_corpus(
                corpus,
                apply=apply,
                status=status,
                rejects=rejects,
                say=self.stdout.write,
                say_refusal=lambda refusal: self.stdout.write(_refusal_line(refusal)),
            )
            return
        if rejects:
            raise CommandError("--rejects is for corpora: a table comes in whole.")
        table = SourceFile(file.name, _read(file), format, source)
        if format == POPOLO and defaults:
            raise CommandError("Popolo has no columns, so there is no --default.")
        plan = plan_popolo(table) if format == POPOLO else plan_import(table, defaults=dict(defaults))
        for line in popolo_lines(plan) if isinstance(plan, PopoloPlan) else _lines(plan):
            self.stdout.write(line)
        if plan.refusals:
            raise CommandError(f"{len(plan.refusals):,} refused; nothing was written.")
        if not apply:
            self.stdout.write("Nothing was written. Bring it in with --apply.")
            return
        try:
            if isinstance(plan, PopoloPlan):
                batch = apply_popolo(plan, actor=None)
            else:
                batch = apply_import(plan, actor=None, status=Status(status))
        except ImportRefused as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(f"Brought in as import {batch.uid}." if batch else "Nothing is new; nothing was written.")


def _column_and_value(argument: str) -> tuple[str, str]:
    column, sign, value = argument.partition("=")
    if not (column and sign and value):
        raise ArgumentTypeError(f"{argument!r} is not COLUMN=VALUE")
    return column, value


def _read(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            return stream.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise CommandError(f"cannot read {file}: {error.strerror}") from error


def _lines(plan: ImportPlan) -> Iterator[str]:
    """What would become of the table. What is made is named, so that a misspelt name is seen before it exists."""
    found = describe(plan)
    yield f"{found['file']}: {found['rows']:,} rows, of the collection {found['source']}"
    yield f"  new quotes      {found['new']:>7,}"
    yield f"  known already   {found['known']:>7,}"
    yield f"  refused         {len({refusal.row for refusal in plan.refusals}):>7,}"
    if found["anchored"]:
        yield f"  anchored        {found['anchored']:>7,}"
    if found["columns_left_out"]:
        yield f"  columns left out: {', '.join(found['columns_left_out'])}"
    for record in found["made"]:
        yield f"  new {record['kind']:<12}  {_cut(record['slug'], 30):<30}  {_cut(record['name'], 60)}"
    for kind, count in found["matched"].items():
        yield f"  matched {kind:<12}{count:>5,}"
    for name in found["doubtful"]:
        yield f"  doubtful person  {name['rows']:>5,} rows  {_cut(name['name'], 60)}: {', '.join(name['candidates'])}"
    for refusal in plan.refusals[:_MOST_REFUSALS]:
        yield _refusal_line(refusal)
    if len(plan.refusals) > _MOST_REFUSALS:
        yield f"  … and {len(plan.refusals) - _MOST_REFUSALS:,} more"


def _cut(words: str, width: int) -> str:
    return words if len(words) <= width else words[: width - 1] + "…"


def _refusal_line(refusal: Refusal) -> str:
    place = f"row {refusal.row}" if refusal.row is not None else "file"
    return f"  {place:<9}  {refusal.column or '':<16}  {refusal.value or '':<30}  {refusal.detail}"
