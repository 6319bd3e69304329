"""The review screen: what it shows, who may decide what, and that a decision counts only for what was shown."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client

from quotes import curation
from quotes.models import Quote, Review
from quotes.publication.models import PublishedQuote
from tests import factories
from tests.admin.conftest import client_of
from tests.admin.forms import notes, send, url
from tests.admin.reviewing import decide, shown_on, text_of, words_of
from tests.waiting import member, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def curator(db: None) -> User:
    return member("ruth", "curator")


@pytest.fixture
def editor(db: None) -> User:
    """One of two editors."""
    member("another", "editor")
    return member("miro", "editor")


@pytest.fixture
def as_miro(editor: User) -> Client:
    return client_of(editor)


def statuses() -> list[str]:
    return list(Quote.objects.order_by("pk").values_list("status", flat=True))


def test_publishing_goes_on_to_the_next_with_a_way_back(as_miro: Client, editor: User) -> None:
    first, second, third = submitted(), submitted(), submitted()
    page = as_miro.get(url(second, "review"))
    assert (page.context["previous"], page.context["next"]) == (first, third)
    answer = decide(as_miro, second, "_publish", "Well found.")
    assert answer.headers["Location"] == url(third, "review")
    after = as_miro.get(url(third, "review"))
    assert f'Published: {second} <a href="{url(second, "review")}">Back to it</a>' in after.content.decode()
    assert (after.context["previous"], after.context["next"]) == (first, None)
    step = Review.objects.get(step="published")
    assert (step.quote, step.by, step.comment) == (second, editor, "Well found.")
    assert PublishedQuote.objects.get().uid == second.uid


def test_behind_the_last_one_the_longest_waiting_comes_and_then_the_inbox(as_miro: Client) -> None:
    first, second = submitted(), submitted()
    assert decide(as_miro, second, "_publish").headers["Location"] == url(first, "review")
    answer = decide(as_miro, first, "_publish")
    assert answer.headers["Location"] == "/admin/quotes/inbox/"
    assert "Nothing else waits for review." in notes(as_miro, answer)


def test_the_queue_is_in_the_order_of_submission(as_miro: Client) -> None:
    first, second = submitted(), submitted()
    curation.return_to_draft(quotes=[first], actor=None)
    curation.submit_for_review(quotes=[first], actor=None)
    assert as_miro.get(url(second, "review")).context["next"] == first


def test_a_quote_is_returned_with_a_comment_and_not_without(as_miro: Client, curator: User) -> None:
    quote = submitted(created_by=curator)
    refused = decide(as_miro, quote, "_return", "  \n")
    assert "Say what the curator should look at again." in refused.content.decode()
    assert statuses() == ["in_review"]
    answer = decide(as_miro, quote, "_return", "Who is “they”?")
    assert f"Returned to ruth: {quote}" in notes(as_miro, answer)
    assert statuses() == ["draft"]
    page = words_of(client_of(curator).get(url(quote, "change")).content.decode())
    assert "by miro: Who is “they”?" in page and "Returned on" in page


def test_what_is_refused_keeps_the_comment(as_miro: Client) -> None:
    quote = submitted(source_label="")
    answer = decide(as_miro, quote, "_publish", "Fine with me.")
    text = answer.content.decode()
    assert "say in what capacity the words were said" in text and ">Fine with me.</textarea>" in text
    assert "say in what capacity" in text_of(as_miro, quote)
    assert statuses() == ["in_review"] and Review.objects.filter(step="published").count() == 0


def test_nobody_publishes_their_own_and_the_screen_says_so_beforehand(as_miro: Client, editor: User) -> None:
    quote = submitted(created_by=editor)
    text = text_of(as_miro, quote)
    assert "you entered it yourself; another editor publishes it." in text
    assert re.search(r'<button[^>]*id="qb-publish"[^>]* disabled', text)
    assert "you entered it yourself" in decide(as_miro, quote, "_publish").content.decode()
    assert statuses() == ["in_review"]
    other = client_of(User.objects.get(username="another"))
    assert not re.search(r'<button[^>]*id="qb-publish"[^>]* disabled', text_of(other, quote))
    assert decide(other, quote, "_publish").status_code == 302
    assert statuses() == ["published"]


def test_an_editor_alone_publishes_their_own(as_miro: Client, editor: User) -> None:
    quote = submitted(created_by=editor)
    User.objects.filter(username="another").update(is_active=False)
    assert "you entered it yourself" not in text_of(as_miro, quote)
    assert decide(as_miro, quote, "_publish").status_code == 302
    assert statuses() == ["published"]


def test_a_curator_looks_and_returns_and_publishes_nothing(curator: User) -> None:
    quote, client = submitted(), client_of(curator)
    assert 'id="qb-publish"' not in text_of(client, quote)
    assert decide(client, quote, "_publish").status_code == 403
    assert statuses() == ["in_review"]
    assert decide(client, quote, "_return", "Taken back.").status_code == 302
    assert statuses() == ["draft"]


def test_what_is_published_is_only_looked_at(as_miro: Client, curator: User) -> None:
    quote = submitted()
    shown = shown_on(client_of(curator), quote)
    curation.publish(quotes=[quote], actor=None)
    text = text_of(as_miro, quote)
    assert 'id="qb-publish"' not in text and 'id="qb-return"' not in text
    assert decide(client_of(curator), quote, "_return", "No.", shown=shown).status_code in {200, 403}
    assert statuses() == ["published"]


def test_coders_and_strangers_do_not_review(db: None) -> None:
    quote = submitted()
    for user in (member("cody", "coder"), member("stranger")):
        assert client_of(user).get(url(quote, "review")).status_code == 403
        assert client_of(user).post(url(quote, "review"), {"_return": "1", "comment": "x"}).status_code == 403
    assert Client().get(url(quote, "review")).status_code == 302
    assert statuses() == ["in_review"]


def test_codings_that_are_not_final_are_no_stances(as_miro: Client) -> None:
    quote = submitted()
    factories.make_coding(quote, factories.make_topic(name="Lamps"), is_final=False, justification="blind")
    text = text_of(as_miro, quote)
    assert "no final coding yet" in text and "Lamps" not in text and "blind" not in text


def test_a_quote_that_is_not_there_is_not_found(as_miro: Client) -> None:
    assert as_miro.get("/admin/quotes/quote/999999/review/").status_code == 404
    assert as_miro.post("/admin/quotes/quote/999999/review/", {"_publish": "1"}).status_code == 404


def test_a_form_without_a_button_does_nothing(as_miro: Client) -> None:
    quote = submitted()
    assert "Press one of the buttons" in decide(as_miro, quote, "_other").content.decode()
    assert statuses() == ["in_review"]


# Two at once


def test_what_changed_meanwhile_is_shown_and_nothing_is_done(as_miro: Client, curator: User) -> None:
    quote = submitted("The lanterns watch everyone.", cue="said")
    shown = shown_on(as_miro, quote)
    send(client_of(curator), url(quote, "change"), cue="claims")
    answer = decide(as_miro, quote, "_publish", "Good.", shown=shown)
    html = answer.content.decode()
    assert "Nothing was done" in html and "last saved by ruth" in html
    assert "<del>“said”</del><ins>“claims”</ins>" in html
    assert ">Good.</textarea>" in html
    assert statuses() == ["in_review"]
    # What is shown now can be decided about.
    assert decide(as_miro, quote, "_publish", shown=answer.context["reading"].token).status_code == 302
    assert statuses() == ["published"]


def test_rows_and_names_that_changed_meanwhile_count_too(as_miro: Client) -> None:
    quote = submitted()
    for change in (
        lambda: factories.make_capacity(quote, factories.make_organization()),
        lambda: factories.make_coding(quote, factories.make_topic()),
        lambda: factories.make_evidence(quote),
        lambda: type(quote.speaker).objects.update(name="Renamed Lamplighter"),
        lambda: type(quote.article).objects.update(published="2025-03-05"),
    ):
        shown = shown_on(as_miro, quote)
        change()
        assert "Nothing was done" in decide(as_miro, quote, "_publish", shown=shown).content.decode()
    assert statuses() == ["in_review"]


def test_what_another_editor_decided_is_not_decided_again(as_miro: Client) -> None:
    quote = submitted()
    shown = shown_on(as_miro, quote)
    decide(client_of(User.objects.get(username="another")), quote, "_publish")
    answer = decide(as_miro, quote, "_return", "Who is “they”?", shown=shown)
    html = answer.content.decode()
    assert "Nothing was done" in html and "<del>in review</del><ins>published</ins>" in html
    assert ">Who is “they”?</textarea>" in html
    assert statuses() == ["published"]
    assert list(Review.objects.values_list("step", flat=True)) == ["published", "submitted"]


@pytest.mark.parametrize("shown", ["", "x", "eyJhIjoxfQ:1abc:forged", "\0"])
def test_a_form_that_does_not_say_what_was_shown_does_nothing(as_miro: Client, shown: str) -> None:
    quote = submitted()
    html = decide(as_miro, quote, "_publish", "Good.", shown=shown).content.decode()
    assert "The form did not say what was shown" in html and ">Good.</textarea>" in html
    assert statuses() == ["in_review"]


def test_what_was_shown_of_another_quote_does_not_count(as_miro: Client) -> None:
    quote, other = submitted("One lamp is enough."), submitted("Two lamps are too many.")
    html = decide(as_miro, quote, "_publish", shown=shown_on(as_miro, other)).content.decode()
    assert "Nothing was done" in html
    assert statuses() == ["in_review", "in_review"]
