"""Coders code blind: each sees their own codings alone, and no answer tells of another's."""

from __future__ import annotations

import json
from typing import Any

import pytest

from quotes.curation import publish
from quotes.curation.coding import coder_code
from quotes.models import Coding, Quote
from quotes.publication.models import PublishedQuote
from tests import factories
from tests.api_curation.asking import Program, make_user, program_of, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def quote() -> Quote:
    return factories.make_quote(source_label="a")


@pytest.fixture
def address(quote: Quote) -> str:
    factories.make_topic("lanterns")
    return f"quotes/{quote.uid}/codings/"


@pytest.fixture
def other(db: None) -> Program:
    """Another coder."""
    return program_of(make_user("other", "coder"))


CODING = {"topic": "lanterns", "stance": "support"}


def test_a_coder_codes_under_a_code_that_is_no_name(coder: Program, address: str) -> None:
    answer = coder.send("POST", address, {**CODING, "justification": "She says so."})
    record = told(answer, 201)
    code = coder_code(coder.user)
    assert record == {
        "topic": "lanterns",
        "coder": code,
        "round": 1,
        "stance": "support",
        "certainty": "high",
        "justification": "She says so.",
        "codebook_version": "1.0",
        "is_final": False,
    }
    assert answer.headers["Location"] == f"/api/v1/curation/{address}lanterns/{code}/1/"
    assert "coder" not in code.removeprefix("coder-")
    assert coder.ask("")["user"]["coder"] == code


def test_a_coder_changes_the_judgement_and_nothing_else(coder: Program, address: str) -> None:
    place = coder.send("POST", address, CODING).headers["Location"]
    assert coder.change(place, {"stance": "oppose", "certainty": "low"})["stance"] == "oppose"
    for name in ("topic", "coder", "round", "codebook_version"):
        assert coder.refused(place, {name: "x"}, method="PATCH")["code"] == "unknown_member"


def test_a_coder_knows_nothing_of_anothers_codings(coder: Program, other: Program, address: str) -> None:
    told(coder.send("POST", address, CODING), 201)
    place = f"{address}lanterns/{coder_code(coder.user)}/1/"
    assert other.ask(f"{address}?count=1") == {"next": None, "previous": None, "count": 0, "results": []}
    missing = f"{address}lanterns/coder-00000000/1/"
    for method, body in (("GET", None), ("PATCH", {"stance": "oppose"})):
        hidden = other.send(method, place, body, if_match="x")
        assert hidden.status_code == 404
        assert hidden.content == other.send(method, missing, body, if_match="x").content
    told(other.send("POST", address, {**CODING, "stance": "oppose"}), 201)
    assert Coding.objects.count() == 2


def test_nothing_else_tells_a_coder_of_anothers_codings(
    coder: Program, other: Program, quote: Quote, address: str
) -> None:
    told(coder.send("POST", address, {**CODING, "justification": "CANARY"}), 201)
    factories.make_coding(quote, factories.make_topic(), justification="CANARY")
    for path in ("quotes/", f"quotes/{quote.uid}/", f"quotes/{quote.uid}/history/", address):
        said = json.dumps(other.ask(path))
        assert "CANARY" not in said
        assert "coding" not in said


def test_a_coder_gives_no_other_code_and_finalises_nothing(coder: Program, other: Program, address: str) -> None:
    told(coder.send("POST", address, {**CODING, "coder": coder_code(other.user)}), 403)
    told(coder.send("POST", address, {**CODING, "is_final": True}), 403)
    place = coder.send("POST", address, {**CODING, "coder": coder_code(coder.user)}).headers["Location"]
    coder.change(place, {"is_final": True}, status=403)
    Coding.objects.update(is_final=True)
    coder.change(place, {"stance": "oppose"}, status=403)
    assert Coding.objects.get().stance == "support"


def test_an_editor_sees_all_and_decides(coder: Program, editor: Program, quote: Quote, address: str) -> None:
    coder.make(address, CODING)
    publish(quotes=[quote], actor=None)
    final = {**CODING, "stance": "mixed", "coder": "adjudicator", "round": 2, "is_final": True}
    assert editor.make(address, final)["is_final"] is True
    assert [record["coder"] for record in editor.ask(address)["results"]] == ["adjudicator", coder_code(coder.user)]
    assert '"stance":"mixed"' in PublishedQuote.objects.get().document
    second = {**final, "round": 3, "stance": "oppose"}
    editor.make(address, second)
    assert Coding.objects.final().get().stance == "oppose"
    assert '"stance":"oppose"' in PublishedQuote.objects.get().document
    place = f"{address}lanterns/adjudicator/3/"
    told(editor.send("DELETE", place, if_match=editor.tag(place)), 204)
    assert '"stances":[]' in PublishedQuote.objects.get().document


def test_what_is_coded_already_is_a_conflict(coder: Program, address: str) -> None:
    coder.make(address, CODING)
    error = coder.refused(address, {**CODING, "stance": "oppose"}, status=409)
    assert error["code"] in {"unique", "unique_together"}
    assert Coding.objects.get().stance == "support"


@pytest.mark.parametrize(
    ("change", "param", "code"),
    [
        ({"stance": "suport"}, "stance", "unknown_value"),
        ({"stance": ["support"]}, "stance", "wrong_type"),
        ({"topic": "lantern"}, "topic", "unknown_topic"),
        ({"round": 0}, "round", "out_of_range"),
        ({"round": 99_999}, "round", "out_of_range"),
        ({"round": 1.0}, "round", "wrong_type"),
        ({"round": "1"}, "round", "wrong_type"),
        ({"round": True}, "round", "wrong_type"),
        ({"is_final": "true"}, "is_final", "wrong_type"),
        ({"is_final": 1}, "is_final", "wrong_type"),
        ({"certainty": "sure"}, "certainty", "unknown_value"),
        ({"coder": "Somebody Else"}, "coder", "invalid"),
    ],
)
def test_a_coding_is_of_the_codebook(editor: Program, address: str, change: Any, param: str, code: str) -> None:
    error = editor.refused(address, {**CODING, **change})
    assert (error["param"], error["code"]) == (param, code)


@pytest.mark.parametrize("place", ["lanterns/x/0/", "lanterns/x/99999999999999999999/", "lanterns/x/-1/", "x/y/z/"])
def test_an_address_of_no_coding_is_a_404(editor: Program, address: str, place: str) -> None:
    told(editor.send("GET", address + place), 404)


def test_codings_of_no_quote_are_a_404(editor: Program) -> None:
    told(editor.send("GET", "quotes/019bdfd3-3708-7f3f-8b39-87e92cb58961/codings/"), 404)
    told(editor.send("POST", "quotes/019bdfd3-3708-7f3f-8b39-87e92cb58961/codings/", CODING), 404)
