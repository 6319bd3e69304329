"""Long texts in the history: what went and what came, word by word, for eyes and for screen readers."""

from __future__ import annotations

from django.test import Client

from quotes.curation.word_diff import Piece
from quotes.models import Quote
from tests import factories
from tests.admin.forms import url
from tests.admin.going_back import address, entry

LONG = "The lamps of the harbor were lit by hand until the year in which the last warden left the tower."


def test_a_long_text_is_compared_word_by_word(as_editor: Client) -> None:
    quote = factories.make_quote(verification_note=LONG)
    Quote.objects.update(verification_note=LONG.replace("by hand ", "").replace("tower", "old tower"))
    [change] = entry(quote, 0).changes
    assert [piece for piece in change.pieces if piece.kind != "same"] == [
        Piece("gone", " by hand"),
        Piece("new", "old "),
    ]
    page = as_editor.get(url(quote, "history")).content.decode()
    assert (
        '<del><span class="visually-hidden">[removed: </span> by hand<span class="visually-hidden">]</span></del>'
        in page
    )
    assert '<ins><span class="visually-hidden">[added: </span>old <span class="visually-hidden">]</span></ins>' in page


def test_texts_with_little_in_common_are_shown_whole(as_editor: Client) -> None:
    quote = factories.make_quote(verification_note=LONG)
    other = "Nobody of the council was asked, and the minutes of that evening say as much of the whole matter."
    Quote.objects.update(verification_note=other)
    assert entry(quote, 0).changes[0].pieces == []
    page = as_editor.get(url(quote, "history")).content.decode()
    assert f"<del>{LONG}</del>" in page
    assert f"<ins>{other}</ins>" in page


def test_what_is_compared_word_by_word_is_never_markup(as_editor: Client) -> None:
    quote = factories.make_quote(verification_note=LONG)
    Quote.objects.update(verification_note=f"{LONG} <script>alert(1)</script>")
    for page in (url(quote, "history"), address(quote, entry(quote, 1))):
        assert "<script>alert" not in as_editor.get(page).content.decode()
