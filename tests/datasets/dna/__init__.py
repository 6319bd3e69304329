"""What goes out to the Discourse Network Analyzer and comes in from it, about people and places that do not exist."""

from __future__ import annotations

import io
import sqlite3
from pathlib import Path
from typing import Any

from django.core.management import call_command

from quotes.datasets.importing import ImportPlan, SourceFile, plan_import

BY_DOCUMENT = {"article_url": "https://archive.example/{document_id}"}


def planned(content: str | bytes, name: str = "debate.csv", **defaults: str) -> ImportPlan:
    content = content.encode() if isinstance(content, str) else content
    return plan_import(SourceFile(name, content, "dna"), defaults=defaults)


def export(path: Path, *arguments: str) -> str:
    """What the command says."""
    said = io.StringIO()
    call_command("export", str(path), *arguments, stderr=said)
    return said.getvalue()


def rows(path: Path, sql: str) -> list[tuple[Any, ...]]:
    """What a database answers, whose foreign keys must hold."""
    connection = sqlite3.connect(path)
    try:
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return connection.execute(sql).fetchall()
    finally:
        connection.close()
