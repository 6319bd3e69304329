"""From draft to the public and back: by transitions, each a verb that knows what may become what."""

from __future__ import annotations

import pytest

from quotes.curation.publishing import NO_COMMENT
from quotes.models import Quote, Review
from quotes.publication.models import PublishedQuote, Tombstone
from tests import factories
from tests.api_curation.asking import Program, make_user, program_of, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def address(db: None) -> str:
    return f"quotes/{factories.make_quote(source_label='a lamplighter').uid}/"


def test_a_quote_goes_from_draft_to_review_to_the_public_and_out_of_it(
    curator: Program, editor: Program, address: str
) -> None:
    assert curator.act(address, "submit")["status"] == "in_review"
    assert editor.act(address, "return")["status"] == "draft"
    assert curator.act(address, "submit", {})["status"] == "in_review"
    published = editor.act(address, "publish")
    assert (published["status"], PublishedQuote.objects.count()) == ("published", 1)
    withdrawn = editor.act(address, "withdraw", {"reason": "Misheard."})
    assert (withdrawn["status"], withdrawn["withdrawn_reason"]) == ("withdrawn", "Misheard.")
    assert not PublishedQuote.objects.exists()
    assert Tombstone.objects.get().reason == "Misheard."


def test_a_return_says_why_or_that_nothing_was_said(curator: Program, editor: Program, address: str) -> None:
    for body, comment in (
        ({"comment": "Who is “they”?"}, "Who is “they”?"),
        (None, NO_COMMENT),
        ({"comment": ""}, NO_COMMENT),
    ):
        curator.act(address, "submit")
        editor.act(address, "return", body)
        step = Review.objects.order_by("id").last()
        assert step and (step.step, step.comment, step.by) == ("returned", comment, editor.user)
    curator.act(address, "submit")
    assert editor.act(address, "return", {"comment": " "}, status=400)["errors"][0]["code"] == "blank"
    assert editor.act(address, "return", {"comment": ["x"]}, status=400)["errors"][0]["code"] == "wrong_type"
    assert editor.act(address, "return", {"reason": "x"}, status=400)["errors"][0]["code"] == "unknown_member"


@pytest.mark.parametrize("verb", ["return", "withdraw"])
def test_what_cannot_follow_is_a_conflict(editor: Program, address: str, verb: str) -> None:
    answer = editor.act(address, verb, {"reason": "No."} if verb == "withdraw" else None, status=409)
    assert "so it cannot become" in answer["errors"][0]["detail"]
    assert Quote.objects.get().status == "draft"


def test_publishing_what_is_published_is_a_conflict(editor: Program, address: str) -> None:
    editor.act(address, "publish")
    assert "published, so it cannot become published" in editor.act(address, "publish", status=409)["detail"]


def test_each_obstacle_is_an_error(editor: Program) -> None:
    program_of(make_user("another", "editor"))
    quote = factories.make_quote(created_by=editor.user)
    errors = editor.act(f"quotes/{quote.uid}/", "publish", status=409)["errors"]
    assert ["yourself" in error["detail"] for error in errors] == [True, False]
    assert "in what capacity" in errors[1]["detail"]


def test_nobody_publishes_their_own_where_there_are_two_editors(editor: Program) -> None:
    other = program_of(make_user("another", "editor"))
    quote = factories.make_quote(source_label="a", created_by=editor.user)
    editor.act(f"quotes/{quote.uid}/", "publish", status=409)
    assert other.act(f"quotes/{quote.uid}/", "publish")["status"] == "published"


def test_a_withdrawal_needs_a_reason(editor: Program, address: str) -> None:
    editor.act(address, "publish")
    for body in ({}, {"reason": ""}, {"reason": " "}, {"reason": None}, {"reason": ["x"]}):
        answer = editor.send("POST", f"{address}withdraw/", body, if_match=editor.tag(address))
        assert answer.status_code in {400, 409}
    assert PublishedQuote.objects.exists()


def test_a_transition_takes_no_members_but_its_own(editor: Program, address: str) -> None:
    answer = editor.act(address, "publish", {"status": "published"}, status=400)
    assert answer["errors"][0]["code"] == "unknown_member"


def test_a_transition_is_only_posted(editor: Program, address: str) -> None:
    for method in ("GET", "PATCH", "DELETE", "PUT"):
        answer = editor.send(method, f"{address}publish/", {}, if_match="x")
        told(answer, 405)
        assert answer.headers["Allow"] == "POST, OPTIONS"


def test_the_history_says_who_did_what_through_which_token(curator: Program, editor: Program, address: str) -> None:
    curator.change(address, {"cue": "said"})
    editor.act(address, "publish")
    latest, change, first = curator.ask(f"{address}history/")["results"]
    assert (latest["who"], latest["action"], latest["kind"]) == ("editor", "changed", "quote")
    assert {"field": "status", "before": "draft", "after": "published"} in latest["changes"]
    assert (change["who"], change["changes"]) == ("curator", [{"field": "cue", "before": "", "after": "said"}])
    assert change["through"] == f"token: {curator.text[3:11]}"
    assert first["action"] == "added"


def test_the_history_of_a_quote_has_its_capacities_and_evidence(curator: Program) -> None:
    quote = factories.make_quote()
    factories.make_capacity(quote, factories.make_organization())
    factories.make_evidence(quote)
    kinds = {entry["kind"] for entry in curator.ask(f"quotes/{quote.uid}/history/")["results"]}
    assert kinds == {"quote", "quote affiliation", "evidence"}


def test_history_is_read_only(editor: Program, address: str) -> None:
    for method in ("POST", "PATCH", "DELETE"):
        answer = editor.send(method, f"{address}history/", {}, if_match=editor.tag(address))
        told(answer, 405)
        assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"
