"""Coders, their desk and what editors see: helpers of these tests."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User

from quotes.curation.desk import Desk
from quotes.models import CodingRound, Quote, Topic
from tests.admin.conftest import client_of
from tests.admin.forms import url


def screen(row: CodingRound, name: str, topic: Topic | None = None, quote: Quote | None = None) -> str:
    named = f"?topic={topic.slug}" if topic else ""
    return f"{url(row, name)}{named}" + (f"&quote={quote.uid}" if quote else "")


def queue(user: User, row: CodingRound, topic: Topic) -> list[Quote]:
    return list(Desk(user, row, topic).waiting())


def send(user: User, address: str, quote: Quote, stance: str, **fields: Any) -> Any:
    data = {"quote": quote.uid, "stance": stance, "certainty": "high", "justification": "", **fields}
    return client_of(user).post(address, data)


def text(answer: Any) -> str:
    assert answer.status_code == 200, answer
    return str(answer.content.decode())
