"""Projects everything anew in several processes at once: `manage.py publication --rebuild --processes 4`."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context

import django
from django.db import connections

from quotes.publication import rebuilding
from quotes.publication.projection import Mention
from quotes.publication.refresh import Refreshed

# So many ranges of keys for each process: none waits long for another's last one.
RANGES_EACH = 16
# What this process has seen to already, whichever range it was in.
_settled: set[Mention] = set()


def rebuild(processes: int) -> Iterator[Refreshed]:
    """As `rebuilding.rebuild`; yields what each range did."""
    ranges = rebuilding.ranges(processes * RANGES_EACH)
    connections.close_all()
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn"), initializer=django.setup) as pool:
        for done in as_completed([pool.submit(_rebuild_range, after, until) for after, until in ranges]):
            yield done.result()
    rebuilding.finish_rebuilding()


def _rebuild_range(after: int, until: int | None) -> Refreshed:
    whole = Refreshed()
    for done in rebuilding.rebuild_quotes(after=after, until=until, settled=_settled):
        whole.looked_at += done.looked_at
        whole.written += done.written
        whole.removed += done.removed
    return whole
