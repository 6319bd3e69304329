"""What the review screen shows: the words in their text, the record in plain words, checks, and what changed since."""

from __future__ import annotations

import pghistory
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from quotes import curation
from quotes.admin.reviewing.text import contexts
from quotes.admin.text_panel import cut
from quotes.anchoring import anchor_words
from quotes.curation.word_diff import word_diff
from quotes.models import Quote
from tests import factories
from tests.admin.conftest import client_of
from tests.admin.forms import url
from tests.admin.reviewing import decide, text_of, words_of
from tests.waiting import member, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_miro(db: None) -> Client:
    """One of two editors."""
    member("another", "editor")
    return client_of(member("miro", "editor"))


def test_the_words_are_marked_in_their_paragraphs_and_the_record_is_in_plain_words(as_miro: Client) -> None:
    watch = factories.make_organization("harbor-watch")
    root = factories.make_quote("Quite another lamp.")
    quote = submitted(
        exacts=["The lanterns watch,", "and we watch them."], cue="insists", venue="hearing", said_on="2025-03-01"
    )
    factories.make_capacity(quote, watch, standing="former", role_as_stated="the old warden")
    Quote.objects.filter(pk=quote.pk).update(reported_via=root)
    factories.make_coding(quote, factories.make_topic("lanterns"), "oppose", justification="Says so outright.")
    html = text_of(as_miro, quote)
    assert html.count('<mark class="qb-this">The lanterns watch,</mark>') == 2  # in context, and in the whole text
    words = words_of(html)
    for said in (
        "former · printed as “the old warden”",
        "direct: at least one whole clause stands in quotation marks",
        "“insists”",
        "hearing",
        "2025-03-01",
        "− oppose",  # noqa: RUF001 - a minus sign
        "Says so outright.",
        "The council should adopt lanterns.",
        "attested: the words stand so in the text that was read",
        "reported via: ",
        "The words stand in the text read on 2025-03-05, to the character.",
    ):
        assert said in words, said


def test_a_text_that_is_not_kept_is_shown_by_what_the_anchor_carries(as_miro: Client) -> None:
    quote = submitted()
    assert quote.snapshot
    curation.forget_text(snapshot=quote.snapshot)
    html = text_of(as_miro, quote)
    assert '<mark class="qb-this">The lanterns watch everyone.</mark>' in html
    assert "The text is not kept here" in html and "The whole text" not in html


def test_the_context_is_the_paragraph_with_its_neighbours_where_it_is_short() -> None:
    long = "word " * 300
    text = f"First.\n\nBefore it.\n\nShe said: “Lamps listen.”\n\nAfter it.\n\nLast.\n\n{long}“Bells ring.” {long}"
    quote = Quote(pk=1, text="Lamps listen. Bells ring.", segments=anchor_words(text, ["Lamps listen.", "Bells ring."]))
    near, far = contexts(text, cut(text, [quote], this=quote), quote.segments)
    assert "".join(run.text for run in near.runs) == "Before it.\n\nShe said: “Lamps listen.”\n\nAfter it."
    assert [run.text for run in near.runs if run.is_this] == ["Lamps listen."]
    shown = "".join(run.text for run in far.runs)
    assert 1_300 < len(shown) < 1_500 and far.is_cut_before and far.is_cut_after
    assert shown.split()[0] == "word" and not shown.endswith("wor")


def test_contexts_that_meet_are_one_and_begin_with_the_text() -> None:
    text = "“Lamps listen,” she said. “Bells ring.”"
    quote = Quote(pk=1, text="Lamps listen, Bells ring.", segments=anchor_words(text, ["Lamps listen,", "Bells ring."]))
    [one] = contexts(text, cut(text, [quote], this=quote), quote.segments)
    assert "".join(run.text for run in one.runs) == text
    assert not one.is_cut_before and not one.is_cut_after


def test_the_pieces_of_a_difference_are_both_texts() -> None:
    before = "The lamps of Port Tarn watch us and nobody asks why."
    after = "The lamps at Port Tarn hear us and nobody asks why, ever."
    pieces = word_diff(before, after)
    assert "".join(piece.text for piece in pieces if piece.kind != "new") == before
    assert "".join(piece.text for piece in pieces if piece.kind != "gone") == after
    assert [piece.text for piece in pieces if piece.kind == "gone"] == ["of", "watch"]
    assert word_diff("", "new") == [("new", "new")]
    assert [piece.kind for piece in word_diff("a " * 5_000, "b " * 5_000)] == ["gone", "new"]


@pytest.mark.parametrize(
    ("period", "standing", "said"),
    [
        ({"start": "2026"}, "current", "but it began only in 2026"),
        ({"end": "2024-12"}, "current", "but it had ended in 2024-12"),
        ({"start": "2025-03", "end": "2025"}, "current", "its dates agree with “current” on 2025-03-04"),
        ({"end": "2024-12"}, "former", "its dates agree with “former” on 2025-03-04"),
        ({"end": "2025-06"}, "former", "but it ended only in 2025-06"),
        ({"start": "2024"}, "incoming", "but it had begun in 2024"),
        ({"start": "2025"}, "incoming", "its dates agree with “incoming” on 2025-03-04"),
    ],
)
def test_a_capacity_is_held_against_the_day(as_miro: Client, period: dict[str, str], standing: str, said: str) -> None:
    quote = submitted()
    assert quote.speaker
    job = factories.make_affiliation(quote.speaker, factories.make_organization(), **period)
    factories.make_capacity(quote, job.organization, affiliation=job, standing=standing)
    assert said in words_of(text_of(as_miro, quote))


def test_capacities_without_dates_are_held_against_nothing(as_miro: Client) -> None:
    quote = submitted(article=factories.make_article(published=None))
    factories.make_capacity(quote, factories.make_organization())
    assert "dates agree" not in text_of(as_miro, quote)


