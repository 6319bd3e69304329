"""A corpus, brought in batch by batch: whatever ends it, what is in is whole, and the next run goes on behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, OperationalError, connection, transaction
from psycopg.errors import DeadlockDetected, UniqueViolation

from quotes.datasets.bulk.reading import Batch, CorpusFile, batches
from quotes.datasets.bulk.writing import write
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
    read_bytes: Callable[[int], object] = lambda count: None,
    wrote: Callable[[int], object] = lambda rows: None,
) -> Import:
    """Make what the file says, batch by batch, each with its place in the file in one transaction.

    `file` is hashed, and has `rows` lines (`look` counts them); refused lines are passed over. New quotes get `status`, draft or
    in review. An import of the same bytes that was begun goes on. `wrote` hears of how many more lines are done.

    Raises ImportRefused where another process brings the same file in, or where it was begun otherwise.
    """
    with _alone(file), _kept_short():
        batch = _begin(file, rows, actor, str(status))
        wrote(batch.rows_done)
        for number, piece in enumerate(_ahead(batches(file, after=batch.rows_done, read_bytes=read_bytes)), 1):
            before = batch.rows_done
            _write(piece, batch)
            wrote(batch.rows_done - before)
            if number.bit_count() == 1:
                _take_stock()
        with transaction.atomic(), told(batch):
            _synchronous()
            batch.status, batch.rows_done = ImportStatus.APPLIED, rows
            batch.save(update_fields=["status", "rows_done"])
    return batch


def _begin(file: CorpusFile, rows: int, actor: AbstractBaseUser | None, status: str) -> Import:
    options = {"status": status}
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
            file_name=file.path.name[:255],
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
                Import.objects.filter(pk=batch.pk).update(rows_done=piece.last)
                drain()
            batch.rows_done = piece.last
            return
        except (IntegrityError, OperationalError) as error:
            if not isinstance(error.__cause__, UniqueViolation | DeadlockDetected) or attempt == _ATTEMPTS - 1:
                raise


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


@contextmanager
def _alone(file: CorpusFile) -> Iterator[None]:
    """Held by the session, so that it ends with the process, however that ends."""
    key = f"import {file.collection} {file.sha256}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [key])
        if not cursor.fetchone()[0]:
            raise ImportRefused([Refusal("under_way", "Another process is bringing this very file in just now.")])
    try:
        yield
    finally:
        if connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [key])


@contextmanager
def _kept_short() -> Iterator[None]:
    """The server looks twice a second whether this process still lives, so that a killed one leaves no query behind."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('client_connection_check_interval')")
        before = cursor.fetchone()[0]
        cursor.execute("SELECT set_config('client_connection_check_interval', '500ms', false)")
    try:
        yield
    finally:
        if connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('client_connection_check_interval', %s, false)", [before])


def _hurried() -> None:
    """A crash of the server may lose the last batches whole, and the next run makes them again: nobody waits for the disk."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('synchronous_commit', 'off', true)")


def _synchronous() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('synchronous_commit', 'on', true)")
