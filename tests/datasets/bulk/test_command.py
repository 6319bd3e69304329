"""`manage.py import_quotes` for corpora: what it says, what it writes where, and with which status it ends."""

from __future__ import annotations

import gzip
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from quotes.datasets.bulk import bringing, writing
from quotes.models import Import, Quote
from tests.datasets.bulk import QUAY, VOTE, as_lines, corpus, graph_line, quotation
from tests.factories import make_person

pytestmark = pytest.mark.django_db


def told(path: Path, *arguments: str, format: str = "quotebank") -> str:
    said, errors = io.StringIO(), io.StringIO()
    call_command("import_quotes", str(path), "--format", format, *arguments, stdout=said, stderr=errors)
    assert errors.getvalue() == ""
    return said.getvalue()


def refusing(path: Path, *arguments: str, format: str = "quotebank") -> tuple[str, str]:
    """What it says, and why it ends with status 1."""
    said = io.StringIO()
    with pytest.raises(CommandError) as caught:
        call_command("import_quotes", str(path), "--format", format, *arguments, stdout=said)
    assert caught.value.returncode == 1
    return said.getvalue(), str(caught.value)


def good(folder: Path) -> Path:
    make_person("Bertil Quill", slug="bertil-quill", wikidata_id="Q7")
    lines = [
        quotation(urls=[VOTE, QUAY]),
        quotation(quoteID="b", speaker="Orla Tamsin", qids=["Q8", "Q9"]),
        quotation(quoteID="c", speaker="Bertil Quill", qids=["Q7"]),
        quotation(quoteID="d", speaker="None", qids=[]),
        quotation(quoteID="d", speaker="None", qids=[]),
    ]
    return corpus(folder, *lines).path


def bad(folder: Path) -> Path:
    return corpus(folder, quotation(), {"quoteID": 5}, quotation(quotation="Other words."), quotation(quoteID="e")).path


def test_the_first_look_says_what_would_be_and_writes_nothing(tmp_path: Path) -> None:
    assert told(good(tmp_path)) == (
        "corpus.jsonl: 5 lines, 6 quotes, of the collection quotebank\n"
        "  new quotes              5\n"
        "  known already           0\n"
        "  twice in the file       1\n"
        "  refused                 0\n"
        "  articles                2 new, 0 matched\n"
        "  speakers        1 matched, 1 new, 1 doubtful; 1 quotes without one\n"
        "  new       person  Q900000001                  Ottoline Varga\n"
        "  doubtful  person  Q8 Q9                       Orla Tamsin\n"
        "Nothing was written. Bring it in with --apply.\n"
    )
    assert not Import.objects.exists()


def test_it_brings_in_when_told_so(tmp_path: Path) -> None:
    said = told(good(tmp_path), "--apply")
    assert said.endswith(f"Brought in as import {Import.objects.get().uid}.\n")
    assert (Quote.objects.count(), set(Quote.objects.values_list("status", flat=True))) == (5, {"draft"})


def test_what_is_in_already_makes_nothing(tmp_path: Path) -> None:
    path = good(tmp_path)
    told(path, "--apply")
    said = told(path, "--apply")
    assert "  known already           6\n" in said
    assert said.endswith("Nothing is new; nothing was written.\n")
    assert Import.objects.count() == 1


def test_status_and_collection_are_said(tmp_path: Path) -> None:
    told(good(tmp_path), "--apply", "--status", "in_review", "--source", "my-sample")
    assert Import.objects.get().source == "my-sample"
    assert set(Quote.objects.values_list("status", flat=True)) == {"in_review"}


def test_a_packed_graph_is_read(tmp_path: Path) -> None:
    path = tmp_path / "20200301.gqg.json.gz"
    path.write_bytes(gzip.compress(as_lines(graph_line())))
    assert "1 lines, 1 quotes, of the collection gdelt" in told(path, "--apply", format="gdelt")
    assert Quote.objects.count() == 1


