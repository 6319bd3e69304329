"""Old slugs that still lead somewhere."""

from __future__ import annotations

import pytest

from quotes.models import Redirect
from tests.model import BAD_SLUGS, refused, run

pytestmark = pytest.mark.django_db


def make_redirect(**fields: str) -> Redirect:
    return Redirect.objects.create(**({"kind": "person", "slug": "old", "target": "new"} | fields))


def test_an_old_slug_leads_to_one_place() -> None:
    make_redirect()
    with refused("redirect_once"):
        make_redirect(target="newer")


def test_a_slug_may_be_old_for_a_person_and_for_a_topic() -> None:
    assert make_redirect().pk != make_redirect(kind="topic").pk


def test_a_slug_does_not_lead_to_itself() -> None:
    with refused("redirect_leads_elsewhere"):
        make_redirect(target="old")


def test_only_what_has_a_slug_is_redirected() -> None:
    redirect = make_redirect()
    with refused("redirect_kind_known"):
        run("UPDATE quotes_redirect SET kind = 'quote' WHERE id = %s", redirect.pk)


@pytest.mark.parametrize("slug", BAD_SLUGS)
def test_an_old_slug_is_of_lower_case_words(slug: str) -> None:
    with refused("redirect_slug_shape"):
        make_redirect(slug=slug)


@pytest.mark.parametrize("slug", BAD_SLUGS)
def test_a_slug_leads_to_lower_case_words(slug: str) -> None:
    with refused("redirect_target_shape"):
        make_redirect(target=slug)
