"""The processes behind `manage.py run`: gunicorn and the publication's worker, alive exactly as long as the command.

The command stays and watches both. Had it turned into gunicorn (`exec`), nobody would notice the worker's end; as
threads of one process, none could be ended without the other.

Each child has a process group of its own, so that a terminal's Ctrl-C reaches this process alone, which then ends them
in order. When this process is killed (kill -9) the kernel sends the children SIGTERM, on Linux. On other systems they
outlive that, and only that. The database needs no care: it ends with the last process that is connected.
"""

import contextlib
import ctypes
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence

PR_SET_PDEATHSIG = 1
PAUSE_SECONDS = 0.1
ANSWER_SECONDS = 1
END_SECONDS = 10

Process = subprocess.Popen[bytes]
_libc = ctypes.CDLL(None)


def end_with_parent() -> None:
    """Have the kernel send this process SIGTERM when its parent ends, in whatever way."""
    if sys.platform == "linux":
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens at the address already, so that its port is ours from here on. Raises OSError."""
    family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    return socket.create_server(address[:2], family=family, backlog=2048)


def start(arguments: Sequence[str], *, keep: Sequence[int] = ()) -> Process:
    """Start this Python with the arguments; the child inherits the descriptors in `keep`."""
    return subprocess.Popen(  # noqa: S603 - this interpreter and fixed arguments
        [sys.executable, *arguments],
        stdin=subprocess.DEVNULL,
        pass_fds=keep,
        process_group=0,
        preexec_fn=end_with_parent,  # safe: this process has one thread
    )


class Stop:
    """Whether this process was asked to end, by Ctrl-C, SIGTERM or SIGHUP.

    A flag instead of an exception: that could arrive between the start of a child and its being noted down.
    """

    def __init__(self) -> None:
        self.is_asked = False
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:  # nohup ignores it: so do we
                signal.signal(number, self._ask)

    def _ask(self, *_: object) -> None:
        self.is_asked = True


def wait_for_answer(address: tuple[str, int], children: Sequence[Process], stop: Stop) -> bool:
    """Wait until something is answered over HTTP; False where a child or the command ends before."""
    while not stop.is_asked and all(child.poll() is None for child in children):
        with contextlib.suppress(OSError, http.client.HTTPException):
            connection = http.client.HTTPConnection(*address, timeout=ANSWER_SECONDS)
            connection.request("GET", "/livez")
            connection.getresponse()
            return True
        time.sleep(PAUSE_SECONDS)
    return False


def wait_for_end(children: Sequence[Process], stop: Stop) -> int:
    """Wait until the command is asked to end (0), or the first child ends (its exit status)."""
    while not stop.is_asked:
        for child in children:
            if (status := child.poll()) is not None:
                return status if status >= 0 else 128 - status
        time.sleep(PAUSE_SECONDS)
    return 0


def end(children: Sequence[Process]) -> None:
    """Ask the children to end, and kill what is left of them after a while."""
    for child in children:
        child.terminate()
    deadline = time.monotonic() + END_SECONDS
    for child in children:
        try:
            child.wait(max(0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
