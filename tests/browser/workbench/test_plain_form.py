"""The same eight quotes through the plain form of the admin, counted by the same counter: what the workbench saves."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Locator, Page, expect

from quotes.models import Quote, Snapshot
from tests.browser.workbench import hands
from tests.browser.workbench.hands import SPLIT, WATCH, Hands

pytestmark = pytest.mark.django_db(transaction=True)

# Words, kind, speaker (and affiliation) to search for, standing, stance; as few letters as each search needs.
QUOTES = [
    (SPLIT, "d", "neva", "current", "s"),
    ([WATCH], "d", "ott", "current", "o"),
    (["Nobody asked the people who sleep above those piers,"], "d", "ott", "current", "o"),
    (["the lamps had been tried once before and had failed"], "i", "bram", "former", "o"),
    (["a fishing licence for every conversation on the quay"], "p", "bram", "former", "o"),
    (["My children talk under those lamps,"], "d", "", "current", "o"),
    (["I want to know who reads the list,"], "d", "ilka", "current", "u"),
    (["We will publish the count of recordings each month,"], "d", "neva", "current", "s"),
]


def choose(by: Hands, field: Locator, letters: str) -> None:
    """Open an autocompletion, type, take the first."""
    by.click(field)
    expect(by.page.locator(".select2-container--open .select2-search__field")).to_be_focused()
    by.type(letters)
    expect(by.page.locator(".select2-results__option")).to_have_count(1)
    expect(by.page.locator(".select2-results__option--highlighted")).to_contain_text(re.compile(letters, re.IGNORECASE))
    by.press("Enter")


def pick(by: Hands, field: Locator, letter: str) -> None:
    """An option of a plain choice: a click on it, and its first letter."""
    values = field.locator("option").evaluate_all("options => options.map((option) => option.value)")
    field.select_option(next(value for value in values if value.startswith(letter)))
    by.clicks += 1
    by.keys += 1


def add_person(by: Hands) -> None:
    """In the two windows that "+" opens: a person, and what they do where."""
    with by.page.expect_popup() as opened:
        by.click(by.page.locator("#add_id_speaker"))
    popup = opened.value
    by.click(popup.locator("#id_name"))
    fill(by, popup, "Ilka Mornay", "Tab", "Mornay, Ilka")
    by.clicks += 1
    with popup.expect_event("close"):
        popup.locator("[name=_save]").click()
    with by.page.expect_popup() as opened:
        by.click(by.page.locator("#add_id_affiliations-0-affiliation"))
    popup = opened.value
    by.clicks += 1
    popup.locator(".field-organization .select2-selection").click()
    fill(by, popup, "dock")
    expect(popup.locator(".select2-results__option--highlighted")).to_contain_text("Dock")
    fill(by, popup, "", "Enter", "")
    by.clicks += 1
    popup.locator("#id_role").click()
    fill(by, popup, "chair")
    by.clicks += 1
    with popup.expect_event("close"):
        popup.locator("[name=_save]").click()


def fill(by: Hands, popup: Page, *parts: str) -> None:
    """Keys in a window that the counter does not see."""
    for number, part in enumerate(parts):
        if number % 2:
            popup.keyboard.press(part)
            by.keys += 1
        else:
            popup.keyboard.type(part)
            by.keys += len(part)


def enter(page: Page, by: Hands, quote: Any) -> None:
    parts, kind, speaker, standing, stance = quote
    for number, words in enumerate(parts):
        by.drag_over("#qb-text", words)
        by.click(page.locator("#qb-add" if number else "#qb-take"))
    pick(by, page.locator("#id_kind"), kind)
    if speaker:
        choose(by, page.locator(".field-speaker .select2-selection"), speaker)
        choose(by, page.locator("#affiliations-0 .field-affiliation .select2-selection"), speaker)
    else:
        add_person(by)
    if standing != "current":
        pick(by, page.locator("#id_affiliations-0-standing"), standing[0])
    by.click(page.locator("#codings-group .addlink, #codings-group .add-row a"))
    choose(by, page.locator("#codings-0 .field-topic .select2-selection"), "lis")
    pick(by, page.locator("#id_codings-0-stance"), stance)
    by.click(page.locator("#id_codings-0-coder"))
    by.type("a")
    with page.expect_navigation():
        by.click(page.locator("[name=_addanother]").last)
    expect(page.locator(".messagelist .success")).to_be_visible()


def test_the_plain_form_takes_several_times_as_many_keys_and_clicks(
    page: Page, as_counted: Hands, story: Snapshot, live_server: Any
) -> None:
    hands.log_in(page, User.objects.create_superuser("editor"), live_server.url)
    page.goto(f"/admin/quotes/quote/add/?article={story.article_id}")
    for quote in QUOTES:
        enter(page, as_counted, quote)
    counts = as_counted.counts()
    print(f"eight quotes in the plain form: {counts}")
    assert Quote.objects.count() == 8
    assert counts["clicks"] + counts["selections"] >= 60
    assert counts["keys"] >= 100
