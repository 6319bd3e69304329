"""Stops the embedded server when the last process using it has ended, however it ended.

An atexit handler does not run on kill -9, so using the server means holding a shared flock, which the kernel
drops in every case. This file runs as a detached process of its own that waits for the exclusive one. It imports
the standard library alone: `python -I -S` starts it in 20 ms, whatever the environment says.

The locks, files in a folder beside the data:

    starting   exclusive, by whoever starts or stops the server, meanwhile; always taken before the others
    users      shared, by every process that uses the server, until that process ends
    reaper     exclusive, by the one reaper; inherited from the process that launched it, so that there is no gap
    server     exclusive, by every process of the server, inherited as well: it tells that a server lives before
               there is a postmaster.pid, and while its last processes are still exiting after a kill -9
"""

import contextlib
import fcntl
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

# Chained commands, such as `make` runs, need not stop and start the server between them.
GRACE_SECONDS = 0.5
PAUSE_SECONDS = 0.03


class Postmaster(NamedTuple):
    """A live server as its postmaster.pid describes it: with a socket folder once it accepts connections."""

    pid: int
    socket_folder: Path | None


def lock_path(data: Path, name: str) -> Path:
    return data.with_name(f"{data.name}.locks") / name


def open_lock(data: Path, name: str) -> int:
    path = lock_path(data, name)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        # Never 0, 1 or 2, which are free in a process whose streams were closed: no child could inherit those.
        return fcntl.fcntl(lock, fcntl.F_DUPFD_CLOEXEC, 3)
    finally:
        os.close(lock)


def take(lock: int, operation: int) -> bool:
    """Take a lock if that needs no waiting, and say whether it was taken."""
    try:
        fcntl.flock(lock, operation | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def postmaster_of(data: Path) -> Postmaster | None:
    """The live server of this data folder; None where postmaster.pid is missing, half written, or stale."""
    try:
        lines = os.fsdecode((data / "postmaster.pid").read_bytes()).splitlines()
        pid = abs(int(lines[0]))  # initdb's single-user server writes its own pid as a negative number
    except (FileNotFoundError, IndexError, ValueError):
        return None
    if not _is_postgres_of(pid, data):
        return None
    is_ready = len(lines) > 7 and lines[7].strip() == "ready"
    return Postmaster(pid, Path(lines[4]) if is_ready else None)


def _is_postgres_of(pid: int, data: Path) -> bool:
    """Whether the process is a living postgres that works in this folder: pids are reused, by strangers too."""
    if not Path("/proc/self/stat").exists():
        return _is_postgres_according_to_ps(pid)
    try:
        # "pid (name) state ..."; a zombie (Z) has released everything but its pid.
        name, _, rest = Path(f"/proc/{pid}/stat").read_bytes().partition(b" (")[2].rpartition(b") ")
        if name != b"postgres" or rest[:1] in b"ZX" or os.stat(f"/proc/{pid}").st_uid != data.stat().st_uid:
            return False
        return os.path.samefile(f"/proc/{pid}/cwd", data)
    except PermissionError:
        # In a container, root may look no further into another account's process than at its arguments.
        return os.fsencode(data) in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except (FileNotFoundError, ProcessLookupError):
        return False


def _is_postgres_according_to_ps(pid: int) -> bool:
    """The same where there is no /proc (macOS), by name and state alone."""
    command = ["ps", "-o", "stat=,comm=", "-p", str(pid)]
    result = subprocess.run(command, capture_output=True, text=True)  # noqa: S603 - a fixed command and a number
    state, _, name = result.stdout.strip().partition(" ")
    return not state.startswith("Z") and Path(name.strip()).name == "postgres"


def stop(data: Path) -> None:
    """Shut the server down (fast) and return when its last process has gone. The caller holds `starting`.

    Only a verified postgres of this folder is ever signalled. A server that has not written its postmaster.pid
    yet is waited for; one whose postmaster.pid was deleted notices that within a minute, and ends by itself.
    """
    server = open_lock(data, "server")
    signalled = None
    while (postmaster := postmaster_of(data)) or not take(server, fcntl.LOCK_EX):
        if postmaster and not (signalled and signalled.pid == postmaster.pid):
            signalled = postmaster
            with contextlib.suppress(ProcessLookupError):
                os.kill(postmaster.pid, signal.SIGINT)
        time.sleep(PAUSE_SECONDS)
    if signalled and signalled.socket_folder:
        with contextlib.suppress(OSError):
            signalled.socket_folder.rmdir()  # ours, and now empty; of somebody else's making, it need not be
    os.close(server)


def wait_and_stop(data: Path, reaper: int) -> None:
    """Return once the server has been stopped for want of users."""
    starting, users = open_lock(data, "starting"), open_lock(data, "users")
    while True:
        fcntl.flock(users, fcntl.LOCK_EX)
        # Let go before taking `starting`: a newcomer holds that one while it waits for this one.
        fcntl.flock(users, fcntl.LOCK_UN)
        time.sleep(GRACE_SECONDS)
        fcntl.flock(starting, fcntl.LOCK_EX)
        if take(users, fcntl.LOCK_EX):
            break
        fcntl.flock(starting, fcntl.LOCK_UN)
    path = lock_path(data, "starting")
    # Locks that were deleted and made again have a reaper of their own.
    is_current = not path.exists() or os.path.samestat(os.fstat(starting), path.stat())
    if is_current and data.exists():
        stop(data)
    # Before `starting`, which goes with this process: the next to hold that must find that there is no reaper.
    os.close(reaper)


if __name__ == "__main__":
    wait_and_stop(Path(sys.argv[1]), int(sys.argv[2]))
