"""A file brought in, and its doubtful names decided by the keyboard, in a browser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from quotes.admin.importing import screen
from quotes.models import DoubtfulSpeaker, Person, Quote
from tests.admin.conftest import client_of
from tests.admin.importing.conftest import quotebank_lines
from tests.factories import make_person

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def window(page: Page, settings: Any, tmp_path: Path) -> Page:
    """A window in which an editor is logged in."""
    settings.UPLOADS_FOLDER = tmp_path
    client = client_of(User.objects.create_superuser("miro"))
    page.goto("/livez")
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": page.url}])
    return page


def choose(window: Page, content: str) -> None:
    window.goto("/admin/quotes/import/new/")
    file: Any = {"name": "quotes-2019.json", "mimeType": "application/json", "buffer": content.encode()}
    window.locator("#id_file").set_input_files(file)
    window.get_by_label("Format").select_option("quotebank")


def test_a_file_comes_in_and_its_names_are_decided_by_keys(window: Page, complaints: list[str]) -> None:
    for slug in ("ottoline", "ottoline-2"):
        make_person("Ottoline Varga", slug=slug)
    for slug in ("neva", "neva-2"):
        make_person("Neva Corrin", slug=slug)
    choose(window, quotebank_lines("Ottoline Varga", "Neva Corrin", "Ottoline Varga"))
    window.get_by_role("button", name="Look at it").click()
    window.get_by_role("button", name="Bring in").click()
    expect(window.locator(".messagelist")).to_contain_text("2 of its names are doubtful")
    window.goto("/admin/quotes/inbox/")
    window.locator("a[href$='/decide/']").first.click()
    expect(window.get_by_role("heading", level=1)).to_have_text("Whose words: Ottoline Varga")
    window.keyboard.press("2")
    window.keyboard.press("Enter")
    expect(window.get_by_role("heading", level=1)).to_have_text("Whose words: Neva Corrin")
    assert Quote.objects.filter(speaker__slug="ottoline-2").count() == 2
    window.keyboard.press("0")
    window.keyboard.press("Enter")
    expect(window.locator(".messagelist")).to_contain_text("No other name is in doubt.")
    assert Person.objects.filter(name="Neva Corrin").count() == 3
    assert not DoubtfulSpeaker.objects.undecided().exists()
    assert not complaints


def test_a_key_that_is_typed_into_a_field_chooses_nobody(window: Page) -> None:
    for slug in ("ottoline", "ottoline-2"):
        make_person("Ottoline Varga", slug=slug)
    choose(window, quotebank_lines("Ottoline Varga"))
    window.get_by_role("button", name="Look at it").click()
    window.get_by_role("button", name="Bring in").click()
    expect(window.locator(".messagelist")).to_contain_text("is in")
    window.goto(f"/admin/quotes/doubtfulspeaker/{DoubtfulSpeaker.objects.get().pk}/decide/")
    window.get_by_label("Wikidata id, if known").fill("Q")
    window.keyboard.type("21")
    assert window.locator("#qb-who-new").is_checked(), "whoever gives an id means somebody new"
    window.keyboard.press("Enter")
    expect(window.locator(".messagelist")).to_contain_text("somebody new")
    assert Person.objects.get(wikidata_id="Q21").quotes.count() == 1


def test_a_file_that_is_too_large_is_told_before_it_is_sent(window: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screen, "MAX_FILE_BYTES", 10)
    choose(window, quotebank_lines("Ottoline Varga"))
    expect(window.locator("#qb-too-large")).to_be_visible()
    expect(window.get_by_role("button", name="Look at it")).to_be_disabled()
