"""Keys: what each does, where they do nothing, and that everything they do is undone by one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from quotes.models import Coding, Quote, Snapshot, Topic
from tests import factories
from tests.browser.workbench import hands
from tests.browser.workbench.hands import WATCH, Hands

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def marked(page: Page, as_counted: Hands, story: Snapshot, curator: User) -> Hands:
    """One quote of Ottoline Varga, saved, not coded, under the cursor."""
    hands.open_workbench(page, story.article)
    hands.select(page, WATCH)
    as_counted.press("q", "Enter", "Enter")
    hands.is_saved(page)
    page.locator("#wb-list button", has_text=WATCH[:20]).click()
    return as_counted


def test_question_mark_lists_the_keys(page: Page, story: Snapshot, curator: User) -> None:
    hands.open_workbench(page, story.article)
    page.keyboard.press("?")
    listed = page.locator("#wb-help")
    expect(listed).to_be_visible()
    for key in "q s a t x j k n p u f r 1 6 Ctrl".split():  # noqa: SIM905 - reads as the keys do
        expect(listed.locator("kbd", has_text=key).first).to_be_visible()
    page.keyboard.press("Escape")
    expect(listed).to_be_hidden()


def test_keys_are_letters_inside_inputs(page: Page, marked: Hands) -> None:
    marked.press("e")
    page.locator("#wb-cue").fill("")
    marked.type("q12345sxjknpu?")
    expect(page.locator("#wb-cue")).to_have_value("q12345sxjknpu?")
    expect(page.locator("#wb-help")).to_be_hidden()
    assert not Coding.objects.exists()
    marked.press("Escape", "2")
    marked.press("Control+Enter")
    expect(page.locator("#wb-list .wb-unsaved")).to_have_count(0)
    hands.is_saved(page)
    assert Quote.objects.get().cue == "q12345sxjknpu?"


def test_single_keys_can_be_switched_off(page: Page, marked: Hands) -> None:
    marked.press("?")
    page.get_by_label("Single keys do something").uncheck()
    marked.press("Escape", "2")
    expect(page.locator("#wb-text")).to_be_visible()
    hands.reload(page)
    marked.press("j", "2", "x")
    assert not Coding.objects.exists()
    expect(page.locator("#wb-list .wb-oppose")).to_have_count(0)


@pytest.mark.parametrize(
    ("key", "stance"),
    [("1", "support"), ("2", "oppose"), ("3", "mixed"), ("4", "neutral"), ("5", "unclear"), ("6", "not_addressed")],
)
def test_digits_are_stances_shown_by_colour_pattern_and_word(page: Page, marked: Hands, key: str, stance: str) -> None:
    marked.press(key)
    expect(page.locator(f"#wb-text mark.wb-{stance}")).to_have_text(WATCH)
    hands.is_saved(page)
    expect(page.locator(f"#wb-list li.wb-{stance} .wb-pick-state")).to_have_text(stance.replace("_", " "))
    assert Coding.objects.get().stance == stance


def test_u_undoes_step_by_step_at_the_server_too(page: Page, marked: Hands) -> None:
    marked.press("2")
    expect(page.locator("#wb-text mark.wb-oppose")).to_have_count(1)
    marked.press("u")
    expect(page.locator("#wb-note")).to_contain_text("Undone: the stance")
    expect(page.locator("#wb-text mark.wb-uncoded")).to_have_count(1)
    expect(page.locator("#wb-list .wb-unsaved")).to_have_count(0)
    marked.press("u")
    expect(page.locator("#wb-note")).to_contain_text("Undone: the saving")
    expect(page.locator("#wb-form-state")).to_have_text("not saved")
    assert not Coding.objects.exists()
    assert not Quote.objects.exists()
    marked.press("u", "u")
    expect(page.locator("#wb-note")).to_contain_text("Undone: the mark")
    expect(page.locator("#wb-list .wb-unsaved")).to_have_count(0)


def test_x_rejects_a_proposal_for_good_until_u(page: Page, as_counted: Hands, story: Snapshot, curator: User) -> None:
    hands.open_workbench(page, story.article)
    proposed = page.locator("#wb-list li.wb-proposal")
    count = proposed.count()
    assert count >= 7
    as_counted.press("j", "x")
    expect(proposed).to_have_count(count - 1)
    hands.reload(page)
    expect(proposed).to_have_count(count - 1)
    as_counted.press("j", "x", "u")
    expect(proposed).to_have_count(count - 1)
    assert not Quote.objects.exists()


def test_a_changes_the_capacity_and_l_takes_the_last_speaker(page: Page, marked: Hands) -> None:
    marked.press("a", "f")
    expect(page.locator(".wb-standing")).to_have_value("former")
    marked.press("Enter")
    expect(page.locator("#wb-text")).to_be_focused()
    marked.press("Control+Enter")
    hands.is_saved(page)
    expect(page.locator("#wb-list .wb-unsaved")).to_have_count(0)
    assert Quote.objects.get().affiliations.get().standing == "former"
    hands.select(page, "My children talk under those lamps,")
    marked.press("q", "l", "Enter")
    hands.is_saved(page)
    expect(page.locator("#wb-list .wb-unsaved")).to_have_count(0)
    quotes = Quote.objects.order_by("pk")
    assert [str(quote.speaker) for quote in quotes] == ["Ottoline Varga"] * 2
    assert [quote.affiliations.get().standing for quote in quotes] == ["former"] * 2


def test_o_and_d_turn_source_and_kind(page: Page, marked: Hands) -> None:
    marked.press("d", "o", "s")
    expect(page.locator("#wb-organization")).to_be_focused()
    marked.type("lantern")
    marked.press("Enter")
    expect(page.locator("#wb-organization")).to_have_value("Lantern Watch")
    marked.press("Control+Enter")
    expect(page.locator("#wb-list .wb-unsaved")).to_have_count(0)
    hands.is_saved(page)
    quote = Quote.objects.get()
    assert (quote.kind, quote.source_type, str(quote.organization)) == ("partial", "organization", "Lantern Watch")


def test_t_chooses_the_topic_that_stances_are_toward(page: Page, marked: Hands) -> None:
    factories.make_topic("night-patrols", name="Night patrols")
    hands.reload(page)
    marked.press("1")
    expect(page.locator("#wb-text mark.wb-support")).to_have_count(1)
    marked.press("t")
    page.locator("#wb-topic").fill("patrols")
    marked.press("Enter")
    expect(page.locator("#wb-text mark.wb-uncoded")).to_have_count(1)
    marked.press("k", "2")
    expect(page.locator("#wb-text mark.wb-oppose")).to_have_count(1)
    expect(page.locator("#wb-list .wb-unsaved")).to_have_count(0)
    hands.is_saved(page)
    hands.reload(page)
    expect(page.locator("#wb-topic")).to_have_value("Night patrols")
    stances = {coding.topic: coding.stance for coding in Coding.objects.all()}
    assert [stances[topic] for topic in Topic.objects.order_by("pk")] == ["support", "oppose"]


def test_r_sends_to_review_and_f_is_an_editors(page: Page, marked: Hands) -> None:
    marked.press("2", "f")
    expect(page.locator("#wb-note")).to_contain_text("Only editors")
    page.locator("#wb-list button", has_text=WATCH[:20]).click()
    expect(page.locator("#wb-form-state")).to_have_text("draft")
    marked.press("r")
    expect(page.locator("#wb-form-state")).to_have_text("in review")
    assert Quote.objects.get().status == "in_review"


def test_n_goes_to_the_next_article_and_back_where_one_left(page: Page, marked: Hands, story: Snapshot) -> None:
    further = hands.make_article_of("“Nothing,” Neva Corrin said.")
    hands.reload(page)
    expect(page.locator("#wb-list [aria-current]")).to_contain_text(WATCH[:20])
    marked.press("n")
    page.wait_for_url(f"**/{further.article_id}/workbench/")
    marked.press("p")
    page.wait_for_url(f"**/{story.article_id}/workbench/")
    expect(page.locator("#wb-list [aria-current]")).to_contain_text(WATCH[:20])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_a_window_of_640_pixels(page: Page, marked: Hands, scheme: str, complaints: list[str]) -> None:
    page.set_viewport_size({"width": 640, "height": 720})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
    hands.reload(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 640
    for place in ("#wb-text", "#wb-save", "#wb-list button >> nth=0"):
        page.locator(place).scroll_into_view_if_needed()
        expect(page.locator(place)).to_be_in_viewport()
    assert (
        page.locator("#wb input:visible, #wb select:visible, #wb textarea:visible").evaluate_all(
            "fields => fields.filter((field) => !field.labels.length && !field.ariaLabel).map((field) => field.id)"
        )
        == []
    )
    assert complaints == []


def test_the_documentation_lists_the_keys_that_the_page_does(page: Page, story: Snapshot, curator: User) -> None:
    hands.open_workbench(page, story.article)
    page.keyboard.press("?")
    shown = {key for line in page.locator("#wb-help dt").all() for key in line.locator("kbd").all_text_contents()}
    listed = (Path(settings.BASE_DIR) / "docs" / "curation.md").read_text(encoding="utf-8").partition("## Keys")[2]
    rows = [line.split("|")[1] for line in listed.splitlines() if line.startswith("| `")]
    named = {key for row in rows for part in re.findall("`([^`]+)`", row) for key in part.split()}
    assert named | {"?"} == shown
