"""same_utterance_as: one step to a root, also when two curators link at once."""

from __future__ import annotations

import pytest
from django.db import IntegrityError
from django.db.models import BigIntegerField, Case, ProtectedError, Value, When

from quotes.models import Quote
from tests.factories import make_quote
from tests.model import meet, refused, run

pytestmark = pytest.mark.django_db


def link(quote: Quote, root: Quote) -> None:
    Quote.objects.filter(pk=quote.pk).update(same_utterance_as=root)


def test_a_root_has_any_number_of_repetitions() -> None:
    root = make_quote()
    repetitions = [make_quote(same_utterance_as=root), make_quote(same_utterance_as=root)]
    assert set(root.repetitions.all()) == set(repetitions)


def test_a_quote_does_not_repeat_itself() -> None:
    quote = make_quote()
    with refused("quote_not_its_own_utterance"):
        run("UPDATE quotes_quote SET same_utterance_as_id = id WHERE id = %s", quote.pk)


def test_a_repetition_is_not_repeated_by_a_new_quote() -> None:
    repetition = make_quote(same_utterance_as=make_quote())
    with refused("quote_same_utterance_as_root"):
        make_quote(same_utterance_as=repetition)


def test_a_repetition_is_not_repeated_by_an_old_quote() -> None:
    quote, repetition = make_quote(), make_quote(same_utterance_as=make_quote())
    with refused("quote_same_utterance_as_root"):
        link(quote, repetition)


def test_a_root_with_repetitions_repeats_nothing() -> None:
    root, other = make_quote(), make_quote()
    make_quote(same_utterance_as=root)
    with refused("quote_same_utterance_as_root"):
        link(root, other)


def test_two_quotes_do_not_repeat_each_other() -> None:
    first, second = make_quote(), make_quote()
    link(first, second)
    with refused("quote_same_utterance_as_root"):
        link(second, first)


def test_one_statement_makes_no_chain_either() -> None:
    first, second, third = make_quote(), make_quote(), make_quote()
    root_of = {first.pk: second.pk, second.pk: third.pk}
    roots = Case(*(When(pk=pk, then=Value(root)) for pk, root in root_of.items()), output_field=BigIntegerField())
    with refused("quote_same_utterance_as_root"):
        Quote.objects.filter(pk__in=[first.pk, second.pk]).update(same_utterance_as=roots)


def test_another_quote_becomes_the_root_in_one_transaction() -> None:
    old, new = make_quote(), make_quote()
    link(new, old)
    Quote.objects.filter(pk=new.pk).update(same_utterance_as=None)
    link(old, new)
    old.refresh_from_db()
    assert old.same_utterance_as == new


def test_a_root_with_repetitions_is_not_deleted() -> None:
    root = make_quote()
    make_quote(same_utterance_as=root)
    with pytest.raises(ProtectedError):
        root.delete()


@pytest.mark.django_db(transaction=True)
def test_a_root_that_is_being_linked_to_does_not_become_a_repetition() -> None:
    first, second, third = make_quote(), make_quote(), make_quote()
    with pytest.raises(IntegrityError, match="root"):
        meet(lambda: link(first, second), lambda: link(second, third))


@pytest.mark.django_db(transaction=True)
def test_a_quote_that_is_becoming_a_repetition_is_not_linked_to() -> None:
    first, second, third = make_quote(), make_quote(), make_quote()
    with pytest.raises(IntegrityError, match="root"):
        meet(lambda: link(second, third), lambda: link(first, second))


@pytest.mark.django_db(transaction=True)
def test_a_quote_that_is_becoming_a_repetition_is_not_linked_to_by_a_new_one() -> None:
    second, third = make_quote(), make_quote()
    with pytest.raises(IntegrityError, match="root"):
        meet(lambda: link(second, third), lambda: make_quote(same_utterance_as=second))


@pytest.mark.django_db(transaction=True)
def test_two_sessions_may_link_to_one_root() -> None:
    first, second, root = make_quote(), make_quote(), make_quote()
    meet(lambda: link(first, root), lambda: link(second, root))
    assert root.repetitions.count() == 2
