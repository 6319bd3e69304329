"""Statuses change by actions and buttons alone, which ask curation; what it refuses is said, and nothing is changed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from quotes.curation.coding import coder_code
from quotes.models import Quote, Review
from quotes.publication.models import PublishedQuote
from tests import factories
from tests.admin.conftest import client_of
from tests.admin.forms import errors, notes, send, url


def ready(**fields: Any) -> Quote:
    """A quote that could be published."""
    return factories.make_quote(source_label="a lamplighter", **fields)


def act(client: Client, action: str, *quotes: Quote, **fields: Any) -> Any:
    data = {"action": action, "_selected_action": [quote.pk for quote in quotes]}
    return client.post(url(Quote, "changelist"), data | fields)


def statuses() -> list[str]:
    return list(Quote.objects.order_by("pk").values_list("status", flat=True))


def is_public(quote: Quote) -> bool:
    return PublishedQuote.objects.filter(uid=quote.uid).exists()


def document(quote: Quote) -> Any:
    """What the public reads of the quote."""
    return json.loads(PublishedQuote.objects.get(uid=quote.uid).document)


def test_selected_quotes_are_published(as_editor: Client) -> None:
    first, second = ready(), ready(status="in_review")
    assert "2 quotes published." in notes(as_editor, act(as_editor, "publish", first, second))
    assert statuses() == ["published", "published"]
    assert is_public(first) and is_public(second)


def test_all_or_none_are_published_and_each_obstacle_is_said(as_editor: Client) -> None:
    bare = factories.make_quote()
    published = ready(status="published", published_at="2025-03-05T10:00Z")
    said = notes(as_editor, act(as_editor, "publish", ready(), bare, published))
    assert f"{bare}: say in what capacity" in said
    assert f"{published}: published, so it cannot become published." in said
    assert statuses() == ["draft", "published", "draft"]


def test_drafts_go_to_review_and_back(as_curator: Client) -> None:
    quote = ready()
    assert "1 quote sent to review." in notes(as_curator, act(as_curator, "submit_for_review", quote))
    assert statuses() == ["in_review"]
    done = act(as_curator, "return_to_draft", quote, comment="Who is “they”?")
    assert "1 quote returned to draft." in notes(as_curator, done)
    assert statuses() == ["draft"]


def test_selected_quotes_are_returned_with_a_comment(as_editor: Client, editor: User) -> None:
    first, second = ready(status="in_review"), ready(status="in_review")
    question = act(as_editor, "return_to_draft", first, second)
    assert "For the curator: what to look at again" in question.content.decode()
    assert "This field is required." in act(as_editor, "return_to_draft", first, comment=" ").content.decode()
    assert statuses() == ["in_review", "in_review"] and not Review.objects.exists()
    act(as_editor, "return_to_draft", first, second, comment="Who is “they”?")
    assert statuses() == ["draft", "draft"]
    kept = Review.objects.order_by("quote").values_list("quote", "step", "comment", "by")
    assert list(kept) == [(quote.pk, "returned", "Who is “they”?", editor.pk) for quote in (first, second)]


def test_the_button_saves_and_asks_why_a_quote_is_returned(as_editor: Client) -> None:
    quote = ready(status="in_review")
    answer = send(as_editor, url(quote, "change"), cue="said", _return_to_draft="1")
    assert answer.headers["Location"] == url(quote, "return")
    quote.refresh_from_db()
    assert (quote.cue, quote.status) == ("said", "in_review")
    done = as_editor.post(url(quote, "return"), {"comment": "Who is “they”?"})
    assert done.headers["Location"] == url(quote, "change")
    assert "Who is “they”?" in as_editor.get(url(quote, "change")).content.decode()
    assert statuses() == ["draft"]


def test_what_is_no_longer_in_review_is_not_returned(as_editor: Client, as_curator: Client) -> None:
    draft, public = ready(), ready(status="published", published_at="2025-03-05T10:00Z")
    answer = as_editor.post(url(draft, "return"), {"comment": "Why?"})
    assert "draft, so it cannot become draft" in answer.content.decode()
    assert "Why?" in answer.content.decode()
    assert as_curator.post(url(public, "return"), {"comment": "Why?"}).status_code == 403
    assert as_editor.get("/admin/quotes/quote/999999/return/").status_code == 404


def test_every_step_is_kept(as_editor: Client, editor: User) -> None:
    quote = ready()
    act(as_editor, "submit_for_review", quote)
    act(as_editor, "publish", quote)
    act(as_editor, "withdraw", quote, reason="Never said.")
    steps = Review.objects.order_by("id").values_list("step", "comment", "by")
    assert list(steps) == [
        ("submitted", "", editor.pk),
        ("published", "", editor.pk),
        ("withdrawn", "Never said.", editor.pk),
    ]


def test_a_curator_publishes_and_withdraws_nothing(as_curator: Client) -> None:
    draft, public = ready(), ready(status="published", published_at="2025-03-05T10:00Z")
    act(as_curator, "publish", draft)
    act(as_curator, "withdraw", public, reason="No.")
    assert as_curator.get(url(public, "withdraw")).status_code == 403
    assert as_curator.post(url(public, "withdraw"), {"reason": "No."}).status_code == 403
    assert send(as_curator, url(draft, "change"), _publish="1").status_code == 403
    assert statuses() == ["draft", "published"]
    assert "Save and publish" not in as_curator.get(url(draft, "change")).content.decode()


def test_selected_quotes_are_withdrawn_with_a_reason(as_editor: Client) -> None:
    quote = ready()
    act(as_editor, "publish", quote)
    question = act(as_editor, "withdraw", quote)
    assert "Shown to readers in the quote&#x27;s place" in question.content.decode()
    assert quote.display in question.content.decode()
    empty = act(as_editor, "withdraw", quote, reason="  ")
    assert "This field is required." in empty.content.decode()
    assert statuses() == ["published"]
    done = act(as_editor, "withdraw", quote, reason="Attributed to the wrong lamplighter.")
    assert "1 quote withdrawn." in notes(as_editor, done)
    quote.refresh_from_db()
    assert (quote.status, quote.withdrawn_reason) == ("withdrawn", "Attributed to the wrong lamplighter.")
    assert not is_public(quote)


def test_a_whole_list_is_withdrawn_with_one_question(as_editor: Client) -> None:
    quotes = [ready() for _ in range(3)]
    act(as_editor, "publish", *quotes)
    question = act(as_editor, "withdraw", quotes[0], select_across="1")
    assert question.context["keys"] == [quotes[2].pk]
    act(as_editor, "withdraw", quotes[2], select_across="1", reason="The outlet never existed.")
    assert statuses() == ["withdrawn"] * 3


def test_one_quote_is_withdrawn_from_its_page(as_editor: Client) -> None:
    quote = ready(status="published", published_at="2025-03-05T10:00Z")
    assert url(quote, "withdraw") in as_editor.get(url(quote, "change")).content.decode()
    assert as_editor.get(url(quote, "withdraw")).status_code == 200
    answer = as_editor.post(url(quote, "withdraw"), {"reason": "Never said."})
    assert answer.headers["Location"] == url(quote, "change")
    assert "Never said." in as_editor.get(url(quote, "change")).content.decode()
    assert statuses() == ["withdrawn"]


def test_what_is_no_longer_public_is_not_withdrawn_again(as_editor: Client) -> None:
    quote = ready()
    answer = as_editor.post(url(quote, "withdraw"), {"reason": "Never said."})
    assert "draft, so it cannot become withdrawn" in answer.content.decode()
    assert as_editor.get("/admin/quotes/quote/999999/withdraw/").status_code == 404


def test_a_button_saves_and_publishes(as_editor: Client) -> None:
    quote = ready()
    answer = send(as_editor, url(quote, "change"), cue="said", _publish="1")
    assert "1 quote published." in notes(as_editor, answer)
    quote.refresh_from_db()
    assert (quote.cue, quote.status) == ("said", "published")
    assert document(quote)["cue"] == "said"


def test_a_button_that_is_refused_saves_nothing_and_loses_nothing(as_editor: Client) -> None:
    quote = factories.make_quote()
    answer = send(as_editor, url(quote, "change"), cue="said", _publish="1")
    assert "say in what capacity the words were said" in errors(answer)
    assert answer.context["adminform"].form["cue"].value() == "said"
    quote.refresh_from_db()
    assert (quote.cue, quote.status) == ("", "draft")


def test_nobody_publishes_their_own_where_there_are_two_editors(as_editor: Client, editor: User) -> None:
    other = User.objects.create_superuser("other")
    quote = ready(created_by=editor)
    assert "you entered it yourself" in notes(as_editor, act(as_editor, "publish", quote))
    as_other = client_of(other)
    assert "1 quote published." in notes(as_other, act(as_other, "publish", quote))


@pytest.mark.parametrize(
    ("status", "buttons"),
    [
        ("draft", ["_submit_for_review", "_publish"]),
        ("in_review", ["_return_to_draft", "_publish"]),
        ("published", []),
        ("withdrawn", []),
    ],
)
def test_the_buttons_fit_the_status(as_editor: Client, status: str, buttons: list[str]) -> None:
    dates: dict[str, Any] = {"published_at": "2025-03-05T10:00Z"} if status in {"published", "withdrawn"} else {}
    if status == "withdrawn":
        dates |= {"withdrawn_at": "2025-03-06T10:00Z", "withdrawn_reason": "Never said."}
    page = as_editor.get(url(ready(status=status, **dates), "change"))
    assert [name for name, _ in page.context["buttons"]] == buttons
    assert ("Withdraw…" in page.content.decode()) == (status == "published")


def test_the_status_is_no_field(as_editor: Client) -> None:
    quote = ready()
    fields = as_editor.get(url(quote, "change")).context["adminform"].form.fields
    assert not {"status", "published_at", "withdrawn_at", "withdrawn_reason", "created_by", "uid"} & set(fields)
    send(as_editor, url(quote, "change"), status="published", withdrawn_reason="x")
    assert statuses() == ["draft"]


def test_what_an_editor_changes_is_public_at_once(as_editor: Client) -> None:
    quote = ready()
    act(as_editor, "publish", quote)
    assert quote.speaker
    send(as_editor, url(quote.speaker, "change"), name="Renamed Lamplighter")
    assert document(quote)["speaker"]["name"] == "Renamed Lamplighter"


def test_a_coder_finalises_nothing(as_curator: Client, as_editor: Client) -> None:
    quote, topic = ready(), factories.make_topic()
    coder = coder_code(User.objects.get(username="curator"))
    coding = factories.make_coding(quote, topic, coder=coder, is_final=False)
    send(as_curator, url(coding, "change"), is_final="on", stance="oppose")
    coding.refresh_from_db()
    assert (coding.stance, coding.is_final) == ("oppose", False)
    send(as_editor, url(coding, "change"), is_final="on")
    assert as_curator.post(url(coding, "change"), {}).status_code == 403
    assert as_curator.post(url(coding, "delete"), {"post": "yes"}).status_code == 403
