"""Starts the project's own PostgreSQL on demand, so that development needs no installation, account or port.

Beside the data folder lie its log (`<name>.log`) and its locks (`<name>.locks`, explained in reaper.py).
"""

import contextlib
import fcntl
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import psycopg
from psycopg import pq, sql
from psycopg.conninfo import make_conninfo

from quotebase.postgres import EmbeddedPostgresError, places, reaper
from quotebase.postgres.places import PORT, SOCKET, Account

ROLE = DATABASE = "quotebase"
OLDEST_MAJOR = 17
PATIENCE_SECONDS = 120
PING_SECONDS = 5
# More than one: a server can be killed while it starts, too.
MOST_LAUNCHES = 3
LARGEST_LOG_BYTES = 10_000_000

# docker-compose.yml gives its server the same, so that text sorts and compares alike in both. This provider is
# compiled in: the system's locales, which may be missing or change their order, play no part.
CLUSTER_OPTIONS = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--encoding=UTF8")
SERVER_OPTIONS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    # Otherwise a killed importer's query runs on, and holds its locks.
    "client_connection_check_interval": "500ms",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # Compiling takes longer than the queries of a database of this size.
    "jit": "off",
}

# A descriptor for each data folder, open until this process ends, and shared with the children it forks.
_users_locks: dict[Path, int] = {}


def ensure_running(
    data_folder: Path,
    server_options: Mapping[str, str] | None = None,
    *,
    database: str | None = DATABASE,
    is_doubted: bool = False,
) -> Path:
    """Make sure that the server of `data_folder` runs until this process ends; return the folder of its socket.

    The first call creates the data (0.7 s), starts the server (0.1 s) and creates `database` (None: no database)
    where they are absent; later calls read one file. After a failed connection, `is_doubted` makes it look more
    closely. `server_options` (names and values as in postgresql.conf) count when this very call starts the server.

    From here on this process speaks to this server alone: PG* variables, of which libpq obeys several whatever
    the parameters of a connection say, are removed from its environment.

    Raises EmbeddedPostgresError, with the end of the server's log where there is one.
    """
    for name in [name for name in os.environ if name.startswith("PG")]:
        del os.environ[name]
    try:
        data = data_folder.resolve()
        postmaster = reaper.postmaster_of(data)
        if postmaster and postmaster.socket_folder and _is_user(data) and not is_doubted:
            return postmaster.socket_folder
        account = places.account_for(data)
        data = places.place_for(data_folder, account)
        with _starting(data) as starting:
            _become_user(data)
            _employ_reaper(data)
            if not (data / "PG_VERSION").exists():
                _create_cluster(data, account, starting)
            socket_folder = _wait_or_launch(data, account, server_options or {})
            if database:
                _create_if_absent(database, socket_folder)
        return socket_folder
    except OSError as error:
        raise EmbeddedPostgresError(f"The database in {data_folder} cannot be used: {error}") from error


def connection_parameters(socket_folder: Path) -> dict[str, Any]:
    """What psycopg.connect() needs, but for the database."""
    return {"host": str(socket_folder), "port": PORT, "user": ROLE}


@contextlib.contextmanager
def _starting(data: Path) -> Iterator[int]:
    """The lock that keeps others from starting or stopping the server meanwhile."""
    lock = reaper.open_lock(data, "starting")
    deadline = time.monotonic() + PATIENCE_SECONDS
    try:
        while not reaper.take(lock, fcntl.LOCK_EX):
            if time.monotonic() > deadline:
                raise EmbeddedPostgresError(f"Another process has been starting or stopping {data} for too long.")
            time.sleep(reaper.PAUSE_SECONDS)
        yield lock
    finally:
        fcntl.flock(lock, fcntl.LOCK_UN)  # closing is not enough: a child forked meanwhile has it open as well
        os.close(lock)


def _is_user(data: Path) -> bool:
    """Whether this process holds the users' lock: the present one, not that of a folder deleted since."""
    try:
        return os.path.samestat(os.fstat(_users_locks[data]), os.stat(reaper.lock_path(data, "users")))
    except (KeyError, OSError):
        return False


def _become_user(data: Path) -> None:
    if not _is_user(data):
        lock = reaper.open_lock(data, "users")
        fcntl.flock(lock, fcntl.LOCK_SH)
        _users_locks[data] = lock


def _employ_reaper(data: Path) -> None:
    """Start a reaper where none lives: before the server, which then ends even if this process is killed here."""
    lock = reaper.open_lock(data, "reaper")
    if reaper.take(lock, fcntl.LOCK_EX):
        _detach([sys.executable, "-I", "-S", reaper.__file__, data, str(lock)], data, None, lock)
    os.close(lock)


def _detach(command: Sequence[str | Path], data: Path, account: Account | None, lock: int) -> None:
    """Start a program that inherits `lock`, outlives this process, and is not its child: if it were, and were killed,
    its pid would stay taken until this process ends.
    """
    path = _log_of(data)
    if path.exists() and path.stat().st_size > LARGEST_LOG_BYTES:
        path.replace(path.with_name(f"{path.name}.old"))
    with path.open("ab") as log:  # opened here, as the account may not be able to
        places.run(["/bin/sh", "-c", '"$@" &', "sh", *command], account, keep=[lock], log=log.fileno())


