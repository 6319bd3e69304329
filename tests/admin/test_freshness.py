"""Two curators in one record: who saves second is told what changed meanwhile, and loses nothing that they typed."""

from __future__ import annotations

import re
import threading
from typing import Any

import lxml.html
import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.core import signing
from django.db import connection, connections, models
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from quotes.admin.curated import CuratedAdmin
from quotes.models import (
    Affiliation,
    ApiToken,
    Article,
    Authorship,
    Coding,
    CodingRound,
    DoubtfulSpeaker,
    Evidence,
    Import,
    Merge,
    Organization,
    Person,
    Quote,
    QuoteAffiliation,
    Redirect,
    Snapshot,
    Topic,
)
from tests import factories
from tests.admin.conftest import client_of, make_one_of_each, make_user
from tests.admin.forms import errors, filled, url

# What somebody else changes in a record of the model, in bulk, beside every form.
ELSEWHERE: dict[type[models.Model], dict[str, Any]] = {
    Person: {"name": "Renamed"},
    Organization: {"country": "XZ"},
    Affiliation: {"role": "lamplighter"},
    Article: {"language": "fr"},
    Snapshot: {"retrieved_at": "2025-06-07T08:09:10Z"},
    Topic: {"proposition": "Lamps should be lit."},
    Quote: {"cue": "claimed"},
    QuoteAffiliation: {"role_as_stated": "keeper"},
    Evidence: {"description": "minutes"},
    Coding: {"stance": "mixed"},
    CodingRound: {"name": "Anew"},
    Redirect: {"slug": "older"},
}


@pytest.fixture
def as_other(db: None) -> Client:
    return client_of(User.objects.create_superuser("other"))


def put(client: Client, address: str, data: dict[str, Any], **changes: Any) -> Any:
    """The answer to a form that was opened before, with these changes. Names hold `__` for the hyphens of rows."""
    sent = data | {name.replace("__", "-"): value for name, value in changes.items()}
    return client.post(address, {name: value for name, value in sent.items() if value is not None})


def page_of(response: Any) -> str:
    assert response.status_code == 200, response
    return re.sub(r"\s+", " ", response.content.decode())


def again(response: Any) -> dict[str, Any]:
    """What a browser would send of the page that came back."""
    [form] = lxml.html.fromstring(response.content.decode()).xpath("//form[@novalidate]")
    values: dict[str, Any] = {}
    for name, value in form.form_values():
        # The page is read whole: a value that stands there twice would be sent twice.
        assert name not in values, name
        values[name] = value
    return {name: value for name, value in values.items() if "__prefix__" not in name}


@pytest.mark.parametrize("model", list(ELSEWHERE), ids=lambda model: model.__name__)
def test_what_was_changed_in_bulk_meanwhile_is_not_overwritten(as_editor: Client, model: type[models.Model]) -> None:
    record = make_one_of_each()[model]
    data = filled(as_editor, url(record, "change"))
    model._base_manager.filter(pk=record.pk).update(**ELSEWHERE[model])
    response = put(as_editor, url(record, "change"), data)
    assert "Changed meanwhile" in errors(response)
    [change] = response.context["freshness"].changes[0].changes
    assert change.field == model._meta.get_field(next(iter(ELSEWHERE[model]))).verbose_name
    assert response.context["freshness"].changes[0].who == "outside the admin"


def test_every_model_that_can_be_changed_is_tried() -> None:
    kept = {model for model, options in admin.site._registry.items() if isinstance(options, CuratedAdmin)}
    assert kept - {ApiToken, DoubtfulSpeaker, Import, Merge} == set(ELSEWHERE), (
        "tokens are revoked, merges undone, imports taken back and doubts decided, never changed; all else is"
    )


