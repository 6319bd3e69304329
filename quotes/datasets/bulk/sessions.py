"""What a long import asks of its database session: that it ends with this process, and that nobody else does the same."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from quotes.datasets.bulk.reading import CorpusFile
from quotes.datasets.importing.refusals import ImportRefused, Refusal

_INTERVAL = "client_connection_check_interval"


@contextmanager
def alone(file: CorpusFile) -> Iterator[None]:
    """Nobody else brings the file in meanwhile. Held by the session, so that it ends with the process, however that ends."""
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
def kept_short() -> Iterator[None]:
    """The server looks twice a second whether this process still lives, so that a killed one leaves no query behind."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting(%s)", [_INTERVAL])
        before = cursor.fetchone()[0]
        cursor.execute("SELECT set_config(%s, '500ms', false)", [_INTERVAL])
    try:
        yield
    finally:
        if connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config(%s, %s, false)", [_INTERVAL, before])
