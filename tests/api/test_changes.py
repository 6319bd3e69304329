"""`changes/`: what each event says, of whom nothing is said, and what the feed takes and answers."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from quotes import curation
from quotes.models import Quote, Redirect
from quotes.publication.changes import last_change, read_changes
from quotes.publication.models import Removal
from quotes.publication.rebuilding import rebuild
from quotes.publication.worker import refresh_all
from tests.api.asking import API, CLIENT, ask, draft, published, refused
from tests.factories import (
    make_person,
)

pytestmark = pytest.mark.django_db


def run(sql: str, *parameters: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def events(since: int) -> list[tuple[str, str, str]]:
    answer = ask(f"since={since}&page_size=100", path="changes/")
    assert answer["next"] is None
    return [(one["event"], one["kind"], one["id"]) for one in answer["results"]]


def event_of(uid: object, since: int) -> str:
    [event] = [event for event, _, name in events(since) if name == str(uid)]
    return event


# Single events


def test_a_withdrawn_quote_comes_with_its_reason() -> None:
    quote = published()
    since = last_change()
    curation.withdraw(quotes=[quote], reason="Misheard.", actor=None)
    [change] = [one for one in ask(f"since={since}", path="changes/")["results"] if one["kind"] == "quote"]
    gone = CLIENT.get(change["api_url"]).json()
    assert (change["event"], change["reason"], change["withdrawn_at"]) == (
        "withdrawn",
        gone["reason"],
        gone["withdrawn_at"],
    )


def test_a_withdrawal_by_sql_is_heard_of_at_once_and_its_reason_later() -> None:
    quote = published()
    since = last_change()
    run("UPDATE quotes_quote SET status = 'withdrawn', withdrawn_at = now(), withdrawn_reason = 'x'")
    between = last_change()
    assert event_of(quote.uid, since) == "removed"
    refresh_all()
    assert event_of(quote.uid, between) == "withdrawn"


def test_who_goes_with_a_withdrawn_quote_is_removed() -> None:
    quote = published(speaker=make_person(slug="neva"))
    since = last_change()
    curation.withdraw(quotes=[quote], reason="Misheard.", actor=None)
    assert ("removed", "person", "neva") in events(since)


def test_who_comes_back_is_saved_and_no_longer_removed() -> None:
    speaker = make_person(slug="neva")
    curation.withdraw(quotes=[published(speaker=speaker)], reason="Misheard.", actor=None)
    published(speaker=speaker)
    assert [event for event, _, name in events(0) if name == "neva"] == ["saved"]


def test_a_merged_person_is_moved() -> None:
    keep, merged = make_person(slug="neva"), make_person(slug="n-corrin")
    published(speaker=keep)
    published(speaker=merged)
    since = last_change()
    curation.merge_people(keep=keep, merged=merged, actor=None)
    [moved] = [one for one in ask(f"since={since}", path="changes/")["results"] if one["event"] == "moved"]
    assert (moved["kind"], moved["id"], moved["target"]) == ("person", "n-corrin", "neva")
    assert not Removal.objects.exists()


def test_a_redirect_that_is_taken_back_is_removed() -> None:
    published(speaker=make_person(slug="neva"))
    redirect = Redirect.objects.create(kind="person", slug="n-corrin", target="neva")
    curation.refresh_publication()
    since = last_change()
    redirect.delete()
    curation.refresh_publication()
    assert events(since) == [("removed", "person", "n-corrin")]


def test_old_slugs_of_what_is_not_public_are_not_told() -> None:
    Redirect.objects.create(kind="person", slug="secret-old", target="secret")
    quote = draft(speaker=make_person(slug="secret"))
    curation.refresh_publication()
    assert events(0) == []
    curation.publish(quotes=[quote], actor=None)
    assert ("moved", "person", "secret-old") in events(0)


@pytest.mark.parametrize("table", ["publication_publishedentity", "publication_publishedquote"])
def test_no_way_of_deleting_is_missed(table: str) -> None:
    quote = published()
    since = last_change()
    run(f"DELETE FROM {table}")
    assert {event for event, _, _ in events(since)} == {"removed"}
    list(rebuild())
    assert not Removal.objects.exists()
    assert event_of(quote.uid, 0) == "saved"


def test_drafts_and_their_people_are_never_told() -> None:
    quote = draft()
    curation.submit_for_review(quotes=[quote], actor=None)
    assert events(0) == []


def test_what_happens_while_a_page_is_read_comes_with_the_next_one() -> None:
    first, last = published(), last_change()
    second = published()
    Quote.objects.filter(pk=first.pk).update(cue="said")
    curation.refresh_publication()
    page = read_changes(0, 100, last=last)
    assert str(first.uid) not in {change["id"] for change in page.changes}
    assert str(second.uid) not in {change["id"] for change in page.changes}
    assert (page.until, page.has_more) == (last, False)
    assert {event_of(quote.uid, page.until) for quote in (first, second)} == {"saved"}


# Parameters and answers


def test_the_next_page_is_named_in_the_answer_and_in_the_header() -> None:
    published()
    response = CLIENT.get(f"{API}changes/?page_size=2")
    answer = response.json()
    assert answer["since"] == 0
    assert answer["until"] == answer["results"][-1]["change"]
    assert answer["next"] == f"http://testserver/api/v1/changes/?since={answer['until']}&page_size=2"
    assert response["Link"] == f'<{answer["next"]}>; rel="next"'
    last = CLIENT.get(answer["next"])
    assert (last.json()["next"], last.json()["until"], "Link" in last) == (None, last_change(), False)


@pytest.mark.parametrize("value", ["-1", "1.0", "x", "", "1" * 19, "\u0661", "%00"])
def test_a_since_that_is_no_number_is_refused(value: str) -> None:
    assert refused(f"since={value}", path="changes/")["param"] == "since"


def test_a_since_from_elsewhere_is_refused() -> None:
    assert refused(f"since={last_change() + 1}", path="changes/")["code"] == "beyond_last"


@pytest.mark.parametrize("value", ["0", "101", "x"])
def test_a_page_holds_one_to_a_hundred_changes(value: str) -> None:
    assert refused(f"page_size={value}", path="changes/")["param"] == "page_size"


def test_the_feed_takes_no_filters() -> None:
    assert refused("sinse=3", path="changes/")["suggestion"] == "since"
    assert refused("kind=direct", path="changes/")["code"] == "unknown_parameter"


def test_the_number_of_queries_does_not_depend_on_the_changes(django_assert_num_queries: Any) -> None:
    for _ in range(3):
        published()
        with django_assert_num_queries(
            7
        ):  # the state; the last change; quotes, entities, tombstones, redirects, removals
            ask("page_size=100", path="changes/")
