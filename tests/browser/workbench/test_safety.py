"""Two curators at once, a session that ran out, a server that went away: nothing is overwritten, and nothing typed is lost."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from playwright.sync_api import Browser, Page, expect

from quotes.models import Coding, Quote, Snapshot, Topic
from tests import factories
from tests.browser.workbench import hands
from tests.browser.workbench.hands import WATCH

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def other(browser: Browser, live_server: Any) -> Iterator[Page]:
    """Another curator's window."""
    page = hands.another_window(browser, live_server.url, hands.make_user("other", "curator", "coder"))
    yield page
    page.context.close()


def mark(page: Page, *keys: str) -> None:
    hands.select(page, WATCH)
    for key in ("q", "Enter", *keys):
        page.keyboard.press(key)


def set_cue(page: Page, cue: str, *keys: str) -> None:
    page.keyboard.press("e")
    page.locator("#wb-cue").fill(cue)
    for key in keys:
        page.keyboard.press(key)


@pytest.fixture
def conflict(page: Page, other: Page, story: Snapshot, curator: User) -> Quote:
    """Both read the quote; the other saved a cue, and then this curator another one and a source."""
    hands.open_workbench(page, story.article)
    mark(page, "Enter")
    hands.is_saved(page)
    hands.open_workbench(other, story.article)
    page.locator("#wb-list button", has_text="A lamp that listens").click()
    other.locator("#wb-list button", has_text="A lamp that listens").click()
    set_cue(other, "warned", "Control+Enter")
    hands.is_saved(other)
    set_cue(page, "argued")
    page.locator("#wb-source").fill("director of Lantern Watch")
    page.keyboard.press("Control+Enter")
    problem = page.locator("#wb-problem")
    expect(problem).to_contain_text("Somebody changed this quote")
    expect(problem.get_by_role("row", name="cue")).to_contain_text("other")
    for value in ("said", "warned", "argued"):
        expect(problem.get_by_role("row", name="cue")).to_contain_text(value)
    quote = Quote.objects.get()
    assert quote.cue == "warned"
    return quote


@pytest.mark.parametrize(
    ("choose", "cue", "label"),
    [
        ("Keep mine", "argued", "director of Lantern Watch"),
        ("Take theirs", "warned", "director of Lantern Watch"),
        ("Save as chosen", "warned", "director of Lantern Watch"),
    ],
)
def test_of_two_changes_the_second_is_shown_the_first_and_chooses(
    page: Page, conflict: Quote, choose: str, cue: str, label: str
) -> None:
    """What only this curator changed is saved in any case."""
    if choose == "Save as chosen":
        page.get_by_role("row", name="cue").get_by_label("warned").check()
    page.get_by_role("button", name=choose).click()
    hands.is_saved(page)
    expect(page.locator("#wb-problem")).to_be_hidden()
    conflict.refresh_from_db()
    assert (conflict.cue, conflict.source_label) == (cue, label)


def test_an_undecided_conflict_is_there_again_after_a_reload(page: Page, conflict: Quote) -> None:
    hands.reload(page)
    page.locator("#wb-list button", has_text="A lamp that listens").click()
    expect(page.locator("#wb-cue")).to_have_value("argued")
    expect(page.locator("#wb-source")).to_have_value("director of Lantern Watch")
    conflict.refresh_from_db()
    assert conflict.cue == "warned"


def test_two_who_mark_the_same_words_make_one_quote(
    page: Page, other: Page, story: Snapshot, curator: User, complaints: list[str]
) -> None:
    for window in (page, other):
        hands.open_workbench(window, story.article)
    mark(page, "2", "Enter")
    hands.is_saved(page)
    mark(other, "1", "Enter")
    expect(other.locator("#wb-problem")).to_contain_text("marked already")
    assert Quote.objects.count() == 1
    other.get_by_role("button", name="Open that one with what I entered").click()
    other.keyboard.press("Control+Enter")
    hands.is_saved(other)
    assert Quote.objects.count() == 1
    assert sorted(Coding.objects.values_list("stance", flat=True)) == ["oppose", "support"]


def test_when_the_session_runs_out_nothing_is_lost(
    page: Page, story: Snapshot, curator: User, live_server: Any, complaints: list[str]
) -> None:
    hands.open_workbench(page, story.article)
    Session.objects.all().delete()
    mark(page)
    set_cue(page, "wrote", "Escape", "2", "Control+Enter")
    expect(page.locator("#wb-alert")).to_contain_text("not logged in any more")
    # More is typed meanwhile.
    hands.select(page, "Nobody asked the people who sleep above those piers,")
    page.keyboard.press("q")
    set_cue(page, "added softly")
    assert not Quote.objects.exists()

    page.goto(page.url)
    assert "/login/" in page.url
    hands.log_in(page, curator, live_server.url)
    hands.open_workbench(page, story.article)
    hands.is_saved(page)
    quote = Quote.objects.get()
    assert (quote.text, quote.cue, quote.codings.get().stance) == (WATCH, "wrote", "oppose")
    page.locator("#wb-list button", has_text="Nobody asked").click()
    expect(page.locator("#wb-cue")).to_have_value("added softly")
    expect(page.locator("#wb-form-state")).to_have_text("not saved")


def test_after_logging_in_in_another_tab_what_waits_is_saved(
    page: Page, story: Snapshot, curator: User, live_server: Any
) -> None:
    hands.open_workbench(page, story.article)
    Session.objects.all().delete()
    mark(page, "2", "Enter")
    expect(page.locator("#wb-alert")).to_contain_text("One quote waits")
    hands.log_in(page, curator, live_server.url)
    page.get_by_role("button", name="Try again").click()
    hands.is_saved(page)
    expect(page.locator("#wb-alert")).to_be_hidden()
    assert Quote.objects.get().created_by == curator


