"""A corpus being brought in by a process that is killed (SIGKILL) at some moment, and what must be true then."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from django.conf import settings
from django.db import connection

from quotes.datasets.bulk import reading

NAME = "quotebase import"
# As manage.py, but for the size of a batch.
_PROGRAM = """
import sys
from django.core.management import execute_from_command_line
import django
django.setup()
from quotes.datasets import bulk
bulk.bring_in.__kwdefaults__["most"] = int(sys.argv[1])
execute_from_command_line(["manage.py", *sys.argv[2:]])
"""
PATIENCE = 120  # seconds

# Nothing half: each question counts what must not be.
_HALF = {
    "rows without their quote": "SELECT count(*) FROM quotes_importedrow AS r LEFT JOIN quotes_quote AS q ON q.id = r.quote_id"
    " WHERE q.id IS NULL",
    "quotes without their row": "SELECT count(*) FROM quotes_quote"
    " WHERE id NOT IN (SELECT quote_id FROM quotes_importedrow)",
    "quotes twice": "SELECT count(*) - count(DISTINCT (article_id, text, segments, speaker_id, source_label)) FROM quotes_quote",
    "people whom no quote has": "SELECT count(*) FROM quotes_person AS p"
    " WHERE NOT EXISTS (SELECT FROM quotes_quote WHERE speaker_id = p.id)",
    "articles without quotes": "SELECT count(*) FROM quotes_article AS a"
    " WHERE NOT EXISTS (SELECT FROM quotes_quote WHERE article_id = a.id)",
    "doubts about nothing": "SELECT count(*) FROM quotes_doubtfulspeaker AS d"
    " WHERE NOT EXISTS (SELECT FROM quotes_importedrow WHERE doubt_id = d.id)",
    "rows beyond rows_done": "SELECT count(*) FROM quotes_importedrow AS r JOIN quotes_import AS i ON i.id = r.batch_id"
    " WHERE r.row > i.rows_done",
    "quotes without their history": "SELECT count(*) FROM quotes_quote AS q LEFT JOIN"
    " (SELECT pgh_obj_id, count(*) AS events FROM quotes_quoteevent GROUP BY 1) AS h ON h.pgh_obj_id = q.id"
    " WHERE h.events IS DISTINCT FROM 1",
    "chains of utterances": "SELECT count(*) FROM quotes_quote AS q JOIN quotes_quote AS root ON root.id = q.same_utterance_as_id"
    " WHERE root.same_utterance_as_id IS NOT NULL",
    "imports beside the first": "SELECT greatest(count(*) - 1, 0) FROM quotes_import",
}
# Everything that came in, but for keys and times; the slugs of namesakes and who was first are the file's.
_STATE = """
    SELECT md5(string_agg(line, E'\\n' ORDER BY line)), count(*) FROM (
        SELECT concat_ws('|', r.source, r.external_id, r.row, r.digest, r.probability, r.told, d.name, d.wikidata_ids, q.text,
            q.segments, q.kind, q.source_type, q.source_label, q.status, q.verification, p.slug, p.name, p.wikidata_id,
            a.url, a.slug, a.title, a.published, a.language, root.external_id) AS line
        FROM quotes_importedrow AS r
        JOIN quotes_quote AS q ON q.id = r.quote_id JOIN quotes_article AS a ON a.id = q.article_id
        LEFT JOIN quotes_person AS p ON p.id = q.speaker_id LEFT JOIN quotes_doubtfulspeaker AS d ON d.id = r.doubt_id
        LEFT JOIN quotes_importedrow AS root ON root.quote_id = q.same_utterance_as_id
    ) AS lines
"""


IsTime = Callable[[], bool]


def ask(query: str, *parameters: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters or None)
        return cursor.fetchone()


def start(corpus: Path, *, most: int = reading.BATCH) -> subprocess.Popen[bytes]:
    """`manage.py import_quotes --apply` in a process of its own, in this database, with so many quotes to a batch."""
    command = ["import_quotes", str(corpus), "--format", "quotebank", "--apply"]
    variables = {"DATABASE_URL": _address(), "PGAPPNAME": NAME, "DJANGO_SETTINGS_MODULE": "quotebase.settings"}
    with said(corpus).open("wb") as output:
        return subprocess.Popen(
            [sys.executable, "-c", _PROGRAM, str(most), *command],
            cwd=settings.BASE_DIR,
            env={**os.environ, **variables},
            stdout=output,
            stderr=output,
        )


def said(corpus: Path) -> Path:
    """What the last process said."""
    return corpus.with_name(f"{corpus.name}.output")


def _address() -> str:
    connection.ensure_connection()
    info = connection.connection.info
    login = quote(info.user) + (f":{quote(info.password, safe='')}" if info.password else "")
    return f"postgresql://{login}@/{quote(info.dbname)}?{urlencode({'host': info.host, 'port': info.port})}"


def sessions() -> int:
    return int(ask("SELECT count(*) FROM pg_stat_activity WHERE application_name = %s", NAME)[0])


def stage() -> str:
    """What the importing session does just now, "" where there is none."""
    row = ask("SELECT query FROM pg_stat_activity WHERE application_name = %s LIMIT 1", NAME)
    return " ".join(str(row[0]).split()) if row else ""


def rows_done() -> int:
    row = ask("SELECT coalesce(max(rows_done), 0) FROM quotes_import")
    return int(row[0])


def kill_when(process: subprocess.Popen[bytes], is_time: IsTime) -> str | None:
    """Kill the process as soon as it is time; what its session was at then, None where it came to its end before."""
    deadline = time.monotonic() + PATIENCE
    while process.poll() is None:
        if time.monotonic() > deadline:
            raise TimeoutError(f"It was never time; the session was at: {stage()}")
        if is_time():
            was = stage()
            process.send_signal(signal.SIGKILL)
            process.wait()
            return was
        time.sleep(0.0005)
    return None


def seconds_until_gone() -> float:
    """How long the killed process's session outlives it on the server."""
    begun = time.monotonic()
    while sessions():
        if time.monotonic() - begun > PATIENCE:
            raise TimeoutError(f"The session is still there, at: {stage()}")
        time.sleep(0.01)
    return time.monotonic() - begun


def half_done() -> dict[str, int]:
    """What must not be and is, with its number."""
    found = {name: int(ask(query)[0]) for name, query in _HALF.items()}
    return {name: number for name, number in found.items() if number}


def state() -> tuple[str, int]:
    """What is in: a digest of all rows but for their keys, and their number."""
    found: tuple[str, int] = ask(_STATE)
    return found


def random_moments(count: int, seconds: float, *, seed: int) -> list[float]:
    """Moments after the start, spread evenly with chance within each part."""
    chance = random.Random(seed)  # noqa: S311 - no secrets here
    return [seconds * (number + chance.random()) / count for number in range(count)]


def chance(seed: float) -> float:
    """A number from 0 to 1, the same for the same seed."""
    return random.Random(seed).random()  # noqa: S311 - no secrets here
