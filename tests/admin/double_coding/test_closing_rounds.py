"""A round that is closed while somebody codes in it: the coding is in it and public, or it is refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Permission, User
from django.db import transaction

from quotes import curation
from quotes.curation.coding import coder_code
from quotes.curation.desk import Desk, Judgement, judge
from quotes.models import Coding, CodingRound, Quote, Topic
from quotes.publication.models import PublishedCoding
from tests import factories
from tests.admin.conftest import client_of
from tests.admin.forms import errors, send, url
from tests.api_curation.asking import Program, program_of
from tests.publication.test_concurrency import Session, wait_until_somebody_waits_for_a_lock
from tests.waiting import member

# The race with a round that closes.


def code_in(user: User, quote: Quote, topic: Topic, row: CodingRound) -> None:
    judgement: Judgement = {"stance": "oppose", "certainty": "high", "justification": ""}
    judge(desk=Desk(user, row, topic), quote=quote, judgement=judgement)


def code_through_the_api(user: User, quote: Quote, topic: Topic, row: CodingRound) -> None:
    answer = PROGRAMS[user.pk].send("POST", f"quotes/{quote.uid}/codings/", {"topic": topic.slug, "stance": "oppose"})
    if answer.status_code != 201:
        raise curation.CurationError([answer.content.decode()])


def code_in_the_admin(user: User, quote: Quote, topic: Topic, row: CodingRound) -> None:
    judgement = {"quote": quote.pk, "topic": topic.pk, "stance": "oppose", "round": row.number}
    answer = send(client_of(user), url(Coding, "add"), **judgement)
    if answer.status_code != 302:
        raise curation.CurationError([errors(answer)])


def delete_in_the_admin(user: User, quote: Quote, topic: Topic, row: CodingRound) -> None:
    coding = Coding.objects.get()
    client = client_of(user)
    client.post(url(coding, "delete"), {"post": "yes"})
    if Coding.objects.exists():
        raise curation.CurationError([str(message) for message in client.get("/admin/").context["messages"]])


PROGRAMS: dict[int, Program] = {}
WAYS = [code_in, code_through_the_api, code_in_the_admin, delete_in_the_admin]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_nothing_is_coded_in_a_round_that_closes_at_this_moment(way: Callable[..., None]) -> None:
    quote, topic, row = factories.make_quote(), factories.make_topic("lanterns"), factories.make_round(1)
    user = member("reader", "coder")
    user.user_permissions.add(Permission.objects.get(codename="delete_coding"))
    user = User.objects.get(pk=user.pk)
    PROGRAMS[user.pk] = program_of(user)
    PROGRAMS[user.pk].ask("")  # notes the token's first use
    if way is delete_in_the_admin:
        factories.make_coding(quote, topic, coder=coder_code(user), round=1, is_final=False)
    before = Coding.objects.count()
    refused: list[str] = []

    def code() -> None:
        try:
            way(user, quote, topic, row)
        except curation.CurationError as error:
            refused.extend(error.messages)

    with transaction.atomic():
        curation.close_round(number=1, actor=None)
        session = Session(code)
        wait_until_somebody_waits_for_a_lock()
    session.finish()
    assert "is closed" in " ".join(refused)
    assert Coding.objects.count() == before


@pytest.mark.django_db(transaction=True)
def test_a_round_is_closed_after_the_codings_that_are_being_saved_and_they_are_public() -> None:
    quote, topic, row = factories.make_quote(source_label="a clerk"), factories.make_topic(), factories.make_round(1)
    curation.publish(quotes=[quote], actor=None)
    user = member("reader", "coder")
    with transaction.atomic():
        code_in(user, quote, topic, row)
        # Coders do not wait for one another: this ends before the first one's transaction does.
        Session(hold_for_a_moment).finish()
        closing = Session(lambda: curation.close_round(number=1, actor=None))
        wait_until_somebody_waits_for_a_lock()
    closing.finish()
    assert PublishedCoding.objects.get().coder == coder_code(user)


def hold_for_a_moment() -> None:
    with transaction.atomic():
        CodingRound.objects.hold(1)
