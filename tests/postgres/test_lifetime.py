"""The embedded PostgreSQL lives for as long as somebody uses it, however they end. Real servers, in processes of their own."""

import os
import shutil
import signal
import time
from pathlib import Path

import pytest

from quotebase.postgres import reaper
from tests.postgres.servers import USE_IT, Client, has_ended, is_running, pid_of, pid_of_reaper, run, wait_until


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_a_killed_owner_leaves_no_server_running(data: Path, number: signal.Signals) -> None:
    client = Client(USE_IT, data).until_ready()
    assert is_running(data)
    client.end(number)
    wait_until(lambda: has_ended(data), seconds=5)


def test_ctrl_c_in_one_terminal_leaves_the_server_to_another(data: Path) -> None:
    first = Client(USE_IT, data).until_ready()
    second = Client(f"{USE_IT}; print(ask('SELECT 43'))", data).until_ready()
    pid = pid_of(data)
    first.end(signal.SIGINT)
    time.sleep(reaper.GRACE_SECONDS + 0.5)
    assert pid_of(data) == pid
    assert second.finish() == "42\n43"


def test_a_forked_child_keeps_the_server_for_as_long_as_it_lives(data: Path) -> None:
    script = "ask('SELECT 1')\nif os.fork() == 0: time.sleep(1.5); print(ask('SELECT pg_backend_pid() > 0'))"
    started = time.monotonic()
    assert run(script, data) == "True"
    assert time.monotonic() - started > 1.5
    assert (data.parent / "pg.log").read_text().count("ready to accept connections") == 1


def test_newcomers_around_the_moment_of_stopping_always_find_a_server(data: Path) -> None:
    run(USE_IT, data)
    for lead in (0.25, 0.18, 0.11):  # an interpreter takes about 0.2 s to get there
        time.sleep(reaper.GRACE_SECONDS - lead)
        newcomer = Client(USE_IT, data).until_ready()
        assert is_running(data)
        assert newcomer.finish() == "42"


def test_a_killed_reaper_is_replaced_by_the_next_user(data: Path) -> None:
    first = Client(USE_IT, data).until_ready()
    os.kill(pid_of_reaper(data), signal.SIGKILL)
    second = Client(USE_IT, data).until_ready()
    first.finish()
    second.finish()
    wait_until(lambda: has_ended(data), seconds=5)


def test_a_user_killed_during_initdb_leaves_neither_half_a_cluster_nor_a_server(folder: Path) -> None:
    client = Client(USE_IT, folder / "pg")
    wait_until(lambda: any(path.name.startswith("pg.new-") for path in folder.iterdir()), seconds=10)
    time.sleep(0.2)
    client.end(signal.SIGKILL)
    assert not (folder / "pg").exists()
    assert run("print(ask('SELECT 42'))", folder / "pg") == "42"
    assert not list(folder.glob("pg.new-*"))


def test_a_user_killed_while_the_server_starts_leaves_none_running(data: Path) -> None:
    client = Client(USE_IT, data)
    wait_until(lambda: is_running(data), seconds=10)
    client.end(signal.SIGKILL)
    wait_until(lambda: has_ended(data), seconds=5)


def test_deleted_locks_neither_end_the_server_too_early_nor_leave_it_running(data: Path) -> None:
    first = Client(USE_IT, data).until_ready()
    pid = pid_of(data)
    shutil.rmtree(data.parent / "pg.locks")
    second = Client(USE_IT, data).until_ready()
    first.finish()
    time.sleep(reaper.GRACE_SECONDS + 0.5)
    assert pid_of(data) == pid
    second.finish()
    wait_until(lambda: has_ended(data) and reaper.postmaster_of(data) is None, seconds=5)
