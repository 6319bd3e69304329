"""`manage.py import_quotes` for corpora: the look, the refused lines, the bars, and the writing."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from quotes.datasets import bulk
from quotes.datasets.bulk import CorpusFile, Fate, Look
from quotes.datasets.importing import ImportRefused, Refusal
from quotes.datasets.importing.refusals import shown
from quotes.management.progress import progress_bar
from quotes.models import Import

_FATES = {Fate.MATCHED: "matched", Fate.NEW: "new", Fate.DOUBTFUL: "doubtful"}
_MOST_NAMES = 10
Say = Callable[[str], object]


def import_corpus(
    file: CorpusFile,
    *,
    apply: bool,
    status: str,
    rejects: Path | None,
    say: Say,
    say_refusal: Callable[[Refusal], object],
) -> None:
    """Look, and with `apply` bring in. Raises CommandError, having written nothing, where something is refused and no
    `rejects` is there to take it.
    """
    _check_place(rejects, file.path)
    try:
        hashed = file.hashed()
        if apply and (begun := bulk.unfinished(hashed)):
            say(f"{file.path.name}: was begun, and is in up to row {begun.rows_done:,} of {begun.rows:,}; going on.")
            _bring_in(hashed, begun.rows, status, say)
            return
        found = _look(hashed, rejects)
        for line in lines(found):
            say(line)
        for refusal in found.refusals:
            say_refusal(refusal)
        if found.refused > len(found.refusals):
            say(f"  … and {found.refused - len(found.refusals):,} more")
        if found.refused and rejects is None:
            raise CommandError(
                f"{found.refused:,} refused; nothing was written. With --rejects FILE they go there, and the rest comes in."
            )
        if not apply:
            say("Nothing was written. Bring it in with --apply.")
        elif not found.new:
            say("Nothing is new; nothing was written.")
        else:
            _bring_in(hashed, found.rows, status, say)
    except ImportRefused as refused:
        raise CommandError(str(refused)) from refused
    except KeyboardInterrupt:
        raise CommandError("Interrupted. What is in stays in; the same command goes on behind it.") from None
    except OSError as error:
        raise CommandError(f"cannot read {error.filename or file.path}: {error.strerror}") from error


def _check_place(rejects: Path | None, corpus: Path) -> None:
    """Raise CommandError where refused lines cannot be written, before anything is read."""
    if rejects is None:
        return
    if rejects.exists() and corpus.exists() and rejects.samefile(corpus):
        raise CommandError(f"--rejects {rejects} is the corpus itself: it would be replaced.")
    if rejects.is_dir() or not rejects.absolute().parent.is_dir():
        raise CommandError(f"--rejects {rejects}: no file can be written there.")


def lines(found: Look) -> Iterator[str]:
    """What would become of the file."""
    yield f"{found.file.path.name}: {found.rows:,} lines, {found.statements:,} quotes, of the collection {found.file.collection}"
    yield f"  new quotes      {found.new:>9,}"
    yield f"  known already   {found.known:>9,}"
    if found.again:
        yield f"  twice in the file {found.again:>7,}"
    yield f"  refused         {found.refused:>9,}"
    yield f"  articles        {found.articles['new']:>9,} new, {found.articles['matched']:,} matched"
    people = ", ".join(f"{found.people[fate]:,} {name}" for fate, name in _FATES.items())
    yield f"  speakers        {people}; {found.unnamed:,} quotes without one"
    for fate in (Fate.NEW, Fate.DOUBTFUL):
        for speaker in found.samples[fate][:_MOST_NAMES]:
            yield f"  {_FATES[fate]:<9} person  {' '.join(speaker.wikidata_ids):<26}  {shown(speaker.name)}"
        if (more := found.people[fate] - _MOST_NAMES) > 0:
            yield f"  … and {more:,} more {_FATES[fate]}"


def _look(file: CorpusFile, rejects: Path | None) -> Look:
    with contextlib.ExitStack() as stack:
        shown = stack.enter_context(bar("looking", file.path.stat().st_size, "B"))
        reject = stack.enter_context(_rejects(rejects)) if rejects else lambda refusal, line: None
        return bulk.look(file, read_bytes=shown.update, reject=reject)


def _bring_in(file: CorpusFile, rows: int, status: str, say: Say) -> Import:
    with bar("bringing in", rows, " lines") as shown:
        made = bulk.bring_in(file, rows=rows, status=status, wrote=shown.update)
    say(f"Brought in as import {made.uid}.")
    return made


def bar(what: str, total: int, unit: str) -> Any:
    """With rate and remaining time on a terminal, from the second second; nothing elsewhere."""
    return progress_bar(total, unit, desc=what, unit_scale=unit == "B")


@contextlib.contextmanager
def _rejects(path: Path) -> Iterator[Callable[[Refusal, bytes], object]]:
    """Refused lines as JSON Lines: place, reason, and the line itself. The file is replaced whole or not at all."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with draft.open("w", encoding="utf-8") as stream:

            def reject(refusal: Refusal, line: bytes) -> None:
                told = {"row": refusal.row, "column": refusal.column, "value": refusal.value, "detail": refusal.detail}
                told |= {"line": line.decode("utf-8", "replace")} if line else {}
                stream.write(json.dumps(told, ensure_ascii=False) + "\n")

            yield reject
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
