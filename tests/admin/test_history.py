"""The history of a record: who, when, from what to what; complete, however the change was made."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from quotes.curation.history import Change, entries
from quotes.models import Coding, Person, Quote
from tests import factories
from tests.admin.forms import send, url


def test_a_bulk_change_is_there_field_by_field(as_editor: Client) -> None:
    quote = factories.make_quote()
    Quote.objects.update(cue="claimed", kind="partial")
    latest, first = entries(Quote, quote.pk)
    assert (latest.label, latest.who, first.label) == ("changed", "outside the admin", "added")
    assert set(latest.changes) == {Change("cue", "", "claimed"), Change("kind", "direct", "partial")}
    page = as_editor.get(url(quote, "history")).content.decode()
    assert "<del>direct</del>" in page
    assert "<ins>partial</ins>" in page
    assert "outside the admin" in page


def test_sql_by_hand_is_there_too(as_editor: Client) -> None:
    person = factories.make_person("Orla Lamp")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE quotes_person SET name = 'Orla Light' WHERE id = %s", [person.pk])
    assert entries(Person, person.pk)[0].changes == [Change("name", "Orla Lamp", "Orla Light")]


def test_a_change_in_the_admin_names_the_user(as_editor: Client) -> None:
    quote = factories.make_quote()
    send(as_editor, url(quote, "change"), cue="said")
    assert entries(Quote, quote.pk)[0].who == "editor"


def test_references_are_named_and_choices_worded(as_editor: Client) -> None:
    quote = factories.make_quote()
    old = quote.speaker
    new = factories.make_person()
    Quote.objects.update(speaker=new, verification="unverified")
    assert set(entries(Quote, quote.pk)[0].changes) == {
        Change("speaker", str(old), str(new)),
        Change("verification", "attested (as printed)", "unverified"),
    }


def test_segments_are_shown_as_places(as_editor: Client) -> None:
    quote = factories.make_quote()
    added = {change.field: change.after for change in entries(Quote, quote.pk)[0].changes}
    assert added["segments"] == "18–46 …The council met. “[ ]” So it ended.…"
    assert "snapshot length" not in added


def test_what_hangs_on_a_quote_is_in_its_history(as_editor: Client) -> None:
    quote = factories.make_quote()
    capacity = factories.make_capacity(quote, factories.make_organization("port-office"))
    coding = factories.make_coding(quote, factories.make_topic("lamps"))
    factories.make_evidence(quote)
    Coding.objects.update(stance="oppose")
    coding.delete()
    found = entries(Quote, quote.pk, includes=("affiliations", "codings", "evidence"))
    assert sorted((entry.label, entry.kind) for entry in found) == [
        ("added", "coding"),
        ("added", "evidence"),
        ("added", "quote"),
        ("added", "quote affiliation"),
        ("changed", "coding"),
        ("deleted", "coding"),
    ]
    changed = next(entry for entry in found if entry.label == "changed")
    assert changed.record == "Lamps: oppose (adjudicator, round 2)"
    assert changed.changes == [Change("stance", "support", "oppose")]
    page = as_editor.get(url(quote, "history")).content.decode()
    assert str(capacity) in page
    assert "archive.example/minutes" in page


def test_what_is_gone_is_numbered(as_editor: Client) -> None:
    quote, topic = factories.make_quote(), factories.make_topic()
    coding = factories.make_coding(quote, topic)
    coding.delete()
    key = topic.pk
    topic.delete()
    found = entries(Quote, quote.pk, includes=("codings",))
    assert any(change.after == f"no. {key} (deleted)" for entry in found for change in entry.changes)
    assert found[0].record.startswith("no. ")


def test_a_deleted_record_keeps_its_history(as_editor: Client) -> None:
    quote = factories.make_quote()
    address = url(quote, "history")
    quote.delete()
    page = as_editor.get(address)
    assert page.status_code == 200
    assert "deleted quote" in page.content.decode()
    assert "The lanterns watch everyone." in page.content.decode()


def test_a_long_history_has_pages_and_a_fixed_number_of_queries(as_editor: Client) -> None:
    quote = factories.make_quote()
    factories.make_coding(quote, factories.make_topic())

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert as_editor.get(url(quote, "history")).status_code == 200
        return len(captured)

    send(as_editor, url(quote, "change"), cue="said")
    few = queries()
    for number in range(60):
        Quote.objects.update(cue=f"said {number}")
    for _ in range(3):
        factories.make_coding(quote, factories.make_topic())
    assert queries() == few
    assert "said 0" in as_editor.get(url(quote, "history"), {"p": "2"}).content.decode()
    assert as_editor.get(url(quote, "history"), {"p": "x"}).status_code == 200


def test_the_user_of_a_change_may_be_gone(as_editor: Client, editor: object) -> None:
    quote = factories.make_quote()
    send(as_editor, url(quote, "change"), cue="said")
    User.objects.all().delete()
    assert entries(Quote, quote.pk)[0].who == "a deleted user"


def test_a_history_does_not_read_the_texts_of_articles(as_editor: Client) -> None:
    quote = factories.make_quote()
    with CaptureQueriesContext(connection) as asked:
        assert as_editor.get(url(quote, "history")).status_code == 200
    about_snapshots = [one["sql"] for one in asked if 'FROM "quotes_snapshot"' in one["sql"]]
    assert about_snapshots
    assert not [sql for sql in about_snapshots if '"quotes_snapshot"."text"' in sql]
