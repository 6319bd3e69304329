"""The page that takes an import back says what goes before it goes."""

from __future__ import annotations

from typing import Any

import pghistory
import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from quotes import curation
from quotes.models import Import, Person, Quote
from tests.admin.conftest import client_of
from tests.admin.forms import notes, url
from tests.admin.importing.conftest import TABLE, bring_in, look
from tests.waiting import member

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch(as_a_curator: Client) -> Import:
    """A file that came in on the page for that."""
    bring_in(as_a_curator, look(as_a_curator, TABLE))
    return Import.objects.get()


def change_one() -> None:
    """Somebody changes one of the quotes."""
    with pghistory.context(user="somebody"):
        Quote.objects.filter(text="Put them out.").update(cue="claimed")


def answer(client: Client, batch: Import, **said: str) -> Any:
    """The answer to the form that the page shows."""
    page = client.get(url(batch, "take_back"))
    return client.post(url(batch, "take_back"), {"shown": page.context["shown"], **said})


def test_an_import_is_taken_back_with_all_that_it_alone_brought(as_an_editor: Client, batch: Import) -> None:
    page = as_an_editor.get(url(batch, "take_back")).content.decode()
    assert "<strong>2</strong> quotes go" in page
    assert Quote.objects.count() == 2
    said = notes(as_an_editor, answer(as_an_editor, batch))
    assert "harbor-notes.csv is taken back: 2 quotes are gone." in said
    assert not Quote.objects.exists() and not Person.objects.exists()
    batch.refresh_from_db()
    assert batch.status == "taken_back"
    assert "It is taken back already." in as_an_editor.get(url(batch, "take_back")).content.decode()


def test_the_file_can_come_in_again_afterwards(as_an_editor: Client, batch: Import) -> None:
    answer(as_an_editor, batch)
    bring_in(as_an_editor, look(as_an_editor, TABLE))
    assert Quote.objects.count() == 2


def test_what_was_published_stands_against_it(as_an_editor: Client, batch: Import) -> None:
    curation.publish(quotes=Quote.objects.all()[:1], actor=None)
    page = as_an_editor.get(url(batch, "take_back"))
    text = page.content.decode()
    assert "cannot be taken back" in text and "with_work" not in text
    assert f"/admin/quotes/quote/?import={batch.pk}&amp;status__exact=published" in text
    refused = answer(as_an_editor, batch, with_work="on")
    assert "were published" in " ".join(refused.context["faults"])
    assert Quote.objects.count() == 2


def test_work_that_would_be_lost_wants_a_tick(as_an_editor: Client, batch: Import) -> None:
    change_one()
    assert "worked on 1 of the quotes" in as_an_editor.get(url(batch, "take_back")).content.decode()
    refused = answer(as_an_editor, batch)
    assert "that would be lost" in " ".join(refused.context["faults"])
    assert Quote.objects.count() == 2
    assert answer(as_an_editor, batch, with_work="on").status_code == 302
    assert not Quote.objects.exists()


def test_nothing_goes_that_the_page_did_not_show(as_an_editor: Client, batch: Import) -> None:
    page = as_an_editor.get(url(batch, "take_back"))
    change_one()
    data = {"shown": page.context["shown"], "with_work": "on"}
    again = as_an_editor.post(url(batch, "take_back"), data)
    assert "meanwhile something has changed" in " ".join(again.context["faults"])
    assert Quote.objects.count() == 2


def test_only_editors_take_back(as_a_curator: Client, batch: Import) -> None:
    """How many quotes were worked on tells of others' codings, so the right to delete imports is not enough."""
    assert as_a_curator.get(url(batch, "take_back")).status_code == 403
    assert as_a_curator.post(url(batch, "take_back"), {"shown": "applied 2 0 0"}).status_code == 403
    someone = member("someone", "curator")
    someone.user_permissions.add(Permission.objects.get(codename="delete_import"))
    assert client_of(someone).get(url(batch, "take_back")).status_code == 403
    assert Quote.objects.count() == 2


def test_an_import_that_is_not_there_is_not_found(as_an_editor: Client) -> None:
    assert as_an_editor.get("/admin/quotes/import/999/take-back/").status_code == 404
