"""Every page of the admin answers, in a number of queries that does not depend on the rows, to those who may see it."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext

from quotes.models import (
    ApiToken,
    Article,
    Authorship,
    Coding,
    DoubtfulSpeaker,
    Evidence,
    Import,
    Merge,
    Person,
    Quote,
    QuoteAffiliation,
    Snapshot,
)
from tests import factories
from tests.admin.conftest import client_of, make_one_of_each, make_user
from tests.admin.forms import url

# Tokens are everybody's own: test_tokens.py. Merges are made and undone, and no more: test_merge_screen.py. So are imports, and
# doubtful names are decided: importing/.
OF_THEIR_OWN = {ApiToken, DoubtfulSpeaker, Import, Merge}
MODELS = sorted(
    (model for model in admin.site._registry if model._meta.app_label == "quotes" and model not in OF_THEIR_OWN),
    key=str,
)
ONLY_FOUND_HERE = {QuoteAffiliation, Evidence}
every_model = pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)


def queries(client: Client, address: str) -> int:
    """How many queries the page takes, once the content types are known."""
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


@every_model
def test_every_page_answers(as_editor: Client, model: type[models.Model]) -> None:
    record = make_one_of_each()[model]
    assert as_editor.get(url(model, "changelist")).status_code == 200
    assert as_editor.get(url(model, "add")).status_code == (403 if model in ONLY_FOUND_HERE else 200)
    assert as_editor.get(url(record, "change")).status_code == 200
    assert as_editor.get(url(record, "history")).status_code == 200
    assert as_editor.get(url(record, "delete")).status_code == (403 if model is Quote else 200)


@every_model
def test_every_list_can_be_searched(as_editor: Client, model: type[models.Model]) -> None:
    make_one_of_each()
    assert as_editor.get(url(model, "changelist"), {"q": "lantern 1 q7"}).status_code == 200
    assert as_editor.get(url(model, "changelist"), {"q": "nul \0"}).status_code == 200


@every_model
def test_a_list_asks_as_often_for_many_rows_as_for_one(as_editor: Client, model: type[models.Model]) -> None:
    make_one_of_each(1)
    few = queries(as_editor, url(model, "changelist"))
    for number in range(2, 6):
        make_one_of_each(number)
    assert queries(as_editor, url(model, "changelist")) == few


@every_model
def test_who_may_only_look_sees_everything_and_changes_nothing(db: None, model: type[models.Model]) -> None:
    record = make_one_of_each()[model]
    client = client_of(make_user("reader", *(f"view_{model._meta.model_name}" for model in [*MODELS, Authorship])))
    for page in ("changelist", "change", "history"):
        assert client.get(url(record, page)).status_code == 200
    assert client.post(url(record, "change"), {}).status_code == 403
    assert client.post(url(record, "delete"), {"post": "yes"}).status_code == 403


@every_model
def test_who_has_no_permission_sees_nothing(db: None, model: type[models.Model]) -> None:
    record = make_one_of_each()[model]
    client = client_of(make_user("stranger"))
    for page in ("changelist", "add", "change", "history", "delete"):
        assert client.get(url(record, page)).status_code == 403


@every_model
def test_every_foreign_key_is_found_by_typing(as_editor: Client, model: type[models.Model]) -> None:
    make_one_of_each()
    options = admin.site._registry[model]
    for name in options.autocomplete_fields:
        parameters = {"app_label": "quotes", "model_name": model._meta.model_name, "field_name": name, "term": "a"}
        assert as_editor.get("/admin/autocomplete/", parameters).status_code == 200


def test_offering_quotes_asks_as_often_for_many_as_for_one(as_editor: Client) -> None:
    address = "/admin/autocomplete/?app_label=quotes&model_name=coding&field_name=quote"
    make_one_of_each(1)
    few = queries(as_editor, address)
    make_one_of_each(2)
    assert queries(as_editor, address) == few


def test_the_page_of_a_quote_asks_as_often_for_many_codings_as_for_one(as_editor: Client) -> None:
    quote = make_one_of_each()[Quote]
    few = queries(as_editor, url(quote, "change"))
    for number in range(5):
        factories.make_coding(quote, factories.make_topic(), coder=f"coder-{number}")
        factories.make_evidence(quote)
    assert queries(as_editor, url(quote, "change")) == few


def test_the_page_of_an_article_asks_as_often_for_many_quotes_as_for_one(as_editor: Client) -> None:
    article = make_one_of_each()[Article]
    few = queries(as_editor, url(article, "change"))
    for _ in range(3):
        factories.make_quote(article=article, snapshot=article.snapshots.get())
    assert queries(as_editor, url(article, "change")) == few


def test_the_index_is_in_the_order_of_the_work(as_editor: Client) -> None:
    page = as_editor.get("/admin/")
    sections = [section["name"] for section in page.context["app_list"]]
    assert sections[:6] == ["Statements", "Sources", "Actors", "Coding", "Imports", "Addresses"]
    assert "quotebase" in page.content.decode()
    listed = {model["model"] for section in page.context["app_list"] for model in section["models"]}
    assert set(MODELS) <= listed


def test_what_is_typed_is_never_markup(as_editor: Client) -> None:
    nasty = "<script>alert('x')</script> & “so”"
    article = factories.make_article(title=nasty)
    quote = factories.make_quote(nasty, article=article, source_label=nasty, speaker=factories.make_person(nasty))
    factories.make_capacity(quote, factories.make_organization(name=nasty), role_as_stated=nasty)
    factories.make_coding(quote, factories.make_topic(name=nasty), justification=nasty)
    for address in (
        url(Quote, "changelist"),
        url(quote, "change"),
        url(quote, "history"),
        url(article, "change"),
        url(quote.snapshot, "change"),
        f"{url(Quote, 'add')}?article={article.pk}",
        url(quote, "withdraw"),
        f"{url(Quote, 'changelist')}?speaker={quote.speaker_id}",
    ):
        text = as_editor.get(address).content.decode()
        assert "<script>alert" not in text, address
        assert "&lt;script&gt;alert" in text, address


def test_no_page_of_ours_has_inline_scripts_or_styles(as_editor: Client) -> None:
    records = make_one_of_each()
    for address in (url(Quote, "changelist"), url(records[Quote], "change"), url(records[Quote], "history")):
        text = as_editor.get(address).content.decode()
        assert "<style" not in text
        assert " style=" not in text
        assert "<script>" not in text
        assert " onclick=" not in text


@pytest.mark.parametrize("key", ["0", "999999", "x", "99999999999999999999999", "1%00"])
def test_a_record_that_is_not_there_is_no_error_page(as_editor: Client, key: str) -> None:
    for page in ("change", "history", "delete"):
        assert as_editor.get(f"/admin/quotes/quote/{key}/{page}/").status_code in {302, 404}


def test_a_persons_quotes_are_a_click_away(as_editor: Client) -> None:
    person = make_one_of_each()[Person]
    assert f"/admin/quotes/quote/?speaker={person.pk}" in as_editor.get(url(person, "change")).content.decode()


def test_the_text_of_a_snapshot_is_not_read_for_the_list(as_editor: Client) -> None:
    make_one_of_each()
    with CaptureQueriesContext(connection) as captured:
        as_editor.get(url(Snapshot, "changelist"))
        as_editor.get(url(Quote, "changelist"))
    assert not any('"quotes_snapshot"."text"' in query["sql"] for query in captured)


def test_all_codings_name_their_quotes(as_editor: Client) -> None:
    coding: Any = make_one_of_each()[Coding]
    assert str(coding.quote) in as_editor.get(url(Coding, "changelist")).content.decode()
