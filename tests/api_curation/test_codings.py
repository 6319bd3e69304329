"""Coders code blind: each sees their own codings alone, and no answer tells of another's."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.contrib.auth.models import Permission

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


# Who writes what: of a coder's (who may delete too, which the role alone does not let), a curator's and an editor's program,
# in an open or a closed round, a coding of their own or another's; and the status of POST, PATCH and DELETE. What another
# coded in an open round is not there for a coder.
WRITES = {
    ("coder", "open", "own"): (201, 200, 204),
    ("coder", "open", "other"): (403, 404, 404),
    ("coder", "closed", "own"): (409, 409, 409),
    ("coder", "closed", "other"): (403, 403, 403),
    ("curator", "open", "own"): (403, 403, 403),
    ("curator", "closed", "other"): (403, 403, 403),
    ("editor", "open", "own"): (201, 200, 204),
    ("editor", "open", "other"): (201, 200, 204),
    ("editor", "closed", "own"): (201, 200, 204),
    ("editor", "closed", "other"): (201, 200, 204),
}
STATUSES = [
    (*case, method, status)
    for case, statuses in WRITES.items()
    for method, status in zip(("POST", "PATCH", "DELETE"), statuses, strict=True)
]


@pytest.mark.parametrize(("role", "state", "whose", "method", "status"), STATUSES)
def test_coders_write_their_own_codings_in_open_rounds(
    address: str, quote: Quote, role: str, state: str, whose: str, method: str, status: int
) -> None:
    user = make_user("somebody", role)
    if role == "coder":
        user.user_permissions.add(Permission.objects.get(codename="delete_coding"))
    factories.make_round(1, closed_at="2026-11-03T10:00:00Z" if state == "closed" else None)
    coder = coder_code(user) if whose == "own" else "coder-a"
    program, place, body = program_of(user), f"{address}lanterns/{coder}/1/", {"stance": "oppose"}
    if method == "POST":
        answer = program.send("POST", address, {**CODING, **body, "coder": coder})
    else:
        topic = factories.make_topic("lamps")
        factories.make_coding(quote, topic, coder=coder, round=1, is_final=False)
        place = place.replace("lanterns", "lamps")
        tag = program.send("GET", place).headers.get("ETag", "x")
        answer = program.send(method, place, body if method == "PATCH" else None, if_match=tag)
    told(answer, status)
    before = [] if method == "POST" else ["support"]
    after = {201: ["oppose"], 200: ["oppose"], 204: []}.get(status, before)
    assert list(Coding.objects.values_list("stance", flat=True)) == after


def test_a_closed_round_is_said_to_be(coder: Program, address: str) -> None:
    factories.make_round(1, closed_at="2026-11-03T10:00:00Z")
    error = coder.refused(address, CODING, status=409)
    assert error["detail"] == "Round 1 is closed: code in a round that is open."
    assert coder.make(address, {**CODING, "round": 2})["round"] == 2


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_a_final_coding_is_an_editors(coder: Program, address: str, quote: Quote, method: str) -> None:
    coder.user.user_permissions.add(Permission.objects.get(codename="delete_coding"))
    code = coder_code(coder.user)
    factories.make_coding(quote, factories.make_topic("lamps"), coder=code, round=1, is_final=True)
    place = f"{address}lamps/{code}/1/"
    told(coder.send(method, place, {"stance": "oppose"}, if_match=coder.tag(place)), 403)
    assert Coding.objects.get().stance == "support"


def test_whether_another_has_coded_already_is_not_told(coder: Program, other: Program, address: str) -> None:
    other.make(address, CODING)
    for topic in (CODING["topic"], factories.make_topic("lamps").slug):
        told(coder.send("POST", address, {**CODING, "topic": topic, "coder": coder_code(other.user)}), 403)