def test_every_form_and_every_question_carries_the_state_that_it_shows(as_editor: Client) -> None:
    for record in make_one_of_each().values():
        if type(record) in ELSEWHERE:
            pages = [url(record, "change")] + ([url(record, "delete")] if type(record) in {Evidence, Coding} else [])
            for address in pages:
                response = as_editor.get(address)
                assert response.context["freshness"].state
                assert f'name="shown_state" value="{response.context["freshness"].state}"' in page_of(response), address


def test_every_row_that_a_form_holds_is_in_the_records_history(as_editor: Client) -> None:
    for model, options in admin.site._registry.items():
        if isinstance(options, CuratedAdmin):
            listed = {model._meta.get_field(name).related_model for name in options.history_includes}
            assert {inline.model for inline in options.inlines} <= listed, model


def test_the_second_is_told_who_changed_what_and_saves_knowingly(as_editor: Client, as_other: Client) -> None:
    person = factories.make_person("Orla Lamp")
    address = url(person, "change")
    mine, theirs = filled(as_editor, address), filled(as_other, address)
    assert put(as_other, address, theirs, name="Orla Light").status_code == 302
    response = put(as_editor, address, mine, name="Orla Lantern", sort_name="Lantern, Orla")
    page = page_of(response)
    assert "<strong>other</strong>" in page
    assert "<del>Orla Lamp</del>" in page and "<ins>Orla Light</ins>" in page
    assert "Meanwhile changed to: Orla Light" in errors(response)
    assert 'value="Orla Lantern"' in page and 'value="Lantern, Orla"' in page
    person.refresh_from_db()
    assert person.name == "Orla Light"
    assert put(as_editor, address, again(response)).status_code == 302
    person.refresh_from_db()
    assert (person.name, person.sort_name) == ("Orla Lantern", "Lantern, Orla")


def test_a_field_that_only_they_changed_is_not_put_back(as_editor: Client, as_other: Client) -> None:
    quote = factories.make_quote()
    address = url(quote, "change")
    mine = filled(as_editor, address)
    speaker = factories.make_person("Neva Corrin")
    theirs = filled(as_other, address)
    assert put(as_other, address, theirs, cue="claimed", speaker=speaker.pk, said_on="2025-03").status_code == 302
    response = put(as_editor, address, mine, framing="wearily")
    found = response.context["freshness"]
    assert dict(found.taken) == {"Cue": "claimed", "Speaker": "Neva Corrin", "Said on": "2025-03"}
    assert found.clashes == []
    assert put(as_editor, address, again(response)).status_code == 302
    quote.refresh_from_db()
    assert (quote.cue, quote.speaker, quote.said_on, quote.framing) == ("claimed", speaker, "2025-03", "wearily")


def test_theirs_can_be_taken_by_a_button_that_holds_what_a_browser_sends(as_editor: Client) -> None:
    quote = factories.make_quote()
    mine, theirs = factories.make_person("Mine"), factories.make_person("Neva Corrin")
    data = filled(as_editor, url(quote, "change"))
    Quote.objects.update(speaker=theirs, source_type="person", kind="partial", verification="unverified")
    changes = {"speaker": mine.pk, "kind": "indirect", "verification": "attested"}
    response = put(as_editor, url(quote, "change"), data, **changes)
    clashes = {clash.label: clash for clash in response.context["freshness"].clashes}
    assert (clashes["Speaker"].yours, clashes["Speaker"].theirs) == ("Mine", "Neva Corrin")
    [given] = clashes["Speaker"].inputs
    assert (given.name, given.value, given.label) == ("speaker", str(theirs.pk), "Neva Corrin")
    assert clashes["Kind"].yours == "indirect"
    page = page_of(response)
    assert f'<data hidden data-name="speaker" value="{theirs.pk}">Neva Corrin</data>' in page


