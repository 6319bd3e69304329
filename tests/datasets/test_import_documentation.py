"""docs/importing.md says what is so: its example, and every column."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from quotes.datasets.importing.columns import COLUMNS

PAGE = (Path(settings.BASE_DIR) / "docs" / "importing.md").read_text(encoding="utf-8")


@pytest.mark.django_db
def test_the_worked_example_is_what_the_command_prints(tmp_path: Path) -> None:
    [example] = re.findall(r"```csv\n(.*?)```", PAGE, flags=re.DOTALL)
    [printed] = re.findall(r"```console\n\$ .*?\n(.*?)```", PAGE, flags=re.DOTALL)
    file = tmp_path / "harbor-notes.csv"
    file.write_text(example, encoding="utf-8")
    out = io.StringIO()
    call_command("import_quotes", str(file), stdout=out)
    assert [line.rstrip() for line in out.getvalue().splitlines()] == printed.splitlines()


def test_every_column_is_documented_as_it_is_refused() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| (.*) \|$", PAGE, flags=re.MULTILINE))
    assert {name: text.replace("\\|", "|") for name, text in rows.items()} == COLUMNS
