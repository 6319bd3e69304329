"""Merging in the admin: two records side by side, a choice for each field, and the list from which merges are undone."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from quotes import curation
from quotes.models import Merge, Organization, Person, Quote, Redirect
from tests import factories
from tests.admin.conftest import client_of, make_user
from tests.admin.forms import notes, url
from tests.merging import two_people

MERGES = "/admin/quotes/merge/"


def page_of(one: Any, other: Any) -> str:
    return f"/admin/quotes/{one._meta.model_name}/merge/?first={one.pk}&second={other.pk}"


def shown(client: Client, one: Any, other: Any) -> dict[str, str]:
    """What a browser sends if nothing is changed on the page."""
    answer = client.get(page_of(one, other))
    assert answer.status_code == 200
    form = answer.context["form"]
    return {field.html_name: field.value() for field in form} | {"first": str(one.pk), "second": str(other.pk)}


def send(client: Client, one: Any, other: Any, **choices: str) -> Any:
    return client.post(page_of(one, other), shown(client, one, other) | choices)


def undo_page(merge: Merge) -> str:
    return f"{MERGES}{merge.pk}/undo/"


def test_two_records_are_merged_as_they_are_shown(as_editor: Client, editor: User) -> None:
    keep, merged = two_people()
    factories.make_quote(speaker=keep)
    answer = send(as_editor, keep, merged)
    merge = Merge.objects.get()
    assert answer.headers["Location"] == url(keep, "change")
    said = notes(as_editor, answer)
    assert "N. Corrin is part of Neva Corrin now." in said
    assert f'<a href="{undo_page(merge)}">Undo</a>' in said
    assert (merge.kept, merge.merged, merge.made_by) == ("neva", "n-corrin", editor)


def test_the_other_address_stays_and_values_of_both_where_it_is_chosen_so(as_editor: Client) -> None:
    one = factories.make_organization("one", name="Harbor Watch", kind="court", country="XX")
    other = factories.make_organization("other", name="The Harbor Watch", kind="party", country="YY")
    send(as_editor, one, other, address="second", name="first", kind="second", country="first")
    kept = Organization.objects.get()
    assert (kept.pk, kept.slug, kept.name, kept.kind, kept.country) == (
        other.pk,
        "other",
        "Harbor Watch",
        "party",
        "XX",
    )
    assert kept.aliases == ["The Harbor Watch"]


def test_a_value_that_only_one_has_is_chosen_to_begin_with(as_editor: Client) -> None:
    one = factories.make_organization("one")
    factories.make_affiliation(factories.make_person(), one)
    other = factories.make_organization("other", short_name="HW", wikidata_id="Q77")
    form = shown(as_editor, one, other)
    assert (form["address"], form["name"], form["short_name"], form["wikidata_id"]) == (
        "first",
        "first",
        "second",
        "second",
    )
    assert "kind" not in form


def test_what_names_either_is_counted_and_the_first_ten_are_listed(as_editor: Client) -> None:
    one, other = two_people()
    for _ in range(12):
        factories.make_quote(speaker=other)
    page = as_editor.get(page_of(one, other)).content.decode()
    assert "Quotes: 13" in page
    assert "and 3 more" in page
    assert page.count('<a href="/admin/quotes/quote/') == 10 + 1 + 1  # ten and the rest of one, one of the other
    assert "Articles by this author: 1" in page
    assert '<a href="/people/neva/">public page</a>' in page


def test_who_is_unknown_to_readers_has_no_public_page(as_editor: Client) -> None:
    page = as_editor.get(page_of(factories.make_person(), factories.make_person())).content.decode()
    assert page.count("not public yet") == 2


def test_two_wikidata_ids_are_refused_before_anything_is_sent(as_editor: Client) -> None:
    one, other = factories.make_person("Neva", wikidata_id="Q71"), factories.make_person("N.", wikidata_id="Q72")
    page = as_editor.get(page_of(one, other)).content.decode()
    assert "Q71 and Q72: these are two people, and are not merged" in page
    assert 'value="Merge"' not in page
    assert "not the same" in send(as_editor, one, other).content.decode()
    assert Person.objects.count() == 2


def test_a_unit_stays_below_and_the_upper_one_stays(as_editor: Client) -> None:
    ministry = factories.make_organization("ministry")
    unit = factories.make_organization("unit", parent=factories.make_organization("middle", parent=ministry))
    form = shown(as_editor, unit, ministry)
    assert form["address"] == "second"
    assert "parent" not in form
    refused = send(as_editor, unit, ministry, address="first", name="second")
    assert "Unit is below Ministry: move it first, or merge the other way round." in refused.content.decode()
    assert (refused.context["form"]["address"].value(), refused.context["form"]["name"].value()) == ("first", "second")
    send(as_editor, unit, ministry)
    assert set(Organization.objects.values_list("slug", flat=True)) == {"ministry", "middle"}


def test_a_change_meanwhile_is_shown_and_the_choices_are_kept(as_editor: Client) -> None:
    one, other = factories.make_person("Neva", slug="neva"), factories.make_person("N.", slug="n")
    form = shown(as_editor, one, other) | {"address": "second", "name": "first", "sort_name": "second"}
    Person.objects.filter(pk=one.pk).update(name="Neva Corrin")
    answer = as_editor.post(page_of(one, other), form)
    page = answer.content.decode()
    assert "meanwhile a record was changed" in page
    assert "name Neva → Neva Corrin" in page
    again = {field.html_name: field.value() for field in answer.context["form"]}
    assert (again["address"], again["name"], again["sort_name"]) == ("second", "first", "second")
    assert Person.objects.count() == 2
    as_editor.post(page_of(one, other), form | again)
    assert [(row.slug, row.name) for row in Person.objects.all()] == [("n", "Neva Corrin")]


def test_a_form_that_says_nothing_of_what_was_seen_is_shown_again(as_editor: Client) -> None:
    one, other = two_people()
    answer = send(as_editor, one, other, seen_first="", seen_second="")
    assert "meanwhile a record was changed" in answer.content.decode()
    assert Person.objects.count() == 2
    again = {field.html_name: field.value() for field in answer.context["form"]}
    as_editor.post(page_of(one, other), again | {"first": str(one.pk), "second": str(other.pk)})
    assert Person.objects.count() == 1


def test_a_record_that_was_merged_meanwhile_is_said_to_be_gone(as_editor: Client) -> None:
    one, other = two_people()
    form = shown(as_editor, one, other)
    curation.merge_people(keep=factories.make_person(), merged=other, actor=None)
    assert "not there (any more)" in as_editor.post(page_of(one, other), form).content.decode()


def test_exactly_two_are_merged_from_the_list(as_editor: Client) -> None:
    people = [factories.make_person() for _ in range(3)]

    def act(*chosen: Person) -> Any:
        data = {"action": "merge_selected", "_selected_action": [person.pk for person in chosen]}
        return as_editor.post(url(Person, "changelist"), data)

    assert act(*people[:2]).headers["Location"] == page_of(*people[:2])
    assert "exactly two records, and one is selected" in notes(as_editor, act(people[0]))
    assert "exactly two records, and more are selected" in notes(as_editor, act(*people))


def test_from_a_records_page_the_other_is_asked_for(as_editor: Client) -> None:
    person, other = factories.make_person("Neva"), factories.make_person()
    link = f"/admin/quotes/person/merge/?first={person.pk}"
    assert link in as_editor.get(url(person, "change")).content.decode()
    asked = as_editor.get(link).content.decode()
    assert 'name="second"' in asked
    assert "This field is required" not in asked
    assert "not merged with itself" in as_editor.get(f"{link}&second={person.pk}").content.decode()
    assert "not there (any more)" in as_editor.get(f"{link}&second=999999").content.decode()
    assert "Which values stay" in as_editor.get(f"{link}&second={other.pk}").content.decode()


@pytest.mark.parametrize(
    "given", ["first=x&second=y", "first=1%00&second=2", "first=" + "9" * 30 + "&second=1", "second="]
)
def test_nonsense_in_the_address_is_no_error_page(as_editor: Client, given: str) -> None:
    assert as_editor.get(f"/admin/quotes/person/merge/?{given}").status_code == 200


def test_a_choice_that_is_none_is_refused(as_editor: Client) -> None:
    one, other = two_people()
    answer = send(as_editor, one, other, name="third")
    assert "third is not one of the available choices" in answer.content.decode()
    assert Person.objects.count() == 2


def test_only_editors_merge_and_undo(as_curator: Client, as_editor: Client) -> None:
    one, other = two_people()
    form = shown(as_editor, one, other)
    assert as_curator.get(page_of(one, other)).status_code == 403
    assert as_curator.post(page_of(one, other), form).status_code == 403
    assert "Merge with" not in as_curator.get(url(one, "change")).content.decode()
    assert "merge_selected" not in as_curator.get(url(Person, "changelist")).content.decode()
    curation.merge_people(keep=one, merged=other, actor=None)
    merge = Merge.objects.get()
    for client in (as_curator, client_of(make_user("viewer", "view_merge"))):
        assert client.get(MERGES).status_code == 403
        assert client.get(url(merge, "change")).status_code == 403
        assert client.post(undo_page(merge)).status_code == 403
    assert Person.objects.count() == 1


def test_an_editor_by_group_sees_the_list(db: None) -> None:
    user = User.objects.create_user("editor-1", is_staff=True)
    user.groups.set(Group.objects.filter(name="editor"))
    assert client_of(user).get(MERGES).status_code == 200


def test_what_will_come_back_is_said_and_comes_back(as_editor: Client) -> None:
    one, other = two_people()
    curation.merge_people(keep=one, merged=other, actor=None)
    merge = Merge.objects.get()
    page = as_editor.get(undo_page(merge)).content.decode()
    assert "<code>/people/n-corrin/</code>, which leads to <code>/people/neva/</code> now" in page
    assert "2 people, 1 affiliation, 1 quote, 1 quote affiliation, 1 authorship." in page
    answer = as_editor.post(undo_page(merge))
    assert "N. Corrin is a record of its own again." in notes(as_editor, answer)
    assert answer.headers["Location"] == url(Person.objects.get(slug="n-corrin"), "change")
    assert not Redirect.objects.exists()
    again = as_editor.get(undo_page(merge)).content.decode()
    assert "undone already" in again
    assert 'value="Undo the merge"' not in again


def test_what_stands_against_an_undoing_is_said_before_and_after_it_is_asked(as_editor: Client) -> None:
    one, other = two_people()
    curation.merge_people(keep=one, merged=other, actor=None)
    Quote.objects.update(cue="claims")
    merge = Merge.objects.get()
    for answer in (as_editor.get(undo_page(merge)), as_editor.post(undo_page(merge))):
        page = answer.content.decode()
        assert "This merge cannot be undone as things are" in page
        assert "The lanterns watch everyone. was changed on" in page
        assert 'value="Undo the merge"' not in page
    assert Person.objects.count() == 1


def test_merges_are_listed_and_nothing_of_them_is_changed(as_editor: Client) -> None:
    one, other = two_people()
    curation.merge_people(keep=one, merged=other, actor=None)
    merge = Merge.objects.get()
    assert undo_page(merge) in as_editor.get(MERGES).content.decode()
    assert undo_page(merge) in as_editor.get(url(merge, "change")).content.decode()
    assert undo_page(merge) in as_editor.get(MERGES, {"q": "corrin", "undone": "no"}).content.decode()
    assert undo_page(merge) not in as_editor.get(MERGES, {"undone": "yes"}).content.decode()
    assert as_editor.get(url(merge, "history")).status_code == 200
    assert as_editor.get(f"{MERGES}add/").status_code == 403
    assert as_editor.post(url(merge, "change"), {"kept": "other"}).status_code == 403
    assert as_editor.post(url(merge, "delete"), {"post": "yes"}).status_code == 403
    assert as_editor.get(f"{MERGES}999999/undo/").status_code == 404


def test_the_list_of_merges_reads_no_journal(as_editor: Client) -> None:
    one, other = two_people()
    curation.merge_people(keep=one, merged=other, actor=None)
    with CaptureQueriesContext(connection) as captured:
        as_editor.get(MERGES)
    assert not any("journal" in query["sql"] for query in captured)


def test_what_is_typed_is_never_markup(as_editor: Client) -> None:
    nasty = "<script>alert('x')</script>"
    one, other = factories.make_person(nasty), factories.make_person("Orla", aliases=[nasty])
    factories.make_quote(nasty, speaker=one)
    assert "<script>alert" not in as_editor.get(page_of(one, other)).content.decode()
    answer = send(as_editor, one, other)
    assert "<script>alert" not in as_editor.get(answer.headers["Location"]).content.decode()
    merge = Merge.objects.get()
    for page in (MERGES, url(merge, "change"), undo_page(merge)):
        assert "<script>alert" not in as_editor.get(page).content.decode()