def test_words_that_stand_elsewhere_too_are_named(as_miro: Client) -> None:
    speaker = factories.make_person()
    quote = submitted(speaker=speaker)
    elsewhere = factories.make_quote("the lanterns watch everyone!", speaker=speaker)
    here = factories.make_quote("The lanterns watch everyone", speaker=speaker, article=quote.article, snapshot=None)
    text = text_of(as_miro, quote)
    assert url(elsewhere, "review") in text and url(here, "review") in text
    assert "stand in another article, and are not linked" in text and "twice in this article" in text
    Quote.objects.filter(pk__in=(elsewhere.pk, here.pk)).update(same_utterance_as=quote)
    assert "No other quote has these words from this source" in text_of(as_miro, quote)


def test_a_newer_text_without_the_words_is_told(as_miro: Client) -> None:
    quote = submitted()
    factories.make_snapshot(quote.article, "Another text altogether.", retrieved_at="2025-06-01T10:00:00Z")
    assert "stand in the newest text, read on 2025-06-01: nowhere." in words_of(text_of(as_miro, quote))


def test_what_is_typed_is_never_markup(as_miro: Client) -> None:
    nasty = "<script>alert('x')</script> & “so”"
    quote = submitted(nasty, source_label=nasty, cue=nasty[:50], framing=nasty, speaker=factories.make_person(nasty))
    factories.make_capacity(quote, factories.make_organization(name=nasty), role_as_stated=nasty)
    factories.make_coding(quote, factories.make_topic(name=nasty), justification=nasty)
    answer = decide(as_miro, quote, "_return", nasty)
    for page in (as_miro.get(answer.headers["Location"]), as_miro.get(url(quote, "review"))):
        assert "<script>alert" not in page.content.decode()
    assert "&lt;script&gt;alert" in text_of(as_miro, quote)


def test_the_screen_has_no_inline_scripts_or_styles(as_miro: Client) -> None:
    text = text_of(as_miro, submitted())
    assert not [mark for mark in ("<style", " style=", "<script>", " onclick=") if mark in text]


# What changed since the last look: events carry the time of their transaction, so each step here is one.


@pytest.mark.django_db(transaction=True)
def test_what_changed_since_it_was_returned_is_shown_word_by_word() -> None:
    ruth, miro = member("ruth", "curator"), member("miro", "editor")
    framings = [f"on the {what} of Port Tarn and its two harbors" for what in ("lamps", "bells")]
    quote = submitted(created_by=ruth, framing=framings[0], cue="said")
    curation.return_to_draft(quotes=[quote], actor=miro, comment="Who?")
    with pghistory.context(user=ruth.pk):
        for framing in ("on lamps", framings[1]):
            Quote.objects.filter(pk=quote.pk).update(framing=framing, cue="claims")
        Quote.objects.filter(pk=quote.pk).update(cue="said")
        factories.make_capacity(quote, factories.make_organization("harbor-watch"), role_as_stated="warden")
    curation.submit_for_review(quotes=[quote], actor=ruth)
    page = client_of(miro).get(url(quote, "review"))
    assert page.context["last_look"].step == "returned"
    changes = [(one.label, one.kind, one.field, one.before, one.after) for one, _ in page.context["changes"]]
    assert changes == [
        (
            "changed",
            "quote",
            "framing",
            "on the lamps of Port Tarn and its two harbors",
            "on the bells of Port Tarn and its two harbors",
        ),
        ("added", "quote affiliation", "", "", ""),
    ]
    html = page.content.decode()
    assert "on the <del>lamps</del><ins>bells</ins> of Port Tarn" in html
    assert "<ins>warden, Harbor Watch (current)</ins>" in html and "ruth" in html


@pytest.mark.django_db(transaction=True)
def test_of_what_was_never_decided_the_changes_in_review_are_shown() -> None:
    miro = member("miro", "editor")
    quote = submitted(cue="said")
    assert client_of(miro).get(url(quote, "review")).context["changes"] == []
    Quote.objects.filter(pk=quote.pk).update(cue="claims")
    page = client_of(miro).get(url(quote, "review"))
    assert page.context["last_look"].step == "submitted"
    assert [(one.field, one.before, one.after) for one, _ in page.context["changes"]] == [("cue", "said", "claims")]


@pytest.mark.django_db(transaction=True)
def test_codings_are_among_the_changes_for_editors_alone() -> None:
    ruth, miro = member("ruth", "curator"), member("miro", "editor")
    quote = submitted()
    factories.make_coding(quote, factories.make_topic(name="Lamps"), is_final=False, coder="coder-x")
    assert "coder-x" in client_of(miro).get(url(quote, "review")).content.decode()
    assert "coder-x" not in client_of(ruth).get(url(quote, "review")).content.decode()


def queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_the_screen_asks_as_often_for_much_as_for_little(as_miro: Client) -> None:
    quote = submitted()
    factories.make_capacity(quote, factories.make_organization())
    factories.make_coding(quote, factories.make_topic())
    factories.make_evidence(quote)
    submitted()
    few = queries(as_miro, url(quote, "review"))
    assert few <= 36, few
    for number in range(4):
        factories.make_capacity(quote, factories.make_organization(), is_primary=False)
        factories.make_coding(quote, factories.make_topic())
        factories.make_coding(quote, factories.make_topic(), coder=f"coder-{number}", is_final=False)
        factories.make_evidence(quote)
        factories.make_quote(f"Another lamp {number}", article=quote.article, snapshot=None)
        submitted()
        curation.return_to_draft(quotes=[quote], actor=None)
        curation.submit_for_review(quotes=[quote], actor=None)
    assert queries(as_miro, url(quote, "review")) <= few + 1
