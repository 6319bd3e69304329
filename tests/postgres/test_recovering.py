"""The embedded PostgreSQL after its server was killed, or its files were deleted or left half written."""

import os
import shutil
import signal
import subprocess
import threading
import time
from pathlib import Path

import pytest

from tests.postgres.servers import USE_IT, WITH_DJANGO, Client, has_ended, pid_of, run, stopped_child_of, wait_until


def test_the_next_connection_starts_a_killed_server_again(data: Path) -> None:
    script = f"""{WITH_DJANGO}
query("SELECT 1")
server_pid = int((data / "postmaster.pid").read_text().split()[0])
os.kill(server_pid, signal.SIGKILL)
connection.close()
print(query("SELECT 42"), int((data / "postmaster.pid").read_text().split()[0]) != server_pid)"""
    assert run(script, data) == "42 True"


def test_a_restart_waits_for_the_last_process_of_the_killed_server(data: Path) -> None:
    client = Client(USE_IT, data).until_ready()
    old = pid_of(data)
    straggler = stopped_child_of(old)
    os.kill(old, signal.SIGKILL)
    newcomer = Client(USE_IT, data)
    time.sleep(1)
    assert (data / "postmaster.pid").read_text().split()[0] == str(old)
    assert newcomer.process.poll() is None
    os.kill(straggler, signal.SIGCONT)
    assert newcomer.until_ready().finish() == "42"
    client.finish()


def test_the_next_connection_waits_while_the_server_recovers_from_a_killed_backend(data: Path) -> None:
    script = f"""{WITH_DJANGO}
print(query("SELECT pg_backend_pid()"))
wait_for_the_end_of_input()
connection.close()
print(query("SELECT 42"))"""
    client = Client(script, data).until_ready()
    straggler = stopped_child_of(pid_of(data))
    os.kill(int(client.said), signal.SIGKILL)
    time.sleep(0.2)  # until then the server takes connections, only to close them
    threading.Timer(0.5, os.kill, [straggler, signal.SIGCONT]).start()
    assert client.finish().endswith("\n42")


def test_a_stale_pid_file_that_names_a_stranger_is_removed_and_the_stranger_lives_on(data: Path) -> None:
    with subprocess.Popen(["sleep", "60"]) as stranger:
        (data / "postmaster.pid").write_text(f"{stranger.pid}\n{data}\n1\n5432\n/tmp\n\n  1 1\nready   \n")
        assert run("print(ask('SELECT 42'))", data) == "42"
        wait_until(lambda: has_ended(data), seconds=5)
        assert stranger.poll() is None
        stranger.kill()


def test_a_stranger_that_is_itself_called_postgres_is_not_taken_for_the_server(data: Path) -> None:
    impostor = shutil.copy(shutil.which("sleep") or "", data.parent / "postgres")
    with subprocess.Popen([impostor, "60"]) as stranger:
        (data / "postmaster.pid").write_text(f"{stranger.pid}\n{data}\n1\n5432\n/tmp\n\n  1 1\nready   \n")
        assert run("print(ask('SELECT 42'))", data) == "42"
        wait_until(lambda: has_ended(data), seconds=5)
        assert stranger.poll() is None
        stranger.kill()


@pytest.mark.parametrize("content", ["", "12", f"{'9' * 30}\n"])
def test_a_half_written_pid_file_does_not_stop_the_start(data: Path, content: str) -> None:
    (data / "postmaster.pid").write_text(content)
    assert run("print(ask('SELECT 42'))", data) == "42"


@pytest.mark.parametrize("deleted", [["pg"], ["pg", "pg.locks", "pg.log"]])
def test_data_deleted_under_a_running_server_are_begun_anew_at_once(data: Path, deleted: list[str]) -> None:
    script = "ask('SELECT 1'); wait_for_the_end_of_input(); print(ask('SELECT 42'))"
    client = Client(script, data).until_ready()
    old = pid_of(data)
    for name in deleted:
        path = data.parent / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    started = time.monotonic()
    assert client.finish() == "42"
    assert time.monotonic() - started < 10
    os.kill(old, signal.SIGINT)  # it would notice within a minute


def test_a_socket_that_was_cleaned_away_is_made_again(data: Path) -> None:
    script = f"""{WITH_DJANGO}
import shutil
query("SELECT 1")
shutil.rmtree(server.reaper.postmaster_of(data).socket_folder)
connection.close()
print(query("SELECT 42"))"""
    assert run(script, data) == "42"
