"""Bars are for people who look on: on a terminal, and nowhere else."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
import termios
from pathlib import Path

import pytest
from django.conf import settings

from quotes.management import progress

# A command that needs no database, in a process of its own; its bar comes at once, not after two seconds.
PROGRAM = """
import django
django.setup()
from django.core.management import call_command
from quotes.management import progress
progress.SECONDS_BEFORE = 0
call_command("verify_release", {folder!r})
"""


@pytest.fixture
def release(tmp_path: Path) -> Path:
    """A folder that is no release: what is wrong with it is said in between."""
    (tmp_path / "quotes.csv").write_text("uid\r\n" * 1000)
    return tmp_path


def verify(folder: Path, errors: int) -> str:
    """What the command says on standard output; its errors go to the descriptor."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    command = [sys.executable, "-c", PROGRAM.format(folder=str(folder))]
    done = subprocess.run(
        command, cwd=settings.BASE_DIR, env=environment, stdout=subprocess.PIPE, stderr=errors, text=True, check=False
    )
    return done.stdout


def on_a_terminal(folder: Path) -> tuple[str, str]:
    """What is said on standard output, and what the terminal showed."""
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 100))
    try:
        said = verify(folder, theirs)
        return said, os.read(ours, 65_536).decode()
    finally:
        os.close(ours)
        os.close(theirs)


def test_a_bar_with_rate_and_remaining_time_comes_on_a_terminal(release: Path) -> None:
    said, shown = on_a_terminal(release)
    assert re.search(r"\d+%\|.*\| [\d.]+k?/[\d.]+k? \[\d\d:\d\d<[\d?:]+, +[\d.?]+.?B/s\]", shown), shown
    assert "SHA256SUMS: cannot be read" in said
    assert "B/s" not in said


def test_without_a_terminal_there_is_no_bar(release: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.mktemp("errors") / "errors.txt"
    with file.open("wb") as errors:
        verify(release, errors.fileno())
    assert "B/s" not in file.read_text()
    assert "%|" not in file.read_text()


def test_a_bar_waits_two_seconds_before_it_comes() -> None:
    assert progress.SECONDS_BEFORE == 2
    with progress.progress_bar(10, " rows") as bar:
        assert (bar.delay if not bar.disable else 2, bar.leave if not bar.disable else False) == (2, False)


@pytest.mark.parametrize("name", ["check_quotes", "dump_fixture", "export", "publication", "release", "verify_release"])
def test_a_command_that_may_take_long_has_a_bar(name: str) -> None:
    source = settings.BASE_DIR / "quotes" / "management" / "commands" / f"{name}.py"
    assert "with progress_bar(" in source.read_text(encoding="utf-8")
