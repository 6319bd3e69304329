"""Articles and the texts that were read of them."""

from __future__ import annotations

import pytest
from django.test import Client

from quotes.anchoring import text_hash
from quotes.curation import forget_text
from quotes.models import Article, Snapshot
from tests import factories
from tests.admin.forms import errors, send, url


def test_a_pasted_text_becomes_a_snapshot_of_a_new_article(as_editor: Client) -> None:
    fields = {"title": "Lamps", "slug": "lamps", "url": "https://gazette.example/lamps"}
    send(as_editor, url(Article, "add"), **fields, pasted_text="  Cafe\u0301 🦉\r\nlamps.\r\n")
    snapshot = Article.objects.get().snapshots.get()
    assert snapshot.text == "Café 🦉\nlamps."
    assert (snapshot.length, snapshot.sha256) == (13, text_hash("Café 🦉\nlamps."))


def test_a_text_is_kept_once(as_editor: Client) -> None:
    article = factories.make_article()
    assert send(as_editor, url(article, "change"), pasted_text="Lamps.").status_code == 302
    message = errors(send(as_editor, url(article, "change"), pasted_text="Lamps."))
    assert "The article has this very text already" in message
    page = f"{url(Snapshot, 'add')}?article={article.pk}"
    assert "has this very text already" in errors(send(as_editor, page, text="Lamps."))
    assert article.snapshots.count() == 1


def test_a_text_known_by_its_hash_is_put_back(as_editor: Client) -> None:
    quote = factories.make_quote()
    assert quote.snapshot and quote.snapshot.text
    text = quote.snapshot.text
    forget_text(snapshot=quote.snapshot)
    send(as_editor, url(quote.article, "change"), pasted_text=text)
    assert quote.article.snapshots.get().text == text


def test_saving_an_article_without_a_text_makes_no_snapshot(as_editor: Client) -> None:
    article = factories.make_article()
    assert send(as_editor, url(article, "change"), title="Lamps, again").status_code == 302
    assert not Snapshot.objects.exists()


def test_a_snapshot_is_added_by_its_text_alone_and_never_changed(as_editor: Client) -> None:
    article = factories.make_article()
    send(as_editor, url(Snapshot, "add"), article=article.pk, text="Lamps.\r\nMore lamps.")
    snapshot = Snapshot.objects.get()
    assert (snapshot.text, snapshot.length) == ("Lamps.\nMore lamps.", 18)
    page = as_editor.get(url(snapshot, "change"))
    assert set(page.context["adminform"].form.fields) == {"retrieved_at"}
    assert "Lamps.\nMore lamps.</div>" in page.content.decode()
    send(as_editor, url(snapshot, "change"), text="Other.", length="6", sha256="0" * 64)
    snapshot.refresh_from_db()
    assert snapshot.text == "Lamps.\nMore lamps."


@pytest.mark.parametrize("text", ["", "   ", "nul \0"])
def test_what_is_no_text_is_refused(as_editor: Client, text: str) -> None:
    article = factories.make_article()
    assert errors(send(as_editor, url(Snapshot, "add"), article=article.pk, text=text))
    assert not Snapshot.objects.exists()


def test_an_article_lists_its_quotes_and_offers_the_next(as_editor: Client) -> None:
    quote = factories.make_quote()
    page = as_editor.get(url(quote.article, "change")).content.decode()
    assert f'<a href="{url(quote, "change")}">“The lanterns watch everyone.”</a>' in page
    assert f"/admin/quotes/quote/add/?article={quote.article_id}" in page


def test_authors_stand_in_the_order_of_the_byline(as_editor: Client) -> None:
    article = factories.make_article()
    people = [factories.make_person(), factories.make_person()]
    rows = {f"authorships__{number}__person": person.pk for number, person in enumerate(people)}
    places = {"authorships__0__position": 2, "authorships__1__position": 1, "authorships__TOTAL_FORMS": 2}
    send(as_editor, url(article, "change"), **rows, **places)
    assert [row.person for row in article.authorships.all()] == people[::-1]