def _log_of(data: Path) -> Path:
    return data.with_name(f"{data.name}.log")


def _end_of_log(data: Path) -> str:
    path = _log_of(data)
    text = path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""
    return "\n".join(text.splitlines()[-12:])


def _create_cluster(data: Path, account: Account | None, starting: int) -> None:
    """Make the data in a new folder and rename that, so that a kill midway leaves nothing that looks like data.

    initdb inherits the lock `starting`: one that outlives this process is waited for, and leaves no surprises.
    """
    if data.exists() and any(data.iterdir()):
        raise EmbeddedPostgresError(f"{data} is neither empty nor a data folder of PostgreSQL: it has no PG_VERSION.")
    programs, major = places.programs_for(account)
    if major < OLDEST_MAJOR:
        raise EmbeddedPostgresError(f"{programs} holds PostgreSQL {major}; quotebase needs {OLDEST_MAJOR} or later.")
    # If anybody still holds it, then the server of a folder that was deleted, which does not notice for a minute.
    reaper.lock_path(data, "server").unlink(missing_ok=True)
    prefix = f"{data.name}.new-"
    for unfinished in data.parent.iterdir():
        if unfinished.name.startswith(prefix):
            shutil.rmtree(unfinished)
    new = Path(tempfile.mkdtemp(prefix=prefix, dir=data.parent))
    if account:
        os.chown(new, account.uid, account.gid)
    access = (f"--username={ROLE}", "--auth-local=trust", "--auth-host=reject", "--no-instructions")
    result = places.run([programs / "initdb", *CLUSTER_OPTIONS, *access, "-D", new], account, keep=[starting])
    if result.returncode:
        raise EmbeddedPostgresError(f"initdb could not create {data}:\n{result.stdout.strip()}")
    new.rename(data)


def _wait_or_launch(data: Path, account: Account | None, options: Mapping[str, str]) -> Path:
    """The socket folder of the server, once it accepts connections.

    The server's lock tells what its files cannot: that it was launched just now, or that the last processes of a
    killed one are still exiting. While they live, nothing is launched and no postmaster.pid removed.
    """
    lock = reaper.open_lock(data, "server")
    launches = 0
    deadline = time.monotonic() + PATIENCE_SECONDS
    try:
        while time.monotonic() < deadline:
            postmaster = reaper.postmaster_of(data)
            if postmaster and postmaster.socket_folder:
                if _answers(postmaster.socket_folder):
                    return postmaster.socket_folder
                if not (postmaster.socket_folder / SOCKET).exists():
                    reaper.stop(data)  # somebody emptied the temporary folder
            elif not postmaster and reaper.take(lock, fcntl.LOCK_EX):
                if launches == MOST_LAUNCHES:
                    raise EmbeddedPostgresError(f"PostgreSQL did not start in {data}:\n{_end_of_log(data)}")
                _launch(data, account, options, lock)
                launches += 1
                os.close(lock)  # from now on the server's alone
                lock = reaper.open_lock(data, "server")
            time.sleep(reaper.PAUSE_SECONDS)
    finally:
        os.close(lock)
    raise EmbeddedPostgresError(f"PostgreSQL in {data} does not answer ({postmaster}):\n{_end_of_log(data)}")


def _answers(socket_folder: Path) -> bool:
    where = connection_parameters(socket_folder)
    conninfo = make_conninfo(**where, dbname="postgres", connect_timeout=PING_SECONDS)
    return pq.PGconn.ping(conninfo.encode()) == pq.Ping.OK


def _launch(data: Path, account: Account | None, options: Mapping[str, str], lock: int) -> None:
    """Start the server, which inherits its lock. No other server of this folder is alive."""
    programs, major = places.programs_for(account)
    if (found := (data / "PG_VERSION").read_text().strip()) != str(major):
        raise EmbeddedPostgresError(
            f"{data} was made by PostgreSQL {found}, but {programs} holds PostgreSQL {major}. Dump the data with the "
            f"former and load it into a new folder, or provide PostgreSQL {found}."
        )
    if account and data.stat().st_uid != account.uid:
        raise EmbeddedPostgresError(f"{data} belongs to root. Give it to the server: chown -R {account.uid} '{data}'")
    # PostgreSQL refuses to start when it is empty, or when its number has become a stranger's.
    (data / "postmaster.pid").unlink(missing_ok=True)
    socket_folder = str(places.socket_folder(data, account)).replace('"', '""')
    settings = {**SERVER_OPTIONS, **options, "unix_socket_directories": f'"{socket_folder}"'}
    arguments = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    _detach([programs / "postgres", "-D", data, *arguments], data, account, lock)


def _create_if_absent(database: str, socket_folder: Path) -> None:
    with psycopg.connect(**connection_parameters(socket_folder), dbname="postgres", autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))
