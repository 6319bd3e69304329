"""Organizations and topics with parents: no rings, and whole branches in one query."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, models, transaction
from django.db.models import BigIntegerField, Case, Value, When

from tests.factories import make_organization, make_topic
from tests.model import meet, refused, settle

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.parametrize("make", [make_organization, make_topic], ids=["organizations", "topics"]),
]
Make = Callable[..., Any]


def put(row: models.Model, parent: models.Model | None) -> None:
    type(row)._default_manager.filter(pk=row.pk).update(parent=parent)


def make_branch(make: Make) -> list[Any]:
    """A root, its child, and the child's child."""
    root = make("root")
    child = make("child", parent=root)
    return [root, child, make("grandchild", parent=child)]


def names(rows: Any) -> list[str]:
    return sorted(rows.values_list("slug", flat=True))


def test_nothing_is_its_own_parent(make: Make) -> None:
    row = make()
    with refused("acyclic_parents"):
        put(row, row)


def test_a_parent_does_not_become_a_child_of_its_child(make: Make) -> None:
    root, child, _ = make_branch(make)
    with refused("acyclic_parents"):
        put(root, child)


def test_a_root_does_not_become_a_child_of_its_grandchild(make: Make) -> None:
    root, _, grandchild = make_branch(make)
    with refused("acyclic_parents"):
        put(root, grandchild)


def test_one_statement_makes_no_ring_either(make: Make) -> None:
    first, second = make(), make()
    parent_of = {first.pk: second.pk, second.pk: first.pk}
    crossed = Case(
        *(When(pk=pk, then=Value(parent)) for pk, parent in parent_of.items()), output_field=BigIntegerField()
    )
    with refused("acyclic_parents"):
        type(first).objects.filter(pk__in=[first.pk, second.pk]).update(parent=crossed)


def test_a_row_is_not_inserted_above_itself(make: Make) -> None:
    with refused("acyclic_parents"):
        make(id=2_000_000_000, parent_id=2_000_000_000)


def test_two_sessions_make_no_ring_together(make: Make, transactional_db: None) -> None:
    first, second = make(), make()
    with pytest.raises(IntegrityError, match="ancestor"):
        meet(lambda: put(first, second), lambda: put(second, first))


def test_three_moves_in_two_sessions_make_no_ring_together(make: Make, transactional_db: None) -> None:
    first, second, third = make(), make(), make()
    put(third, first)
    with pytest.raises(IntegrityError, match="ancestor"):
        meet(lambda: put(first, second), lambda: put(second, third))


def test_branches_may_be_turned_round_in_one_transaction(make: Make) -> None:
    root, child, _ = make_branch(make)
    put(child, None)
    put(root, child)
    root.refresh_from_db()
    assert root.parent == child


def test_siblings_share_a_parent(make: Make) -> None:
    root = make()
    siblings = [make(parent=root), make(parent=root)]
    assert set(root.children.all()) == set(siblings)


def test_a_parent_with_children_is_not_deleted(make: Make) -> None:
    root, child, _ = make_branch(make)
    with pytest.raises(models.ProtectedError):
        root.delete()
    child.refresh_from_db()
    assert child.parent == root


def test_descendants_include_the_row_and_all_below(make: Make) -> None:
    root, *_ = make_branch(make)
    make("elsewhere")
    assert names(type(root).objects.filter(pk=root.pk).with_descendants()) == ["child", "grandchild", "root"]


def test_ancestors_include_the_row_and_all_above(make: Make) -> None:
    _, child, _ = make_branch(make)
    make("elsewhere")
    assert names(type(child).objects.filter(pk=child.pk).with_ancestors()) == ["child", "root"]


def test_descendants_of_several_rows_come_once(make: Make) -> None:
    root, child, grandchild = make_branch(make)
    rows = type(root).objects.filter(pk__in=[root.pk, child.pk, grandchild.pk])
    assert names(rows.with_descendants()) == ["child", "grandchild", "root"]


def test_a_branch_is_one_query_however_deep(make: Make, django_assert_num_queries: Any) -> None:
    parent = root = make()
    for _ in range(20):
        parent = make(parent=parent)
    with django_assert_num_queries(1):  # the recursive query, inside the outer one
        assert len(type(root).objects.filter(slug=root.slug).with_descendants()) == 21
    with django_assert_num_queries(1):  # the same, upwards
        assert len(type(root).objects.filter(slug=parent.slug).with_ancestors()) == 21


def test_a_branch_can_be_asked_on(make: Make, django_assert_num_queries: Any) -> None:
    root, _, grandchild = make_branch(make)
    branch = type(root).objects.filter(name__contains="oot").with_descendants()
    with django_assert_num_queries(1):  # the filters, the order and the recursive query are one
        assert list(branch.filter(slug__endswith="grandchild").order_by("-slug")) == [grandchild]


def test_nothing_has_no_descendants(make: Make) -> None:
    row = make()
    assert list(type(row).objects.filter(slug="nowhere").with_descendants()) == []


def test_no_rows_at_all_have_no_descendants(make: Make) -> None:
    row = make()
    assert list(type(row).objects.none().with_descendants()) == []


def test_a_parent_that_does_not_exist_is_refused(make: Make) -> None:
    row = make()
    with pytest.raises(IntegrityError, match="parent_id"), transaction.atomic():
        type(row).objects.filter(pk=row.pk).update(parent_id=2_000_000_000)
        settle()
