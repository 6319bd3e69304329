"""An editor reviews three quotes with the keyboard alone; the curator finds the one that came back, and why."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import Group, User
from playwright.sync_api import Page, expect

from quotes import curation
from quotes.models import Quote, Review
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "a long enough password"


@pytest.fixture
def ruth(db: None) -> User:
    return member("ruth", "curator")


@pytest.fixture
def quotes(ruth: User) -> list[Quote]:
    """Three in review; the texts are long enough to scroll."""
    member("miro", "editor")
    texts = ("The lanterns watch everyone.", "They count us at night.", "Nobody asked the quay.")
    found = [factories.make_quote(text, source_label="a lamplighter", created_by=ruth) for text in texts]
    for quote in found:
        curation.submit_for_review(quotes=[quote], actor=ruth)
    return found


def member(name: str, *roles: str) -> User:
    user = User.objects.create_user(name, password=PASSWORD, is_staff=True)
    user.groups.set(Group.objects.filter(name__in=roles))
    return user


def log_in(page: Page, name: str) -> None:
    page.context.clear_cookies()
    page.goto("/admin/")
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Inbox")).to_be_visible()


def tab_to(page: Page, address: str) -> None:
    """Press Tab until the focus is on the link to the address."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.getAttribute('href')") == address:
            return
    raise AssertionError(f"no Tab leads to {address}")


def follow(page: Page, address: str) -> None:
    """Go to the link to the address with the keyboard, and open it."""
    tab_to(page, address)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{address}")


def expect_words(page: Page, words: str) -> None:
    expect(page.locator(".qb-excerpt .qb-this")).to_have_text(words)


def test_three_quotes_are_reviewed_with_the_keyboard_alone(
    page: Page, quotes: list[Quote], complaints: list[str]
) -> None:
    first, second, third = quotes
    log_in(page, "miro")
    follow(page, "/admin/quotes/inbox/")
    follow(page, f"/admin/quotes/quote/{first.pk}/review/")
    expect_words(page, first.text)
    page.keyboard.press("j")
    expect_words(page, second.text)
    page.keyboard.press("k")
    expect_words(page, first.text)

    page.keyboard.press("p")
    expect_words(page, second.text)
    expect(page.locator(".messagelist .success")).to_contain_text("Published:")
    page.keyboard.press("r")
    expect(page.get_by_label("Comment")).to_be_focused()
    page.keyboard.type("Who are “they”? p j k e ?")
    expect_words(page, second.text)
    page.keyboard.press("Control+Enter")
    expect_words(page, third.text)
    expect(page.locator(".messagelist .success")).to_contain_text("Returned to ruth:")
    page.keyboard.press("p")
    expect(page.get_by_text("Nothing else waits for review.")).to_be_visible()
    assert list(Quote.objects.order_by("pk").values_list("status", flat=True)) == ["published", "draft", "published"]

    log_in(page, "ruth")
    expect(page.get_by_role("link", name=re.compile("1 Returned to you"))).to_be_visible()
    follow(page, "/admin/quotes/inbox/")
    expect(page.locator(".qb-comment")).to_contain_text("miro")
    expect(page.locator(".qb-comment")).to_contain_text("Who are “they”? p j k e ?")
    follow(page, f"/admin/quotes/quote/{second.pk}/change/")
    expect(page.locator(".qb-steps")).to_contain_text("Returned on")
    assert complaints == []


def test_the_keys_are_listed_and_an_empty_comment_is_asked_for(
    page: Page, quotes: list[Quote], complaints: list[str]
) -> None:
    log_in(page, "miro")
    page.goto(f"/admin/quotes/quote/{quotes[0].pk}/review/")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    page.keyboard.press("p")  # says nothing while the list is open
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("r")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("status")).to_have_text("Say what the curator should look at again.")
    expect(page.get_by_label("Comment")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("e")
    expect(page).to_have_url(re.compile(f"/admin/quotes/quote/{quotes[0].pk}/change/$"))
    assert Review.objects.exclude(step="submitted").count() == 0
    assert complaints == []


def test_a_button_that_is_off_says_why(page: Page, quotes: list[Quote], complaints: list[str]) -> None:
    member("other", "editor")
    mine = quotes[0]
    Quote.objects.filter(pk=mine.pk).update(created_by=User.objects.get(username="miro"))
    log_in(page, "miro")
    page.goto(f"/admin/quotes/quote/{mine.pk}/review/")
    expect(page.get_by_role("button", name="Publish")).to_be_disabled()
    page.keyboard.press("p")
    expect(page.locator("#qb-obstacles")).to_be_focused()
    expect(page.get_by_role("status")).to_contain_text("another editor publishes it")
    assert Quote.objects.get(pk=mine.pk).status == "in_review"
    assert complaints == []


def test_what_another_decided_meanwhile_is_shown_and_the_comment_stays(
    page: Page, quotes: list[Quote], complaints: list[str]
) -> None:
    log_in(page, "miro")
    page.goto(f"/admin/quotes/quote/{quotes[0].pk}/review/")
    page.keyboard.press("r")
    page.keyboard.type("Who says so?")
    curation.publish(quotes=quotes[:1], actor=None)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert")).to_contain_text("Nothing was done")
    expect(page.get_by_role("alert").locator("ins")).to_have_text("published")
    expect(page.get_by_label("Comment")).to_have_value("Who says so?")
    assert complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_screens_fit_a_magnified_window(
    page: Page, quotes: list[Quote], complaints: list[str], scheme: str
) -> None:
    """A window of 1280 pixels at 200 % is 640 CSS pixels wide."""
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.set_viewport_size({"width": 640, "height": 360})
    log_in(page, "miro")
    for address in ("/admin/", "/admin/quotes/inbox/", f"/admin/quotes/quote/{quotes[0].pk}/review/"):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 640, address
    assert complaints == []
