"""The queue of doubtful names, and the screen on which it is decided whom one means."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from quotes.admin.reviewing.inbox import waiting
from quotes.curation.doubts import decide_speaker
from quotes.models import DoubtfulSpeaker, Import, Person, Quote
from tests.admin.conftest import client_of, make_user
from tests.admin.forms import notes, url
from tests.factories import (
    make_affiliation,
    make_doubtful_speaker,
    make_import,
    make_imported_row,
    make_organization,
    make_person,
    make_quote,
)
from tests.waiting import member

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch(db: None) -> Import:
    return make_import(file_name="quotes-2019.json", format="quotebank", source="quotebank")


def waits(batch: Import, name: str = "Ottoline Varga", rows: int = 2, **fields: Any) -> DoubtfulSpeaker:
    """A name that so many quotes bear."""
    doubt = make_doubtful_speaker(batch, name=name, **fields)
    for number in range(rows):
        quote = make_quote(f"{name} said number {number}.", source_type="unnamed", source_label=name)
        told = {"probas": [[name, 0.55], ["Bertil Quill", 0.45]]}
        make_imported_row(quote, batch=batch, row=number + 1, doubt=doubt, probability=0.55, told=told)
    return doubt


def decide(client: Client, doubt: DoubtfulSpeaker, who: object, **said: object) -> Any:
    return client.post(url(doubt, "decide"), {"who": str(who), **said})


def test_the_inbox_leads_to_the_queue_most_rows_first(batch: Import) -> None:
    few, many = waits(batch, "Neva Corrin", 1), waits(batch, rows=3)
    make_doubtful_speaker(batch, name="Decided Already", speaker_slug="somebody")
    user = member("ruth", "curator")
    [queue] = [one for one in waiting(user, items=5) if one.title == "Doubtful names"]
    assert queue.count == 2
    assert [item.address for item in queue.items] == [url(many, "decide"), url(few, "decide")]
    assert queue.items[0].beside == "3 rows of quotes-2019.json"
    page = client_of(user).get(queue.address)
    assert [row.pk for row in page.context["cl"].result_list] == [many.pk, few.pk]
    assert not [one for one in waiting(member("cody", "coder")) if one.title == "Doubtful names"]


def test_the_screen_shows_what_is_known_of_whom_the_name_may_mean(as_a_curator: Client, batch: Import) -> None:
    first = make_person("Ottoline Varga", slug="ottoline", aliases=["O. Varga"])
    second = make_person("Ottoline M. Varga", slug="ottoline-m", wikidata_id="Q11")
    make_affiliation(first, make_organization("harbor-watch"), "warden", start="2019", end="2021-05")
    make_quote(speaker=first)
    page = as_a_curator.get(url(waits(batch, wikidata_ids=["Q11", "Q12"]), "decide"))
    text = " ".join(page.content.decode().split())
    found = [one for one, _ in page.context["candidates"]]
    assert [(one.person, one.quotes, one.key) for one in found] == [(second, 0, "1"), (first, 1, "2")]
    assert found[0].is_named_by_source and found[1].jobs == ["warden, Harbor Watch, 2019–2021-05"]
    for piece in (
        "O. Varga",
        "as the source says",
        "https://www.wikidata.org/wiki/Q12",
        "Ottoline Varga said number 0.",
    ):
        assert piece in text, piece
    assert "The source is 55% sure of the speaker" in text and "Bertil Quill 45%" in text
    assert '<option value="Q12">' in text


def test_one_decision_holds_for_all_rows_and_leads_to_the_next_name(as_a_curator: Client, batch: Import) -> None:
    doubt, following = waits(batch), waits(batch, "Neva Corrin", 1)
    waits(batch, "Zora Last", 1)
    person = make_person("Ottoline Varga", slug="ottoline")
    answer = decide(as_a_curator, doubt, person.pk)
    assert answer.headers["Location"] == url(following, "decide")
    assert "Ottoline Varga" in notes(as_a_curator, answer)
    assert Quote.objects.filter(speaker=person, source_type="person").count() == 2
    doubt.refresh_from_db()
    assert doubt.decided_by and (doubt.speaker_slug, doubt.decided_by.username) == ("ottoline", "ruth")


def test_behind_the_last_name_comes_the_inbox(as_a_curator: Client, batch: Import) -> None:
    answer = decide(as_a_curator, waits(batch), make_person("Ottoline Varga").pk)
    assert answer.headers["Location"] == "/admin/quotes/inbox/"
    assert "No other name is in doubt." in notes(as_a_curator, answer)


def test_somebody_new_is_made_with_the_id_that_is_given(as_a_curator: Client, batch: Import) -> None:
    make_person("Ottoline Varga", slug="ottoline-varga")
    doubt = waits(batch, wikidata_ids=["Q12"])
    assert as_a_curator.get(url(doubt, "decide")).context["form"]["wikidata_id"].value() == "Q12"
    decide(as_a_curator, doubt, "new", wikidata_id="Q12")
    person = Person.objects.get(wikidata_id="Q12")
    assert person.name == "Ottoline Varga" and person.sort_name == "Varga, Ottoline"
    assert person.quotes.count() == 2


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ({"who": "new", "wikidata_id": "forty-two"}, "A Wikidata id such as Q42."),
        ({"who": "new", "wikidata_id": "Q11"}, "who is here already"),
        ({"who": ""}, "Choose who it is."),
        ({"who": "other"}, "Choose the person."),
        ({"who": "other", "other": "99999"}, "not there (any more)"),
        ({"who": "99999"}, "not one of the available choices"),
    ],
)
def test_a_choice_that_is_none_is_named_and_nothing_is_decided(
    as_a_curator: Client, batch: Import, said: dict[str, str], fault: str
) -> None:
    make_person("Bertil Quill", wikidata_id="Q11")
    doubt = waits(batch)
    page = as_a_curator.post(url(doubt, "decide"), said)
    assert page.status_code == 200
    assert fault in str(page.context["form"].errors)
    doubt.refresh_from_db()
    assert not doubt.speaker_slug


def test_another_person_here_can_be_meant(as_a_curator: Client, batch: Import) -> None:
    person = make_person("O. M. Varga")
    decide(as_a_curator, waits(batch), "other", other=person.pk, wikidata_id="left over")
    assert person.quotes.count() == 2


def test_what_somebody_else_decided_meanwhile_stays(as_a_curator: Client, batch: Import) -> None:
    doubt, following = waits(batch), waits(batch, "Neva Corrin", 1)
    theirs, mine = make_person("Ottoline Varga", slug="theirs"), make_person("Ottoline Varga", slug="mine")
    decide_speaker(doubt=doubt, person=theirs, actor=member("miro", "editor"))
    answer = decide(as_a_curator, doubt, mine.pk)
    assert answer.headers["Location"] == url(following, "decide")
    said = notes(as_a_curator, answer)
    assert "was decided meanwhile by miro: Ottoline Varga (theirs)" in said and "nothing was changed" in said
    assert not mine.quotes.exists() and theirs.quotes.count() == 2
    assert as_a_curator.get(url(doubt, "decide")).headers["Location"] == url(doubt, "change")


def test_a_name_whose_import_was_taken_back_is_told(as_a_curator: Client, batch: Import) -> None:
    doubt = waits(batch)
    address = url(doubt, "decide")
    doubt.delete()
    assert as_a_curator.get(address).status_code == 404
    assert "taken back meanwhile" in notes(as_a_curator, as_a_curator.post(address, {"who": "new"}))


def test_who_may_not_decide_sees_nothing_to_decide(batch: Import) -> None:
    doubt = waits(batch)
    for user in (member("cody", "coder"), make_user("reader", "view_doubtfulspeaker", "view_import")):
        client = client_of(user)
        assert client.get(url(doubt, "decide")).status_code == 403
        assert decide(client, doubt, "new").status_code == 403
    reader = client_of(make_user("another", "change_doubtfulspeaker"))
    assert "Somebody new" not in reader.get(url(doubt, "decide")).content.decode()
    assert not Person.objects.filter(slug="ottoline-varga").exists()


def test_the_screen_asks_as_often_for_many_namesakes_as_for_one(as_a_curator: Client, batch: Import) -> None:
    doubt = waits(batch, rows=1)

    def queries() -> int:
        as_a_curator.get(url(doubt, "decide"))
        with CaptureQueriesContext(connection) as captured:
            assert as_a_curator.get(url(doubt, "decide")).status_code == 200
        return len(captured)

    def namesake() -> None:
        make_affiliation(make_person("Ottoline Varga"), make_organization())

    namesake()
    first = queries()
    for _ in range(5):
        namesake()
        quote = make_quote(source_type="unnamed", source_label="Ottoline Varga")
        make_imported_row(quote, batch=batch, row=9, doubt=doubt)
    assert queries() == first <= 18


def test_the_list_of_names_asks_as_often_for_many_as_for_one(batch: Import) -> None:
    client = client_of(User.objects.create_superuser("editor"))

    def queries() -> int:
        client.get(url(DoubtfulSpeaker, "changelist"))
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url(DoubtfulSpeaker, "changelist")).status_code == 200
        return len(captured)

    waits(batch)
    first = queries()
    for name in ("Neva Corrin", "Zora Last"):
        waits(batch, name)
    assert queries() == first
