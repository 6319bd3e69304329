"""A new article in the browser: paste, confirm, save; by keyboard, on a small screen, without a complaint."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import Group, User
from playwright.sync_api import Page, expect

from quotes.models import Article
from tests.factories import make_article, make_organization, make_person, make_snapshot

pytestmark = pytest.mark.django_db(transaction=True)

TEXT = (
    "Sutherby keeps its lanterns\n\nBy Orla Tamsin\nMarch 4, 2025\n\n"
    "The council of Sutherby met on Tuesday evening to talk about the lanterns by the harbor. "
    "Nobody on the pier had asked for the lanterns to be put out before the winter came."
)
PLACE = "/admin/quotes/article/new/"


def log_in(page: Page) -> None:
    user = User.objects.create_user("curator", password="a long enough password", is_staff=True)
    user.groups.add(Group.objects.get(name="curator"))
    page.goto("/admin/")
    page.get_by_label("Username").fill("curator")
    page.get_by_label("Password").fill("a long enough password")
    page.get_by_role("button", name="Log in").click()


def test_an_article_is_brought_in_by_its_text(page: Page, complaints: list[str]) -> None:
    make_person("Orla Tamsyn")
    make_organization("gazette", name="Lantern Gazette")
    log_in(page)
    page.goto("/admin/quotes/article/")
    page.get_by_role("link", name="New article").click()
    page.get_by_label("Address of the page").fill("https://gazette.example/lanterns?utm_source=mail")
    page.get_by_label("Or its text").fill(TEXT)
    page.get_by_role("button", name="Read", exact=True).click()
    expect(page.get_by_label("Title")).to_have_value("Sutherby keeps its lanterns")
    expect(page.get_by_label("URL")).to_have_value("https://gazette.example/lanterns")

    outlet = page.get_by_role("group", name="Outlet", exact=True)
    outlet.get_by_label("Name as printed").fill("The Lantern Gazette")
    page.get_by_role("button", name="Look for matches again").click()
    outlet.get_by_label("Lantern Gazette –").check()
    author = page.get_by_role("group", name="Author 1")
    expect(author.get_by_role("radio").first).to_have_accessible_name(re.compile("^Orla Tamsyn"))
    author.get_by_label("Make a new person: “Orla Tamsin”").check()
    page.get_by_role("button", name="Save and mark quotes").click()
    expect(page.locator(".messagelist .success")).to_contain_text("saved, with its text")

    article = Article.objects.get()
    assert [person.name for person in article.authors.all()] == ["Orla Tamsin"]
    assert (article.outlet and article.outlet.slug, article.snapshots.get().text) == ("gazette", TEXT)
    assert complaints == []


def test_it_works_with_the_keyboard_alone(page: Page, complaints: list[str]) -> None:
    log_in(page)
    page.goto(PLACE)
    page.keyboard.type("https://gazette.example/lanterns")  # the first field has the focus
    page.keyboard.press("Tab")
    page.keyboard.insert_text(TEXT)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Title")).to_be_visible()
    page.get_by_role("group", name="Outlet", exact=True).get_by_label("Name as printed").focus()
    for press in ("Tab", "ArrowUp", "Tab", "Tab"):
        page.keyboard.press(press)
    expect(page.get_by_role("group", name="Outlet", exact=True).get_by_label("No outlet")).to_be_checked()
    assert complaints == []


def test_a_text_that_is_here_already_is_added_to_its_article(page: Page, complaints: list[str]) -> None:
    article = make_article(url="https://gazette.example/lanterns", title="Lanterns")
    twin = make_article(url="https://harbor.example/lanterns", title="Harbor lanterns")
    make_snapshot(twin, TEXT)
    log_in(page)
    page.goto(PLACE)
    page.get_by_label("Address of the page").fill("http://www.gazette.example/lanterns/")
    page.get_by_label("Or its text").fill(TEXT)
    page.get_by_role("button", name="Read", exact=True).click()
    known = page.get_by_role("region", name="Is it here already?")
    expect(known).to_contain_text("100 % of the sentences stand in Harbor lanterns")
    known.get_by_role("button", name="Add this text as a new snapshot").first.click()
    expect(page.locator(".messagelist .success")).to_contain_text("the text is a new snapshot of it")
    assert article.snapshots.get().text == TEXT
    assert complaints == []


@pytest.mark.parametrize("width", [1280, 640])
def test_nothing_is_cut_off(page: Page, width: int) -> None:
    make_snapshot(make_article(title="Lantern" * 20, url=f"https://harbor.example/{'lantern' * 20}"), TEXT)
    log_in(page)
    page.set_viewport_size({"width": width, "height": 720})
    page.goto(PLACE)
    page.get_by_label("Or its text").fill(TEXT)
    page.get_by_role("button", name="Read", exact=True).click()
    expect(page.get_by_label("Title")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
