"""Popolo files about people and organizations that do not exist, and what becomes of them."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

from django.core.management import call_command

from quotes.datasets.importing import Refusal, SourceFile
from quotes.datasets.popolo import PopoloPlan, apply_popolo, plan_popolo

NEVA = {"id": "p1", "name": "Neva Corrin"}
WATCH = {"id": "o1", "name": "Harbor Watch"}
MEMBER = {"person_id": "p1", "organization_id": "o1", "role": "warden", "start_date": "2024-11"}


def file(**lists: Any) -> SourceFile:
    return SourceFile("council.json", json.dumps(lists, ensure_ascii=False).encode(), "popolo")


def planned(**lists: Any) -> PopoloPlan:
    return plan_popolo(file(**lists))


def accepted(**lists: Any) -> PopoloPlan:
    plan = planned(**lists)
    assert plan.refusals == ()
    return plan


def brought_in(**lists: Any) -> Any:
    return apply_popolo(accepted(**lists), actor=None)


def refused(**lists: Any) -> Refusal:
    """The one refusal of a file."""
    [refusal] = planned(**lists).refusals
    return refusal


def exported(folder: Path, *arguments: str) -> tuple[bytes, str]:
    """What the command writes, and what it says."""
    path, said = folder / "council.json", io.StringIO()
    call_command("export", str(path), "--format", "popolo", *arguments, stderr=said)
    return path.read_bytes(), said.getvalue()
