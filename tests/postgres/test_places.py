"""Where the embedded PostgreSQL puts its data, its socket and, for root, its programs; and as whom it runs."""

import importlib.util
import shutil
import subprocess
from pathlib import Path

import pytest

from quotebase.postgres import EmbeddedPostgresError, places
from tests.postgres.servers import (
    IS_ROOT,
    OWNER_OF_THE_SERVER,
    PRINT_THE_ERROR,
    USE_IT,
    Client,
    has_ended,
    needs_root,
    run,
    wait_until,
)


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
