"""A new token in the browser: one click selects the whole of it, one copies it, and reloading the list has it no more."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from quotes.curation.access import find_token

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_new_token_is_copied_and_then_gone(page: Page, complaints: list[str]) -> None:
    User.objects.create_superuser("curator", password="a long enough password")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/admin/")
    page.get_by_label("Username").fill("curator")
    page.get_by_label("Password").fill("a long enough password")
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("link", name="API tokens").click()
    page.get_by_role("link", name="Add API token").click()
    page.get_by_label("Name:").fill("nightly import")
    page.get_by_label("Works for:").select_option("30")
    page.get_by_role("button", name="Save", exact=True).first.click()

    token = page.locator("#qb-token")
    text = token.inner_text()
    assert find_token(text)
    token.click()
    assert page.evaluate("document.getSelection().toString()").strip() == text
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_text("Copied.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == text
    assert text.rpartition("_")[2] not in page.url

    page.get_by_role("link", name="I have copied it: to my tokens").click()
    page.get_by_role("link", name="nightly import").click()
    assert text not in page.content()
    page.get_by_role("link", name="Revoke…").click()
    page.get_by_role("button", name="Revoke").click()
    expect(page.locator(".messagelist .success")).to_contain_text("revoked")
    assert find_token(text) is None
    assert complaints == []
