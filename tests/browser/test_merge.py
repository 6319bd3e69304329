"""Two records merged and told apart again by keyboard alone; the old address leads on while it should."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, User
from playwright.sync_api import Page, expect

from quotes import curation
from quotes.models import Person, Quote
from tests import factories
from tests.browser.test_admin import log_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def people() -> tuple[Person, Person]:
    """Both known to readers."""
    user = User.objects.create_user("curator", password="a long enough password", is_staff=True)
    user.groups.set(Group.objects.filter(name="editor"))
    found = []
    for name, slug in (("Neva Corrin", "neva"), ("N. Corrin", "n-corrin")):
        person = factories.make_person(name, slug=slug, sort_name=f"Corrin, {name[:2]}")
        curation.publish(quotes=[factories.make_quote(speaker=person, source_label="the envoy")], actor=None)
        found.append(person)
    return found[0], found[1]


def test_a_merge_and_its_undoing_need_no_mouse(
    page: Page, people: tuple[Person, Person], complaints: list[str]
) -> None:
    keep, _merged = people
    log_in(page)
    page.goto("/admin/quotes/person/")
    for person in people:
        page.locator(f'input[name="_selected_action"][value="{person.pk}"]').focus()
        page.keyboard.press("Space")
    page.get_by_label("Action:").focus()
    page.get_by_label("Action:").select_option("merge_selected")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    # The first address stays, the second's name and sort name.
    expect(page.get_by_role("heading", name="Which values stay")).to_be_visible()
    page.locator('input[name="address"]:checked').focus()
    page.keyboard.press("Tab")
    expect(page.locator('input[name="name"][value="first"]')).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text("Links to the old address of N. Corrin lead to Neva Corrin")).to_be_visible()
    expect(page.get_by_text("Links to the old address of Neva Corrin lead to N. Corrin")).to_be_hidden()
    page.get_by_role("button", name="Merge").focus()
    page.keyboard.press("Enter")

    expect(page.locator(".messagelist .success")).to_contain_text("N. Corrin is part of N. Corrin now.")
    kept = Person.objects.get()
    assert (kept.slug, kept.name, kept.sort_name, kept.aliases) == ("neva", "N. Corrin", "Corrin, N.", ["Neva Corrin"])
    assert page.url.endswith(f"/{keep.pk}/change/")
    page.goto("/people/n-corrin/")
    assert page.url.endswith("/people/neva/")

    page.goto("/admin/quotes/merge/")
    page.get_by_role("link", name="Undo…").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("N. Corrin is a record of its own again, at /people/n-corrin/")).to_be_visible()
    page.get_by_role("button", name="Undo the merge").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".messagelist .success")).to_contain_text("N. Corrin is a record of its own again.")
    for person in people:
        # Without this browser's memory: it knows for five minutes where an old address leads.
        answer = page.request.get(f"/people/{person.slug}/", max_redirects=0)
        assert answer.status == 200
        assert f"<h1>{person.name}</h1>" in answer.text()
    assert dict(Quote.objects.values_list("speaker__slug", "status")) == {"neva": "published", "n-corrin": "published"}
    assert complaints == []


def test_one_button_chooses_all_of_a_side(page: Page, people: tuple[Person, Person], complaints: list[str]) -> None:
    keep, merged = people
    log_in(page)
    page.goto(f"/admin/quotes/person/merge/?first={keep.pk}&second={merged.pk}")
    page.get_by_role("button", name="Choose all of this side").nth(1).press("Enter")
    assert {radio.input_value() for radio in page.locator('input[type="radio"]:checked').all()} == {"second"}
    assert complaints == []


def test_the_other_record_is_found_by_typing(page: Page, people: tuple[Person, Person], complaints: list[str]) -> None:
    log_in(page)
    page.goto(f"/admin/quotes/person/{people[0].pk}/change/")
    page.get_by_role("link", name="Merge with…").click()
    page.locator("#id_second + .select2-container .select2-selection").focus()
    page.keyboard.press("Enter")
    page.keyboard.type("N. Corrin")
    page.locator(".select2-results__option--highlighted", has_text="N. Corrin").wait_for()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Compare").press("Enter")
    expect(page.get_by_role("heading", name="Which values stay")).to_be_visible()
    assert complaints == []
