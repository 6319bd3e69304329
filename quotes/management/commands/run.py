"""`manage.py run`: everything that a newcomer needs to look at the project, in one command (`make run`)."""

import argparse
import errno
import os
import socket
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections

from quotes.management import demonstration, processes

EXAMPLE = "/api/v1/quotes/?affiliation=ice&stance=support"
WILDCARDS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - recognised, not bound


def port_number(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port: 1 to 65535, or 0 for any that is free")
    return int(text)


class Command(BaseCommand):
    help = "Prepares the database, fills it if it is new, and serves until Ctrl-C. For a developer's machine."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", default=8000, type=port_number)
        parser.add_argument("--end-with-parent", action="store_true", help="End when the process that started it does.")

    def handle(self, *, host: str, port: int, end_with_parent: bool, **options: Any) -> None:
        if settings.IS_PRODUCTION:
            raise CommandError("`run` makes a demonstration. docs/deployment.md says how to serve in production.")
        if end_with_parent:
            processes.end_with_parent()
        # Taken before the slow work: a port in use is noticed at once, and nobody can take ours meanwhile.
        listener = self._listen(host, port)
        try:
            demonstration.prepare(self._say)
        except KeyboardInterrupt:
            raise CommandError("Stopped.", returncode=130) from None
        if status := self._serve(listener, host):
            raise CommandError("A part of the server ended by itself (see above), and so the rest.", returncode=status)
        self._say("Stopped.")

    def _listen(self, host: str, port: int) -> socket.socket:
        try:
            return processes.listen(host, port)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise CommandError(f"Port {port} is in use. Choose another: make run PORT={port + 1}") from error
            raise CommandError(f"Cannot serve on HOST={host} PORT={port}: {error.strerror}.") from error

    def _serve(self, listener: socket.socket, host: str) -> int:
        _allow(host)
        address = (WILDCARDS.get(host, host), listener.getsockname()[1])
        stop = processes.Stop()
        children = [
            processes.start([str(settings.BASE_DIR / "manage.py"), "publication", "--follow"]),
            processes.start(_gunicorn(listener.fileno()), keep=[listener.fileno()]),
        ]
        listener.close()
        try:
            if processes.wait_for_answer(address, children, stop):
                self._say(_summary(address, demonstration.make_curator()))
                connections.close_all()
            return processes.wait_for_end(children, stop)
        finally:
            processes.end(children)

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()  # into a file or a pipe, too, at once


def _gunicorn(descriptor: int) -> list[str]:
    place = ["--config", str(settings.BASE_DIR / "quotebase" / "gunicorn.py"), "--chdir", str(settings.BASE_DIR)]
    # One process: without a Redis, requests are counted in its memory.
    manner = ["--workers", "1", "--threads", "8", "--graceful-timeout", "2", "--log-level", "warning"]
    return ["-m", "gunicorn", *place, "--bind", f"fd://{descriptor}", *manner]


def _allow(host: str) -> None:
    """Let gunicorn answer under the name that it serves on, unless the environment says which names to answer to."""
    name = socket.gethostname() if host in WILDCARDS else host
    names = [*settings.ALLOWED_HOSTS, f"[{name}]" if ":" in name else name]
    os.environ.setdefault("QUOTEBASE_ALLOWED_HOSTS", ",".join(names))


def _summary(address: tuple[str, int], password: str | None) -> str:
    host, port = address
    root = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    is_embedded = settings.DATABASES["default"]["ENGINE"] == "quotebase.postgres"
    lines = [
        "",
        "quotebase is running.",
        "",
        f"  Read     {root}/",
        f"  Query    {root}{EXAMPLE}",
        f"  API      {root}/api/docs/",
        f"  Curate   {root}/admin/",
    ]
    if password:
        lines += [f"           user {demonstration.CURATOR}, password {password} (not shown again)"]
    lines += ["", "Ctrl-C ends it and its database; the data stays." if is_embedded else "Ctrl-C ends it."]
    return "\n".join(lines)
