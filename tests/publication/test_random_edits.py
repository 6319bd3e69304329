"""Whatever is edited, in whatever order and by whatever way, the publication is what a recomputation makes of the sources.

Hypothesis draws the edits (derandomised: the same ones on every run) and shrinks a failure to the fewest that show it.
"""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from quotes.publication import checking
from quotes.publication.changes import last_change
from quotes.publication.models import PublishedCoding
from quotes.publication.worker import refresh_all
from tests.api.mirror import Mirror, public_state
from tests.publication.edits import EDITS, Edit, apply, count_of_numbers, make_world


def differences() -> list[str]:
    refresh_all()
    return [str(finding) for finding in checking.check(checking.Seen()) if finding]


class Follower:
    """A mirror of the feed, which also notes what was public at each last change: a number stands for one state."""

    def __init__(self) -> None:
        self.mirror = Mirror()
        self.states: dict[int, Any] = {}

    def look(self) -> None:
        self.mirror.follow(page_size=100)
        state = (public_state(), list(PublishedCoding.objects.order_by("pk").values_list("document", flat=True)))
        assert self.mirror.state() == state[0]
        assert self.states.setdefault(last_change(), state) == state
        assert last_change() == max(self.states)


edits = st.tuples(st.sampled_from(sorted(EDITS)), st.integers(0, 5), st.integers(0, 5), st.booleans())


class RandomEditsTest(TestCase):
    @settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(edits, min_size=6, max_size=14))
    def test_the_publication_equals_a_recomputation_after_any_edits(self, sequence: list[Edit]) -> None:
        make_world()
        follower = Follower()
        for name, a, b, refreshes_at_once in sequence:
            apply(name, a, b)
            if refreshes_at_once:
                refresh_all()
            follower.look()
        assert differences() == []
        follower.look()


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(EDITS))
def test_the_publication_equals_a_recomputation_after_each_edit(name: str) -> None:
    make_world()
    assert differences() == []
    succeeded = 0
    for numbers in itertools.product(range(4), repeat=count_of_numbers(name)):
        with transaction.atomic():
            succeeded += apply(name, *numbers)
            assert differences() == [], (name, numbers)
            transaction.set_rollback(True)
    assert succeeded, "an edit that is always refused tests nothing"
