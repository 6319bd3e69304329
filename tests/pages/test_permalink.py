"""A quote's own page: the words, and all of the proof."""

from __future__ import annotations

import re

import pytest

from quotes.curation import publish, withdraw
from quotes.models import Quote, Snapshot
from quotes.pages import wording
from quotes.vocabulary import QuoteKind, Stance, Standing, Verification
from tests.factories import (
    make_article,
    make_capacity,
    make_coding,
    make_evidence,
    make_organization,
    make_snapshot,
    make_topic,
)
from tests.pages.reading import draft, link, permalink, plain, published, read, uids_in

pytestmark = pytest.mark.django_db


def test_a_permalink_shows_the_words_and_all_of_the_proof() -> None:
    topic = make_topic("lamps", proposition="Lamps should burn all night.")
    outlet = make_organization("gazette", name="Harbour Gazette", kind="media")
    article = make_article(
        title="Night falls",
        outlet=outlet,
        language="pt-BR",
        archive_url="https://archive.example/9",
        published="2025-03-04",
    )
    quote = draft(exacts=["Lamps burn,", "and we pay."], article=article, cue="said", source_label="the lamplighter")
    make_coding(quote, topic, Stance.MIXED, certainty="low", justification="Burning and paying.", coder="coder-7")
    council = make_organization("council", name="Harbour Council")
    make_capacity(quote, council, standing=Standing.FORMER, role_as_stated="who once sat on the council")
    publish(quotes=[quote], actor=None)
    page, snapshot = read(permalink(quote)), Snapshot.objects.get()
    text = plain(page)
    assert "“Lamps burn,” […] “and we pay.”" in text
    assert 'lang="pt-BR" dir="auto"' in page
    for shown in (
        "As printed",
        "former",
        "Harbour Council",
        "who once sat on the council",
        "Named in the article as",
        "Mixed",
        "Lamps should burn all night.",
        "Burning and paying.",
        "low certainty · coded by coder-7 · codebook 1.0",
        "Night falls",
        "Harbour Gazette",
        "4 March 2025",
        snapshot.sha256,
    ):
        assert shown in text, shown
    for segment in quote.segments:
        assert f"[{segment['start']}:{segment['end']}]" in page
    assert "<mark>and we pay.</mark>" in page
    assert f'rel="nofollow noopener external" href="{article.url}"' in page
    assert 'rel="nofollow noopener external" href="https://archive.example/9"' in page
    assert f'href="/api/v1/quotes/{quote.uid}/"' in page


def test_no_more_of_the_article_is_shown_than_32_characters_on_each_side() -> None:
    body = "A long beginning that nobody may read here. “Lamps burn.” And an end as long as that, and longer."
    article = make_article()
    snapshot = make_snapshot(article, body, retrieved_at="2025-03-05T10:00:00Z")
    start = body.index("Lamps")
    segments = [
        {"start": start, "end": start + 11, "prefix": body[start - 32 : start], "suffix": body[start + 11 : start + 43]}
    ]
    quote = published(
        "Lamps burn.", article=article, snapshot=snapshot, segments=segments, verification=Verification.ATTESTED
    )
    page = plain(read(permalink(quote)))
    assert body[start - 32 : start].strip() in page
    assert body[start - 34 : start] not in page
    assert body[start + 11 : start + 45] not in page


def test_reported_speech_is_never_put_into_quotation_marks() -> None:
    quote = published("the lamps would burn", kind=QuoteKind.INDIRECT)
    assert "The reporter’s wording" in read(permalink(quote))
    for address in (permalink(quote), "/quotes/"):
        for words in re.findall(r"<blockquote.*?</blockquote>", read(address), re.DOTALL):
            assert plain(words).strip() == "the lamps would burn"


@pytest.mark.parametrize("verification", [Verification.RETRACTED, Verification.FABRICATED])
def test_what_was_taken_back_is_at_its_address_with_a_warning_and_in_no_list(verification: Verification) -> None:
    topic = make_topic("lamps")
    published("It is so.", (topic, Stance.SUPPORT))
    quote = draft("Nobody sleeps.", verification=verification)
    make_coding(quote, topic, Stance.OPPOSE)
    make_evidence(quote)
    publish(quotes=[quote], actor=None)
    assert 'class="warning" role="note"' in read(permalink(quote))
    for address in (
        "/",
        "/quotes/",
        "/topics/lamps/",
        f"/people/{quote.speaker.slug}/",
        f"/articles/{quote.article.slug}/",
    ):
        assert "Nobody sleeps." not in read(address)
    assert str(quote.uid) in uids_in(read(link(read("/quotes/"), "1")))


def test_a_disputed_quote_is_flagged_wherever_it_stands() -> None:
    quote = draft(verification=Verification.DISPUTED, verification_note="The clerk heard otherwise.")
    make_evidence(quote, description="The clerk’s minutes")
    publish(quotes=[quote], actor=None)
    assert 'class="flag"' in read("/quotes/")
    page = plain(read(permalink(quote)))
    assert "The clerk heard otherwise." in page
    assert "The clerk’s minutes" in page


def test_the_same_words_elsewhere_are_linked_both_ways() -> None:
    first = published("It is so.")
    second = published("It is so.", same_utterance_as=first, speaker=first.speaker)
    assert str(second.uid) in uids_in(read(permalink(first)))
    assert str(first.uid) in uids_in(read(permalink(second)))


def test_a_withdrawn_quote_answers_410_with_reason_and_date() -> None:
    quote = published("It is so.")
    withdraw(quotes=[quote], reason="The paper took it back.", actor=None)
    page = read(permalink(quote), status=410)
    assert "The paper took it back." in page
    assert wording.day(Quote.objects.get().withdrawn_at) in page  # type: ignore[arg-type]
    assert "It is so." not in page
