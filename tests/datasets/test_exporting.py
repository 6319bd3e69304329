"""`manage.py export`: the API's rows in a file, without a server."""

from __future__ import annotations

import io
import json
from hashlib import sha256
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from quotes.curation import refresh_publication
from quotes.datasets.exporting import EXPORTED
from quotes.datasets.formats import FORMATS
from tests.api.asking import CLIENT, draft, published
from tests.factories import make_capacity, make_coding, make_organization, make_round, make_topic

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def lamps() -> None:
    lamps = make_topic("lamps")
    office = make_organization("office")
    for stance in ("support", "oppose", "oppose"):
        quote = published(f"The lamps: {stance}.")
        make_capacity(quote, office)
        make_coding(quote, lamps, stance)
    draft("Not yet.")
    make_round(2, closed_at="2999-01-01T00:00:00Z")
    refresh_publication()


def export(path: Path, *arguments: str) -> str:
    said = io.StringIO()
    call_command("export", str(path), *arguments, stderr=said)
    return said.getvalue()


@pytest.mark.parametrize("name", sorted(FORMATS))
@pytest.mark.parametrize("of", sorted(EXPORTED))
def test_a_file_is_what_the_api_answers(tmp_path: Path, of: str, name: str) -> None:
    path = tmp_path / "file"
    if EXPORTED[of].kind not in FORMATS[name].kinds:
        with pytest.raises(CommandError, match=f"{name} does not hold {of}"):
            export(path, "--of", of, "--format", name)
        return
    told = export(path, "--of", of, "--format", name, "--root", "http://testserver/")
    response = CLIENT.get(f"/api/v1/{of}/?format={name}")
    served = b"".join(response)  # type: ignore[arg-type] # it streams
    if name not in ("xlsx", "parquet"):  # which say when they were made
        assert path.read_bytes() == served
    assert len(path.read_bytes()) > 0
    assert sha256(path.read_bytes()).hexdigest() in told


def test_filters_are_the_apis_and_as_strict(tmp_path: Path) -> None:
    path = tmp_path / "opposed.jsonl"
    assert "2 rows" in export(path, "--filter", "topic=lamps&stance=oppose")
    assert {json.loads(line)["text"] for line in path.read_text().splitlines()} == {"The lamps: oppose."}
    with pytest.raises(CommandError, match=r"stanse: .*Did you mean 'stance'"):
        export(path, "--filter", "stanse=oppose")
    with pytest.raises(CommandError, match="opose"):
        export(path, "--filter", "stance=opose")
    assert len(path.read_text().splitlines()) == 2  # what was there stays


def test_a_file_whose_name_says_no_format_needs_one(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Say the --format"):
        export(tmp_path / "quotes.doc")
    with pytest.raises(CommandError, match="No such file or directory"):
        export(tmp_path / "nowhere" / "quotes.csv")
    assert list(tmp_path.iterdir()) == []
