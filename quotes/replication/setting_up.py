"""What is done to read servers: added, brought up to date, copied anew, removed. Each can be asked for again after a failure."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.db import OperationalError

from quotes.replication import ReplicationError, home, schema
from quotes.replication.copies import Copy

PAUSE_SECONDS = 0.1
Progress = Callable[[list[str]], object]


@dataclass(frozen=True, slots=True)
class Added:
    """Whether the readers' role had to be made, and what would be better set otherwise on the home server."""

    made_role: bool
    advice: list[str]


def add(name: str, progress: Progress) -> Added:
    """Let a server with an empty database follow, and return when readers may ask it.

    Killed midway, it goes on from there when it is asked again. `progress` hears of the tables that are not ready.
    Raises ReplicationError.
    """
    copy = Copy(name)
    if not copy.is_subscribed():
        home.must_be_followable()
        copy.must_be_fit()
        if name in home.slots():
            raise ReplicationError(f"There is a slot for {name} at home already. `read_server remove {name}` first.")
        home.publish_tables()
        home.let_it_copy()
        copy.close()
        schema.migrate(copy.alias)
        copy.subscribe()
    return Added(_open_when_whole(copy, progress), home.advice())


def _open_when_whole(copy: Copy, progress: Progress) -> bool:
    """Wait for the copy, then let readers in. Returns whether their role had to be made."""
    while unfinished := copy.unfinished():
        progress(unfinished)
        time.sleep(PAUSE_SECONDS)
    return copy.open()


def remove(name: str, *, is_dead: bool = False) -> None:
    """Let a read server go: its database is as empty as it came. Of one that is dead, the slot at home is all there is to drop.

    Raises ReplicationError where it cannot be reached, unless it `is_dead`.
    """
    if not is_dead:
        try:
            _remove_there(Copy(name))
        except OperationalError as error:
            reason = str(error).strip().partition("\n")[0]
            raise ReplicationError(
                f"{name} cannot be reached ({reason}). If it is gone for good: `read_server remove {name} --dead` drops its slot "
                "at home, for which the home server keeps its log."
            ) from error
    had_slot = home.drop_slot(name)
    if is_dead and not had_slot:
        known = ", ".join(home.slots()) or "none"
        raise ReplicationError(f"There is no slot for {name!r} at home; there are: {known}.")
    home.forget_publication()


def _remove_there(copy: Copy) -> None:
    copy.close()
    if copy.is_subscribed():
        copy.unsubscribe()
    copy.empty()


def resync(name: str, progress: Progress) -> Added:
    """Copy everything anew: after the home server gave up keeping its log for it, or when it cannot follow."""
    remove(name)
    return add(name, progress)


def migrate(names: Iterable[str], progress: Progress) -> Iterator[tuple[str, list[str]]]:
    """Bring the read servers' tables up to date, and what they follow. Yields each with the migrations that it has had now.

    Nothing is done to any of them where one of them may not have a migration yet (ReplicationError).
    """
    copies = [Copy(name) for name in names]
    for copy in copies:
        schema.must_be_safe(copy.alias)
    for copy in copies:
        yield copy.name, schema.migrate(copy.alias)
    home.publish_tables()
    home.let_it_copy()
    for copy in copies:
        copy.renew_tables()
        _open_when_whole(copy, progress)