def test_lines_that_a_browser_ends_its_own_way_are_no_change(as_editor: Client) -> None:
    person = factories.make_person("Orla", aliases=["O. Lamp", "Lamp-Orla"])
    topic = factories.make_topic(proposition="One.\nTwo.")
    for record, lines, other in ((person, "aliases", {"name": "New"}), (topic, "proposition", {"name": "New"})):
        data = filled(as_editor, url(record, "change"))
        shown = data[lines] if isinstance(data[lines], str) else "\n".join(data[lines])
        type(record)._base_manager.filter(pk=record.pk).update(**other)
        response = put(as_editor, url(record, "change"), data | {lines: shown.replace("\n", "\r\n")})
        assert response.context["freshness"].clashes == []
        assert dict(response.context["freshness"].taken) == {"Name": "New"}


def test_rows_of_both_are_put_together(as_editor: Client, as_other: Client) -> None:
    quote = factories.make_quote()
    kept, doomed, gone, edited = [factories.make_evidence(quote, description=name) for name in "abcd"]
    address = url(quote, "change")
    mine = filled(as_editor, address)
    gone.delete()
    factories.make_evidence(quote, description="theirs")
    Evidence.objects.filter(pk=edited.pk).update(description="d of theirs")
    mine |= {"evidence-0-description": "a of mine", "evidence-1-DELETE": "on", "evidence-3-provided_by": "me"}
    new = {"kind": "call", "url": "", "description": "mine", "provided_by": "me", "provided_on": "2025-04-02"}
    mine |= {f"evidence-4-{name}": value for name, value in new.items()} | {"evidence-TOTAL_FORMS": "5"}
    response = put(as_editor, address, mine, cue="said")
    page = page_of(response)
    assert "a of mine" in page and "> mine</textarea>" in page and "d of theirs" in page
    assert put(as_editor, address, again(response) | {"evidence-1-DELETE": "on"}).status_code == 302
    left = Evidence.objects.order_by("description").values_list("description", "provided_by")
    assert list(left) == [("a of mine", "curator-1"), ("d of theirs", "me"), ("mine", "me"), ("theirs", "curator-1")]
    assert not Evidence.objects.filter(pk=doomed.pk).exists()
    assert Evidence.objects.filter(pk=kept.pk).exists()


def test_a_row_that_they_deleted_and_i_changed_is_kept_as_a_new_one(as_editor: Client) -> None:
    quote = factories.make_quote()
    row = factories.make_evidence(quote)
    address = url(quote, "change")
    mine = filled(as_editor, address)
    row.delete()
    response = put(as_editor, address, mine, evidence__0__description="what I typed")
    assert "what I typed" in page_of(response)
    assert put(as_editor, address, again(response)).status_code == 302
    assert Evidence.objects.get().description == "what I typed"


def test_a_row_that_they_changed_and_i_delete_is_named(as_editor: Client) -> None:
    quote = factories.make_quote()
    factories.make_evidence(quote)
    address = url(quote, "change")
    mine = filled(as_editor, address)
    Evidence.objects.update(description="found the original")
    response = put(as_editor, address, mine, evidence__0__DELETE="on")
    [clash] = response.context["freshness"].clashes
    assert (clash.yours, clash.theirs) == ("deleted", "changed")
    assert "found the original" in page_of(response)
    assert Evidence.objects.exists()


def test_a_button_that_saves_and_publishes_obeys_too(as_editor: Client) -> None:
    quote = factories.make_quote(source_label="a lamplighter")
    mine = filled(as_editor, url(quote, "change"))
    Quote.objects.update(source_label="a lamp owner")
    assert "Changed meanwhile" in errors(put(as_editor, url(quote, "change"), mine, _publish="1"))
    quote.refresh_from_db()
    assert quote.status == "draft"


def test_a_status_that_changed_meanwhile_is_a_change(as_editor: Client) -> None:
    quote = factories.make_quote()
    mine = filled(as_editor, url(quote, "change"))
    Quote.objects.update(status="in_review")
    response = put(as_editor, url(quote, "change"), mine, cue="said")
    assert "<dt>status</dt>" in page_of(response)