def test_nothing_is_saved_in_the_name_of_somebody_who_logged_in_meanwhile(
    page: Page, story: Snapshot, curator: User, live_server: Any
) -> None:
    hands.open_workbench(page, story.article)
    hands.log_in(page, hands.make_user("guest", "curator"), live_server.url)
    mark(page, "Enter")
    expect(page.locator("#wb-alert")).to_contain_text("Somebody else is logged in")
    assert not Quote.objects.exists()
    hands.reload(page)
    expect(page.locator("#wb-list .wb-unsaved")).to_have_count(0)
    hands.log_in(page, curator, live_server.url)
    hands.open_workbench(page, story.article)
    hands.is_saved(page)
    assert Quote.objects.get().created_by == curator


def test_when_the_server_is_away_one_works_on_and_everything_is_saved_later(
    page: Page, story: Snapshot, curator: User
) -> None:
    hands.open_workbench(page, story.article)
    page.route("**/workbench/quotes/**", lambda route: route.abort())
    mark(page, "2", "Enter")
    expect(page.locator("#wb-alert")).to_contain_text("cannot be reached")
    hands.select(page, "We will publish the count of recordings each month,")
    for key in ("q", "Enter", "1", "Enter"):
        page.keyboard.press(key)
    expect(page.locator("#wb-alert")).to_contain_text("2 quotes wait")
    assert not Quote.objects.exists()
    page.unroute("**/workbench/quotes/**")
    page.get_by_role("button", name="Try again").click()
    hands.is_saved(page)
    assert Quote.objects.count() == Coding.objects.count() == 2


def test_a_saved_quote_whose_answer_was_lost_is_not_saved_twice(page: Page, story: Snapshot, curator: User) -> None:
    hands.open_workbench(page, story.article)

    def lose_the_answer(route: Any) -> None:
        if route.request.method == "POST":
            route.fetch()
        route.abort()

    page.route("**/workbench/quotes/**", lose_the_answer)
    mark(page, "2", "Enter")
    expect(page.locator("#wb-alert")).to_contain_text("cannot be reached")
    assert Quote.objects.count() == 1
    page.unroute("**/workbench/quotes/**")
    page.get_by_role("button", name="Try again").click()
    hands.is_saved(page)
    expect(page.locator("#wb-list .wb-unsaved")).to_have_count(0)
    expect(page.locator("#wb-list button", has_text="A lamp that listens")).to_have_count(1)
    assert Quote.objects.count() == Coding.objects.count() == 1


@pytest.mark.parametrize("status", [502, 503, 504])
def test_a_gateway_that_answers_for_the_server_loses_nothing(
    page: Page, story: Snapshot, curator: User, status: int
) -> None:
    hands.open_workbench(page, story.article)
    page.route("**/workbench/quotes/**", lambda route: route.fulfill(status=status, body="<h1>Bad gateway</h1>"))
    mark(page, "Enter")
    expect(page.locator("#wb-alert")).to_contain_text("cannot be reached")
    page.unroute("**/workbench/quotes/**")
    page.get_by_role("button", name="Try again").click()
    hands.is_saved(page)
    assert Quote.objects.get().text == WATCH


def test_a_new_person_half_typed_is_there_after_a_reload(page: Page, story: Snapshot, curator: User) -> None:
    hands.open_workbench(page, story.article)
    hands.select(page, "My children talk under those lamps,")
    page.keyboard.press("q")
    page.keyboard.press("s")
    page.locator("#wb-speaker").fill("Ilka Mornay")
    page.locator("#wb-speakers [role=option]", has_text="New person").click()
    page.locator("#wb-new-role").fill("chair of the ten")
    hands.reload(page)
    expect(page.locator("#wb-new-name")).to_have_value("Ilka Mornay")
    expect(page.locator("#wb-new-role")).to_have_value("chair of the ten")


def test_what_the_server_refuses_is_said_at_its_field_and_stays(page: Page, story: Snapshot, curator: User) -> None:
    hands.open_workbench(page, story.article)
    mark(page)
    set_cue(page, "c" * 120, "Control+Enter")
    expect(page.locator("[data-error=cue]")).to_contain_text("at most 100 characters")
    expect(page.locator("#wb-cue")).to_have_value("c" * 120)
    set_cue(page, "said", "Control+Enter")
    hands.is_saved(page)
    assert Quote.objects.get().cue == "said"


def test_a_coders_stance_of_an_open_round_is_never_shown_to_another(
    page: Page, other: Page, story: Snapshot, curator: User
) -> None:
    hands.open_workbench(page, story.article)
    mark(page, "2", "Enter")
    hands.is_saved(page)
    assert Coding.objects.get().stance == "oppose"
    hands.open_workbench(other, story.article)
    expect(other.locator("#wb-text mark.wb-uncoded")).to_have_text([WATCH])
    assert other.locator("#wb-text .wb-oppose, #wb-list .wb-oppose").count() == 0
    assert '"oppose"' not in other.locator("#wb-state").text_content().split('"quotes":')[1].split('"people":')[0]  # type: ignore[union-attr]
    factories.make_coding(Quote.objects.get(), Topic.objects.get(), "mixed", coder="coder-x", round=1, is_final=False)
    hands.reload(other)
    expect(other.locator("#wb-text mark.wb-uncoded")).to_have_text([WATCH])
