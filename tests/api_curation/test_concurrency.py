"""Two programs at once, on connections of their own: one of them is told, and nothing is lost."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from quotes.curation import merge_organizations, merge_people
from quotes.models import Organization, Person, Quote
from tests import factories
from tests.api_curation.asking import Program, make_user, program_of
from tests.publication.test_concurrency import Session, wait_until_somebody_waits_for_a_lock

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def program() -> Program:
    program = program_of(make_user("editor", "editor"))
    program.ask("people/")  # the token's first use is noted, which another session would wait for here
    return program


def test_of_two_changes_of_one_state_the_second_is_a_412(program: Program) -> None:
    person = factories.make_person("Neva Corrin", slug="neva")
    tag = program.tag("people/neva/")
    answers = []

    def second() -> None:
        answers.append(program.send("PATCH", "people/neva/", {"sort_name": "Corrin"}, if_match=tag))

    with transaction.atomic():
        first = program.send("PATCH", "people/neva/", {"name": "Neva C."}, if_match=tag)
        session = Session(second)
        wait_until_somebody_waits_for_a_lock()
    session.finish()
    assert (first.status_code, answers[0].status_code) == (200, 412)
    assert answers[0].json()["changed"] == ["name"]  # type: ignore[attr-defined]
    person.refresh_from_db()
    assert (person.name, person.sort_name) == ("Neva C.", "Neva Corrin")


def test_a_change_and_a_publication_at_once_do_not_miss_each_other(program: Program) -> None:
    quote = factories.make_quote(source_label="a")
    address = f"quotes/{quote.uid}/"
    tag = program.tag(address)
    answers = []

    def publish() -> None:
        answers.append(program.send("POST", f"{address}publish/", if_match=tag))

    with transaction.atomic():
        program.send("PATCH", address, {"cue": "said"}, if_match=tag)
        session = Session(publish)
        wait_until_somebody_waits_for_a_lock()
    session.finish()
    assert answers[0].status_code == 412
    assert Quote.objects.get().status == "draft"


def test_two_records_of_one_name_at_once_are_one_record_and_a_conflict(program: Program) -> None:
    body = {"slug": "neva", "name": "Neva Corrin", "sort_name": "Corrin, Neva"}
    answers = []

    def second() -> None:
        answers.append(program.send("POST", "people/", body))

    with transaction.atomic():
        first = program.send("POST", "people/", body)
        session = Session(second)
        wait_until_somebody_waits_for_a_lock()
    session.finish()
    assert (first.status_code, answers[0].status_code) == (201, 409)
    assert "There is one already" in answers[0].json()["detail"]  # type: ignore[attr-defined]
    assert Person.objects.count() == 1


def test_a_write_that_lost_a_deadlock_is_begun_anew(program: Program) -> None:
    quote = factories.make_quote()
    person = factories.make_person(slug="neva")
    address = f"quotes/{quote.uid}/"
    tag = program.tag(address)
    answers = []

    def write() -> None:
        answers.append(program.send("PATCH", address, {"speaker": "neva"}, if_match=tag))

    with transaction.atomic():
        Person.objects.select_for_update().get(pk=person.pk)
        session = Session(write)
        wait_until_somebody_waits_for_a_lock()
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL deadlock_timeout = '1h'")  # so that the other one is the victim
        Quote.objects.filter(pk=quote.pk).update(framing="")
    session.finish()
    assert answers[0].status_code == 200
    assert Quote.objects.get().speaker == person


MERGES = {
    Person: (factories.make_person, merge_people),
    Organization: (factories.make_organization, merge_organizations),
}


@pytest.mark.parametrize("model", MERGES)
@pytest.mark.parametrize("is_kept_first", [True, False])
def test_what_is_changed_on_either_record_while_a_merge_waits_is_kept(model: type[Any], is_kept_first: bool) -> None:
    make, merge = MERGES[model]
    first, second = make(slug="harbor-one", name="Harbor One"), make(slug="harbor-two", name="Harbor Two")
    keep, merged = (first, second) if is_kept_first else (second, first)
    with transaction.atomic():
        model.objects.filter(pk=keep.pk).update(aliases=["The Quay"])
        model.objects.filter(pk=merged.pk).update(aliases=["The Pier"])
        session = Session(lambda: merge(keep=keep, merged=merged, actor=None))
        wait_until_somebody_waits_for_a_lock()
    session.finish()
    assert model.objects.get().aliases == ["The Quay", merged.name, "The Pier"]


def test_a_flushed_database_has_its_roles_again() -> None:
    call_command("flush", interactive=False, verbosity=0)
    assert make_user("editor", "editor").has_perm("quotes.publish_quote")
