"""At the border of what is published: alike answers, neighbours that are not out yet, counts, and the way in and out."""

from __future__ import annotations

import pytest
from django.utils import timezone

from quotes.curation import publish, refresh_publication, return_to_draft, submit_for_review
from quotes.models import Quote
from tests.api.asking import CLIENT, ask, coding, draft, found, moved_to, published, said_at
from tests.factories import (
    make_affiliation,
    make_capacity,
    make_evidence,
    make_organization,
    make_person,
    make_topic,
)

pytestmark = pytest.mark.django_db

UNPUBLISHED = ["draft", "in_review", "withdrawn"]


@pytest.mark.parametrize("status", ["draft", "in_review"])
def test_a_draft_and_a_quote_that_never_was_answer_alike(status: str) -> None:
    quote = moved_to(draft(), status)
    missing = str(quote.uid)[:-1] + ("0" if str(quote.uid)[-1] != "0" else "1")
    answers = [CLIENT.get(f"/api/v1/quotes/{uid}/") for uid in (quote.uid, missing)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content
    assert dict(answers[0].items()) == dict(answers[1].items())


def test_a_person_known_from_drafts_and_one_nobody_knows_answer_alike() -> None:
    draft(speaker=make_person(slug="zephyrine-quill"))
    refresh_publication()
    answers = [CLIENT.get(f"/api/v1/people/{slug}/") for slug in ("zephyrine-quill", "nobody-at-all")]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content


def test_a_withdrawn_quotes_text_is_nowhere() -> None:
    quote = moved_to(draft("Zanzibarine lamps."), "withdrawn")
    for path in ("quotes/", "people/", "organizations/", "articles/", "topics/", f"quotes/{quote.uid}/"):
        assert b"Zanzibarine" not in CLIENT.get(f"/api/v1/{path}").content


# What published quotes say of others


def test_a_root_that_is_a_draft_is_not_named_by_its_repetition() -> None:
    root = draft()
    quote = published(speaker=root.speaker, same_utterance_as=root)
    assert ask(path=f"quotes/{quote.uid}/")["same_utterance_as"] is None


def test_a_root_is_named_by_its_repetition_once_it_is_published() -> None:
    root = draft()
    quote = published(speaker=root.speaker, same_utterance_as=root)
    publish(quotes=[root], actor=None)
    assert ask(path=f"quotes/{quote.uid}/")["same_utterance_as"] == str(root.uid)


def test_a_draft_that_reports_a_statement_is_not_named_by_it() -> None:
    report = draft()
    quote = published(reported_via=report)
    assert ask(path=f"quotes/{quote.uid}/")["reported_via"] is None
    publish(quotes=[report], actor=None)
    assert ask(path=f"quotes/{quote.uid}/")["reported_via"] == str(report.uid)


def test_codings_that_are_not_final_are_in_no_document() -> None:
    quote = published()
    coding(quote, make_topic("zealous-topic"), "oppose", is_final=False, justification="Blind judgement.")
    document = ask(path=f"quotes/{quote.uid}/")
    assert document["stances"] == []
    assert "Blind judgement" not in str(document)


def test_a_job_known_from_drafts_is_not_in_the_persons_document() -> None:
    quote = said_at(make_organization("lamp-guild"))
    other = draft(speaker=quote.speaker)
    make_capacity(other, make_organization("zealous-office"))
    refresh_publication()
    document = ask(path=f"people/{quote.speaker.slug}/")
    assert [job["organization"]["slug"] for job in document["affiliations"]] == ["lamp-guild"]


def test_a_persons_job_without_any_quote_is_nobodys_business() -> None:
    quote = said_at(make_organization("lamp-guild"))
    make_affiliation(quote.speaker, make_organization("zealous-office"))
    refresh_publication()
    assert "zealous-office" not in str(ask(path=f"people/{quote.speaker.slug}/"))


# Counts of quotes


def test_quote_counts_are_of_published_quotes() -> None:
    quote = said_at(make_organization("lamp-guild"))
    for status in UNPUBLISHED:
        other = draft(speaker=quote.speaker, article=quote.article, text=f"Not out: {status}.")
        make_capacity(other, make_organization(), affiliation=quote.affiliations.get().affiliation)
        moved_to(other, status)
    for path in (f"people/{quote.speaker.slug}/", f"articles/{quote.article.slug}/", "organizations/lamp-guild/"):
        assert ask(path=path)["quote_count"] == 1


def test_quote_counts_are_what_the_quotes_url_answers() -> None:
    watch, topic = make_organization("harbor-watch"), make_topic("lanterns")
    quote = said_at(watch)
    coding(quote, topic, "oppose")
    coding(said_at(watch, "former"), topic, "not_addressed")
    said_at(make_organization("harbor-pier", parent=watch))
    fabricated = draft(verification="fabricated", speaker=quote.speaker)
    make_evidence(fabricated)
    publish(quotes=[fabricated], actor=None)
    for path in ("people", "organizations", "articles", "topics"):
        for document in ask(path=f"{path}/")["results"]:
            answer = CLIENT.get(f"{document['quotes_url']}&count=1").json()
            assert (document["slug"], document["quote_count"]) == (document["slug"], answer["count"])


# To and fro


def test_what_goes_back_and_forth_before_it_is_published_stays_unknown() -> None:
    quote = draft()
    submit_for_review(quotes=[quote], actor=None)
    return_to_draft(quotes=[quote], actor=None)
    assert found() == []
    publish(quotes=[quote], actor=None)
    assert found() == [quote]


def test_a_withdrawal_by_sql_takes_the_quote_away_at_once() -> None:
    quote = published()
    Quote.objects.filter(pk=quote.pk).update(
        status="withdrawn", withdrawn_at=timezone.now(), withdrawn_reason="The paper took it back."
    )
    assert found() == []
    assert CLIENT.get(f"/api/v1/quotes/{quote.uid}/").status_code in (404, 410)
