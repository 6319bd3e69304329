"""What publishing costs, and a rename that reaches many quotes while readers read.

    python -m benchmarks.publishing --quotes 100000

One quote published, by the verb that the admin calls; then the organization with the most quotes renamed, and moved below another:
the verb, the worker's batches until nothing is stale, and meanwhile a reader in a process of its own, who asks for that
organization's quotes and for others', and is compared with itself before.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.settings")
django.setup(set_prefix=False)

from django.db import connection  # noqa: E402 - what it imports needs the settings

from benchmarks import databases, machine  # noqa: E402
from benchmarks.calling import address, in_process  # noqa: E402
from benchmarks.running import say  # noqa: E402
from quotes import curation  # noqa: E402
from quotes.models import Organization, Quote  # noqa: E402
from quotes.publication.refresh import drain  # noqa: E402

LIST = "/api/v1/quotes/"
PUBLISHED = 60


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quotes", type=int, default=20_000)
    parser.add_argument("--processes", type=int, default=2, help="that project, when the data is made (2)")
    asked = parser.parse_args()
    databases.use(asked.quotes, say=say, processes=asked.processes)
    say(machine.description(asked.quotes, []))
    publish_some()
    busiest = _busiest()
    targets = [address(LIST, {"affiliation": busiest.slug}), address(LIST, {"stance": "oppose"}), LIST]
    before = busiest.name
    change("renamed", targets, lambda: _save(busiest, name=f"{before} (new)"))
    change("moved", targets, lambda: _save(busiest, parent=_another(busiest)))
    _save(busiest, name=before, parent=None)
    _drained()


def publish_some() -> None:
    """Quotes that are public are handed to review again, by SQL, and published by the verb, one by one."""
    quotes = list(Quote.objects.published().order_by("?")[: PUBLISHED + 5])
    times = []
    for quote in quotes:
        curation.withdraw(quotes=[quote], reason="To be published again.", actor=None)
        Quote.objects.filter(pk=quote.pk).update(status="in_review", withdrawn_at=None, withdrawn_reason="")
        started = time.perf_counter()
        curation.publish(quotes=[quote], actor=None)
        times.append(1000 * (time.perf_counter() - started))
    times = sorted(times[5:])
    say(
        f"publish one quote: p50 {statistics.median(times):.1f} ms, p95 {times[int(len(times) * 0.95)]:.1f} ms (goal: 15 ms)"
    )


def change(what: str, targets: list[str], verb: Callable[[], object]) -> None:
    with _reader(targets) as read:
        alone = read(2)
        started = time.perf_counter()
        verb()
        returned = time.perf_counter() - started
        batches = _drained()
        took = time.perf_counter() - started
        meanwhile = read(0)
    say(
        f"{what}: the verb returned after {returned:.2f} s, everything shows it after {took:.1f} s ({batches} more batches);"
        f" a reader meanwhile: p50 {meanwhile[0]:.1f} ms, worst {meanwhile[1]:.1f} (alone: {alone[0]:.1f}, {alone[1]:.1f})"
    )


def _save(organization: Organization, **changes: Any) -> None:
    curation.save_entity(entity=organization, changes=changes, actor=None)


def _drained() -> int:
    """What the worker does, until nothing is stale; how many batches."""
    batches = 0
    while not drain().is_complete:
        batches += 1
    return batches


def _busiest() -> Organization:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT entity.key, total.quotes FROM publication_publishedentity AS entity"
            " JOIN publication_total AS total ON total.code = counted"
            " WHERE kind = 'organization' ORDER BY quotes DESC, slug LIMIT 1"
        )
        key, quotes = cursor.fetchone()
    organization = Organization.objects.get(pk=key)
    say(
        f"the busiest organization: {organization.slug}, the current affiliation in {quotes:,} quotes, its units' included"
    )
    return organization


def _another(organization: Organization) -> Organization:
    below = Organization.objects.filter(pk=organization.pk).with_descendants()
    return Organization.objects.exclude(pk__in=below).order_by("pk")[0]


@contextmanager
def _reader(targets: list[str]) -> Iterator[Callable[[float], tuple[float, float]]]:
    """`read(seconds)`: p50 and worst of what was read in so many seconds from now; with 0, of all since the last call."""
    here, there = multiprocessing.get_context("spawn").Pipe()
    process = multiprocessing.get_context("spawn").Process(
        target=_read, args=(there, targets, connection.settings_dict["NAME"]), daemon=True
    )
    process.start()
    here.recv()  # it is warm

    def read(seconds: float) -> tuple[float, float]:
        if seconds:
            here.send("begin")
            here.recv()
            time.sleep(seconds)
        here.send("begin")
        found: tuple[float, float] = here.recv()
        return found

    try:
        yield read
    finally:
        process.terminate()
        process.join()


def _read(there: Any, targets: list[str], name: str) -> None:
    from quotebase.wsgi import application

    databases.point_at(name)
    call = in_process(application)
    times: list[float] = []
    for target in targets * 5:
        call(target, {})
    there.send("warm")
    while True:
        for target in targets:
            started = time.perf_counter()
            call(target, {})
            times.append(1000 * (time.perf_counter() - started))
            if there.poll():
                there.recv()
                there.send((statistics.median(times), max(times)))
                times = []


if __name__ == "__main__":
    main()
