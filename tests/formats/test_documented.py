"""docs/formats.md says what is so."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings

from quotes.datasets.formats import FORMATS, TABLES, Format

PAGE = (Path(settings.BASE_DIR) / "docs" / "formats.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", TABLES)
def test_every_column_is_documented_with_its_type_and_meaning(kind: str) -> None:
    _, _, section = PAGE.partition(f"### {TABLES[kind].name}\n")
    table = section.split("###")[0].strip().splitlines()
    assert table[2:] == [f"| `{one.name}` | {one.type} | {one.meaning} |" for one in TABLES[kind].columns]


@pytest.mark.parametrize("form", FORMATS.values(), ids=lambda form: form.name)
def test_every_format_is_documented_with_its_types(form: Format) -> None:
    [line] = [line for line in PAGE.splitlines() if line.startswith(f"| `{form.name}` | ")]
    assert all(f"`{one}`" in line for one in form.accepts)