def test_a_save_that_changed_nothing_stops_nobody(as_editor: Client) -> None:
    quote = factories.make_quote()
    mine = filled(as_editor, url(quote, "change"))
    quote.save()
    assert put(as_editor, url(quote, "change"), mine, cue="said").status_code == 302


def test_a_form_without_a_state_of_ours_is_not_saved(as_editor: Client, as_other: Client) -> None:
    person = factories.make_person("Orla Lamp")
    data = filled(as_editor, url(person, "change"))
    states = (
        None,
        "",
        "person=1:1",
        signing.Signer().sign("person=1:1"),
        filled(as_other, url(person, "change"))["shown_state"],
    )
    for state in states:
        response = put(as_editor, url(person, "change"), data, name="Orla Light", shown_state=state)
        assert "did not say what it had shown" in errors(response)
        assert response.context["adminform"].form["name"].value() == "Orla Light"
        assert put(as_editor, url(person, "change"), again(response) | {"name": "Orla Lamp"}).status_code == 302


def test_what_is_typed_into_a_deleted_record_can_be_saved_as_a_new_one(as_editor: Client, as_other: Client) -> None:
    person = factories.make_person("Orla Lamp", slug="orla")
    factories.make_affiliation(person, factories.make_organization("port-office"), role="keeper")
    address = url(person, "change")
    mine = filled(as_editor, address)
    assert as_other.post(url(person, "delete"), {"post": "yes"}).status_code == 302
    response = put(as_editor, address, mine, name="Orla Lantern", affiliations__0__role="watcher")
    page = page_of(response)
    assert "other deleted this record" in page
    assert f'action="{reverse("admin:quotes_person_add")}"' in page
    assert put(as_editor, reverse("admin:quotes_person_add"), again(response)).status_code == 302
    assert [(row.person.name, row.role) for row in Affiliation.objects.all()] == [("Orla Lantern", "watcher")]


def test_a_deleted_article_comes_back_with_its_byline(as_editor: Client) -> None:
    article = factories.make_article(title="Lamps")
    factories.make_snapshot(article, "The lamps listen.")
    author = factories.make_person("Neva Corrin")
    Authorship.objects.create(article=article, person=author)
    address = url(article, "change")
    mine = filled(as_editor, address)
    article.delete()
    response = put(as_editor, address, mine, title="Lamps that listen")
    assert put(as_editor, reverse("admin:quotes_article_add"), again(response)).status_code == 302
    made = Article.objects.get()
    assert (made.title, list(made.authors.all())) == ("Lamps that listen", [author])


def test_who_may_make_no_new_one_reads_what_they_had_typed(as_editor: Client) -> None:
    evidence = factories.make_evidence(factories.make_quote())
    mine = filled(as_editor, url(evidence, "change"))
    address = url(evidence, "change")
    evidence.delete()
    response = put(as_editor, address, mine, description="Typed for an hour.")
    assert "Typed for an hour." in page_of(response)
    assert "deleted this record" in page_of(response)


def test_who_may_not_change_a_record_is_not_told_of_its_end(as_editor: Client) -> None:
    person = factories.make_person("Orla Lamp")
    state = filled(as_editor, url(person, "change"))["shown_state"]
    address = url(person, "change")
    person.delete()
    stranger = client_of(make_user("stranger"))
    assert stranger.post(address, {"shown_state": state}).status_code == 403


def test_a_record_that_changed_since_the_question_is_not_deleted(as_editor: Client) -> None:
    person = factories.make_person("Orla Lamp")
    state = as_editor.get(url(person, "delete")).context["freshness"].state
    Person.objects.update(name="Orla Light")
    response = as_editor.post(url(person, "delete"), {"post": "yes", "shown_state": state})
    assert "<ins>Orla Light</ins>" in page_of(response)
    assert Person.objects.exists()
    state = response.context["freshness"].state
    assert f'value="{state}"' in page_of(response)
    assert as_editor.post(url(person, "delete"), {"post": "yes", "shown_state": state}).status_code == 302
    assert not Person.objects.exists()


