"""The list of imports and the page of one: what became of their quotes, and the way to them."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from quotes import curation
from quotes.models import Import, Quote
from tests.admin.conftest import client_of
from tests.admin.forms import url
from tests.factories import make_doubtful_speaker, make_import, make_imported_row, make_quote
from tests.waiting import member

pytestmark = pytest.mark.django_db


def brought_in(name: str = "harbor-notes", *, drafts: int = 2, **fields: Any) -> Import:
    """An import of a few drafts, one quote in review and a published one."""
    batch = make_import(source=name, file_name=f"{name}.csv", rows=drafts + 2, rows_done=drafts + 2, **fields)
    quotes = [make_quote(f"Lantern {number} of {name}.", source_label="a clerk") for number in range(drafts + 2)]
    for number, quote in enumerate(quotes, 2):
        make_imported_row(quote, batch=batch, row=number)
    curation.submit_for_review(quotes=[quotes[0]], actor=None)
    curation.publish(quotes=[quotes[1]], actor=None)
    return batch


def test_the_list_counts_what_became_of_the_quotes(as_a_curator: Client) -> None:
    batch = brought_in()
    make_import(source="empty", file_name="empty.csv")
    page = as_a_curator.get(url(Import, "changelist"))
    rows = {row.file_name: row.quotes_now for row in page.context["cl"].result_list}
    assert rows["harbor-notes.csv"] == {"draft": 2, "in_review": 1, "published": 1}
    text = page.content.decode()
    assert f"/admin/quotes/quote/?import={batch.pk}&amp;status__exact=in_review" in text
    assert "2 draft" in text


def test_each_count_is_that_of_the_list_behind_it(as_a_curator: Client) -> None:
    batch = brought_in()
    brought_in("others")
    for query, count in (("", 4), ("&status__exact=draft", 2), ("&status__exact=withdrawn", 0)):
        page = as_a_curator.get(f"{url(Quote, 'changelist')}?import={batch.pk}{query}")
        assert page.status_code == 200
        assert page.context["cl"].result_count == count, query


def test_the_list_asks_as_often_for_many_as_for_one(as_a_curator: Client) -> None:
    def queries() -> int:
        as_a_curator.get(url(Import, "changelist"))
        with CaptureQueriesContext(connection) as captured:
            assert as_a_curator.get(url(Import, "changelist")).status_code == 200
        return len(captured)

    brought_in("first", created_by=member("anna", "curator"))
    first = queries()
    for name in ("second", "third", "fourth"):
        brought_in(name, created_by=member(f"user-{name}", "curator"))
    assert queries() == first <= 12


def test_an_import_that_is_under_way_says_how_far_it_is(as_a_curator: Client) -> None:
    batch = make_import(rows=20_000, rows_done=5_000, status="staged", options={"status": "draft"})
    for address in (url(Import, "changelist"), url(batch, "change")):
        text = as_a_curator.get(address).content.decode()
        assert "5,000 of 20,000 rows" in text and "coming in" in text


def test_the_page_of_an_import_leads_to_its_quotes_doubts_and_the_way_back(
    as_a_curator: Client, as_an_editor: Client
) -> None:
    batch = brought_in()
    make_doubtful_speaker(batch)
    make_doubtful_speaker(batch, name="Neva Corrin", speaker_slug="neva-corrin")
    text = as_an_editor.get(url(batch, "change")).content.decode()
    assert f'href="/admin/quotes/quote/?import={batch.pk}"' in text
    assert "Doubtful names (1)" in text and f"/admin/quotes/doubtfulspeaker/?batch__id__exact={batch.pk}" in text
    assert url(batch, "take_back") in text
    assert url(batch, "take_back") not in as_a_curator.get(url(batch, "change")).content.decode()
    page = as_an_editor.get(f"/admin/quotes/doubtfulspeaker/?batch__id__exact={batch.pk}")
    assert page.context["cl"].result_count == 2


def test_nothing_of_an_import_is_changed_or_deleted_by_hand(as_editor: Client) -> None:
    batch = brought_in()
    assert as_editor.post(url(batch, "change"), {"source": "another"}).status_code == 403
    assert as_editor.post(url(batch, "delete"), {"post": "yes"}).status_code == 403
    assert as_editor.get(url(batch, "history")).status_code == 200
    batch.refresh_from_db()
    assert batch.source == "harbor-notes"


def test_coders_see_nothing_of_imports(db: None) -> None:
    batch = brought_in()
    coder = client_of(member("cody", "coder"))
    for page in ("changelist", "change", "history", "take_back"):
        assert coder.get(url(batch, page)).status_code == 403, page
    answer = coder.get(f"{url(Quote, 'changelist')}?import={batch.pk}")
    assert answer.headers["Location"].endswith("?e=1")
    assert "harbor-notes.csv" not in coder.get(url(batch.imported_rows.earliest("pk").quote, "change")).content.decode()


@pytest.mark.parametrize("value", ["x", "999999", "%00", "1,2"])
def test_an_import_that_is_not_there_is_refused_as_a_filter(as_a_curator: Client, value: str) -> None:
    answer = as_a_curator.get(f"{url(Quote, 'changelist')}?import={value}")
    assert answer.status_code == 302 and answer.headers["Location"].endswith("?e=1")


def test_a_quotes_page_and_its_review_say_where_it_came_from(as_an_editor: Client) -> None:
    quote = make_quote("Put them out.", source_type="unnamed", source_label="Ottoline Varga")
    batch = make_import(file_name="quotes-2019.json", format="quotebank")
    told = {"probas": [["Ottoline Varga", 0.62], ["Bertil Quill", 0.3], ["None", 0.08]]}
    doubt = make_doubtful_speaker(batch)
    make_imported_row(quote, batch=batch, row=1_812, probability=0.62, told=told, doubt=doubt)
    for page in ("change", "review"):
        text = as_an_editor.get(url(quote, page)).content.decode()
        assert "quotes-2019.json, row 1,812" in text, page
        assert "the source is 62% sure of the speaker" in text
        assert "likely: Ottoline Varga 62%, Bertil Quill 30%, nobody named 8%" in text
        assert "the name “Ottoline Varga” is doubtful" in text
        assert url(doubt, "decide") in text


@pytest.mark.parametrize("told", [None, [], {"probas": "x"}, {"probas": [["a"], [1, "b"], None, ["c", 0.5]]}])
def test_what_a_source_told_is_not_taken_for_well_formed(as_an_editor: Client, told: Any) -> None:
    quote = make_quote()
    make_imported_row(quote, told=told)
    text = as_an_editor.get(url(quote, "review")).content.decode()
    assert "harbor-notes.csv, row 2" in text and "likely:" not in text
