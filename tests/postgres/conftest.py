"""Folders for servers. The fixture `folders` checks that each server is gone in the end, by itself."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.postgres.servers import has_ended, run, wait_until


@pytest.fixture(scope="package")
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


@pytest.fixture(scope="package")
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
