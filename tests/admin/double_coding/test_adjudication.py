"""Editors see where coders differ, and have the final word."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from quotes.curation.coding import coder_code
from quotes.models import Coding, CodingRound, Quote, Topic
from tests import factories
from tests.admin.conftest import client_of
from tests.admin.double_coding import screen, send, text
from tests.admin.forms import notes, url
from tests.waiting import member

pytestmark = pytest.mark.django_db


def judged(quote: Quote, topic: Topic, *stances: str, round: int = 1, **fields: Any) -> list[Coding]:
    return [
        factories.make_coding(quote, topic, stance, coder=f"coder-{number}", round=round, is_final=False, **fields)
        for number, stance in enumerate(stances)
    ]


@pytest.mark.parametrize("role", ["coder", "curator"])
@pytest.mark.parametrize("name", ["disagreements", "adjudicate", "close"])
def test_only_editors_see_who_disagrees(role: str, name: str, round_one: CodingRound, topic: Topic) -> None:
    judged(factories.make_quote(), topic, "support", "oppose")
    client = client_of(member("somebody", role))
    for closed_at in (None, "2026-12-01T00:00Z"):
        CodingRound.objects.update(closed_at=closed_at)
        for address in (screen(round_one, name), screen(round_one, name, topic)):
            assert client.get(address).status_code == 403
            assert client.post(address).status_code == 403
    assert Coding.objects.count() == 2


def test_what_coders_judged_differently_is_listed_side_by_side(
    judge: User, round_one: CodingRound, topic: Topic
) -> None:
    differently, alike, alone = (factories.make_quote(f"The lanterns say {word}.") for word in ("red", "blue", "green"))
    judged(differently, topic, "support", "oppose")
    judged(alike, topic, "mixed", "mixed")
    judged(alone, topic, "neutral")
    other = factories.make_topic("lamps")
    judged(alike, other, "mixed", "unclear")
    page = client_of(judge).get(screen(round_one, "disagreements"))
    assert [(row.quote, row.topic) for row, _ in page.context["rows"]] == [(alike, other), (differently, topic)]
    page = client_of(judge).get(screen(round_one, "disagreements", topic))
    [(row, _)] = page.context["rows"]
    assert [(coding.coder, coding.stance) for coding in row.codings] == [("coder-0", "support"), ("coder-1", "oppose")]


def test_the_agreement_is_krippendorffs(judge: User, round_one: CodingRound, topic: Topic) -> None:
    """The data of Krippendorff (2011), B: nominal, two observers, .692."""
    names = dict(zip("abcde", ("support", "oppose", "mixed", "neutral", "unclear"), strict=True))
    for one, other in zip("aabbdcccedda", "babbbccceddd", strict=True):
        judged(factories.make_quote(), topic, names[one], names[other])
    page = text(client_of(judge).get(screen(round_one, "disagreements", topic)))
    for said in ("0.692", "tentative", "75 %", "Rows: coder-0. Columns: coder-1."):
        assert said in page


def test_what_cannot_be_computed_is_said(judge: User, round_one: CodingRound, topic: Topic) -> None:
    client, address = client_of(judge), screen(round_one, "disagreements", topic)
    assert "Nobody has coded in this round yet" in text(client.get(address))
    judged(factories.make_quote(), topic, "support")
    assert "nothing was judged by two coders" in text(client.get(address))
    judged(factories.make_quote(), topic, "support", "support")
    assert "all judgements are the same" in text(client.get(address))


def test_the_final_word_is_a_row_of_the_next_round(judge: User, round_one: CodingRound, topic: Topic) -> None:
    quote, later = factories.make_quote(), factories.make_quote()
    judged(quote, topic, "support", "oppose", justification="As I read it.")
    judged(later, topic, "support", "mixed", "neutral")
    address = screen(round_one, "adjudicate", topic)
    page = text(client_of(judge).get(address))
    assert "As I read it." in page
    assert "2 of 2 open" in page
    answer = send(judge, address, quote, "oppose", justification="Reservations alone.", certainty="medium")
    assert answer.headers["Location"] == screen(round_one, "adjudicate", topic, later)
    final = Coding.objects.get(is_final=True)
    assert (final.quote, final.stance, final.round, final.coder) == (quote, "oppose", 2, "adjudicator")
    assert (final.justification, final.certainty) == ("Reservations alone.", "medium")
    assert sorted(Coding.objects.filter(quote=quote, round=1).values_list("stance", flat=True)) == ["oppose", "support"]
    answer = send(judge, address, later, "support")
    assert answer.headers["Location"] == screen(round_one, "disagreements", topic)
    assert "No disagreement is open" in text(client_of(judge).get(answer.headers["Location"]))
    assert "final already" in text(client_of(judge).get(screen(round_one, "adjudicate", topic, quote))).lower()


def test_the_final_word_can_be_changed_and_is_one(judge: User, round_one: CodingRound, topic: Topic) -> None:
    quote = factories.make_quote(status="published", published_at="2025-03-05T10:00Z")
    first, _ = judged(quote, topic, "support", "oppose")
    Coding.objects.filter(pk=first.pk).update(is_final=True)
    for stance in ("mixed", "unclear"):
        send(judge, screen(round_one, "adjudicate", topic, quote), quote, stance)
    assert [final.stance for final in Coding.objects.final()] == ["unclear"]
    first.refresh_from_db()
    assert (first.stance, first.is_final) == ("support", False)


def test_an_adjudicators_rows_are_no_coders(judge: User, round_one: CodingRound, topic: Topic) -> None:
    quote = factories.make_quote()
    judged(quote, topic, "support", "oppose")
    send(judge, screen(round_one, "adjudicate", topic), quote, "mixed")
    second = factories.make_round(2)
    judged(quote, topic, "neutral", "neutral", round=2)
    page = client_of(judge).get(screen(second, "disagreements", topic))
    assert page.context["rows"] == []
    assert page.context["summaries"][0][0].coders == ["coder-0", "coder-1"]


def test_an_editor_who_is_one_of_the_coders_is_told(judge: User, round_one: CodingRound, topic: Topic) -> None:
    quote = factories.make_quote()
    judged(quote, topic, "support")
    address = screen(round_one, "code", topic)
    assert "You are an editor" in text(client_of(judge).get(address))
    send(judge, address, quote, "oppose")
    page = text(client_of(judge).get(screen(round_one, "adjudicate", topic)))
    assert f"You are {coder_code(judge)}, one of these coders" in page


def test_nothing_is_adjudicated_that_nobody_judged(judge: User, round_one: CodingRound, topic: Topic) -> None:
    quote, client = factories.make_quote(), client_of(judge)
    judgement = {"quote": quote.uid, "stance": "mixed", "certainty": "high"}
    answer = client.post(screen(round_one, "adjudicate", topic), judgement)
    assert "Nothing is left to adjudicate" in notes(client, answer)
    assert not Coding.objects.exists()


def test_what_coders_agree_on_becomes_final_as_it_is(judge: User, round_one: CodingRound, topic: Topic) -> None:
    alike, alone, differently = (factories.make_quote() for _ in range(3))
    judged(alike, topic, "mixed", "mixed")
    Coding.objects.filter(coder="coder-1").update(certainty="low")
    judged(alone, topic, "neutral")
    judged(differently, topic, "support", "oppose")
    client, address = client_of(judge), screen(round_one, "disagreements", topic)
    assert "Make final what all coders agree on (1)" in text(client.get(address))
    assert "1 quote is final as coded" in notes(client, client.post(address))
    final = Coding.objects.get(is_final=True)
    assert (final.quote, final.stance, final.certainty, final.round) == (alike, "mixed", "low", 2)
    assert "Make final what" not in text(client.get(address))


def test_withdrawn_quotes_are_no_disagreements(judge: User, round_one: CodingRound, topic: Topic) -> None:
    judged(factories.make_quote(), topic, "support", "oppose")
    Quote.objects.update(status="withdrawn", withdrawn_at="2026-01-01T00:00Z", withdrawn_reason="error")
    assert client_of(judge).get(screen(round_one, "disagreements")).context["rows"] == []


def test_a_round_is_closed_after_it_was_said_what_that_does(
    judge: User, coder: User, round_one: CodingRound, topic: Topic
) -> None:
    judged(factories.make_quote(), topic, "support", "oppose")
    page = text(client_of(judge).get(url(round_one, "close")))
    assert "holds 2 judgements by 2 coders" in page
    assert "1 <a" in page
    assert client_of(coder).post(url(round_one, "close")).status_code == 403
    client = client_of(judge)
    assert "Round 1: Round 1 is closed." in notes(client, client.post(url(round_one, "close")))
    assert "closed already" in notes(client, client.post(url(round_one, "close")))


def test_the_list_asks_as_often_for_many_disagreements_as_for_one(
    judge: User, round_one: CodingRound, topic: Topic
) -> None:
    client, address = client_of(judge), screen(round_one, "disagreements", topic)

    def queries() -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        return len(captured)

    judged(factories.make_quote(), topic, "support", "oppose")
    few = queries()
    for _ in range(6):
        judged(factories.make_quote(), topic, "support", "oppose", "mixed")
    assert queries() == few
