"""What a verb is: one transaction, begun anew after a deadlock; and what it raises when it changes nothing.

Every verb ends by bringing the publication up to date, so that the public sees a change when it is committed, and never a
part of it.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from django.contrib.auth.models import AbstractBaseUser
from django.db import OperationalError, connection, transaction
from psycopg.errors import DeadlockDetected

from quotes.publication.refresh import drain

Actor = AbstractBaseUser | None
P = ParamSpec("P")
T = TypeVar("T")


class CurationError(Exception):
    """Why nothing was changed: one message for each obstacle, fit for a curator's eyes."""

    def __init__(self, messages: list[str]) -> None:
        super().__init__(" ".join(messages))
        self.messages = messages


def verb(function: Callable[P, T]) -> Callable[P, T]:
    """One transaction; begun anew, up to twice, when it was the victim of a deadlock.

    Within a transaction of the caller's nothing can be begun anew, so there the deadlock is the caller's to see.
    """

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        for _ in range(2):
            try:
                with transaction.atomic():
                    return function(*args, **kwargs)
            except OperationalError as error:
                if connection.in_atomic_block or not isinstance(error.__cause__, DeadlockDetected):
                    raise
        with transaction.atomic():
            return function(*args, **kwargs)

    return run


def settle() -> None:
    """Check now what the database puts off to the commit, where nobody could be told any more; then publish changes."""
    connection.check_constraints()
    drain()


def refresh_publication() -> None:
    """Bring the public rows up to date with whatever was changed before, in the same transaction."""
    drain()
