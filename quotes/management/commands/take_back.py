"""`manage.py take_back UID [--apply]`: what taking an import back would take along, and, when told so, take it back."""

from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from quotes.datasets.taking_back import NotTakenBack, look_at, take_back
from quotes.management.corpora import bar
from quotes.models import Import
from quotes.vocabulary import ImportStatus


class Command(BaseCommand):
    help = (
        "Say what taking an import back would remove (docs/importing.md): its quotes, and whoever and whatever it made that "
        "nothing else needs. With --apply, remove it, batch by batch; what was ended goes on when called again. Exit status 1 "
        "when something stands against it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("uid", metavar="UID", help="The import's, as it was said when it came in, and on its page.")
        parser.add_argument("--with-work", action="store_true", help="Also quotes that people have worked on since.")
        parser.add_argument("--apply", action="store_true", help="Write, unless something stands against it.")

    def handle(self, *, uid: str, with_work: bool, apply: bool, **options: Any) -> None:
        batch = _find(uid)
        found = look_at(batch)
        self.stdout.write(f"{batch}, {batch.format}, of {batch.created_at:%Y-%m-%d %H:%M}")
        self.stdout.write(f"  quotes          {found.quotes:>9,}")
        self.stdout.write(f"  published       {found.published:>9,}")
        self.stdout.write(f"  worked on since {found.worked_on:>9,}")
        if batch.status == ImportStatus.TAKEN_BACK:
            raise CommandError("It is taken back already.")
        if batch.status == ImportStatus.LEAVING:
            self.stdout.write("Taking it back was begun; what is counted is what is left.")
        if not apply:
            is_begun = batch.status == ImportStatus.LEAVING
            if obstacles := found.obstacles(with_work=with_work or is_begun):
                raise CommandError(_refusal(obstacles))
            self.stdout.write("Nothing was changed. Take it back with --apply.")
            return
        try:
            with bar("taking back", found.quotes, " quotes") as shown:
                take_back(batch, with_work=with_work, went=shown.update)
        except NotTakenBack as refusal:
            raise CommandError(_refusal(refusal.obstacles)) from refusal
        self.stdout.write("Taken back.")


def _find(uid: str) -> Import:
    try:
        return Import.objects.get(uid=UUID(uid))
    except ValueError:
        raise CommandError(f"{uid!r} is no uid, such as 01990000-0000-7000-8000-000000000000.") from None
    except Import.DoesNotExist:
        raise CommandError(f"There is no import {uid}.") from None


def _refusal(obstacles: list[str]) -> str:
    hint = " --with-work takes those back too." if any("worked on" in one for one in obstacles) else ""
    return f"{' '.join(obstacles)}{hint} Nothing was changed."
