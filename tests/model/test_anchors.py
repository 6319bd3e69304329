"""Segments, and whether the words stand where they say."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, transaction
from django.db.models import F, Value
from django.db.models.functions import Concat

from quotes.anchoring import anchor_words, text_hash
from quotes.models import Quote, Snapshot
from tests.factories import make_article, make_quote, make_snapshot
from tests.model import refused, run

pytestmark = pytest.mark.django_db

TEXT = "“Lamps watch,” she said. “Nobody sleeps.”"
LAMPS, NOBODY = {"start": 1, "end": 13}, {"start": 26, "end": 40}

MISPLACED = {
    "out of order": [NOBODY, LAMPS],
    "overlapping": [{"start": 1, "end": 13}, {"start": 12, "end": 26}],
    "twice the same": [LAMPS, LAMPS],
    "before the text": [{"start": -1, "end": 27}],
    "past the text": [{"start": 14, "end": 42}],
    "empty": [{"start": 5, "end": 5}],
    "backwards": [{"start": 13, "end": 1}],
    "shorter than the words": [LAMPS],
    "longer than the words": [{"start": 0, "end": 13}, NOBODY],
    "touching but longer by the space": [{"start": 0, "end": 14}, {"start": 14, "end": 28}],
}
MALFORMED = {
    "object": LAMPS,
    "string": "1-13",
    "number": 5,
    "null member": [None],
    "number member": [1],
    "string member": ["start"],
    "array member": [[1, 13]],
    "empty member": [{}],
    "strings for numbers": [{"start": "1", "end": "13"}],
    "float": [{"start": 1.5, "end": 13}],
    "huge integer": [{"start": 1, "end": 10**30}],
    "huge float": [{"start": 1, "end": 1e300}],
    "more than an int": [{"start": 2**31, "end": 2**31 + 12}],
    "missing end": [{"start": 1}],
    "missing start": [{"end": 13}],
    "null end": [{"start": 1, "end": None}],
    "true for one": [{"start": True, "end": 13}],
    "prefix of a number": [{**LAMPS, "prefix": 5}],
    "suffix of null": [{**LAMPS, "suffix": None}],
    "prefix longer than a context": [{**LAMPS, "prefix": "x" * 33}],
    "suffix longer than a context": [{**LAMPS, "suffix": "x" * 33}],
}
MALFORMED_WITHOUT_A_TEXT = {
    "object": {"prefix": "said: "},
    "null member": [None],
    "number member": [1],
    "string member": ["prefix"],
    "array member": [["prefix"]],
    "prefix of a number": [{"prefix": 5}],
    "prefix longer than a context": [{"prefix": "x" * 33}],
    "start": [{"start": 1}],
    "end": [{"end": 13}],
    "positions": [LAMPS],
}


def of(cases: dict[str, Any]) -> Any:
    return pytest.mark.parametrize("segments", list(cases.values()), ids=list(cases))


def make_anchored(segments: Any, text: str = "Lamps watch, Nobody sleeps.", **fields: Any) -> Quote:
    article = make_article()
    fields.setdefault("snapshot", make_snapshot(article, TEXT))
    return make_quote(text, article=article, segments=segments, **fields)


def test_a_quotation_split_by_its_attribution_has_two_segments() -> None:
    quote = make_anchored([LAMPS, NOBODY], verification="attested")
    assert quote.exacts == ["Lamps watch,", "Nobody sleeps."]
    assert quote.display == "“Lamps watch,” […] “Nobody sleeps.”"


def test_an_indirect_statement_has_segments_and_no_marks() -> None:
    assert make_anchored([LAMPS, NOBODY], kind="indirect").display == "Lamps watch, […] Nobody sleeps."


@of(MISPLACED)
def test_segments_are_ordered_disjoint_inside_the_text_and_as_long_as_the_words(segments: Any) -> None:
    with refused("quote_segments_fit"):
        make_anchored(segments)


@of(MISPLACED)
def test_a_form_refuses_segments_that_do_not_fit(segments: Any) -> None:
    quote = make_anchored([LAMPS, NOBODY])
    quote.segments = segments
    with pytest.raises(ValidationError, match="ordered, disjoint"):
        quote.full_clean()


def test_segments_may_touch() -> None:
    quote = make_anchored([{"start": 1, "end": 6}, {"start": 6, "end": 12}], "Lamps  watch", verification="attested")
    assert quote.exacts == ["Lamps", " watch"]


def test_a_segment_may_span_the_whole_text() -> None:
    assert make_anchored([{"start": 0, "end": len(TEXT)}], TEXT, verification="attested").exacts == [TEXT]


@of(MALFORMED)
def test_malformed_segments_are_refused(segments: Any) -> None:
    with refused("quote_segments_fit"):
        make_anchored(segments, "Lamps watch,")


@of(MALFORMED)
def test_malformed_segments_are_refused_of_an_attested_quote(segments: Any) -> None:
    quote = make_anchored([LAMPS], "Lamps watch,", verification="attested")
    with pytest.raises((DataError, IntegrityError)), transaction.atomic():
        Quote.objects.filter(pk=quote.pk).update(segments=segments)


def test_segments_are_not_a_json_null() -> None:
    quote = make_anchored([LAMPS], "Lamps watch,")
    with refused("quote_segments_fit"):
        run("UPDATE quotes_quote SET segments = 'null' WHERE id = %s", quote.pk)


@of(MALFORMED)
def test_a_form_refuses_malformed_segments(segments: Any) -> None:
    quote = make_anchored([LAMPS], "Lamps watch,")
    quote.segments = segments
    with pytest.raises(ValidationError):
        quote.full_clean()


@of(MALFORMED_WITHOUT_A_TEXT)
def test_without_a_text_there_is_context_and_no_position(segments: Any) -> None:
    with refused("quote_segments_fit"):
        make_anchored(segments, snapshot=None)


@pytest.mark.parametrize("segments", [[], [{"prefix": "said: ", "suffix": "x" * 32}], [{}, {"prefix": "she said. "}]])
def test_context_works_without_a_text(segments: Any) -> None:
    assert make_anchored(segments, snapshot=None).segments == segments


def test_segments_are_counted_in_code_points() -> None:
    exacts = ["lamps 🏮🏮", "naïve 👩\u200d🔧 — “x̄”"]
    quote = make_quote(exacts=exacts)
    assert quote.exacts == exacts


@pytest.mark.parametrize("words", ["Lamps watch!", "lamps watch,", "Lamps\u00a0watch,"])
def test_attested_words_stand_to_the_character(words: str) -> None:
    with refused("quote_words_stand"):
        make_anchored([LAMPS], words, verification="attested")


def test_a_decomposed_accent_is_another_character() -> None:
    article = make_article()
    snapshot = make_snapshot(article, "“Naïve,” she said.")
    segments = anchor_words(snapshot.text, ["Naïve,"])
    with refused("quote_words_stand"):
        make_quote("Nai\u0308ve", article=article, snapshot=snapshot, segments=segments, verification="attested")


def test_a_combining_accent_that_stands_in_the_text_is_kept() -> None:
    quote = make_quote("The x\u0304 of lamps.")
    assert quote.verification == "attested" and quote.segments[0]["end"] - quote.segments[0]["start"] == 16


@pytest.mark.parametrize("verification", ["confirmed", "disputed", "retracted", "fabricated"])
def test_what_is_said_to_be_more_than_unverified_stands_in_its_text_too(verification: str) -> None:
    with refused("quote_words_stand"):
        make_anchored([LAMPS], "Lamps sleep,", verification=verification)


def test_an_unverified_draft_may_be_wrong_about_the_words_and_is_not_attested_so() -> None:
    quote = make_anchored([LAMPS], "Lamps sleep,")
    with refused("quote_words_stand"):
        Quote.objects.filter(pk=quote.pk).update(verification="attested")


def test_attested_words_are_not_repaired_in_passing() -> None:
    quote = make_anchored([LAMPS], "Lamps watch,", verification="attested")
    with refused("quote_words_stand"):
        Quote.objects.filter(pk=quote.pk).update(text="Lamps watch.")


def test_attested_words_do_not_grow() -> None:
    quote = make_anchored([LAMPS], "Lamps watch,", verification="attested")
    with pytest.raises(IntegrityError), transaction.atomic():
        Quote.objects.filter(pk=quote.pk).update(text=Concat(F("text"), Value(" always")))


def test_attested_words_do_not_move_to_another_text() -> None:
    quote = make_anchored([LAMPS], "Lamps watch,", verification="attested")
    other = make_snapshot(quote.article, TEXT.replace("Lamps", "Lanes"))
    with refused("quote_words_stand"):
        run("UPDATE quotes_quote SET snapshot_id = %s WHERE id = %s", other.pk, quote.pk)


@pytest.mark.parametrize("fields", [{"snapshot": None}, {"segments": []}])
def test_attested_needs_an_anchor(fields: dict[str, Any]) -> None:
    quote = make_anchored([LAMPS], "Lamps watch,", verification="attested")
    with refused("quote_attested_is_anchored"):
        Quote.objects.filter(pk=quote.pk).update(**({"segments": []} | fields))


def test_attested_is_believed_where_the_text_is_not_kept() -> None:
    article = make_article()
    snapshot = Snapshot.objects.create(article=article, text=None, length=len(TEXT), sha256=text_hash(TEXT))
    quote = make_quote("Lamps watch,", article=article, snapshot=snapshot, segments=[LAMPS], verification="attested")
    assert quote.snapshot.text is None


def test_segments_lie_inside_a_text_that_is_not_kept() -> None:
    article = make_article()
    snapshot = Snapshot.objects.create(article=article, text=None, length=12, sha256=text_hash(TEXT))
    with refused("quote_segments_fit"):
        make_quote("Lamps watch,", article=article, snapshot=snapshot, segments=[LAMPS])


def test_bulk_created_quotes_are_checked_one_by_one() -> None:
    good = make_anchored([LAMPS], "Lamps watch,", verification="attested")
    fields = {"article": good.article, "snapshot": good.snapshot, "speaker": good.speaker, "segments": [LAMPS]}
    rows = [Quote(text=text, verification="attested", kind="direct", **fields) for text in (good.text, "Lamps glow.")]
    with refused("quote_words_stand"):
        Quote.objects.bulk_create(rows)
