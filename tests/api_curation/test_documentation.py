"""docs/writing.md is run as it stands: what it shows works, on a server, for whoever copies it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from quotes.curation.roles import ROLES
from quotes.models import Person
from quotes.publication.models import PublishedQuote
from tests.api_curation.asking import make_user, program_of

pytestmark = pytest.mark.django_db(transaction=True)

PAGE = (Path(settings.BASE_DIR) / "docs" / "writing.md").read_text(encoding="utf-8")


def example(language: str) -> str:
    [found] = re.findall(rf"^```{language}\n(.*?)^```", PAGE, flags=re.MULTILINE | re.DOTALL)
    return str(found)


def run(command: list[str], live_server: Any, folder: Path) -> str:
    """What the command prints, with an editor's token in its environment."""
    named = {"QUOTEBASE": f"{live_server.url}/api/v1/curation", "TOKEN": program_of(make_user("e", "editor")).text}
    done = subprocess.run(
        command, capture_output=True, text=True, cwd=folder, env={**os.environ, **named}, timeout=60, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_example_in_python_publishes_a_quote(live_server: Any, tmp_path: Path) -> None:
    script = tmp_path / "example.py"
    script.write_text(example("python"), encoding="utf-8")
    printed = run([sys.executable, str(script)], live_server, tmp_path)
    published = PublishedQuote.objects.get()
    assert printed.split() == ["published", str(published.uid)]
    assert "“Every lantern,” […] “will be lit.”" in published.document


def test_the_example_with_curl_changes_a_person(live_server: Any, tmp_path: Path) -> None:
    if not shutil.which("curl"):
        pytest.skip("there is no curl")
    script = tmp_path / "example.sh"
    script.write_text("set -e\n" + example("sh"), encoding="utf-8")
    run(["sh", str(script)], live_server, tmp_path)
    assert Person.objects.get(slug="neva-corrin").aliases == ["N. Corrin"]


def test_every_role_is_told() -> None:
    assert set(re.findall(r"^\| (\w+) \|", PAGE, flags=re.MULTILINE)) - {"role"} == set(ROLES)
