"""Quotes: who is the source, which words, in which state."""

from __future__ import annotations

import uuid
from typing import Any

import pgtrigger
import pytest
from django.db.models import F
from django.utils import timezone

from quotes.models import Quote
from quotes.vocabulary import SourceType, Status, Verification
from tests.factories import make_article, make_evidence, make_organization, make_person, make_quote, make_snapshot
from tests.model import ask, refused, run, settle

pytestmark = pytest.mark.django_db

NOT_PEOPLE = [SourceType.ORGANIZATION, SourceType.UNNAMED, SourceType.DOCUMENT]


def change(quote: Quote, **fields: Any) -> None:
    Quote.objects.filter(pk=quote.pk).update(**fields)


def publish(quote: Quote) -> Quote:
    change(quote, status=Status.PUBLISHED, published_at=timezone.now())
    return quote


@pytest.mark.parametrize(
    ("field", "constraint"),
    [
        ("kind", "quote_kind_known"),
        ("venue", "quote_venue_known"),
        ("source_type", "quote_source_type_known"),
        ("verification", "quote_verification_known"),
        ("status", "quote_status_known"),
    ],
)
def test_a_quote_uses_the_vocabulary(field: str, constraint: str) -> None:
    quote = make_quote()
    with refused(constraint):
        change(quote, **{field: "rumour"})


def test_a_person_who_is_the_source_is_named() -> None:
    with refused("quote_speaker_exactly_when_person"):
        make_quote(source_type="person", speaker=None)


@pytest.mark.parametrize("source_type", NOT_PEOPLE)
def test_only_a_person_is_a_speaker(source_type: str) -> None:
    with refused("quote_speaker_exactly_when_person"):
        make_quote(source_type=source_type, speaker=make_person(), organization=make_organization())


def test_a_source_does_not_turn_into_a_document_while_it_has_a_speaker() -> None:
    quote = make_quote()
    with refused("quote_speaker_exactly_when_person"):
        change(quote, source_type="document")


def test_an_organization_that_is_the_source_is_named() -> None:
    with refused("quote_organization_source_named"):
        make_quote(source_type="organization")


@pytest.mark.parametrize("source_type", ["unnamed", "document"])
def test_unnamed_sources_and_documents_need_no_organization(source_type: str) -> None:
    assert make_quote(source_type=source_type, source_label="two officials").organization is None


def test_a_spokesperson_needs_the_organization_spoken_for() -> None:
    with refused("quote_spoken_for_is_named"):
        make_quote(speaks_for_organization=True)


def test_a_person_who_speaks_for_nobody_names_no_organization() -> None:
    with refused("quote_spoken_for_is_named"):
        make_quote(organization=make_organization())


@pytest.mark.parametrize("source_type", NOT_PEOPLE)
def test_only_a_person_speaks_for_an_organization(source_type: str) -> None:
    with refused("quote_spoken_for_is_named"):
        make_quote(source_type=source_type, organization=make_organization(), speaks_for_organization=True)


def test_a_spokesperson_speaks_for_an_organization() -> None:
    board = make_organization()
    quote = make_quote(speaks_for_organization=True, organization=board)
    assert list(board.quotes.all()) == [quote]


@pytest.mark.parametrize("text", ["", " ", "\n\t "])
def test_a_quote_has_words(text: str) -> None:
    with refused("quote_has_words"):
        make_quote(text, snapshot=None)


def test_words_are_said_on_a_partial_date() -> None:
    quote = make_quote()
    with refused("quote_said_on_is_a_date"):
        run("UPDATE quotes_quote SET said_on = 'Monday' WHERE id = %s", quote.pk)


def test_a_quote_stands_in_a_snapshot_of_its_own_article() -> None:
    with refused("quote_snapshot_of_its_article"):
        make_quote(article=make_article(), snapshot=make_snapshot(make_article(), "The council met."))


def test_a_quote_does_not_move_to_another_article_without_its_snapshot() -> None:
    quote, other = make_quote(), make_article()
    with refused("quote_snapshot_of_its_article"):
        change(quote, article=other)


def test_the_length_of_the_snapshot_is_copied_whatever_is_said() -> None:
    quote = make_quote()
    run("UPDATE quotes_quote SET snapshot_length = 1000000 WHERE id = %s", quote.pk)
    settle()
    quote.refresh_from_db()
    assert quote.snapshot_length == quote.snapshot.length


def test_a_quote_without_snapshot_has_no_length_of_one() -> None:
    quote = make_quote(snapshot=None)
    run("UPDATE quotes_quote SET snapshot_length = 1000000 WHERE id = %s", quote.pk)
    quote.refresh_from_db()
    assert quote.snapshot_length is None


def test_the_length_of_the_snapshot_is_true_even_without_the_trigger_that_copies_it() -> None:
    quote = make_quote()
    with refused("quote_snapshot_length_true"), pgtrigger.ignore("quotes.Quote:quote_anchor_holds"):
        change(quote, snapshot_length=F("snapshot_length") + 1)


