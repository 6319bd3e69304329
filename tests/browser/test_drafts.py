"""Nothing typed is lost: when the session has ended, the server is away, or somebody else was quicker."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client
from playwright.sync_api import Page, expect

from quotes.models import Affiliation, Evidence, Person, Quote
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "a long enough password"
DRAFTS = "Object.keys(localStorage).filter(key => key.startsWith('qb-draft|'))"


@pytest.fixture
def curator() -> User:
    return User.objects.create_superuser("curator", password=PASSWORD)


@pytest.fixture
def person(curator: User, page: Page) -> Person:
    """A person, whom the curator, who has logged in, may change."""
    log_in(page)
    return factories.make_person("Orla Lamp", slug="orla")


def log_in(page: Page, address: str = "/admin/") -> None:
    page.goto(address)
    page.get_by_label("Username").fill("curator")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("button", name="Log out")).to_be_visible()


def change(record: Any) -> str:
    return f"/admin/quotes/{record._meta.model_name}/{record.pk}/change/"


def save(page: Page) -> None:
    page.locator("input[name=_save]").first.click()


def wait_for_draft(page: Page, words: str) -> None:
    page.wait_for_function(f"words => {DRAFTS}.some(key => localStorage[key].includes(words))", arg=words)


def expect_no_draft(page: Page) -> None:
    page.wait_for_function(f"() => {DRAFTS}.length === 0")


def offered(page: Page) -> Any:
    return page.locator(".qb-bar", has_text="that was not saved")


def test_what_was_typed_is_offered_and_put_in_only_when_asked(
    page: Page, person: Person, complaints: list[str]
) -> None:
    page.goto(change(person))
    page.get_by_label("Sort name:").fill("Lamp, Orla")
    wait_for_draft(page, "Lamp, Orla")
    page.goto("/admin/")
    page.goto(change(person))
    expect(page.get_by_label("Sort name:")).to_have_value("Orla Lamp")
    expect(offered(page)).to_contain_text("You typed something here on")
    page.get_by_role("button", name="Restore").click()
    expect(page.get_by_text("It is not saved yet")).to_be_visible()
    expect(page.get_by_label("Sort name:")).to_have_value("Lamp, Orla")
    save(page)
    expect(page.locator(".messagelist .success")).to_be_visible()
    person.refresh_from_db()
    assert person.sort_name == "Lamp, Orla"
    expect_no_draft(page)
    assert complaints == []


def test_a_draft_can_be_thrown_away(page: Page, person: Person) -> None:
    page.goto(change(person))
    page.get_by_label("Sort name:").fill("Lamp, Orla")
    wait_for_draft(page, "Lamp, Orla")
    page.reload()
    page.get_by_role("button", name="Discard").click()
    expect(offered(page)).to_have_count(0)
    page.reload()
    page.wait_for_load_state("networkidle")
    expect(offered(page)).to_have_count(0)
    expect_no_draft(page)


def test_what_was_typed_and_taken_back_is_no_draft(page: Page, person: Person) -> None:
    page.goto(change(person))
    field = page.get_by_label("Sort name:")
    field.fill("Lamp, Orla")
    wait_for_draft(page, "Lamp, Orla")
    field.fill("Orla Lamp")
    expect_no_draft(page)


def test_rows_and_choices_found_by_typing_come_back(page: Page, person: Person) -> None:
    factories.make_organization("port-office")
    page.goto(change(person))
    page.get_by_role("link", name="Add another Affiliation").or_(
        page.get_by_role("button", name="Add another Affiliation")
    ).click()
    page.locator("#affiliations-0 .select2-selection").click()
    page.keyboard.type("Port")
    page.locator(".select2-results__option", has_text="Port Office").click()
    page.locator("#id_affiliations-0-role").fill("lamplighter")
    wait_for_draft(page, "lamplighter")
    page.goto(change(person))
    page.get_by_role("button", name="Restore").click()
    expect(page.locator("#affiliations-0 .select2-selection__rendered")).to_contain_text("Port Office")
    expect(page.locator("#id_affiliations-0-role")).to_have_value("lamplighter")
    page.locator("#id_affiliations-0-kind").select_option("employment")
    save(page)
    expect(page.locator(".messagelist .success")).to_be_visible()
    assert [(row.role, row.person) for row in Affiliation.objects.all()] == [("lamplighter", person)]


def test_a_new_record_is_kept_too_and_a_saved_one_is_not_offered_again(page: Page, person: Person) -> None:
    page.goto("/admin/quotes/topic/add/")
    page.get_by_label("Name:").fill("Lamps")
    page.get_by_label("Proposition:").fill("Lamps should be lit.")
    wait_for_draft(page, "should be lit")
    page.goto("/admin/quotes/topic/add/")
    page.get_by_role("button", name="Restore").click()
    expect(page.get_by_label("Proposition:")).to_have_value("Lamps should be lit.")
    page.get_by_role("button", name="Save and add another").click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    expect(offered(page)).to_have_count(0)
    expect_no_draft(page)


def test_a_form_that_was_refused_goes_on_as_one_draft(page: Page, person: Person) -> None:
    page.goto(change(person))
    page.get_by_label("Slug:").fill("no slug")
    save(page)
    expect(page.locator(".errornote")).to_be_visible()
    page.get_by_label("Sort name:").fill("Lamp, Orla")
    wait_for_draft(page, "Lamp, Orla")
    assert len(page.evaluate(DRAFTS)) == 1


def test_a_form_is_not_sent_when_the_session_has_ended(page: Page, person: Person) -> None:
    page.goto(change(person))
    page.get_by_label("Sort name:").fill("Lamp, Orla")
    Session.objects.all().delete()
    save(page)
    expect(page.get_by_role("alert")).to_contain_text("You are logged out")
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Log in in a new tab").click()
    opened.value.get_by_label("Username").fill("curator")
    opened.value.get_by_label("Password").fill(PASSWORD)
    opened.value.get_by_role("button", name="Log in").click()
    expect(opened.value.get_by_role("button", name="Log out")).to_be_visible()
    opened.value.close()
    # The token that the page has is of the old session: it is renewed.
    save(page)
    expect(page.locator(".messagelist .success")).to_be_visible()
    person.refresh_from_db()
    assert person.sort_name == "Lamp, Orla"


def test_a_form_is_not_sent_for_somebody_else(page: Page, person: Person, live_server: Any) -> None:
    page.goto(change(person))
    page.get_by_label("Sort name:").fill("Lamp, Orla")
    other = Client()
    other.force_login(User.objects.create_superuser("other"))
    page.context.add_cookies([{"name": "sessionid", "value": other.cookies["sessionid"].value, "url": live_server.url}])
    save(page)
    expect(page.get_by_role("alert")).to_contain_text("Somebody else is logged in")
    page.goto(change(person))
    page.wait_for_load_state("networkidle")
    expect(offered(page)).to_have_count(0)


def test_a_server_that_is_away_gets_nothing_and_what_was_typed_stays(page: Page, person: Person) -> None:
    page.goto(change(person))
    page.get_by_label("Sort name:").fill("Lamp, Orla")
    page.context.set_offline(True)
    save(page)
    expect(page.get_by_role("alert")).to_contain_text("The server does not answer")
    expect(page.get_by_label("Sort name:")).to_have_value("Lamp, Orla")
    page.context.set_offline(False)
    save(page)
    expect(page.locator(".messagelist .success")).to_be_visible()


def test_the_button_that_was_pressed_is_the_one_that_is_sent(page: Page, person: Person) -> None:
    quote = factories.make_quote(source_label="a lamplighter")
    page.goto(change(quote))
    page.get_by_role("button", name="Save and publish").first.click()
    expect(page.locator(".messagelist .success").first).to_be_visible()
    quote.refresh_from_db()
    assert quote.status == "published"


def test_after_logging_out_one_is_asked_what_shall_stay(page: Page, person: Person) -> None:
    page.goto(change(person))
    page.get_by_label("Sort name:").fill("Lamp, Orla")
    wait_for_draft(page, "Lamp, Orla")
    page.goto("/admin/")
    page.get_by_role("button", name="Log out").click()
    expect(page.locator("#qb-kept")).to_contain_text("are still kept in this browser")
    page.get_by_role("button", name="Remove them").click()
    expect_no_draft(page)


def test_old_drafts_go_and_nothing_is_kept_of_tokens(page: Page, person: Person) -> None:
    page.evaluate(
        "at => localStorage.setItem('qb-draft|1|/admin/|abcdefgh', JSON.stringify({at, values: [['a', 'b']]}))",
        1_700_000_000_000,
    )
    page.goto("/admin/quotes/apitoken/add/")
    page.get_by_label("Name:").fill("nightly import")
    page.get_by_label("Name:").press("Tab")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#qb-token")).to_be_visible()
    expect_no_draft(page)


def test_of_two_the_second_takes_theirs_with_a_button(page: Page, person: Person, complaints: list[str]) -> None:
    quote = factories.make_quote()
    theirs = factories.make_person("Neva Corrin")
    factories.make_person("Somebody Third")
    page.goto(change(quote))
    page.get_by_label("Cue:").fill("claimed")
    page.locator(".field-speaker .select2-selection").click()
    page.keyboard.type("Somebody")
    page.locator(".select2-results__option", has_text="Somebody Third").click()
    Quote.objects.update(cue="said", speaker=theirs)
    save(page)
    box = page.locator("#qb-meanwhile")
    expect(box).to_be_focused()
    expect(box).to_contain_text("outside the admin")
    page.get_by_role("button", name="Take theirs: Speaker").click()
    expect(page.locator(".field-speaker .select2-selection__rendered").first).to_contain_text("Neva Corrin")
    expect(page.get_by_label("Cue:")).to_have_value("claimed")
    save(page)
    expect(page.locator(".messagelist .success")).to_be_visible()
    quote.refresh_from_db()
    assert (quote.speaker, quote.cue) == (theirs, "claimed")
    assert complaints == []


def test_a_draft_of_an_older_state_is_put_together_with_the_newer(page: Page, person: Person) -> None:
    quote = factories.make_quote()
    factories.make_evidence(quote, description="first")
    page.goto(change(quote))
    page.locator("#id_evidence-0-description").fill("first, by me")
    wait_for_draft(page, "first, by me")
    page.goto("/admin/")
    factories.make_evidence(quote, description="second, by others")
    page.goto(change(quote))
    page.get_by_role("button", name="Restore").click()
    expect(page.locator("#qb-meanwhile")).to_contain_text("second, by others")
    save(page)
    expect(page.locator(".messagelist .success")).to_be_visible()
    assert set(Evidence.objects.values_list("description", flat=True)) == {"first, by me", "second, by others"}
