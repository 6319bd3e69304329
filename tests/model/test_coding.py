"""Topics and coders' judgements."""

from __future__ import annotations

import pytest
from django.db import IntegrityError
from django.db.models import ProtectedError

from quotes.models import Coding, Topic
from tests.factories import make_coding, make_quote, make_round, make_topic
from tests.model import BAD_SLUGS, meet, refused, run

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("slug", BAD_SLUGS)
def test_a_topic_has_a_slug_of_lower_case_words(slug: str) -> None:
    topic = make_topic()
    with refused("topic_slug_shape"):
        Topic.objects.filter(pk=topic.pk).update(slug=slug)


def test_two_topics_do_not_share_a_slug() -> None:
    make_topic("lantern-levy")
    with refused("quotes_topic_slug_key"):
        make_topic("lantern-levy")


@pytest.mark.parametrize("proposition", ["", " "])
def test_a_topic_has_a_proposition(proposition: str) -> None:
    with refused("topic_has_proposition"):
        make_topic(proposition=proposition)


def test_a_quote_has_one_final_coding_toward_a_topic() -> None:
    quote, topic = make_quote(), make_topic()
    make_coding(quote, topic, coder="a")
    with refused("coding_one_final"):
        make_coding(quote, topic, coder="b")


def test_another_round_does_not_become_final_beside_the_final_one() -> None:
    quote, topic = make_quote(), make_topic()
    make_coding(quote, topic)
    other = make_coding(quote, topic, coder="a", round=1, is_final=False)
    with refused("coding_one_final"):
        Coding.objects.filter(pk=other.pk).update(is_final=True)


def test_a_quote_has_a_final_coding_toward_each_of_its_topics() -> None:
    quote = make_quote()
    make_coding(quote, make_topic(), "support")
    make_coding(quote, make_topic(), "oppose")
    assert Coding.objects.final().filter(quote=quote).count() == 2


def test_any_number_of_coders_judge_a_quote_without_being_final() -> None:
    quote, topic = make_quote(), make_topic()
    for coder in ("a", "b"):
        make_coding(quote, topic, coder=coder, round=1, is_final=False)
    assert (quote.codings.count(), quote.codings.final().count()) == (2, 0)


def test_a_coder_judges_a_quote_once_a_round() -> None:
    quote, topic = make_quote(), make_topic()
    make_coding(quote, topic, coder="a", round=1, is_final=False)
    with refused("coding_once_a_round"):
        make_coding(quote, topic, "oppose", coder="a", round=1, is_final=False)


def test_a_coder_judges_a_quote_again_in_another_round() -> None:
    quote, topic = make_quote(), make_topic()
    for round_ in (1, 2):
        make_coding(quote, topic, coder="a", round=round_, is_final=False)
    assert quote.codings.count() == 2


@pytest.mark.parametrize(
    ("field", "constraint"), [("stance", "coding_stance_known"), ("certainty", "coding_certainty_known")]
)
def test_a_coding_uses_the_codebook(field: str, constraint: str) -> None:
    coding = make_coding(make_quote(), make_topic())
    with refused(constraint):
        Coding.objects.filter(pk=coding.pk).update(**{field: "rumour"})


@pytest.mark.parametrize("coder", ["", "Orla Tamsin", "orla@gazette.example"])
def test_a_coder_is_a_code_and_not_a_name(coder: str) -> None:
    quote, topic = make_quote(), make_topic()
    with refused("coding_coder_shape"):
        make_coding(quote, topic, coder=coder)


def test_rounds_count_from_one() -> None:
    coding = make_coding(make_quote(), make_topic())
    with refused("coding_round_from_one"):
        run("UPDATE quotes_coding SET round = 0 WHERE id = %s", coding.pk)


def test_a_round_has_a_number_of_its_own() -> None:
    make_round(1)
    with refused("quotes_codinground_number_key"):
        make_round(1)


def test_the_numbers_of_rounds_begin_with_one() -> None:
    row = make_round(1)
    with refused("coding_round_number_from_one"):
        run("UPDATE quotes_codinground SET number = 0 WHERE id = %s", row.pk)


@pytest.mark.parametrize("name", ["", " "])
def test_a_round_has_a_name(name: str) -> None:
    with refused("coding_round_has_name"):
        make_round(name=name)


def test_a_round_is_not_closed_before_it_was_opened() -> None:
    with refused("coding_round_opens_first"):
        make_round(opened_at="2026-11-02T09:00:00Z", closed_at="2026-11-02T08:59:59Z")


def test_codings_of_rounds_that_are_open_or_have_no_row_are_not_of_closed_rounds() -> None:
    make_round(1, closed_at="2026-11-03T10:00:00Z")
    make_round(2)
    quote, topic = make_quote(), make_topic()
    codings = [make_coding(quote, topic, round=number, is_final=False) for number in (1, 2, 3)]
    assert list(Coding.objects.of_closed_rounds()) == codings[:1]


def test_a_topic_with_codings_is_not_deleted() -> None:
    topic = make_topic()
    make_coding(make_quote(), topic)
    with pytest.raises(ProtectedError):
        topic.delete()


def test_codings_go_with_their_draft() -> None:
    quote = make_quote()
    make_coding(quote, make_topic())
    quote.delete()
    assert not Coding.objects.exists()


def test_codings_and_topics_of_a_form_pass_their_checks() -> None:
    Topic(slug="lantern-levy", name="Lantern levy", proposition="Lamps should be taxed.").full_clean()
    Coding(quote=make_quote(), topic=make_topic(), stance="mixed", coder="a").full_clean()


@pytest.mark.django_db(transaction=True)
def test_two_adjudicators_do_not_both_have_the_last_word() -> None:
    quote, topic = make_quote(), make_topic()
    with pytest.raises(IntegrityError, match="coding_one_final"):
        meet(lambda: make_coding(quote, topic, coder="a"), lambda: make_coding(quote, topic, "oppose", coder="b"))
