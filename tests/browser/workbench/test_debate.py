"""The demonstration debate in the workbench: every quote stands in its article where its record says."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from playwright.sync_api import Page

from quotes.models import Article
from tests.browser.workbench import hands
from tests.shipped import Shipped

pytestmark = pytest.mark.django_db(transaction=True)

MARKED = """() => {
    const found = {};
    for (const mark of document.querySelectorAll('#wb-text mark[data-key]')) {
        found[mark.dataset.key] = (found[mark.dataset.key] ?? '') + mark.textContent;
    }
    return Object.values(found);
}"""


def test_every_quote_of_the_debate_is_marked_where_it_stands(
    shipped: Shipped, page: Page, curator: User, complaints: list[str]
) -> None:
    with transaction.atomic():
        shipped.put("reference", "demonstration")
    articles = Article.objects.filter(snapshots__text__isnull=False).distinct().order_by("pk")
    assert articles.count() > 20
    for article in articles:
        hands.open_workbench(page, article)
        marked = page.evaluate(MARKED)
        for quote in article.quotes.all():
            assert "".join(quote.exacts) in marked, f"{article}: {quote.text}"
    assert complaints == []
