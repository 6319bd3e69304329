"""The importing process is killed at stage after stage: nothing is half in, nothing comes twice, and the next run goes on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection

from benchmarks import corpora, killing
from quotes.datasets.bulk import CorpusFile
from quotes.models import Import
from tests.datasets.bulk import bring

pytestmark = pytest.mark.django_db(transaction=True)

LINES, BATCH = 3_000, 500


def at(words: str, *, done: int = 0) -> Callable[[], bool]:
    """When the session is at such a statement, and so many lines are in."""
    return lambda: words in killing.stage() and killing.rows_done() >= done


MOMENTS: dict[str, Callable[[], bool]] = {
    "looking": at("import_seen"),
    "staging": at("import_staged"),
    "making people": at("quotes_person", done=BATCH),
    "making quotes": at("INSERT INTO quotes_quote", done=2 * BATCH),
    "noting rows": at("INSERT INTO quotes_importedrow", done=3 * BATCH),
    "nearly done": at("", done=LINES - 2 * BATCH),
}


def test_whenever_it_is_killed_it_is_whole_and_goes_on_and_ends_as_if_it_had_not_been(tmp_path: Path) -> None:
    path = tmp_path / "corpus.jsonl"
    corpora.write_quotebank(path, LINES)
    bring(CorpusFile(path, "quotebank").hashed(), most=BATCH)
    expected = killing.state()
    assert expected[1] > LINES
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE quotes_import, quotes_quote, quotes_article, quotes_person CASCADE")
    killed, before = [], 0
    for name, is_time in MOMENTS.items():
        process = killing.start(path, most=BATCH)
        if killing.kill_when(process, is_time) is not None:
            killed.append(name)
        killing.seconds_until_gone()
        assert killing.half_done() == {}, name
        assert killing.rows_done() >= before
        before = killing.rows_done()
    assert len(killed) >= 4, f"killed at {killed} alone: this machine is too quick for the test"
    assert killing.start(path, most=BATCH).wait(killing.PATIENCE) == 0, killing.said(path).read_text()
    assert "going on.\nBrought in as import" in killing.said(path).read_text()
    assert killing.half_done() == {}
    assert killing.state() == expected
    batch = Import.objects.get()
    assert (batch.status, batch.rows_done, batch.imported_rows.count()) == ("applied", LINES, expected[1])
