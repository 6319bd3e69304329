"""When codings are public: those of closed rounds, of published quotes, and no longer than both hold."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from quotes import curation
from quotes.models import Coding, CodingRound, Quote, Topic
from quotes.publication.changes import last_change
from quotes.publication.models import PublishedCoding, PublishedEntity
from quotes.publication.refresh import drain
from quotes.publication.worker import refresh_all
from tests import factories

pytestmark = pytest.mark.django_db
CLOSED = "2026-11-03T10:00:00Z"


@pytest.fixture
def topic() -> Topic:
    return factories.make_topic("lamps")


@pytest.fixture
def quote(topic: Topic) -> Quote:
    """A published quote, judged by two in round 1, which is open, and finally in round 2, which has no row."""
    quote = factories.make_quote(source_label="the source")
    factories.make_round(1)
    for coder, stance in (("coder-a", "support"), ("coder-b", "oppose")):
        factories.make_coding(quote, topic, stance, coder=coder, round=1, is_final=False)
    factories.make_coding(quote, topic, "mixed", round=2)
    curation.publish(quotes=[quote], actor=None)
    return quote


def run(sql: str, *parameters: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def coders() -> list[str]:
    return list(PublishedCoding.objects.order_by("coder").values_list("coder", flat=True))


def close() -> None:
    curation.close_round(number=1, actor=None)


def test_no_coding_of_an_open_round_is_public(quote: Quote) -> None:
    assert coders() == []


def test_a_round_without_a_row_of_its_own_is_open_final_codings_or_not(quote: Quote) -> None:
    close()
    assert "adjudicator" not in coders()


def test_closing_a_round_makes_its_codings_public(quote: Quote) -> None:
    close()
    assert coders() == ["coder-a", "coder-b"]


def test_closing_a_round_by_sql_is_seen_after_the_next_refresh(quote: Quote) -> None:
    run("UPDATE quotes_codinground SET closed_at = now()")
    refresh_all()
    assert coders() == ["coder-a", "coder-b"]


def test_a_closed_round_that_is_entered_later_is_public_with_it(quote: Quote) -> None:
    factories.make_round(2, closed_at=CLOSED)
    refresh_all()
    assert coders() == ["adjudicator"]


def test_codings_of_drafts_are_not_public(topic: Topic) -> None:
    factories.make_round(1, closed_at=CLOSED)
    factories.make_coding(factories.make_quote(), topic, round=1)
    drain()
    assert coders() == []


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE quotes_codinground SET closed_at = NULL",
        "UPDATE quotes_codinground SET number = 9",
        "DELETE FROM quotes_codinground",
        "UPDATE quotes_quote SET status = 'withdrawn', withdrawn_at = now(), withdrawn_reason = 'x'",
    ],
)
def test_what_is_no_longer_public_is_gone_at_once(quote: Quote, sql: str) -> None:
    close()
    last = last_change()
    run(sql)
    assert coders() == []
    assert last_change() > last
    refresh_all()
    assert coders() == []


def test_reopening_a_round_takes_its_codings_back(quote: Quote) -> None:
    close()
    curation.reopen_round(number=1, actor=None)
    assert coders() == []
    assert CodingRound.objects.get().closed_at is None


def test_what_is_done_to_a_closed_rounds_coding_is_seen(quote: Quote, topic: Topic) -> None:
    close()
    curation.record_coding(quote=quote, topic=topic, coder="coder-a", stance="neutral")
    assert PublishedCoding.objects.get(coder="coder-a").stance == "neutral"
    Coding.objects.filter(coder="coder-b").delete()
    drain()
    assert coders() == ["coder-a"]


def test_a_topic_that_only_coders_saw_is_public_with_their_round_and_with_those_above_it(quote: Quote) -> None:
    seen = factories.make_topic("lamp-posts", parent=factories.make_topic("streets"))
    factories.make_coding(quote, seen, coder="coder-a", round=1, is_final=False)
    drain()
    topics = PublishedEntity.objects.of_kind("topic").order_by("slug")
    assert list(topics.values_list("slug", flat=True)) == ["lamps"]
    close()
    assert list(topics.values_list("slug", flat=True)) == ["lamp-posts", "lamps", "streets"]
    curation.reopen_round(number=1, actor=None)
    assert list(topics.values_list("slug", flat=True)) == ["lamps"]


def test_a_renamed_topic_is_renamed_in_its_codings(quote: Quote, topic: Topic) -> None:
    close()
    Topic.objects.filter(pk=topic.pk).update(slug="lanterns")
    refresh_all()
    assert set(PublishedCoding.objects.values_list("topic", flat=True)) == {"lanterns"}


def test_two_topics_may_exchange_their_slugs(quote: Quote, topic: Topic) -> None:
    other = factories.make_topic("gates")
    factories.make_coding(quote, other, coder="coder-a", round=1, is_final=False)
    close()
    for row, slug in ((topic, "between"), (other, "lamps"), (topic, "gates")):
        Topic.objects.filter(pk=row.pk).update(slug=slug)
    refresh_all()
    assert sorted(PublishedCoding.objects.values_list("topic", "coder")) == [
        ("gates", "coder-a"),
        ("gates", "coder-b"),
        ("lamps", "coder-a"),
    ]


@pytest.mark.parametrize(
    ("verb", "number", "said"),
    [
        (curation.close_round, 2, "There is no round 2"),
        (curation.reopen_round, 1, "Round 1: Round 1 is open already"),
        (curation.reopen_round, 2, "There is no round 2"),
    ],
)
def test_a_round_that_cannot_be_closed_or_reopened_says_why(quote: Quote, verb: Any, number: int, said: str) -> None:
    with pytest.raises(curation.CurationError, match=said):
        verb(number=number, actor=None)


def test_a_round_is_closed_once(quote: Quote) -> None:
    close()
    with pytest.raises(curation.CurationError, match="is closed already"):
        close()


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("UPDATE publication_publishedcoding SET stance = 'x'", "differs in stance"),
        ("DELETE FROM publication_publishedcoding", "has no row"),
        ("UPDATE publication_publishedcoding SET id = id + 1000", "is in public, and must not be"),
        ("UPDATE publication_publishedcoding SET quote_key = 0", "is in public, and its quote is not"),
        ("INSERT INTO publication_removal VALUES (1, 'topic', 'lamps', 1)", "noted as removed"),
        ("INSERT INTO publication_removal SELECT 1, 'quote', uid, 1 FROM quotes_quote", "noted as removed"),
    ],
)
def test_a_check_names_what_is_not_as_it_must_be_and_a_rebuild_mends_it(quote: Quote, sql: str, said: str) -> None:
    close()
    run(sql)
    out = io.StringIO()
    with pytest.raises(CommandError):
        call_command("publication", "--check", stdout=out)
    assert said in out.getvalue()
    call_command("publication", "--rebuild", stdout=out)
    call_command("publication", "--check", stdout=out)
    assert coders() == ["coder-a", "coder-b"]
