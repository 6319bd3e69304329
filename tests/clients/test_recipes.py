"""docs/recipes.md: each recipe runs as it stands there, against the served data, and prints what is shown."""

from __future__ import annotations

import contextlib
import functools
import http.server
import os
import re
import shutil
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest
from django.conf import settings

from tests.browser.conftest import QUIET

PAGE = (settings.BASE_DIR / "docs" / "recipes.md").read_text(encoding="utf-8")
SHOWN = "http://127.0.0.1:8000"
RECIPES = re.findall(r"^```(\w+)\n((?:(?!```).*\n)*)```\n\n```text\n((?:(?!```).*\n)*)```$", PAGE, flags=re.MULTILINE)
PROGRAMS = [recipe for recipe in RECIPES if recipe[0] in ("bash", "python")]
# Chromium's sandbox does not start as root.
SANDBOX = ["--no-sandbox"] if os.geteuid() == 0 else []
NEEDED = {"bash": ("curl", "jq"), "python": ()}


@pytest.mark.parametrize(
    ("language", "source", "shown"), PROGRAMS, ids=[f"{language}{n}" for n, (language, _, _) in enumerate(PROGRAMS)]
)
def test_a_recipe_prints_what_is_shown(root: str, language: str, source: str, shown: str) -> None:
    missing = [name for name in NEEDED[language] if not shutil.which(name)]
    if missing:
        pytest.skip(f"there is no {' and no '.join(missing)}")
    for name in re.findall(r"^import (pandas|duckdb|httpx|networkx)", source, flags=re.MULTILINE):
        pytest.importorskip(name, reason=f"there is no {name}: run `make clients`")
    program = {"bash": ["bash", "-euo", "pipefail"], "python": [sys.executable, "-W", "error"]}[language]
    made = subprocess.run(
        [*program, "-c", source.replace(SHOWN, root)], cwd="/", capture_output=True, text=True, timeout=120
    )
    assert made.returncode == 0, made.stderr
    assert made.stdout == shown


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *arguments: Any) -> None:
        """Nothing: the test's output is its own."""


@contextlib.contextmanager
def serving(handler: Any) -> Iterator[str]:
    """The address of a server with this handler, while the context lasts."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def other_site(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A folder, and the address that serves it: another port is another origin."""
    with serving(functools.partial(_Quiet, directory=str(tmp_path))) as address:
        yield tmp_path, address


class _Hurried(_Quiet):
    """Passes requests on to `root`, but asks for patience the first time that an address is asked for."""

    root = ""
    refused: ClassVar[set[str]] = set()

    def do_GET(self) -> None:
        if self.path not in self.refused:
            self.refused.add(self.path)
            self.send_response(429)
            self.send_header("Retry-After", "0")
            self.end_headers()
            return
        # With this server's name, so that the next page is asked for here as well.
        request = urllib.request.Request(self.root + self.path, headers={"Host": self.headers["Host"]})  # noqa: S310 - ours
        with urllib.request.urlopen(request) as answer:  # noqa: S310 - our own http address
            self.send_response(200)
            self.send_header("ETag", answer.headers["ETag"])
            self.end_headers()
            self.wfile.write(answer.read())


def test_the_walk_through_all_pages_waits_when_it_is_asked_to(root: str) -> None:
    [source] = [source for _, source, _ in PROGRAMS if "Retry-After" in source]
    with serving(type("_Here", (_Hurried,), {"root": root, "refused": set()})) as address:
        program = source.replace(SHOWN, address).partition("    for page in pages:")[0]
        made = subprocess.run([sys.executable, "-W", "error", "-c", program], capture_output=True, text=True)
    assert made.stdout == "2 pages, 66 quotes\n", made.stderr


def test_a_page_of_another_site_reads_the_api(root: str, other_site: tuple[Path, str]) -> None:
    chromium = shutil.which("chromium")
    if not chromium:
        pytest.skip("there is no chromium: run `make browser`")
    [(_, source, shown)] = [recipe for recipe in RECIPES if recipe[0] == "html"]
    folder, address = other_site
    (folder / "page.html").write_text(source.replace(SHOWN, root), encoding="utf-8")
    # Time stands still while something loads, so the page is printed when its script has come to its end.
    printing = ["--headless", "--virtual-time-budget=10000", "--dump-dom", f"--user-data-dir={folder / 'profile'}"]
    made = subprocess.run(
        [chromium, *QUIET, *printing, *SANDBOX, f"{address}/page.html"], capture_output=True, text=True, timeout=120
    )
    assert f'<pre id="out">{shown.rstrip()}</pre>' in made.stdout, made.stdout + made.stderr


def test_whatever_is_not_run_is_said_not_to_be() -> None:
    blocks = re.findall(r"^```(\w+)$", PAGE, flags=re.MULTILINE)
    run = [language for language, _, _ in RECIPES]
    assert sorted(run) == sorted(language for language in blocks if language not in ("text", "r"))
    assert PAGE.count("Not run by our tests") == blocks.count("r") == 1
