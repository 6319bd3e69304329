"""A corpus, brought in batch by batch: whatever ends it, what is in is whole, and the next run goes on behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, OperationalError, connection, transaction
from psycopg.errors import DeadlockDetected, UniqueViolation

from quotes.datasets.bulk.reading import BATCH, Batch, CorpusFile, batches
from quotes.datasets.bulk.sessions import alone, kept_short
from quotes.datasets.bulk.writing import forget, write
from quotes.datasets.importing.applying import lock_imports
from quotes.datasets.importing.refusals import ImportRefused, Refusal
from quotes.datasets.provenance import told
from quotes.models import Import
from quotes.publication.refresh import drain
from quotes.vocabulary import ImportStatus, Status

STARTS = (Status.DRAFT, Status.IN_REVIEW)
_ATTEMPTS = 3


def unfinished(file: CorpusFile) -> Import | None:
    """The import of these very bytes that was begun and has not come to its end."""
    begun = Import.objects.filter(sha256=file.sha256, source=file.collection, status=ImportStatus.STAGED)
    return begun.order_by("-id").first()


def bring_in(
    file: CorpusFile,
    *,
    rows: int,
    actor: AbstractBaseUser | None = None,
    status: str = Status.DRAFT,
    most: int = BATCH,
    read_bytes: Callable[[int], object] = lambda count: None,
    wrote: Callable[[int], object] = lambda rows: None,
) -> Import:
    """Make what the file says, batch by batch, each with its place in the file in one transaction.

    `file` is hashed, and has `rows` lines (`look` counts them); refused lines are passed over. New quotes get `status`, draft or
    in review. An import of the same bytes that was begun goes on. `wrote` hears of how many more lines are done.

    A transaction takes about `most` quotes. Raises ImportRefused where another process brings the same file in, where it was
    begun otherwise, and where the import is being taken back.
    """
    with alone(file), kept_short():
        batch = _begin(file, rows, actor, str(status))
        wrote(batch.rows_done)
        pieces = batches(file, after=batch.rows_done, most=most, read_bytes=read_bytes)
        for number, piece in enumerate(_ahead(pieces), 1):
            before = batch.rows_done
            _write(piece, batch)
            wrote(batch.rows_done - before)
            if number.bit_count() == 1:
                _take_stock()
        # Not hurried: when it is said to be in, it and all before it is on the disk.
        with transaction.atomic(), told(batch):
            lock_imports()
            _note(batch, status=ImportStatus.APPLIED, rows_done=rows)
        forget()
    return batch


def _begin(file: CorpusFile, rows: int, actor: AbstractBaseUser | None, status: str) -> Import:
    options = {"status": status}
    if Import.objects.filter(sha256=file.sha256, source=file.collection, status=ImportStatus.LEAVING).exists():
        detail = "An import of this file is being taken back. Let that come to its end first."
        raise ImportRefused([Refusal("leaving", detail)])
    if begun := unfinished(file):
        if begun.options != options:
            was = begun.options.get("status", "")
            detail = (
                f"Begun with status {was}, and up to row {begun.rows_done:,} in: go on with the same, or take it back."
            )
            raise ImportRefused([Refusal("begun_otherwise", detail)])
        return begun
    with transaction.atomic():
        return Import.objects.create(
            source=file.collection,
            # What the disk calls it need not be UTF-8.
            file_name=file.path.name.encode("utf-8", "replace").decode()[:255],
            sha256=file.sha256,
            format=file.format,
            rows=rows,
            status=ImportStatus.STAGED,
            options=options,
            created_by_id=actor.pk if actor is not None else None,
        )


def _write(piece: Batch, batch: Import) -> None:
    """One transaction; begun anew where another session's person or article came first."""
    for attempt in range(_ATTEMPTS):
        try:
            with transaction.atomic(), told(batch):
                _hurried()
                lock_imports()
                write(piece.statements, batch, status=batch.options["status"])
                _note(batch, rows_done=piece.last)
                drain()
            return
        except (IntegrityError, OperationalError) as error:
            if not isinstance(error.__cause__, UniqueViolation | DeadlockDetected) or attempt == _ATTEMPTS - 1:
                raise


def _note(batch: Import, **values: Any) -> None:
    """Write how far it is, unless somebody has begun to take it back: under the imports' lock, both cannot be."""
    if not Import.objects.filter(pk=batch.pk, status=ImportStatus.STAGED).update(**values):
        raise ImportRefused([Refusal("leaving", "The import is being taken back; nothing more is brought in.")])
    for name, value in values.items():
        setattr(batch, name, value)


def _ahead(pieces: Iterator[Batch]) -> Iterator[Batch]:
    """The same, the next one read while the database works on this one."""
    with ThreadPoolExecutor(max_workers=1) as reader:
        coming = reader.submit(next, pieces, None)
        while (piece := coming.result()) is not None:
            coming = reader.submit(next, pieces, None)
            yield piece


def _take_stock() -> None:
    """After 1, 2, 4, 8, … batches: what was planned for empty tables is slow on full ones."""
    with connection.cursor() as cursor:
        cursor.execute(
            "ANALYZE quotes_quote (id, same_utterance_as_id), quotes_article (id, url), quotes_person (id, name, wikidata_id),"
            " quotes_importedrow (source, external_id)"
        )


def _hurried() -> None:
    """A crash of the server may lose the last batches whole, and the next run makes them again: nobody waits for the disk."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('synchronous_commit', 'off', true)")
