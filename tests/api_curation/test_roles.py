"""Roles are groups that every migration brings back to what the code says, on a new database too."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command

from quotes.curation.roles import ROLES

pytestmark = pytest.mark.django_db


def held(name: str) -> set[str]:
    return set(Group.objects.get(name=name).permissions.values_list("codename", flat=True))


@pytest.mark.parametrize("name", ROLES)
def test_a_new_database_has_the_roles_with_all_their_rights(name: str) -> None:
    assert held(name) == ROLES[name]


def test_every_right_of_a_role_is_a_right_that_there_is() -> None:
    there = set(Permission.objects.filter(content_type__app_label="quotes").values_list("codename", flat=True))
    assert set.union(*ROLES.values()) <= there


def test_only_editors_publish_and_delete() -> None:
    assert not {"publish_quote", "delete_quote", "delete_person"} & (ROLES["curator"] | ROLES["coder"])
    assert {"publish_quote", "delete_quote", "delete_person"} <= ROLES["editor"]
    assert not {right for right in ROLES["coder"] if not right.startswith("view")} - {
        "add_coding",
        "change_coding",
        "add_apitoken",
    }


def test_an_editor_may_all_that_a_curator_may() -> None:
    assert ROLES["curator"] < ROLES["editor"]


def test_a_migration_brings_a_role_back_to_what_it_is() -> None:
    group = Group.objects.get(name="coder")
    group.permissions.set(Permission.objects.filter(codename="publish_quote"))
    Group.objects.get(name="curator").delete()
    call_command("migrate", verbosity=0)
    assert held("coder") == ROLES["coder"]
    assert held("curator") == ROLES["curator"]


def test_permissions_that_went_with_a_restored_database_come_back_with_the_roles() -> None:
    Permission.objects.all().delete()
    Group.objects.all().delete()
    call_command("migrate", verbosity=0)
    assert held("editor") == ROLES["editor"]


def test_nothing_is_to_do_before_there_are_accounts() -> None:
    from quotes.curation.roles import make_roles

    class Nothing:
        def get_model(self, *names: str) -> None:
            raise LookupError

    make_roles(using="default", apps=Nothing())
    assert apps.get_model("auth", "Group").objects.count() == len(ROLES)
