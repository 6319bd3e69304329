"""PostgreSQL, whose kept connections are looked at before a request uses them, without asking the server anything.

Django's own check is a `SELECT 1`: a journey to the server and back, for every request, as long as a small question takes. A
connection that the server has closed, or sent an error to, is readable; where nothing lies ready, nothing has happened.
"""

from __future__ import annotations

import select

from django.db.backends.postgresql import base
from psycopg.pq import TransactionStatus


class DatabaseWrapper(base.DatabaseWrapper):
    def is_usable(self) -> bool:
        """Whether the connection can be used. The server is asked only where it has something to say."""
        if self.connection is None:
            return False
        pgconn = self.connection.pgconn
        if pgconn.transaction_status == TransactionStatus.IDLE and not _is_readable(pgconn.socket):
            return True
        return super().is_usable()


def _is_readable(socket: int) -> bool:
    poll = select.poll()
    poll.register(socket, select.POLLIN | select.POLLHUP | select.POLLERR)
    return bool(poll.poll(0))
