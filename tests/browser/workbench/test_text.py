"""Offsets: what is selected on the page is what stands in the text, in code points, whatever signs are before it."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from quotes.anchoring import words_at
from quotes.models import Quote, Snapshot
from tests import factories
from tests.browser.workbench import hands
from tests.browser.workbench.hands import Hands

pytestmark = pytest.mark.django_db(transaction=True)

# Emoji of one and of several code points, a combining accent, line ends of other systems, no-break spaces, right to left.
SIGNS = (
    "👁️ 👩🏽‍🔬 Cafe\u0301 Tarn\u00a0– the lamps.\r\n\r\n"
    "“The\u00a0lamps 🏮 listen,” Neva Corrin said. “Ask the 👩🏽‍🔬 there.”\r\n\r\n"
    "אמרה נווה: “המנורות מקשיבות לכולם” ואז הלכה.\r"
    "قالت نيفا: «المصابيح تسمع الجميع» ثم مضت.\n"
    "\nUnder 🌗 half a moon she said: “e\u0301 is é, and 🇵🇹 is two.”"
)
WORDS = [
    "The\u00a0lamps 🏮 listen,",
    "Ask the 👩🏽‍🔬 there.",
    "המנורות מקשיבות לכולם",
    "المصابيح تسمع الجميع",
    "é is é, and 🇵🇹 is two.",
]


@pytest.fixture
def neva(db: None) -> None:
    factories.make_person("Neva Corrin", sort_name="Corrin, Neva")


def mark_and_save(page: Page, words: str) -> Quote:
    hands.select(page, words)
    page.keyboard.press("q")
    page.keyboard.press("s")
    page.locator("#wb-speaker").fill("Neva")
    page.locator("#wb-speakers [role=option]", has_text="Neva Corrin").click()
    page.keyboard.press("Control+Enter")
    expect(page.locator("#wb-list .wb-unsaved")).to_have_count(0)
    hands.is_saved(page)
    return Quote.objects.latest("pk")


@pytest.mark.parametrize("words", WORDS)
def test_the_words_saved_are_the_words_selected(
    page: Page, neva: None, curator: User, complaints: list[str], words: str
) -> None:
    snapshot = hands.make_article_of(SIGNS)
    hands.open_workbench(page, snapshot.article)
    assert page.evaluate("document.getElementById('wb-text').textContent") == snapshot.text
    quote = mark_and_save(page, words)
    assert quote.text == words
    assert snapshot.text and words_at(snapshot.text, quote.segments) == words
    hands.reload(page)
    assert page.locator("#wb-text mark.wb-uncoded").all_text_contents() == [words]
    assert complaints == []


def test_a_selection_is_cleaned_of_space_and_outer_marks_and_nothing_else(
    page: Page, neva: None, curator: User
) -> None:
    snapshot = hands.make_article_of("She said: “Well, ‘no’ is no answer,”  and left.")
    hands.open_workbench(page, snapshot.article)
    assert mark_and_save(page, " “Well, ‘no’ is no answer,” ").text == "Well, ‘no’ is no answer,"


def test_a_text_of_200_000_characters_stays_exact_and_draws_only_what_changes(
    page: Page, as_counted: Hands, neva: None, curator: User, complaints: list[str]
) -> None:
    line = "The council 🏛️ met again and nobody said a word of note about the lamps on the piers.\n"
    last = "“At last, 🏮 somebody speaks,” Neva Corrin said.\n"
    snapshot = hands.make_article_of(line * (200_000 // len(line)) + last + line)
    assert snapshot.length > 199_000
    hands.open_workbench(page, snapshot.article)
    page.evaluate(
        """() => {
            window.drawn = new Set();
            const watch = new MutationObserver((changes) => changes.forEach((change) => window.drawn.add(change.target)));
            watch.observe(document.getElementById('wb-text'), {childList: true, subtree: true});
        }"""
    )
    hands.select(page, "At last, 🏮 somebody speaks,")
    as_counted.press("q", "Enter", "Enter")
    expect(page.locator("#wb-list .wb-unsaved")).to_have_count(0)
    hands.is_saved(page)
    quote = Quote.objects.get()
    assert quote.text == "At last, 🏮 somebody speaks,"
    assert snapshot.text and words_at(snapshot.text, quote.segments) == quote.text
    assert page.evaluate("window.drawn.size") < 5
    assert complaints == []


def test_sentences_and_words_are_selected_with_the_arrows_alone(
    page: Page, as_counted: Hands, story: Snapshot, curator: User
) -> None:
    hands.open_workbench(page, story.article)

    def selected(*keys: str) -> str:
        as_counted.press(*keys)
        return str(page.evaluate("document.getSelection().toString()"))

    first = "The harbour office of Port Tarn will put listening lamps on forty piers this winter."
    assert selected("ArrowDown") == first
    assert selected("ArrowDown").startswith("“The lamps hear engines")
    assert selected("ArrowUp") == first
    assert selected("Shift+ArrowDown").endswith("the harbour office, said.")
    assert selected("Shift+ArrowUp") == first
    assert selected("Shift+ArrowLeft", "Shift+ArrowLeft").endswith("on forty piers")
    assert selected("Shift+ArrowRight").endswith("forty piers this")
    assert selected("ArrowRight").startswith("harbour office")
    assert selected("ArrowLeft").startswith("The harbour office")
    as_counted.press("q")
    expect(page.locator("#wb-words")).to_have_text(first.removesuffix(" winter."))
    assert as_counted.counts()["clicks"] == 0


def test_what_stands_in_marks_is_taken_and_w_takes_the_whole(page: Page, story: Snapshot, curator: User) -> None:
    hands.open_workbench(page, story.article)
    sentence = "He called the new contract “a fishing licence for every conversation on the quay”."
    hands.select(page, sentence)
    page.keyboard.press("w")
    expect(page.locator("#wb-words q")).to_have_text([sentence])
    page.keyboard.press("x")
    hands.select(page, sentence)
    page.keyboard.press("q")
    expect(page.locator("#wb-words q")).to_have_text(["a fishing licence for every conversation on the quay"])


def test_a_further_selection_becomes_a_further_part(page: Page, story: Snapshot, curator: User) -> None:
    hands.open_workbench(page, story.article)
    for words, key in zip(reversed(hands.SPLIT), ("q", "+"), strict=True):
        hands.select(page, words)
        page.keyboard.press(key)
    expect(page.locator("#wb-words q")).to_have_text(hands.SPLIT)
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    hands.is_saved(page)
    assert Quote.objects.get().exacts == hands.SPLIT
