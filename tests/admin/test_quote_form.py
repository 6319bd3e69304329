"""A quote is made by typing its words: the segments are computed, and what is wrong is said at the field."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from quotes.curation import forget_text
from quotes.models import Article, Quote
from tests import factories
from tests.admin.forms import errors, send, url

TEXT = "Prélude 🦉. “The lanterns watch,” said Orla. “The lanterns sleep.” It’s late.\r\nThe lanterns\nwatch, again."


@pytest.fixture
def article(db: None) -> Article:
    article = factories.make_article()
    factories.make_snapshot(article, TEXT)
    return article


def add(client: Client, article: Article, words: str, **changes: Any) -> Any:
    """The answer to a new quote of the article, by a person who is quoted as printed."""
    given = {"words": words, "kind": "direct", "speaker": factories.make_person().pk} | changes
    return send(client, f"{url(Quote, 'add')}?article={article.pk}", **given)


def added(client: Client, article: Article, words: str, **changes: Any) -> Quote:
    assert add(client, article, words, **changes).status_code == 302
    return Quote.objects.get()


def test_words_become_segments_of_the_articles_latest_text(as_editor: Client, article: Article, editor: Any) -> None:
    quote = added(as_editor, article, "The lanterns sleep.")
    start = TEXT.index("The lanterns sleep.")
    [segment] = quote.segments
    assert (segment["start"], segment["end"]) == (start, start + 19)
    assert segment["prefix"].endswith("said Orla. “")
    assert segment["suffix"].startswith("” It’s late.\nThe")
    assert (quote.text, quote.verification, quote.status) == ("The lanterns sleep.", "attested", "draft")
    assert quote.created_by == editor


def test_each_line_is_a_segment_and_marks_around_it_are_no_words(as_editor: Client, article: Article) -> None:
    quote = added(as_editor, article, '“The lanterns watch,”\r\n\r\n"The lanterns sleep."', starts="12")
    assert quote.text == "The lanterns watch, The lanterns sleep."
    assert quote.exacts == ["The lanterns watch,", "The lanterns sleep."]


def test_what_stands_in_the_text_is_stored_not_what_the_keyboard_has(as_editor: Client, article: Article) -> None:
    quote = added(as_editor, article, "It's   late. The lanterns", kind="indirect")
    assert quote.text == "It’s late.\nThe lanterns"


def test_words_that_stand_twice_need_a_position(as_editor: Client, article: Article) -> None:
    message = errors(add(as_editor, article, "The lanterns watch,"))
    assert "stands 2 times, at 12 (" in message
    assert "and" in message and "“Starts at”" in message
    again = TEXT.replace("\r\n", "\n").index("The lanterns\nwatch")
    quote = added(as_editor, article, "The lanterns watch,", starts=f"{again}")
    assert quote.segments[0]["start"] == again


def test_words_that_are_not_there_are_named_with_what_is(as_editor: Client, article: Article) -> None:
    message = errors(add(as_editor, article, "The lanterns sleep well."))
    assert "“The lanterns sleep well.” does not stand in the text. It has “The lanterns sleep” and" in message
    assert not Quote.objects.exists()


@pytest.mark.parametrize("starts", ["twelve", "-1", "1.5", "1e400", "99999999999999"])
def test_a_position_is_a_number(as_editor: Client, article: Article, starts: str) -> None:
    assert "is not a position" in errors(add(as_editor, article, "The lanterns watch,", starts=starts))


def test_marks_alone_are_no_words(as_editor: Client, article: Article) -> None:
    assert "Quotation marks alone" in errors(add(as_editor, article, "“ ”"))
    assert "This field is required" in errors(add(as_editor, article, " \r\n "))


def test_without_a_snapshot_the_words_stand_alone_and_cannot_be_attested(as_editor: Client) -> None:
    article = factories.make_article()
    given = {"words": "Nobody keeps the lamps.", "kind": "direct", "speaker": factories.make_person().pk}
    quote_page = f"{url(Quote, 'add')}?article={article.pk}"
    assert "Attested means" in errors(send(as_editor, quote_page, **given, verification="attested"))
    assert send(as_editor, quote_page, **given).status_code == 302
    quote = Quote.objects.get()
    assert (quote.text, quote.segments, quote.snapshot) == ("Nobody keeps the lamps.", [], None)


def test_a_quote_whose_text_is_not_kept_keeps_its_anchor(as_editor: Client) -> None:
    quote = factories.make_quote()
    assert quote.snapshot
    forget_text(snapshot=quote.snapshot)
    assert send(as_editor, url(quote, "change"), cue="said").status_code == 302
    before = quote.segments
    quote.refresh_from_db()
    assert (quote.cue, quote.segments) == ("said", before)
    assert "is not kept here" in errors(send(as_editor, url(quote, "change"), words="Something else."))
    page = as_editor.get(url(quote, "change")).content.decode()
    assert '…The council met. “<mark class="qb-this">The lanterns watch everyone.</mark>” So it ended.…' in page


def test_other_fields_can_be_changed_while_the_words_stay(as_editor: Client, article: Article) -> None:
    quote = added(as_editor, article, "The lanterns watch,\nThe lanterns sleep.", starts="12")
    before = quote.segments
    assert send(as_editor, url(quote, "change"), framing="She said.").status_code == 302
    quote.refresh_from_db()
    assert (quote.framing, quote.segments) == ("She said.", before)


def test_words_can_be_placed_anew(as_editor: Client, article: Article) -> None:
    quote = added(as_editor, article, "The lanterns sleep.")
    assert send(as_editor, url(quote, "change"), words="It’s late.", kind="partial").status_code == 302
    quote.refresh_from_db()
    assert (quote.text, quote.segments[0]["start"]) == ("It’s late.", TEXT.index("It’s late."))


def test_a_quote_that_drifted_is_named_and_can_still_be_changed(as_editor: Client, article: Article) -> None:
    quote = added(as_editor, article, "The lanterns sleep.", verification="unverified")
    Quote.objects.update(text="The lanterns slept.")
    assert "the text has other words" in as_editor.get(url(quote, "change")).content.decode()
    assert send(as_editor, url(quote, "change"), cue="said").status_code == 302
    response = send(as_editor, url(quote, "change"), verification="attested")
    assert "not the words that stand in the snapshot" in errors(response)


def test_a_snapshot_of_another_article_is_refused(as_editor: Client, article: Article) -> None:
    other = factories.make_quote().snapshot
    assert other
    assert "of another article" in errors(add(as_editor, article, "The lanterns sleep.", snapshot=other.pk))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"speaker": ""}, "say who"),
        ({"source_type": "unnamed"}, "Only a person's quote has a speaker"),
        ({"source_type": "organization", "speaker": ""}, "Say which organization is the source"),
        ({"source_type": "document", "speaker": "", "speaks_for_organization": "on"}, "Only a person speaks for"),
        ({"speaks_for_organization": "on"}, "Say which organization the person speaks for"),
        ({"said_on": "2025-02-30"}, "is not in the calendar"),
        ({"kind": ""}, "This field is required"),
        ({"venue": "moon"}, "Select a valid choice"),
        ({"snapshot": "no"}, "Select a valid choice"),
        ({"words": "nul \0"}, "Null characters are not allowed"),
    ],
)
def test_what_does_not_fit_is_said(as_editor: Client, article: Article, changes: Any, message: str) -> None:
    assert message in errors(add(as_editor, article, **({"words": "The lanterns sleep."} | changes)))
    assert not Quote.objects.exists()


def test_an_organization_is_named_only_where_it_is_spoken_for(as_editor: Client, article: Article) -> None:
    organization = factories.make_organization().pk
    response = add(as_editor, article, "The lanterns sleep.", organization=organization)
    assert "Only for a person who speaks for it" in errors(response)
    quote = added(as_editor, article, "The lanterns sleep.", organization=organization, speaks_for_organization="on")
    assert quote.organization_id == organization


def test_a_repetition_names_the_first_appearance(as_editor: Client) -> None:
    first, second = factories.make_quote(), factories.make_quote()
    third = factories.make_quote(same_utterance_as=second)
    page = url(first, "change")
    assert f"Name the first: {second}" in errors(send(as_editor, page, same_utterance_as=third.pk))
    assert "cannot repeat itself" in errors(send(as_editor, page, same_utterance_as=first.pk))
    assert "it is the first appearance" in errors(send(as_editor, url(second, "change"), same_utterance_as=first.pk))
    assert "reported via itself" in errors(send(as_editor, page, reported_via=first.pk))
    assert send(as_editor, page, same_utterance_as=second.pk).status_code == 302


def test_the_form_of_a_new_quote_shows_the_text_and_proposes_what_is_true(as_editor: Client, article: Article) -> None:
    page = as_editor.get(f"{url(Quote, 'add')}?article={article.pk}")
    assert "Prélude 🦉. “The lanterns watch,”" in page.content.decode()
    initial = page.context["adminform"].form.initial
    assert (initial["snapshot"], initial["verification"]) == (article.snapshots.get().pk, "attested")


def test_a_snapshot_can_be_asked_for(as_editor: Client, article: Article) -> None:
    older = article.snapshots.get()
    factories.make_snapshot(article, "A later text.")
    page = as_editor.get(f"{url(Quote, 'add')}?article={article.pk}&snapshot={older.pk}")
    assert "The lanterns sleep." in page.content.decode()
    page = as_editor.get(f"{url(Quote, 'add')}?article={article.pk}")
    assert "A later text.</div>" in page.content.decode()


def test_only_the_articles_own_snapshots_are_offered(as_editor: Client, article: Article) -> None:
    factories.make_quote()
    address = "/admin/autocomplete/?app_label=quotes&model_name=quote&field_name=snapshot"
    assert len(as_editor.get(address).json()["results"]) == 2
    assert len(as_editor.get(f"{address}&of_article={article.pk}").json()["results"]) == 1


def test_the_next_quote_is_of_the_same_article(as_editor: Client, article: Article) -> None:
    response = add(as_editor, article, "The lanterns sleep.", _addanother="1")
    assert response.headers["Location"] == f"{url(Quote, 'add')}?article={article.pk}"


def test_words_are_marked_in_the_text_and_those_of_other_quotes_more_lightly(
    as_editor: Client, article: Article
) -> None:
    quote = added(as_editor, article, "The lanterns watch,", starts="12")
    add(as_editor, article, "It’s late.")
    page = as_editor.get(url(quote, "change")).content.decode()
    assert 'Prélude 🦉. “<mark class="qb-this">The lanterns watch,</mark>” said Orla.' in page
    assert ">It’s late.</mark>\nThe lanterns\nwatch, again.</div>" in page
    assert 'class="qb-other"' in page
    assert "The words stand here, to the character." in page
