"""Evidence: present where the verification says more than the article does, for as long as it says so."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from quotes.models import Evidence, Quote
from quotes.vocabulary import NEEDS_EVIDENCE
from tests.factories import make_evidence, make_quote
from tests.model import BAD_WEB_ADDRESSES, ask, meet, refused, run, settle

pytestmark = pytest.mark.django_db


def verify(quote: Quote, verification: str) -> None:
    Quote.objects.filter(pk=quote.pk).update(verification=verification)


@pytest.fixture
def confirmed() -> Quote:
    quote = make_quote()
    make_evidence(quote)
    verify(quote, "confirmed")
    return quote


@pytest.mark.parametrize("verification", NEEDS_EVIDENCE)
def test_a_verification_beyond_the_print_needs_evidence(verification: str) -> None:
    quote = make_quote()
    with refused("quote_verification_needs_evidence"):
        verify(quote, verification)


@pytest.mark.parametrize("verification", NEEDS_EVIDENCE)
def test_a_new_quote_needs_evidence_too(verification: str) -> None:
    with refused("quote_verification_needs_evidence"):
        make_quote(verification=verification)


@pytest.mark.parametrize("verification", ["unverified", "attested"])
def test_what_the_article_shows_needs_no_evidence(verification: str) -> None:
    quote = make_quote()
    verify(quote, verification)
    settle()
    assert not quote.evidence.exists()


def test_evidence_may_follow_in_the_same_transaction() -> None:
    quote = make_quote(verification="confirmed")
    make_evidence(quote)
    settle()
    assert quote.evidence.count() == 1


@pytest.mark.django_db(transaction=True)
def test_missing_evidence_is_refused_when_it_is_committed() -> None:
    with pytest.raises(IntegrityError, match="needs evidence"):
        make_quote(verification="confirmed")
    assert not Quote.objects.exists()


def test_the_last_evidence_is_not_deleted_while_needed(confirmed: Quote) -> None:
    with refused("quote_verification_needs_evidence"):
        confirmed.evidence.all().delete()


def test_the_last_evidence_is_not_deleted_by_hand_while_needed(confirmed: Quote) -> None:
    with refused("quote_verification_needs_evidence"):
        run("DELETE FROM quotes_evidence WHERE quote_id = %s", confirmed.pk)


def test_the_last_evidence_is_not_moved_to_another_quote_while_needed(confirmed: Quote) -> None:
    with refused("quote_verification_needs_evidence"):
        Evidence.objects.filter(quote=confirmed).update(quote=make_quote())


def test_evidence_may_be_replaced(confirmed: Quote) -> None:
    confirmed.evidence.all().delete()
    make_evidence(confirmed, kind="recording")
    settle()
    assert [evidence.kind for evidence in confirmed.evidence.all()] == ["recording"]


def test_evidence_no_longer_needed_may_go(confirmed: Quote) -> None:
    verify(confirmed, "attested")
    confirmed.evidence.all().delete()
    settle()
    assert not Evidence.objects.exists()


def test_a_confirmed_draft_goes_with_its_evidence(confirmed: Quote) -> None:
    confirmed.delete()
    settle()
    assert not Evidence.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_evidence_is_not_deleted_while_another_session_comes_to_need_it() -> None:
    quote = make_quote()
    evidence = make_evidence(quote)

    def delete_it() -> None:
        evidence.delete()
        settle()

    with pytest.raises(IntegrityError, match="needs evidence"):
        meet(delete_it, lambda: verify(quote, "confirmed"))


@pytest.mark.django_db(transaction=True)
def test_evidence_that_another_session_comes_to_need_is_not_deleted() -> None:
    quote = make_quote()
    evidence = make_evidence(quote)

    def confirm() -> None:
        verify(quote, "confirmed")
        settle()

    with pytest.raises(IntegrityError, match="needs evidence"):
        meet(confirm, evidence.delete)


def test_evidence_is_of_a_known_kind() -> None:
    quote = make_quote()
    with refused("evidence_kind_known"):
        make_evidence(quote, kind="hearsay")


@pytest.mark.parametrize("url", BAD_WEB_ADDRESSES)
def test_evidence_stands_at_a_web_address(url: str) -> None:
    quote = make_quote()
    with refused("evidence_url_is_web"):
        make_evidence(quote, url=url)


@pytest.mark.parametrize("description", ["", "  "])
def test_evidence_is_an_address_or_a_description(description: str) -> None:
    quote = make_quote()
    with refused("evidence_is_something"):
        make_evidence(quote, url="", description=description)


def test_evidence_may_be_a_description_alone() -> None:
    assert make_evidence(make_quote(), kind="call", url="", description="Call to the press desk.").url == ""


@pytest.mark.parametrize("provided_by", ["", " "])
def test_evidence_says_who_provided_it(provided_by: str) -> None:
    quote = make_quote()
    with refused("evidence_says_who"):
        make_evidence(quote, provided_by=provided_by)


def test_evidence_says_when() -> None:
    quote = make_quote()
    fields: dict[str, Any] = {"provided_on": None}
    with pytest.raises(IntegrityError, match="provided_on"), transaction.atomic():
        make_evidence(quote, **fields)


def test_the_database_makes_the_uid_of_evidence() -> None:
    assert ask("SELECT uuid_extract_version(%s)", make_evidence(make_quote()).uid) == 7


def test_the_uid_of_evidence_is_of_one_row() -> None:
    quote = make_quote()
    uid = make_evidence(quote).uid
    with refused("quotes_evidence_uid_key"):
        make_evidence(quote, uid=uid)


def test_evidence_of_a_form_passes_its_checks_before_it_is_saved() -> None:
    Evidence(
        quote=make_quote(), kind="call", description="A call.", provided_by="c1", provided_on="2025-04-01"
    ).full_clean()
