"""`manage.py publication --check | --rebuild | --follow`: is the read side true, make it anew, keep it fresh."""

from __future__ import annotations

import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from quotes.management.progress import progress_bar
from quotes.models import Quote
from quotes.publication import checking, parallel, rebuilding, worker
from quotes.publication.models import PublishedQuote, StaleMark

MOST_SHOWN = 50


class Command(BaseCommand):
    help = "Check, rebuild or keep fresh what is published."

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument(
            "--check", action="store_true", help="recompute everything and compare; exit 1 if anything differs"
        )
        what.add_argument(
            "--rebuild", action="store_true", help="project everything anew, in place, while it is being read"
        )
        what.add_argument("--follow", action="store_true", help="refresh what is marked stale, until terminated")
        parser.add_argument(
            "--processes", type=int, default=1, metavar="N", help="with --rebuild: project in so many processes at once"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["processes"] < 1:
            raise CommandError(f"--processes {options['processes']}: at least one has to do it.")
        if options["check"]:
            self.check_everything()
        elif options["rebuild"]:
            self.rebuild(options["processes"])
        else:
            follow()

    def check_everything(self) -> None:
        seen = checking.Seen()
        findings = 0
        with progress_bar(Quote.objects.published().count(), " quotes") as bar:
            for finding in checking.check(seen):
                if finding is None:
                    bar.update(seen.quotes - bar.n)
                    continue
                findings += 1
                if findings <= MOST_SHOWN:
                    bar.write(str(finding), file=self.stdout._out)
        if waiting := StaleMark.objects.count():
            self.stdout.write(f"{waiting} stale marks wait for the worker; what differs may be theirs.")
        if findings:
            raise CommandError(f"{findings} differences in {seen.quotes} quotes (the first {MOST_SHOWN} are shown).")
        self.stdout.write(f"{seen.quotes} published quotes, {len(seen.mentioned)} entities: all as they must be.")

    def rebuild(self, processes: int) -> None:
        looked_at = written = removed = 0
        total = max(Quote.objects.exclude(published_at=None).count(), PublishedQuote.objects.count())
        with progress_bar(total, " quotes") as bar:
            for done in rebuilding.rebuild() if processes == 1 else parallel.rebuild(processes):
                bar.update(done.looked_at)
                looked_at += done.looked_at
                written, removed = written + done.written, removed + done.removed
        self.stdout.write(
            f"{looked_at} quotes projected: {written} rows written, {removed} removed, the rest was right."
        )


def follow() -> None:
    """Run the worker until SIGTERM or SIGINT."""
    told_to_stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: told_to_stop.set())
    worker.follow(told_to_stop.is_set)
