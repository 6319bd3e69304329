"""What a reader's browser makes of the pages: everything loads from here, nothing is refused, nothing is cut off."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from quotes import curation
from quotes.models import Quote
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def quote() -> Quote:
    quote = factories.make_quote(
        "Every lamp has two eyes 👀 now.", speaker=factories.make_person("Neva Corrin", slug="neva")
    )
    factories.make_capacity(quote, factories.make_organization("lamp-office"))
    factories.make_coding(quote, factories.make_topic("lamps"), "oppose")
    curation.publish(quotes=[quote], actor=None)
    return quote


def addresses(quote: Quote) -> list[str]:
    return [
        "/",
        "/quotes/",
        "/quotes/?stanse=oppose",
        "/topics/lamps/",
        f"/quotes/{quote.uid}/",
        "/people/neva/",
        "/organizations/lamp-office/",
        f"/articles/{quote.article.slug}/",
        "/about/",
        "/ns",
    ]


def test_pages_load_without_a_complaint(page: Page, quote: Quote, complaints: list[str]) -> None:
    for address in [*addresses(quote), "/api/docs/"]:
        page.goto(address)
        page.wait_for_load_state("networkidle")
    # A page of status 400 is one that Chromium mentions; it is right here.
    assert [complaint for complaint in complaints if "400 (Bad Request)" not in complaint] == []


@pytest.mark.parametrize("width", [390, 640, 1280])
def test_no_page_is_wider_than_its_window(page: Page, quote: Quote, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    for address in addresses(quote):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address


def test_a_reader_goes_from_the_debate_to_the_proof(page: Page, quote: Quote) -> None:
    page.goto("/")
    page.get_by_role("link", name="Lamps", exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Lamps")
    page.get_by_role("link", name="the proof").first.click()
    expect(page).to_have_url(f"{page.url.split('/quotes/')[0]}/quotes/{quote.uid}/")
    expect(page.get_by_role("heading", name="The proof")).to_be_visible()
    expect(page.locator("body")).to_contain_text("“Every lamp has two eyes 👀 now.”")


def test_the_documentation_lists_the_quotes(page: Page, quote: Quote) -> None:
    page.goto("/api/docs/")
    expect(page.get_by_text("/api/v1/quotes/", exact=True)).to_be_visible()
