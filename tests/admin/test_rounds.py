"""Rounds of coding are opened by curators, and closed and reopened by editors, by actions alone."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from quotes.curation.coding import coder_code
from quotes.models import Coding, CodingRound
from quotes.publication.models import PublishedCoding
from tests import factories
from tests.admin.conftest import client_of, make_user
from tests.admin.forms import errors, notes, send, url


def act(client: Client, action: str, *rounds: CodingRound) -> Any:
    return client.post(
        url(CodingRound, "changelist"), {"action": action, "_selected_action": [row.pk for row in rounds]}
    )


def judged_in(row: CodingRound) -> None:
    quote = factories.make_quote(status="published", published_at="2025-03-05T10:00Z")
    factories.make_coding(quote, factories.make_topic(), coder="coder-a", round=row.number, is_final=False)


def test_an_editor_closes_a_round_and_reopens_it(as_editor: Client) -> None:
    row = factories.make_round()
    judged_in(row)
    assert "Round 1: Round 1 is closed." in notes(as_editor, act(as_editor, "close", row))
    assert PublishedCoding.objects.count() == 1
    assert "Round 1: Round 1 is open." in notes(as_editor, act(as_editor, "reopen", row))
    assert not PublishedCoding.objects.exists()


def test_all_selected_rounds_are_closed_or_none(as_editor: Client) -> None:
    rounds = factories.make_round(1), factories.make_round(2, closed_at="2026-11-03T10:00:00Z")
    assert "Round 2: Round 2 is closed already." in notes(as_editor, act(as_editor, "close", *rounds))
    assert CodingRound.objects.filter(closed_at=None).get() == rounds[0]


def test_a_coder_neither_closes_a_round_nor_touches_a_closed_one(db: None) -> None:
    client = client_of(make_user("coder", "view_codinground", "change_codinground", "delete_codinground"))
    opened, closed = factories.make_round(1), factories.make_round(2, closed_at="2026-11-03T10:00:00Z")
    act(client, "close", opened)
    assert CodingRound.objects.filter(closed_at=None).get() == opened
    assert send(client, url(opened, "change"), name="Lamps").status_code == 302
    assert client.post(url(closed, "change"), {"name": "Lamps"}).status_code == 403
    assert client.post(url(closed, "delete"), {"post": "yes"}).status_code == 403


def test_the_form_does_not_close_a_round(as_editor: Client) -> None:
    row = factories.make_round()
    send(as_editor, url(row, "change"), closed_at="2026-11-03", closed_at_0="2026-11-03", closed_at_1="10:00:00")
    assert CodingRound.objects.get().closed_at is None


def test_a_number_that_is_taken_is_said_to_be(as_editor: Client) -> None:
    factories.make_round(1)
    response = send(
        as_editor, url(CodingRound, "add"), number=1, name="Again", opened_at_0="2026-11-02", opened_at_1="09:00"
    )
    assert "already exists" in errors(response)


def test_deleting_a_closed_round_takes_its_codings_out_of_public(as_editor: Client) -> None:
    row = factories.make_round()
    judged_in(row)
    act(as_editor, "close", row)
    assert as_editor.post(url(row, "delete"), {"post": "yes"}).status_code == 302
    assert not PublishedCoding.objects.exists()


CODER = ("view_quote", "view_topic", *(f"{action}_coding" for action in ("view", "add", "change", "delete")))


def test_a_coder_does_not_code_in_a_closed_round(db: None) -> None:
    user = make_user("coder", *CODER)
    client, code = client_of(user), coder_code(user)
    factories.make_round(1, closed_at="2026-11-03T10:00:00Z")
    quote, topic = factories.make_quote(), factories.make_topic()
    judgement = {"quote": quote.pk, "topic": topic.pk, "stance": "oppose", "coder": code}
    assert "Round 1 is closed" in errors(send(client, url(Coding, "add"), **judgement, round=1))
    assert send(client, url(Coding, "add"), **judgement, round=2).status_code == 302
    settled = factories.make_coding(quote, topic, coder=code, round=1, is_final=False)
    assert client.post(url(settled, "change"), judgement).status_code == 403
    assert list(Coding.objects.values_list("round", "stance").order_by("round")) == [(1, "support"), (2, "oppose")]


def test_a_coder_codes_under_their_own_code_alone(db: None) -> None:
    user = make_user("coder", *CODER)
    client, code = client_of(user), coder_code(user)
    quote, topic = factories.make_quote(), factories.make_topic()
    judgement = {"quote": quote.pk, "topic": topic.pk, "stance": "oppose", "round": 1}
    assert "changed by editors alone" in errors(send(client, url(Coding, "add"), **judgement, coder="coder-b"))
    assert send(client, url(Coding, "add"), **judgement).status_code == 302
    own = Coding.objects.get()
    assert own.coder == code
    assert "changed by editors alone" in errors(send(client, url(own, "change"), coder="coder-b"))
    assert send(client, url(own, "change"), stance="mixed").status_code == 302
    assert Coding.objects.get().stance == "mixed"


@pytest.mark.parametrize("mine", [{"coder": "coder-b"}, {"is_final": True}], ids=["another's", "final"])
def test_a_coder_looks_at_anothers_or_a_final_coding_and_changes_nothing(db: None, mine: dict[str, Any]) -> None:
    """What of another's they may look at is in test_blindness.py: here the round is closed."""
    factories.make_round(1, closed_at="2026-11-03T10:00:00Z")
    user = make_user("coder", *CODER)
    fields = {"coder": coder_code(user), "round": 1, "is_final": False, **mine}
    coding = factories.make_coding(factories.make_quote(), factories.make_topic(), **fields)
    client = client_of(user)
    assert client.get(url(coding, "change")).status_code == 200
    assert client.post(url(coding, "change"), {"stance": "oppose"}).status_code == 403
    assert client.post(url(coding, "delete"), {"post": "yes"}).status_code == 403
    assert Coding.objects.get().stance == "support"
