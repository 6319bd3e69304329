"""History: triggers keep every insert, update and delete, whoever makes it and however."""

from __future__ import annotations

from typing import Any

import pghistory
import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

from quotes.models import Person, Quote, Snapshot
from tests.factories import make_organization, make_person, make_quote
from tests.model import one_of_each, run

pytestmark = pytest.mark.django_db


def events(model: type[models.Model]) -> Any:
    return apps.get_model("quotes", f"{model.__name__}Event").objects.order_by("pgh_id")


def labels(row: models.Model) -> list[str]:
    return list(events(type(row)).filter(pgh_obj=row.pk).values_list("pgh_label", flat=True))


def new_people(number: int) -> list[Person]:
    return [Person(slug=f"tamsin-{n}", name=f"Tamsin {n}", sort_name=f"Tamsin {n}") for n in range(number)]


def test_every_model_keeps_inserts_and_deletes() -> None:
    rows = one_of_each()
    keys = [row.pk for row in rows]
    for row in reversed(rows):
        type(row)._default_manager.filter(pk=row.pk).delete()
    kept = [
        (type(row).__name__, list(events(type(row)).filter(pgh_obj=key).values_list("pgh_label", flat=True)))
        for row, key in zip(rows, keys, strict=True)
    ]
    assert kept == [(type(row).__name__, ["insert", "delete"]) for row in rows]


@pytest.mark.parametrize(
    "table",
    [
        ("person", "name"),
        ("organization", "name"),
        ("affiliation", "role"),
        ("article", "title"),
        ("topic", "name"),
        ("quote", "cue"),
        ("quoteaffiliation", "role_as_stated"),
        ("evidence", "description"),
        ("coding", "justification"),
        ("codinground", "instructions"),
    ],
    ids=lambda table: table[0],
)
def test_every_model_keeps_updates(table: tuple[str, str]) -> None:
    name, column = table
    row = next(row for row in one_of_each() if row._meta.model_name == name)
    type(row)._default_manager.filter(pk=row.pk).update(**{column: "Changed."})
    assert labels(row) == ["insert", "update"]
    assert events(type(row)).values_list(column, flat=True).last() == "Changed."


def test_an_update_event_has_the_row_after_the_update() -> None:
    person = make_person("Orla Tamsin")
    person.name = "Orla Quill"
    person.save()
    assert list(person.events.order_by("pgh_id").values_list("name", flat=True)) == ["Orla Tamsin", "Orla Quill"]


def test_a_delete_event_has_the_row_as_it_was() -> None:
    person = make_person("Orla Tamsin")
    key = person.pk
    person.delete()
    assert events(Person).filter(pgh_obj=key, pgh_label="delete").get().name == "Orla Tamsin"


def test_bulk_created_rows_leave_an_event_each() -> None:
    people = Person.objects.bulk_create(new_people(3))
    assert [labels(person) for person in people] == [["insert"]] * 3


def test_bulk_updates_leave_an_event_each() -> None:
    people = Person.objects.bulk_create(new_people(3))
    for person in people:
        person.name = f"{person.name} Quill"
    Person.objects.bulk_update(people, ["name"])
    assert [labels(person) for person in people] == [["insert", "update"]] * 3


def test_an_update_of_many_leaves_an_event_for_each_that_changed() -> None:
    changed, unchanged = make_person("Orla"), make_person("Tamsin")
    Person.objects.update(name="Tamsin")
    assert (labels(changed), labels(unchanged)) == (["insert", "update"], ["insert"])


def test_an_unchanged_save_leaves_no_event() -> None:
    quote = make_quote()
    quote.save()
    assert labels(quote) == ["insert"]


def test_an_update_or_create_that_changes_nothing_leaves_no_event() -> None:
    person = make_person("Orla")
    Person.objects.update_or_create(slug=person.slug, defaults={"name": "Orla"})
    assert labels(person) == ["insert"]


def test_upserts_leave_inserts_and_updates() -> None:
    person = make_person(slug="tamsin-0")
    Person.objects.bulk_create(
        new_people(2), update_conflicts=True, unique_fields=["slug"], update_fields=["name", "sort_name"]
    )
    assert labels(person) == ["insert", "update"]
    assert labels(Person.objects.get(slug="tamsin-1")) == ["insert"]


def test_sql_by_hand_is_kept_too() -> None:
    person = make_person("Orla")
    key = person.pk
    run("UPDATE quotes_person SET name = 'Tamsin' WHERE id = %s", key)
    run("DELETE FROM quotes_person WHERE id = %s", key)
    assert list(events(Person).values_list("pgh_label", "name")) == [
        ("insert", "Orla"),
        ("update", "Tamsin"),
        ("delete", "Tamsin"),
    ]


def test_copied_rows_are_kept_too() -> None:
    with (
        connection.cursor() as cursor,
        cursor.copy("COPY quotes_person (slug, name, sort_name, aliases) FROM STDIN") as rows,
    ):
        rows.write_row(("orla-tamsin", "Orla Tamsin", "Tamsin, Orla", "{}"))
    assert labels(Person.objects.get()) == ["insert"]


def test_what_goes_with_a_deleted_row_is_kept_too() -> None:
    rows = {row._meta.model_name: row for row in one_of_each()}
    coding = rows["coding"]
    key = coding.pk
    rows["quote"].delete()
    assert events(type(coding)).filter(pgh_obj=key).last().pgh_label == "delete"


def test_an_event_has_what_triggers_filled_in() -> None:
    quote = make_quote()
    event = events(Quote).get()
    assert (event.snapshot_length, event.uid) == (quote.snapshot.length, quote.uid)


def test_the_text_of_a_snapshot_is_not_kept_in_its_history() -> None:
    snapshot = make_quote().snapshot
    assert not hasattr(events(Snapshot).get(), "text")
    Snapshot.objects.filter(pk=snapshot.pk).update(text=None)
    assert labels(snapshot) == ["insert"]


def test_an_event_says_who_and_why() -> None:
    with pghistory.context(actor="curator-1", reason="A typing error."):
        person = make_person()
    assert person.events.get().pgh_context.metadata == {"actor": "curator-1", "reason": "A typing error."}


def test_bulk_changes_say_who_and_why() -> None:
    people = Person.objects.bulk_create(new_people(2))
    with pghistory.context(actor="curator-1"):
        Person.objects.update(name="Quill")
    contexts = events(Person).filter(pgh_label="update").values_list("pgh_context__metadata", flat=True)
    assert list(contexts) == [{"actor": "curator-1"}] * len(people)


def test_changes_of_one_context_belong_together() -> None:
    with pghistory.context(actor="curator-1"):
        person, organization = make_person(), make_organization()
    assert person.events.get().pgh_context == organization.events.get().pgh_context


def test_a_change_outside_a_context_is_kept_without_one() -> None:
    with pghistory.context(actor="curator-1"):
        pass
    assert make_person().events.get().pgh_context is None


def test_what_came_to_nothing_left_no_event() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make_person(slug="orla-tamsin")
        make_person(slug="orla-tamsin")
    assert not events(Person).exists()
