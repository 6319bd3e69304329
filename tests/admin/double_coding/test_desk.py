"""Coders judge one quote after another, in an order of their own."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from quotes import curation
from quotes.curation.coding import coder_code
from quotes.models import Coding, CodingRound, Quote, Topic
from tests import factories
from tests.admin.conftest import client_of, make_user
from tests.admin.double_coding import queue, screen, send, text
from tests.admin.forms import notes, url
from tests.waiting import member

pytestmark = pytest.mark.django_db


def test_the_screen_has_all_that_a_judgement_needs(coder: User, round_one: CodingRound, topic: Topic) -> None:
    quote = factories.make_quote(exacts=["The lanterns stay,", "and they watch."])
    factories.make_capacity(quote, factories.make_organization("port-office"), role_as_stated="harbor clerk")
    page = text(client_of(coder).get(screen(round_one, "code", topic)))
    for said in (
        "The council should keep the lanterns.",
        "Read the paragraph twice.",
        "Is the subject addressed?",
        str(quote.speaker),
        "harbor clerk, Port Office",
        "0 of 1 by you",
        coder_code(coder),
        "The council met. “<mark",
    ):
        assert said in page
    assert page.count('<mark class="qb-this">') == 2


def test_only_the_paragraph_of_the_quote_is_shown(coder: User, round_one: CodingRound, topic: Topic) -> None:
    article = factories.make_article(language="ar")
    body = "First paragraph.\n\nSecond: “The lamps listen,” she said.\n\nThird paragraph."
    start = body.index("The lamps")
    segment = {"start": start, "end": start + 17, "prefix": "", "suffix": ""}
    factories.make_quote(
        "The lamps listen,", article=article, snapshot=factories.make_snapshot(article, body), segments=[segment]
    )
    page = text(client_of(coder).get(screen(round_one, "code", topic)))
    assert "Second: “<mark" in page
    assert "First paragraph" not in page
    assert "Third paragraph" not in page
    assert 'dir="auto" tabindex="0" role="region" aria-label="The quote in its paragraph" lang="ar"' in page


def test_a_quote_whose_text_is_not_kept_is_shown_with_its_context(
    coder: User, round_one: CodingRound, topic: Topic
) -> None:
    quote = factories.make_quote()
    assert quote.snapshot
    curation.forget_text(snapshot=quote.snapshot)
    page = text(client_of(coder).get(screen(round_one, "code", topic)))
    assert "…The council met. “<mark" in page
    assert "not kept here" in page


def test_without_a_topic_one_is_chosen(coder: User, round_one: CodingRound, topic: Topic) -> None:
    factories.make_quote()
    page = text(client_of(coder).get(screen(round_one, "code")))
    assert screen(round_one, "code", topic) in page
    assert "0 of 1" in page
    assert client_of(coder).get(f"{screen(round_one, 'code')}?topic=lamps").status_code == 404


def test_a_judgement_is_saved_under_the_coders_code_and_the_next_quote_comes(
    coder: User, round_one: CodingRound, topic: Topic
) -> None:
    for _ in range(3):
        factories.make_quote()
    first, second, _ = queue(coder, round_one, topic)
    address = screen(round_one, "code", topic)
    answer = send(coder, address, first, "oppose", certainty="low", justification="She says “never”.")
    assert answer.status_code == 302
    assert answer.headers["Location"] == screen(round_one, "code", topic, second)
    coding = Coding.objects.get()
    assert (coding.quote, coding.topic, coding.stance, coding.certainty) == (first, topic, "oppose", "low")
    assert (coding.coder, coding.round, coding.is_final) == (coder_code(coder), 1, False)
    assert coding.justification == "She says “never”."
    assert "1 of 3 by you" in text(client_of(coder).get(address))


def test_what_was_skipped_comes_again_at_the_end(coder: User, round_one: CodingRound, topic: Topic) -> None:
    for _ in range(3):
        factories.make_quote()
    first, second, third = queue(coder, round_one, topic)
    address = screen(round_one, "code", topic)
    assert send(coder, address, second, "support").headers["Location"].endswith(str(third.uid))
    assert send(coder, address, third, "support").headers["Location"].endswith(str(first.uid))
    end = send(coder, address, first, "support").headers["Location"]
    assert "You have coded everything" in text(client_of(coder).get(end))


def test_coders_do_not_go_in_step_and_their_order_does_not_change(
    coder: User, other: User, round_one: CodingRound, topic: Topic
) -> None:
    for _ in range(12):
        factories.make_quote()
    mine, theirs = queue(coder, round_one, topic), queue(other, round_one, topic)
    assert set(mine) == set(theirs)
    assert mine != theirs
    for quote in theirs[:5]:
        send(other, screen(round_one, "code", topic), quote, "mixed")
    assert queue(coder, round_one, topic) == mine
    assert queue(other, round_one, topic) == theirs[5:]


def test_withdrawn_quotes_are_not_coded(coder: User, round_one: CodingRound, topic: Topic) -> None:
    quote = factories.make_quote()
    address = screen(round_one, "code", topic)
    Quote.objects.update(status="withdrawn", withdrawn_at="2026-01-01T00:00Z", withdrawn_reason="error")
    assert queue(coder, round_one, topic) == []
    client = client_of(coder)
    answer = client.post(address, {"quote": quote.uid, "stance": "support", "certainty": "high"})
    assert "may have been withdrawn" in notes(client, answer)
    assert not Coding.objects.exists()


def test_own_judgements_are_looked_at_and_changed_again(coder: User, round_one: CodingRound, topic: Topic) -> None:
    quote = factories.make_quote()
    address = screen(round_one, "code", topic)
    send(coder, address, quote, "support", justification="She says so.")
    page = text(client_of(coder).get(screen(round_one, "code", topic, quote)))
    assert "You have coded this quote: support" in page
    assert "She says so." in page
    send(coder, address, quote, "mixed")
    assert Coding.objects.get().stance == "mixed"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"stance": ""}, "Choose a stance"),
        ({"stance": "suport"}, "suport"),
        ({"certainty": "sure"}, "sure"),
        ({"justification": "a\0b"}, "Null characters"),
    ],
)
def test_what_cannot_be_saved_comes_back_as_it_was_typed(
    coder: User, round_one: CodingRound, topic: Topic, fields: dict[str, str], said: str
) -> None:
    quote = factories.make_quote()
    filled = {"stance": "oppose", "certainty": "low", "justification": "Typed with care.", **fields}
    page = text(send(coder, screen(round_one, "code", topic), quote, filled.pop("stance"), **filled))
    assert said in page
    assert "justification" in fields or "Typed with care." in page
    assert not Coding.objects.exists()


def test_the_last_judgement_is_taken_back_and_shown_again(coder: User, round_one: CodingRound, topic: Topic) -> None:
    for _ in range(2):
        factories.make_quote()
    first, second = queue(coder, round_one, topic)
    address, client = screen(round_one, "code", topic), client_of(coder)
    for quote, stance in ((first, "support"), (second, "oppose"), (second, "mixed")):
        client.post(address, {"quote": quote.uid, "stance": stance, "certainty": "low", "justification": "Because."})
    assert client.post(address, {"_undo": "1"}).headers["Location"].endswith(str(second.uid))
    assert Coding.objects.get(quote=second).stance == "oppose"
    assert client.post(address, {"_undo": "1"}).status_code == 302
    assert list(Coding.objects.values_list("quote", flat=True)) == [first.pk]
    page = text(client.get(screen(round_one, "code", topic, second)))
    assert 'value="oppose" data-key="2" checked' in page
    assert "Because." in page
    client.post(address, {"_undo": "1"})
    assert not Coding.objects.exists()
    assert "nothing to take back" in notes(client, client.post(address, {"_undo": "1"}))


def test_what_was_changed_elsewhere_is_not_taken_back(coder: User, round_one: CodingRound, topic: Topic) -> None:
    quote = factories.make_quote()
    address, client = screen(round_one, "code", topic), client_of(coder)
    client.post(address, {"quote": quote.uid, "stance": "support", "certainty": "high"})
    Coding.objects.update(stance="unclear")
    assert "changed elsewhere since" in notes(client, client.post(address, {"_undo": "1"}))
    assert Coding.objects.get().stance == "unclear"


@pytest.mark.parametrize("role", ["coder", "editor"])
def test_nothing_is_coded_at_the_desk_of_a_closed_round(role: str, round_one: CodingRound, topic: Topic) -> None:
    user, quote = member("somebody", role), factories.make_quote()
    address = screen(round_one, "code", topic)
    client = client_of(user)
    client.post(address, {"quote": quote.uid, "stance": "support", "certainty": "high"})
    curation.close_round(number=1, actor=None)
    assert "is closed: nothing is coded" in text(client.get(address))
    later = {"quote": quote.uid, "stance": "oppose", "certainty": "high"}
    assert "is closed" in text(client.post(address, later))
    client.post(address, {"_undo": "1"})
    assert Coding.objects.get().stance == "support"


def test_a_final_judgement_is_not_changed_at_the_desk(judge: User, round_one: CodingRound, topic: Topic) -> None:
    quote = factories.make_quote()
    factories.make_coding(quote, topic, coder=coder_code(judge), round=1)
    send(judge, screen(round_one, "code", topic), quote, "oppose")
    assert Coding.objects.get().stance == "support"


def test_who_may_not_code_has_no_desk(round_one: CodingRound, topic: Topic) -> None:
    for user in (member("cleo", "curator"), make_user("stranger")):
        assert client_of(user).get(screen(round_one, "code", topic)).status_code == 403
    assert Client().get(screen(round_one, "code", topic)).status_code == 302


def test_the_desk_asks_as_often_for_many_quotes_as_for_one(coder: User, round_one: CodingRound, topic: Topic) -> None:
    client, address = client_of(coder), screen(round_one, "code", topic)

    def queries() -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        return len(captured)

    for _ in range(2):
        factories.make_capacity(factories.make_quote(), factories.make_organization())
    few = queries()
    for _ in range(8):
        quote = factories.make_quote()
        factories.make_capacity(quote, factories.make_organization())
        factories.make_coding(quote, topic, coder="coder-x", round=1, is_final=False)
    assert queries() <= few + 1  # one more where the quote has a capacity


def test_a_rounds_page_leads_to_its_screens(coder: User, judge: User, round_one: CodingRound) -> None:
    of_editors = ("disagreements", "close")
    page = text(client_of(judge).get(url(round_one, "change")))
    assert all(url(round_one, name) in page for name in ("code", *of_editors))
    page = text(client_of(coder).get(url(round_one, "change")))
    assert url(round_one, "code") in page
    assert not any(url(round_one, name) in page for name in of_editors)
