"""Refreshes what verbs do not: rows changed by SQL by hand, by `loaddata`, and the rest of very large changes; and, after
an upgrade, the rows that an older version of the code projected.

Triggers notify on commit; the worker listens, and looks by itself once a second in case a notification was missed.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from django.db import OperationalError, connection

from quotes.publication.refresh import drain, reproject

logger = logging.getLogger(__name__)
CHANNEL = "publication_stale"


def follow(should_stop: Callable[[], bool], *, wait: float = 1.0) -> None:
    """Keep the publication fresh until told to stop. A server that went away is waited for."""
    while not should_stop():
        try:
            _listen(should_stop, wait)
        except OperationalError as error:
            logger.warning("The database is away (%s); trying again.", str(error).strip().partition("\n")[0])
            connection.close()
            time.sleep(wait)


def _listen(should_stop: Callable[[], bool], wait: float) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"LISTEN {CHANNEL}")
    while not should_stop():
        refresh_all()
        # Behind what is fresh, a batch at a time: neither curators nor readers wait for an upgrade.
        if reproject().looked_at:
            continue
        for _ in connection.connection.notifies(timeout=wait, stop_after=1):
            pass


def refresh_all() -> int:
    """Refresh everything that is marked, a transaction at a time. Returns the number of quotes looked at."""
    looked_at = 0
    while True:
        done = drain()
        looked_at += done.looked_at
        if done.is_complete:
            return looked_at
