"""How these tests read what is not JSON pages."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from tests.api.asking import API, CLIENT


def body(query: str, *, path: str = "quotes/", **headers: str) -> str:
    answer = CLIENT.get(f"{API}{path}?{query}", headers=headers)
    content = answer.getvalue()
    assert answer.status_code == 200, content
    return content.decode()


def lines(query: str, *, path: str = "quotes/") -> list[Any]:
    return [json.loads(line) for line in body(f"format=ndjson&{query}", path=path).splitlines()]


def table(query: str, *, path: str = "quotes/") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(body(f"format=csv&{query}", path=path), newline="")))
