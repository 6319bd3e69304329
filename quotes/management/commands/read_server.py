"""`manage.py read_server add|status|migrate|resync|remove`: servers that follow the publication, and answer the public."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import Error

from quotes.replication import ReplicationError, setting_up, watching
from quotes.replication.tables import READERS


class Command(BaseCommand):
    help = (
        "Read servers: PostgreSQL servers that follow the public tables of the home server (docs/scaling.md). Their addresses, "
        "as their owner reaches them, are in QUOTEBASE_READ_SERVERS."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
        add = verbs.add_parser("add", help="let a server with an empty database follow; ends when readers may ask it")
        status = verbs.add_parser("status", help="who follows, and how far behind; exit 1 if anything is wrong")
        migrate = verbs.add_parser("migrate", help="bring the tables up to date: before `manage.py migrate`, and after")
        resync = verbs.add_parser("resync", help="copy everything anew")
        remove = verbs.add_parser("remove", help="let a server go, and empty its database")
        for verb in (add, resync, remove):
            verb.add_argument("name", metavar="NAME")
        migrate.add_argument("names", metavar="NAME", nargs="*", help="all of them by default")
        remove.add_argument(
            "--dead", action="store_true", help="it is gone for good: drop its slot at home, and no more"
        )
        status.add_argument(
            "--max-lag", type=float, default=60, metavar="SECONDS", help="more than this is wrong; 60 by default"
        )

    def handle(self, *, verb: str, **options: Any) -> None:
        try:
            getattr(self, verb)(**options)
        except ReplicationError as error:
            raise CommandError(str(error)) from error
        except Error as error:
            raise CommandError(str(error).strip()) from error

    def add(self, *, name: str, **options: Any) -> None:
        self.tell_of(name, setting_up.add(name, self.progress()))

    def resync(self, *, name: str, **options: Any) -> None:
        self.tell_of(name, setting_up.resync(name, self.progress()))

    def progress(self) -> setting_up.Progress:
        """Says which tables are still being copied, whenever there are fewer."""
        said: list[list[str]] = []

        def say(unfinished: list[str]) -> None:
            if unfinished not in said:
                said.append(unfinished)
                self.stderr.write(f"Copying: {', '.join(unfinished)}")

        return say

    def tell_of(self, name: str, added: setting_up.Added) -> None:
        self.stdout.write(f"{name} follows. Name it in PUBLICATION_DATABASE_URL, with the role {READERS}.")
        if added.made_role:
            self.stdout.write(f"That role is new there, and has no password yet: ALTER ROLE {READERS} PASSWORD '…'")
        for line in added.advice:
            self.stdout.write(line)

    def migrate(self, *, names: list[str], **options: Any) -> None:
        for name, done in setting_up.migrate(names or sorted(settings.READ_SERVERS), self.progress()):
            self.stdout.write(f"{name}: {', '.join(done) or 'nothing to do'}")

    def remove(self, *, name: str, dead: bool, **options: Any) -> None:
        setting_up.remove(name, is_dead=dead)
        self.stdout.write(f"{name} follows no more. Take it out of PUBLICATION_DATABASE_URL, if it still is in there.")

    def status(self, *, max_lag: float, **options: Any) -> None:
        reports = watching.report(max_lag=max_lag)
        for found in reports:
            self.stdout.write(_line(found))
            for problem in found.problems:
                self.stdout.write(f"    {problem}")
        if not reports:
            self.stdout.write("No read servers: QUOTEBASE_READ_SERVERS names none, and there is no slot at home.")
        if wrong := [found.name for found in reports if found.problems]:
            raise CommandError(f"Something is wrong with {', '.join(wrong)}.")


def _line(found: watching.Report) -> str:
    change = "?" if found.change is None else found.change
    seconds = "?" if found.seconds is None else f"{found.seconds:.1f}"
    size = f"{found.bytes_behind or 0:,} bytes unconfirmed, {found.bytes_kept or 0:,} kept for it"
    wal = f", log {found.wal_status}" if found.wal_status else ""
    return f"{found.name}: {found.state}, change {change} of {found.home_change}, {seconds} s behind, {size}{wal}"