def test_the_state_is_one_query_however_many_rows(as_editor: Client) -> None:
    quote = factories.make_quote()

    def queries() -> list[str]:
        with CaptureQueriesContext(connection) as captured:
            assert as_editor.get(url(quote, "change")).status_code == 200
        return [query["sql"] for query in captured]

    queries()
    few = queries()
    assert sum("event" in sql for sql in few) == 1
    for _ in range(4):
        factories.make_evidence(quote)
        factories.make_coding(quote, factories.make_topic())
    assert len(queries()) == len(few)


def test_a_curator_who_codes_blind_is_not_told_of_others_codings(as_curator: Client) -> None:
    quote, topic = factories.make_quote(), factories.make_topic("lamps")
    hidden = factories.make_coding(quote, topic, coder="coder-a", round=1, is_final=False)
    mine = filled(as_curator, url(quote, "change"))
    Coding.objects.update(stance="oppose", justification="a secret thought")
    assert put(as_curator, url(quote, "change"), mine, cue="said").status_code == 302
    mine = filled(as_curator, url(quote, "change"))
    Coding.objects.update(stance="mixed", justification="another secret thought")
    Quote.objects.update(framing="wearily")
    response = put(as_curator, url(quote, "change"), mine, cue="said again")
    assert [entry.kind for entry in response.context["freshness"].changes] == ["quote"]
    # Nor by a state that somebody wrote for themselves.
    forged = f"coding={hidden.pk}:1 quote={quote.pk}:1"
    response = put(as_curator, url(quote, "change"), mine, shown_state=forged)
    assert "secret" not in str(response.context["freshness"].changes)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_at_the_same_moment_one_is_told() -> None:
    person = factories.make_person("Orla Lamp")
    clients = [client_of(User.objects.create_superuser(name)) for name in ("first", "second")]
    forms = [filled(client, url(person, "change")) for client in clients]
    start, answers = threading.Barrier(2), {}

    def save(number: int) -> None:
        try:
            start.wait(10)
            answers[number] = put(clients[number], url(person, "change"), forms[number], name=f"Name {number}")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=save, args=[number]) for number in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(answer.status_code for answer in answers.values()) == [200, 302]
    winner = next(number for number, answer in answers.items() if answer.status_code == 302)
    person.refresh_from_db()
    assert person.name == f"Name {winner}"
    assert f"Meanwhile changed to: Name {winner}" in errors(answers[1 - winner])


@pytest.mark.django_db(transaction=True)
def test_what_began_earlier_and_was_committed_later_is_noticed() -> None:
    """Events are numbered when they are written; a greatest number alone would hide the one that is committed last."""
    quote = factories.make_quote()
    client = client_of(User.objects.create_superuser("editor"))
    is_written, may_commit = threading.Event(), threading.Event()

    def add_slowly() -> None:
        from django.db import transaction

        try:
            with transaction.atomic():
                factories.make_evidence(quote, description="slow")
                is_written.set()
                may_commit.wait(10)
        finally:
            connections.close_all()

    thread = threading.Thread(target=add_slowly)
    thread.start()
    assert is_written.wait(10)
    factories.make_evidence(quote, description="quick")
    data = filled(client, url(quote, "change"))
    may_commit.set()
    thread.join(10)
    response = put(client, url(quote, "change"), data, cue="said")
    assert [entry.kind for entry in response.context["freshness"].changes] == ["evidence"]
    assert "slow" in page_of(response)


def test_rows_of_the_byline_are_watched_too(as_editor: Client) -> None:
    article = make_one_of_each()[Article]
    data = filled(as_editor, url(article, "change"))
    Authorship.objects.update(person=factories.make_person("Neva Corrin"))
    response = put(as_editor, url(article, "change"), data)
    assert "Neva Corrin" in str(response.context["freshness"].taken)