@pytest.mark.parametrize("arguments", [(), ("--apply",)])
def test_anything_refused_holds_back_all_of_it(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    said, why = refusing(bad(tmp_path), *arguments)
    assert "  row 2      quoteID           5                               quoteID is not a text.\n" in said
    assert "  row 3      id " in said
    assert why == "2 refused; nothing was written. With --rejects FILE they go there, and the rest comes in."
    assert not Import.objects.exists()


def test_refused_lines_go_where_they_can_be_mended_and_the_rest_comes_in(tmp_path: Path) -> None:
    rejects = tmp_path / "rejects.jsonl"
    told(bad(tmp_path), "--apply", "--rejects", str(rejects))
    first, second = map(json.loads, rejects.read_text(encoding="utf-8").splitlines())
    assert first == {
        "row": 2,
        "column": "quoteID",
        "value": "5",
        "detail": "quoteID is not a text.",
        "line": '{"quoteID": 5}',
    }
    assert (second["row"], second["detail"]) == (3, "The id of row 1 again, with other words.")
    assert Quote.objects.count() == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["corpus.jsonl", "rejects.jsonl"]


def test_only_the_first_of_many_refusals_are_said(tmp_path: Path) -> None:
    said, why = refusing(corpus(tmp_path, *[{}] * 250).path)
    assert "  … and 50 more\n" in said
    assert why.startswith("250 refused")


@pytest.mark.parametrize("place", ["corpus.jsonl", "nowhere/rejects.jsonl", "."])
def test_rejects_go_to_a_file_of_their_own(tmp_path: Path, place: str) -> None:
    path = bad(tmp_path)
    before = path.read_bytes()
    _, why = refusing(path, "--apply", "--rejects", str(tmp_path / place))
    assert "it would be replaced" in why or "no file can be written there" in why
    assert path.read_bytes() == before
    assert not Import.objects.exists()


def test_it_goes_on_where_it_was_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = corpus(tmp_path, *(quotation(quoteID=f"q-{number}") for number in range(7))).path
    calls = iter(range(9))

    def write(*arguments: Any, **options: Any) -> int:
        if next(calls) == 2:
            raise KeyboardInterrupt
        return writing.write(*arguments, **options)

    monkeypatch.setattr(bringing, "write", write)
    monkeypatch.setattr(
        "quotes.datasets.bulk.bring_in.__kwdefaults__", {**bringing.bring_in.__kwdefaults__, "most": 3}, raising=False
    )
    _, why = refusing(path, "--apply")
    assert why == "Interrupted. What is in stays in; the same command goes on behind it."
    assert Quote.objects.count() == 6
    assert told(path, "--apply") == (
        "corpus.jsonl: was begun, and is in up to row 6 of 7; going on.\n"
        f"Brought in as import {Import.objects.get().uid}.\n"
    )
    assert Quote.objects.count() == 7


def test_a_file_that_is_not_there_cannot_be_read(tmp_path: Path) -> None:
    for path in (tmp_path / "missing.jsonl", tmp_path):
        _, why = refusing(path)
        assert why.startswith(f"cannot read {path}: ")


def test_a_damaged_file_is_refused_with_the_line(tmp_path: Path) -> None:
    path = tmp_path / "corpus.gz"
    path.write_bytes(gzip.compress(as_lines(*[quotation(quoteID=f"q-{number}") for number in range(500)]))[:-50])
    _, why = refusing(path, "--apply")
    assert "ends too early, or is damaged, after line" in why
    assert not Import.objects.exists()


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    assert refusing(corpus(tmp_path).path, "--apply")[1] == "The file has no lines."


def test_names_do_not_reach_the_terminal_as_commands(tmp_path: Path) -> None:
    path = corpus(tmp_path, quotation(speaker="Orla\u202e\nTamsin \u009b2J")).path
    said, _ = refusing(path)
    assert "\u009b" not in said
    said = told(corpus(tmp_path, quotation(speaker="Orla\u202e\nTamsin")).path)
    assert "\u202e" not in said


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("--default", "standing=current"), "--default is for tables."),
    ],
)
def test_what_is_for_tables_is_not_for_corpora(tmp_path: Path, arguments: tuple[str, ...], why: str) -> None:
    assert refusing(corpus(tmp_path, quotation()).path, *arguments)[1] == why


def test_rejects_are_not_for_tables(tmp_path: Path) -> None:
    path = corpus(tmp_path, quotation()).path
    with pytest.raises(CommandError, match="--rejects is for corpora"):
        call_command("import_quotes", str(path), "--rejects", str(tmp_path / "rejects"))