def test_a_snapshot_is_there_before_what_is_quoted_from_it() -> None:
    quote = make_quote(snapshot=None)
    with refused("quote_snapshot_length_known"):
        run("UPDATE quotes_quote SET snapshot_id = 2000000000 WHERE id = %s", quote.pk)


def test_a_quote_is_not_reported_via_itself() -> None:
    quote = make_quote()
    with refused("quote_not_reported_via_itself"):
        run("UPDATE quotes_quote SET reported_via_id = id WHERE id = %s", quote.pk)


def test_a_claim_may_be_reported_via_a_document() -> None:
    document = make_quote(source_type="document")
    claim = make_quote(reported_via=document)
    assert list(document.reports.all()) == [claim]


def test_the_database_makes_a_uid_that_tells_the_time() -> None:
    first, second = make_quote(), make_quote()
    assert [ask("SELECT uuid_extract_version(%s)", uid) for uid in (first.uid, second.uid)] == [7, 7]
    assert first.uid < second.uid


def test_sql_by_hand_gets_a_uid_too() -> None:
    run(
        "INSERT INTO quotes_quote (article_id, text, segments, kind, source_type, speaks_for_organization, source_label, "
        "cue, framing, venue, verification, verification_note, status, withdrawn_reason) VALUES "
        "(%s, 'The lanterns watch.', '[]', 'direct', 'document', false, '', '', '', 'document', 'unverified', '', 'draft', '')",
        make_article().pk,
    )
    assert ask("SELECT uuid_extract_version(uid) FROM quotes_quote") == 7


def test_a_uid_is_of_one_quote() -> None:
    uid = make_quote().uid
    with refused("quotes_quote_uid_key"):
        make_quote(uid=uid)


def test_a_loaded_quote_keeps_its_uid() -> None:
    uid = uuid.UUID("019a0000-0000-7000-8000-000000000001")
    quote = make_quote(uid=uid)
    quote.refresh_from_db()
    assert quote.uid == uid


def test_what_is_published_is_dated() -> None:
    quote = make_quote()
    with refused("quote_published_is_dated"):
        change(quote, status=Status.PUBLISHED)


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "withdrawn"},
        {"status": "withdrawn", "withdrawn_at": timezone.now()},
        {"status": "withdrawn", "withdrawn_at": timezone.now(), "withdrawn_reason": " "},
        {"status": "withdrawn", "withdrawn_reason": "The paper took it back."},
        {"withdrawn_reason": "The paper took it back."},
        {"withdrawn_at": timezone.now()},
    ],
)
def test_a_withdrawn_quote_and_no_other_has_a_reason_and_a_date(fields: dict[str, Any]) -> None:
    quote = make_quote()
    with refused("quote_withdrawal_explained"):
        change(quote, **fields)


def test_a_quote_is_withdrawn_with_a_reason_and_a_date() -> None:
    quote = publish(make_quote())
    change(quote, status="withdrawn", withdrawn_at=timezone.now(), withdrawn_reason="The paper took it back.")
    quote.refresh_from_db()
    assert quote.status == Status.WITHDRAWN


def test_a_published_quote_is_not_deleted() -> None:
    quote = publish(make_quote())
    with refused("quote_published_stays"):
        Quote.objects.filter(pk=quote.pk).delete()


def test_a_published_quote_is_not_deleted_by_hand() -> None:
    quote = publish(make_quote())
    with refused("quote_published_stays"):
        run("DELETE FROM quotes_quote WHERE id = %s", quote.pk)


def test_a_quote_that_was_published_is_not_deleted_as_a_draft() -> None:
    quote = publish(make_quote())
    change(quote, status=Status.DRAFT)
    with refused("quote_published_stays"):
        quote.delete()


def test_it_is_not_forgotten_that_a_quote_was_published() -> None:
    quote = publish(make_quote())
    with refused("quote_publication_remembered"):
        change(quote, status=Status.DRAFT, published_at=None)


@pytest.mark.parametrize("verification", [Verification.RETRACTED, Verification.FABRICATED])
def test_what_was_retracted_or_fabricated_is_not_deleted(verification: str) -> None:
    quote = make_quote()
    make_evidence(quote)
    change(quote, verification=verification)
    with refused("quote_unlisted_stays"):
        quote.delete()


def test_a_draft_is_deleted_with_all_that_hangs_on_it() -> None:
    quote = make_quote()
    make_evidence(quote)
    quote.delete()
    settle()
    assert not Quote.objects.exists()


def test_a_quote_of_a_form_passes_its_checks_before_it_is_saved() -> None:
    made = make_quote()
    quote = Quote(article=made.article, snapshot=made.snapshot, speaker=made.speaker, kind="direct", text=made.text)
    quote.segments, quote.verification = made.segments, made.verification
    quote.full_clean()


def test_a_draft_without_segments_is_written_as_its_words_alone() -> None:
    quote = make_quote(snapshot=None, segments=[{"prefix": "said: ", "suffix": "."}])
    assert (quote.exacts, quote.display) == ([quote.text], f"“{quote.text}”")
