"""Double coding without a mouse: two coders judge the same quotes blind, an editor decides, alpha says how far they agree."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, User
from playwright.sync_api import Page, expect

from quotes.curation.coding import coder_code
from quotes.curation.desk import Desk
from quotes.models import Coding, CodingRound, Quote, Topic
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "a long enough password"
WORDS = ("red", "blue", "green", "amber", "white", "violet")


def make_member(name: str, role: str) -> User:
    user = User.objects.create_user(name, password=PASSWORD, is_staff=True)
    user.groups.add(Group.objects.get_or_create(name=role)[0])
    return User.objects.get(pk=user.pk)


@pytest.fixture
def desk_of() -> dict[str, Desk]:
    """Six quotes, an open round, and a desk for each coder."""
    topic = factories.make_topic("lanterns", name="Lanterns", proposition="The council should keep the lanterns.")
    row = factories.make_round(1, instructions="Read the paragraph twice.")
    for word in WORDS:
        quote = factories.make_quote(f"The lanterns say {word}.", article=factories.make_article(language="en"))
        factories.make_capacity(quote, factories.make_organization("", name="Port Office"), role_as_stated="clerk")
    make_member("eda", "editor")
    return {name: Desk(make_member(name, "coder"), row, topic) for name in ("ada", "bea")}


def log_in(page: Page, name: str, address: str) -> None:
    page.context.clear_cookies()
    page.goto(address)
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    go(page, "Enter")
    expect(page.locator("#user-tools")).to_contain_text(name, ignore_case=True)


def words_of(page: Page) -> str:
    return page.locator(".qbd-text .qb-this").inner_text()


def go(page: Page, key: str) -> None:
    """Press a key that leads to another page, and wait for that."""
    with page.expect_navigation():
        page.keyboard.press(key)


def code(page: Page, keys: str) -> str:
    """Judge the quote that is shown, and return its words. The page that comes has another."""
    shown = words_of(page)
    for key in keys:
        page.keyboard.press(key)
    go(page, "Enter")
    expect(page.locator(".messagelist .success").first).to_contain_text("Saved")
    return shown


def chosen(page: Page) -> list[str]:
    return [radio.get_attribute("value") or "" for radio in page.locator("#qbd-form input:checked").all()]


def address(name: str, row: CodingRound, topic: Topic) -> str:
    return f"/admin/quotes/codinground/{row.pk}/{name}/?topic={topic.slug}"


def test_two_coders_and_an_editor_need_no_mouse(page: Page, desk_of: dict[str, Desk], complaints: list[str]) -> None:
    ada, bea = desk_of["ada"], desk_of["bea"]
    desk = address("code", ada.round, ada.topic)
    log_in(page, "ada", desk)
    expect(page.locator("body")).to_contain_text("0 of 6 by you")
    expect(page.locator("body")).to_contain_text("Read the paragraph twice.")
    first = code(page, "1")

    # A justification is typed without setting off keys, and saved from within.
    page.keyboard.press("2")
    page.keyboard.press("l")
    page.keyboard.press("c")
    page.keyboard.type("u jumps: 1 or 6?")
    go(page, "Control+Enter")
    expect(page.locator("body")).to_contain_text("2 of 6 by you")
    assert Coding.objects.get(justification="u jumps: 1 or 6?").certainty == "low"
    for keys in ("3m", "4", "5"):
        code(page, keys)
    expect(page.locator("body")).to_contain_text("5 of 6 by you")

    # The last one is taken back, and shown as it was.
    go(page, "u")
    expect(page.locator(".messagelist")).to_contain_text("Taken back: unclear")
    assert chosen(page) == ["unclear", "high"]
    expect(page.locator("body")).to_contain_text("4 of 6 by you")
    last = code(page, "6")
    assert Coding.objects.filter(coder=ada.coder).count() == 5
    judgement = Coding.objects.get(quote__text=last)
    assert judgement.stance == "not_addressed"

    # Back and forth without saving; what was chosen and left unsaved is there again.
    before = words_of(page)
    page.keyboard.press("1")
    go(page, "k")
    expect(page.locator(".qbd-note")).to_contain_text("You have coded this quote")
    go(page, "j")
    expect(page.locator(".qbd-text .qb-this")).to_have_text(before)
    expect(page.locator("#qbd-said")).to_contain_text("Not saved yet")
    assert chosen(page) == ["support", "high"]
    page.keyboard.press("?")
    expect(page.locator("#qbd-help")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#qbd-help")).to_be_hidden()
    code(page, "")
    expect(page.locator("body")).to_contain_text("You have coded everything")
    assert complaints == []

    # The other coder begins elsewhere, and sees nothing of all that.
    log_in(page, "bea", desk)
    expect(page.locator("body")).to_contain_text("0 of 6 by you")
    assert [quote.pk for quote in ada.quotes()] != [quote.pk for quote in bea.quotes()]
    assert ada.coder not in page.content()
    key_of = dict(zip(("support", "oppose", "mixed", "neutral", "unclear", "not_addressed"), "123456", strict=True))
    for _ in WORDS:
        shown = words_of(page)
        theirs = Coding.objects.get(coder=ada.coder, quote__text=shown).stance
        code(page, "2" if shown == first else key_of[theirs])
    expect(page.locator("body")).to_contain_text("You have coded everything")

    # They differ on one. The editor decides it.
    log_in(page, "eda", address("disagreements", ada.round, ada.topic))
    expect(page.locator(".qbd-agreement .qbd-current")).to_contain_text("0.807")
    expect(page.locator(".qbd-agreement .qbd-current")).to_contain_text("usable")
    expect(page.locator(".qbd-disputes tbody tr")).to_have_count(1)
    page.get_by_role("link", name="Adjudicate (1)").focus()
    go(page, "Enter")
    expect(page.locator(".qbd-judgement")).to_have_count(2)
    expect(page.locator(".qbd-aside")).to_contain_text(coder_code(bea.user))
    assert words_of(page) == first
    page.keyboard.press("2")
    page.keyboard.press("c")
    page.keyboard.type("Reservations alone.")
    go(page, "Control+Enter")
    expect(page.locator(".messagelist")).to_contain_text("Final: oppose")
    expect(page.locator("body")).to_contain_text("No disagreement is open.")
    final = Coding.objects.get(is_final=True)
    assert (final.quote.text, final.stance, final.round, final.justification) == (
        first,
        "oppose",
        2,
        "Reservations alone.",
    )
    assert Coding.objects.filter(round=1).count() == 12
    assert complaints == []


def test_a_stance_is_asked_for_and_enter_held_down_saves_once(
    page: Page, desk_of: dict[str, Desk], complaints: list[str]
) -> None:
    ada = desk_of["ada"]
    log_in(page, "ada", address("code", ada.round, ada.topic))
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.validationMessage !== ''")
    assert not Coding.objects.exists()
    page.keyboard.press("4")
    go(page, "Control+Enter")
    expect(page.locator("body")).to_contain_text("1 of 6 by you")
    assert Coding.objects.get().stance == "neutral"
    assert complaints == []


@pytest.mark.parametrize("name", ["code", "disagreements", "adjudicate"])
def test_a_narrow_window_needs_no_sideways_scrolling(page: Page, desk_of: dict[str, Desk], name: str) -> None:
    """1280 pixels at 200 %."""
    ada = desk_of["ada"]
    for quote in Quote.objects.all():
        for coder, stance in (("coder-a", "support"), ("coder-b", "oppose")):
            factories.make_coding(quote, ada.topic, stance, coder=coder, round=1, is_final=False)
    page.set_viewport_size({"width": 640, "height": 360})
    log_in(page, "eda", address(name, ada.round, ada.topic))
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 640
