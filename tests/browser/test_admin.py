"""A curator's first minute: log in, select words in an article's text, save, find them anchored where they stand."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from quotes.models import Article, Quote
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)

# Code points, not UTF-16 units, and not bytes: an emoji and a combining accent stand before the words.
TEXT = "👁️ Port Tarn, café.\n\n“The lamps listen,” Neva Corrin said. “Ask them.”\n"


@pytest.fixture
def article() -> Article:
    article = factories.make_article(title="Lamps that listen")
    factories.make_snapshot(article, TEXT)
    factories.make_person("Neva Corrin", slug="neva")
    User.objects.create_superuser("curator", password="a long enough password")
    return article


def log_in(page: Page) -> None:
    page.goto("/admin/")
    page.get_by_label("Username").fill("curator")
    page.get_by_label("Password").fill("a long enough password")
    page.get_by_role("button", name="Log in").click()


def select(page: Page, words: str) -> None:
    """Select the words in the shown text, as a mouse would."""
    page.evaluate(
        """words => {
            const walker = document.createTreeWalker(document.getElementById('qb-text'), NodeFilter.SHOW_TEXT);
            for (let node = walker.nextNode(); node; node = walker.nextNode()) {
                const start = node.data.indexOf(words);
                if (start >= 0) {
                    document.getSelection().setBaseAndExtent(node, start, node, start + words.length);
                    return;
                }
            }
            throw new Error('not in the text: ' + words);
        }""",
        words,
    )


def test_selected_words_become_an_anchored_quote(page: Page, article: Article, complaints: list[str]) -> None:
    log_in(page)
    page.goto(f"/admin/quotes/quote/add/?article={article.pk}")
    select(page, "The lamps listen,")
    page.locator("#qb-take").click()
    select(page, "Ask them.")
    page.locator("#qb-add").click()
    page.get_by_label("Kind:").select_option("direct")
    page.locator(".field-speaker .select2-selection").click()
    page.keyboard.type("Neva")
    page.locator(".select2-results__option", has_text="Neva Corrin").click()
    page.get_by_label("Verification:").select_option("attested")
    page.get_by_role("button", name="Save and continue editing").first.click()

    expect(page.locator(".messagelist .success")).to_be_visible()
    quote = Quote.objects.get()
    assert quote.text == "The lamps listen, Ask them."
    assert quote.exacts == ["The lamps listen,", "Ask them."]
    assert page.locator("#qb-text mark.qb-this, #qb-text .qb-this").all_inner_texts() == quote.exacts
    assert complaints == []
