"""The workbench by hand: one selection and four keys for a quote, the keyboard alone for a whole article; both counted."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from quotes.anchoring import words_at
from quotes.models import Coding, Person, Quote, Snapshot
from tests.browser.workbench import hands
from tests.browser.workbench.hands import SPLIT, WATCH, Hands

pytestmark = pytest.mark.django_db(transaction=True)


def check_anchors(snapshot: Snapshot) -> None:
    for quote in Quote.objects.all():
        assert snapshot.text and words_at(snapshot.text, quote.segments) == quote.text
        assert quote.verification == "attested"


def check_all_saved(page: Page, story: Snapshot) -> None:
    """The eight quotes of the story are in the database, as one reads them there."""
    expect(page.locator("#wb-progress")).to_contain_text("8 quotes · 8 coded")
    expect(page.locator("#wb-list .wb-unsaved")).to_have_count(0)
    expect(page.locator("#wb-alert")).to_be_hidden()
    hands.is_saved(page)
    quotes = list(Quote.objects.order_by("segments__0__start"))
    assert [quote.speaker and quote.speaker.name for quote in quotes] == [
        "Neva Corrin",
        "Ottoline Varga",
        "Ottoline Varga",
        "Bram Tesseld",
        "Bram Tesseld",
        "Ilka Mornay",
        "Ilka Mornay",
        "Neva Corrin",
    ]
    assert [quote.kind for quote in quotes] == ["direct"] * 3 + ["indirect", "partial"] + ["direct"] * 3
    assert [quote.affiliations.get().standing for quote in quotes] == ["current"] * 3 + ["former"] * 2 + ["current"] * 3
    assert quotes[0].exacts == SPLIT
    stances = [quote.codings.get().stance for quote in quotes]
    assert stances == ["support", "oppose", "oppose", "oppose", "oppose", "oppose", "unclear", "support"]
    assert Person.objects.get(name="Ilka Mornay").sort_name == "Mornay, Ilka"
    check_anchors(story)


def test_a_direct_quote_of_a_known_speaker_takes_one_selection_and_four_keys(
    page: Page, as_counted: Hands, story: Snapshot, curator: User, complaints: list[str]
) -> None:
    hands.open_workbench(page, story.article)
    as_counted.drag_over("#wb-text", WATCH)
    as_counted.press("q", "Enter", "2", "Enter")
    hands.is_saved(page)

    quote = Quote.objects.get()
    capacity = quote.affiliations.get()
    assert quote.text == WATCH
    assert quote.speaker and quote.speaker.name == "Ottoline Varga"
    assert (quote.kind, quote.cue, quote.status, quote.created_by) == ("direct", "said", "draft", curator)
    assert (str(capacity.affiliation.organization), capacity.standing) == ("Lantern Watch", "current")
    assert Coding.objects.get().stance == "oppose"
    check_anchors(story)
    assert as_counted.counts() == {"keys": 4, "clicks": 0, "selections": 1}
    assert complaints == []


def test_an_article_of_eight_quotes_is_marked_by_the_keyboard_alone(
    page: Page, as_counted: Hands, story: Snapshot, curator: User, complaints: list[str]
) -> None:
    hands.open_workbench(page, story.article)
    press = as_counted.press
    # A sentence, and what it means; the split quotation needs the sentence behind it too.
    as_counted.reach("engines")
    press("Shift+ArrowDown", "q", "Enter", "1", "Enter")
    for words in ("A lamp", "Nobody asked", "tried once", "fishing licence"):
        as_counted.reach(words)
        press("q", "Enter", "2", "Enter")
    # Somebody new: the role is typed, the organization found.
    as_counted.reach("My children")
    press("q", "s")
    as_counted.type("Ilka Mornay")
    press("Enter")
    expect(page.locator("#wb-new-role")).to_be_focused()
    as_counted.type("chair")
    press("Tab")
    as_counted.type("dock")
    press("Enter")
    expect(page.locator("#wb-make")).to_be_focused()
    press("Enter")
    expect(page.locator("#wb-text")).to_be_focused()
    press("2", "Enter")
    for words, stance in (("who reads", "5"), ("publish the count", "1")):
        as_counted.reach(words)
        press("q", "Enter", stance, "Enter")
    check_all_saved(page, story)

    counts = as_counted.counts()
    print(f"eight quotes in the workbench: {counts}")
    assert counts["clicks"] == counts["selections"] == 0
    assert counts["keys"] <= 80
    assert complaints == []


def test_an_article_of_eight_proposals_takes_two_keys_for_each_known_speaker(
    page: Page, as_counted: Hands, story: Snapshot, curator: User, complaints: list[str]
) -> None:
    pytest.importorskip("quotes.extraction", reason="without it, what stands in marks is proposed, one pair at a time")
    hands.open_workbench(page, story.article)
    press = as_counted.press
    press("j")
    for stance in "12222":
        press("Enter", stance)
    # Somebody new: the name is taken from the text.
    press("Enter", "Enter")
    expect(page.locator("#wb-new-role")).to_be_focused()
    as_counted.type("chair")
    press("Tab")
    as_counted.type("dock")
    press("Enter")
    expect(page.locator("#wb-make")).to_be_focused()
    press("Enter")
    expect(page.locator("#wb-text")).to_be_focused()
    press("2", "Enter")
    for stance in "51":
        press("Enter", stance)
    check_all_saved(page, story)

    counts = as_counted.counts()
    print(f"eight proposals in the workbench: {counts}")
    assert counts["clicks"] == counts["selections"] == 0
    assert counts["keys"] <= 32
    assert complaints == []
