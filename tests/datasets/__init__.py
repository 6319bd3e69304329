"""Importing tables about people and places that do not exist."""

from __future__ import annotations

import json
from typing import Any

from quotes.datasets.importing import ImportPlan, Refusal, SourceFile, plan_import

HEADER = "external_id,text,speaker,article_url,article_title"
ROW = "h1,The lanterns watch everyone.,Ottoline Varga,https://gazette.example/vote,The vote"


def table(*rows: str, header: str = HEADER, end: str = "\n") -> bytes:
    return end.join([header, *rows, ""]).encode()


def planned(content: bytes | str, name: str = "harbor-notes.csv", *, source: str = "", **defaults: str) -> ImportPlan:
    return plan_import(
        SourceFile(name, content.encode() if isinstance(content, str) else content, source=source), defaults=defaults
    )


def line(**cells: Any) -> str:
    """A line of JSON: a good row, but for these cells (None takes one away)."""
    row = dict(zip(HEADER.split(","), ROW.split(","), strict=True)) | cells
    return json.dumps({name: cell for name, cell in row.items() if cell is not None}, ensure_ascii=False)


def lines(*rows: str) -> ImportPlan:
    return planned("\n".join(rows), "harbor-notes.jsonl")


def accepted(**cells: Any) -> Any:
    """The one quote that a row of these cells would make."""
    plan = lines(line(**cells))
    assert plan.refusals == ()
    [quote] = plan.quotes
    return quote


def refused(plan: ImportPlan) -> Refusal:
    """The one refusal of a plan."""
    [refusal] = plan.refusals
    return refusal


def refusal_of(**cells: Any) -> tuple[str, str | None]:
    """Code and column of the one refusal of a row."""
    refusal = refused(lines(line(**cells)))
    assert refusal.row == 1
    assert refusal.detail.endswith((".", "?"))
    return refusal.code, refusal.column
