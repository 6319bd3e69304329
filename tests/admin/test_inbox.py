"""The inbox counts what waits for the user, and each count is that of the list behind it."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.db.models import Func, TextField, Value
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from quotes import curation
from quotes.admin.reviewing import inbox, queues
from quotes.admin.reviewing.inbox import coding_left, waiting
from quotes.admin.reviewing.queues import Queue
from quotes.models import Quote
from tests import factories
from tests.admin.conftest import client_of, make_user
from tests.admin.forms import url
from tests.waiting import disagreed_on, member, read_again, ready, repeated, returned, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def curator(db: None) -> User:
    return member("ruth", "curator")


@pytest.fixture
def editor(db: None) -> User:
    """One of two editors."""
    member("another", "editor")
    return member("miro", "editor")


def titles(user: User) -> dict[str, int | None]:
    return {one.title: one.count for one in waiting(user)}


def listed(client: Client, address: str) -> set[int]:
    """The keys of all rows of the list at the address."""
    page = client.get(address)
    assert page.status_code == 200, address
    return {row.pk for row in page.context["cl"].result_list}


def something_of_everything(user: User) -> None:
    """At least one of what can wait for an editor."""
    returned("Who?", created_by=user)
    ready(created_by=user)
    submitted()
    repeated()
    read_again(factories.make_quote(), "The council did not meet.")
    disagreed_on()
    for slug in ("neva", "neva-2"):
        factories.make_person("Neva Corrin", slug=slug)
    for name in ("Órgano del Faro", "Organo del faro"):
        factories.make_organization(name=name)
    for _ in range(2):
        factories.make_article(title="Lamps that listen")


def test_each_count_is_that_of_the_list_behind_it(editor: User) -> None:
    something_of_everything(editor)
    client, found = client_of(editor), waiting(editor, items=5)
    assert len(found) == 9
    for one in found:
        keys = listed(client, one.address)
        assert len(keys) == one.count > 0, one.title
        assert len(one.items) == min(one.count, 5)


def test_the_first_page_and_the_inbox_show_every_count_with_its_list(editor: User) -> None:
    something_of_everything(editor)
    client = client_of(editor)
    for address in ("/admin/", "/admin/quotes/inbox/"):
        text = client.get(address).content.decode()
        for one in waiting(editor):
            assert f'href="{one.address}"' in text
            assert one.title in text


def test_drafts_are_ones_own_and_no_returned_ones(curator: User) -> None:
    mine = ready(created_by=curator)
    back = returned("Who?", created_by=curator)
    ready()
    submitted(created_by=curator)
    client = client_of(curator)
    assert listed(client, url(Quote, "changelist") + "?inbox=drafts") == {mine.pk}
    assert listed(client, url(Quote, "changelist") + "?inbox=returned") == {back.pk}
    assert titles(curator) == {"Returned to you": 1, "Your drafts": 1}


def test_a_returned_quote_comes_with_the_last_comment_until_it_is_sent_again(curator: User) -> None:
    quote = returned("Who is “they”?", created_by=curator)
    curation.submit_for_review(quotes=[quote], actor=curator)
    curation.return_to_draft(quotes=[quote], actor=member("miro", "editor"), comment="And <b>when</b>?")
    text = client_of(curator).get("/admin/quotes/inbox/").content.decode()
    assert "miro, " in text and "And &lt;b&gt;when&lt;/b&gt;?" in text
    assert "Who is" not in text
    curation.submit_for_review(quotes=[quote], actor=curator)
    assert titles(curator) == {}


def test_nobody_reviews_their_own_where_there_are_two_editors(editor: User) -> None:
    other = submitted()
    submitted(created_by=editor)
    assert titles(editor)["Waiting for review"] == 1
    assert listed(client_of(editor), url(Quote, "changelist") + "?inbox=review") == {other.pk}
    User.objects.filter(username="another").update(is_active=False)
    assert titles(editor)["Waiting for review"] == 2


def test_the_longest_waiting_come_first(editor: User) -> None:
    first, second = submitted(), submitted()
    curation.return_to_draft(quotes=[first], actor=None)
    curation.submit_for_review(quotes=[first], actor=None)
    [queue] = [one for one in waiting(editor, items=5) if one.title == "Waiting for review"]
    assert [item.address for item in queue.items] == [url(second, "review"), url(first, "review")]


EDITORS = ("quote/?inbox=review", "quote/?inbox=disagreements", "person/?inbox=alike", "article/?inbox=alike")


def test_a_curator_sees_no_queue_of_editors_not_even_its_length(editor: User, curator: User) -> None:
    something_of_everything(editor)
    assert titles(curator) == {"Anchors that no longer hold": 1, "The same words in another article": 1}
    client = client_of(curator)
    for address in EDITORS:
        assert client.get(f"/admin/quotes/{address}").headers["Location"].endswith("?e=1"), address
    page = client.get(url(Quote, "changelist")).content.decode()
    assert "Disagreements" not in page and "Your drafts" in page


def test_what_is_published_waits_for_editors_alone(editor: User, curator: User) -> None:
    quote = ready()
    read_again(quote, "Nothing of it.")
    curation.publish(quotes=[quote], actor=None)
    assert "Anchors that no longer hold" in titles(editor)
    assert titles(curator) == {}


def test_a_coder_learns_nothing_of_others_codes(editor: User) -> None:
    something_of_everything(editor)
    coder = member("cody", "coder")
    client = client_of(coder)
    assert waiting(coder) == coding_left(coder) == []
    for address in ("/admin/", "/admin/quotes/inbox/", url(Quote, "changelist")):
        assert "isagree" not in client.get(address).content.decode()
    assert client.get("/admin/quotes/quote/?inbox=disagreements").headers["Location"].endswith("?e=1")


def test_who_may_change_nothing_is_told_nothing(db: None) -> None:
    client = client_of(make_user("stranger"))
    assert "nbox" not in client.get("/admin/").content.decode()
    assert Client().get("/admin/quotes/inbox/").status_code == 302


def test_an_empty_inbox_says_what_to_do_next(curator: User) -> None:
    for address in ("/admin/", "/admin/quotes/inbox/"):
        text = client_of(curator).get(address).content.decode()
        assert "Nothing waits for you" in text
        assert reverse("admin:quotes_article_new") in text
    reader = client_of(make_user("reader", "change_quote"))
    assert reverse("admin:quotes_article_new") not in reader.get("/admin/quotes/inbox/").content.decode()


def test_a_long_queue_is_counted_to_a_hundred(curator: User) -> None:
    article = factories.make_article()
    drafts = [
        Quote(article=article, text=f"Lantern {number}", kind="direct", source_type="unnamed", created_by=curator)
        for number in range(99)
    ]
    Quote.objects.bulk_create(drafts)
    assert [one.shown_count for one in waiting(curator)] == ["99"]
    factories.make_quote(article=article, created_by=curator)
    assert [one.shown_count for one in waiting(curator)] == ["99+"]
    assert "99+" in client_of(curator).get("/admin/").content.decode()


def queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_the_inbox_asks_as_often_for_many_as_for_one(editor: User) -> None:
    """Session, user, permissions, editors; then a query a queue, and on its own page one for the items of each."""
    something_of_everything(editor)
    client = client_of(editor)
    first, own = queries(client, "/admin/"), queries(client, "/admin/quotes/inbox/")
    assert first <= 29 and own <= 38, (first, own)  # four for each of the three slow queues: a savepoint with a limit
    for _ in range(3):
        something_of_everything_again(editor)
    assert (queries(client, "/admin/"), queries(client, "/admin/quotes/inbox/")) == (first, own)


def something_of_everything_again(user: User) -> None:
    returned("Where?", created_by=user)
    ready(created_by=user)
    submitted(created_by=member(f"user-{User.objects.count()}", "curator"))
    repeated()
    disagreed_on()


@pytest.mark.parametrize("value", ["nothing", "", "drafts&inbox=x", "%00"])
def test_a_queue_that_does_not_exist_is_refused(editor: User, value: str) -> None:
    answer = client_of(editor).get(f"/admin/quotes/quote/?inbox={value}")
    assert answer.status_code == 302 and answer.headers["Location"].endswith("?e=1")


def test_the_inbox_has_no_inline_scripts_or_styles(editor: User) -> None:
    something_of_everything(editor)
    for address in ("/admin/", "/admin/quotes/inbox/"):
        text = client_of(editor).get(address).content.decode()
        assert not [mark for mark in ("<style", " style=", "<script>", " onclick=") if mark in text]


def test_a_coder_is_led_to_the_rounds_that_are_open() -> None:
    coder = member("cleo", "coder")
    opened = factories.make_round(1)
    factories.make_round(2, closed_at="2999-01-01T00:00:00Z")
    [found] = waiting(coder)
    client = client_of(coder)
    assert (found.title, found.count) == ("Rounds to code in", 1)
    assert client.get(found.address).context["cl"].result_count == 1
    assert [item.address for item in found.items] == [url(opened, "code")]
    assert client.get(found.items[0].address).status_code == 200
    assert waiting(member("miro", "editor")) == []


def test_what_takes_too_long_to_count_is_a_link_without_a_number(editor: User, monkeypatch: pytest.MonkeyPatch) -> None:
    factories.make_quote()
    sleep = Func(Value(5), template="pg_sleep(%(expressions)s)::text", output_field=TextField())
    sleeping = Quote.objects.annotate(slept=sleep)
    slow = Queue("repeated", Quote, "Slow", "Why.", lambda user: sleeping.filter(slept=""), is_slow=True)
    monkeypatch.setattr(queues, "QUEUES", (slow,))
    monkeypatch.setattr(inbox, "PATIENCE", 20)
    [found] = waiting(editor)
    assert (found.count, found.shown_count, found.more) == (None, "?", True)
    page = client_of(editor).get(reverse("admin:quotes_inbox")).content.decode()
    assert "Not counted here" in page
    assert "?inbox=repeated" in page
