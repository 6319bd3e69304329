"""The page on which a file is brought in: looked at first, then brought in as it was looked at, without a second upload."""

from __future__ import annotations

import csv
import json
import os
import time
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from quotes.admin.importing import keeping, screen
from quotes.admin.importing.keeping import plain_name
from quotes.models import Affiliation, Article, DoubtfulSpeaker, Import, ImportedRow, Person, Quote
from quotes.vocabulary import ImportStatus
from tests.admin.conftest import client_of
from tests.admin.forms import notes
from tests.admin.importing.conftest import PLACE, TABLE, bring_in, faults, look, quotebank_lines
from tests.factories import make_person
from tests.waiting import member

pytestmark = pytest.mark.django_db


def counts(page: Any) -> dict[str, int]:
    return dict(page.context["preview"].counts)


def names(page: Any) -> dict[str, list[str]]:
    return {one.label: [name for name, _ in one.rows] for one in page.context["preview"].names}


def test_a_table_is_looked_at_and_nothing_is_written(as_a_curator: Client) -> None:
    page = look(as_a_curator, TABLE)
    assert page.status_code == 200, page
    assert (counts(page)["rows"], counts(page)["new quotes"]) == (2, 2)
    assert names(page)["New people"] == ["Ottoline Varga", "Bertil Quill"]
    assert names(page)["New articles"] == ["The vote"]
    assert not Import.objects.exists() and not Person.objects.exists() and not Quote.objects.exists()
    assert "Bring in" in page.content.decode()


def test_what_was_shown_is_brought_in_without_a_second_upload(as_a_curator: Client, uploads: Path) -> None:
    answer = bring_in(as_a_curator, look(as_a_curator, TABLE, status="in_review"))
    assert "harbor-notes.csv is in." in notes(as_a_curator, answer)
    batch = Import.objects.get()
    assert answer.headers["Location"] == f"/admin/quotes/import/{batch.pk}/change/"
    assert (batch.file_name, batch.source, batch.rows) == ("harbor-notes.csv", "harbor-notes", 2)
    assert batch.created_by and batch.created_by.username == "ruth"
    assert set(Quote.objects.values_list("status", "created_by__username")) == {("in_review", "ruth")}
    assert not list(uploads.iterdir()), "what is in need not be kept"


def test_the_collection_and_the_defaults_are_as_they_were_said(as_a_curator: Client) -> None:
    table = "id,text,speaker_name,url\nh1,Put them out.,Bertil Quill,https://gazette.example/vote\n"
    page = look(as_a_curator, table, source="the-notebook", defaults="article_title = The vote\n\nlanguage=fr")
    bring_in(as_a_curator, page)
    assert Import.objects.get().source == "the-notebook"
    article = Article.objects.get()
    assert (article.title, article.language) == ("The vote", "fr")


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ({"name": "notes.json"}, "does not say what the file is"),
        ({"defaults": "standing"}, "is not COLUMN=VALUE"),
        ({"defaults": "standign=current"}, "Did you mean"),
        ({"defaults": "kind=direct\nkind=partial"}, "said twice"),
        ({"format": "gdelt", "defaults": "kind=direct"}, "has no columns"),
        ({"format": "zebra"}, "not one of the available choices"),
        ({"status": "published"}, "not one of the available choices"),
    ],
)
def test_what_is_said_wrongly_is_named(as_a_curator: Client, said: dict[str, str], fault: str) -> None:
    assert fault in faults(look(as_a_curator, TABLE, **said))
    assert not Import.objects.exists()


def test_a_file_is_needed(as_a_curator: Client) -> None:
    assert "Choose a file." in faults(as_a_curator.post(PLACE, {"step": "look", "status": "draft"}))


def test_refusals_are_listed_with_their_place_and_can_be_taken_home(as_a_curator: Client) -> None:
    page = look(as_a_curator, TABLE.replace("former", "=former").replace("2025-03-04\n", "2025-02-30\n", 1))
    text = page.content.decode()
    assert "Bring in" not in text and "2025-02-30" in text
    file = as_a_curator.get(f"{PLACE}refusals.csv?upload={page.context['kept'].token}")
    assert file.headers["Content-Disposition"] == 'attachment; filename="refusals.csv"'
    rows = list(csv.reader(b"".join(file.streaming_content).decode().splitlines()))
    assert rows[0] == ["row", "column", "value", "reason", "code"]
    assert [row[:3] for row in rows[1:]] == [["2", "published", "2025-02-30"], ["3", "standing", "'=former"]]


def test_what_is_refused_is_not_brought_in_whatever_is_sent(as_a_curator: Client) -> None:
    page = look(as_a_curator, TABLE.replace("former", "formerly"))
    assert faults(bring_in(as_a_curator, page, leave_out="on"))
    assert not Import.objects.exists()


def test_it_can_be_looked_at_again_with_other_words_and_the_same_file(as_a_curator: Client) -> None:
    page = look(
        as_a_curator,
        "text,person,url\nPut them out.,Bertil Quill,https://gazette.example/vote\n",
        name="notes.txt",
        format="csv",
    )
    assert page.context["preview"].refused
    said = {"step": "look", "upload": page.context["kept"].token, "format": "csv", "status": "draft"}
    page = as_a_curator.post(PLACE, {**said, "defaults": "article_title=The vote"})
    assert not page.context["preview"].refused
    bring_in(as_a_curator, page)
    assert Import.objects.get().file_name == "notes.txt"


def test_nothing_is_brought_in_when_the_database_has_changed_since(as_a_curator: Client) -> None:
    page = look(as_a_curator, TABLE)
    make_person("Ottoline Varga", slug="ottoline")
    again = bring_in(as_a_curator, page)
    assert "the database has changed since you looked" in faults(again)
    assert not Import.objects.exists()
    assert names(again)["Known people"] == ["Ottoline Varga"]
    assert bring_in(as_a_curator, again).status_code == 302
    assert ImportedRow.objects.get(external_id="h1").quote.speaker == Person.objects.get(slug="ottoline")


def test_a_file_that_is_gone_is_asked_for_again_and_what_was_said_stays(as_a_curator: Client, uploads: Path) -> None:
    page = look(as_a_curator, TABLE, source="the-notebook")
    [folder] = uploads.iterdir()
    os.utime(folder, (time.time() - 86_400,) * 2)
    as_a_curator.get(PLACE)
    assert not list(uploads.iterdir())
    gone = bring_in(as_a_curator, page)
    assert "not kept any more" in faults(gone)
    assert gone.context["form"]["source"].value() == "the-notebook"
    answer = as_a_curator.get(f"{PLACE}refusals.csv?upload={page.context['kept'].token}")
    assert "not kept any more" in notes(as_a_curator, answer)


def test_a_file_is_kept_for_the_session_of_its_uploader_alone(as_a_curator: Client, as_an_editor: Client) -> None:
    page = look(as_a_curator, TABLE.replace("former", "formerly"))
    assert "not kept any more" in faults(bring_in(as_an_editor, page))
    answer = as_an_editor.get(f"{PLACE}refusals.csv?upload={page.context['kept'].token}")
    assert answer.status_code == 302
    assert client_of(member("other", "curator")).get(PLACE).status_code == 200


@pytest.mark.parametrize("token", ["../../etc", "x" * 32, "", "%00"])
def test_an_address_that_names_no_upload_finds_none(as_a_curator: Client, token: str) -> None:
    assert as_a_curator.get(f"{PLACE}refusals.csv", {"upload": token}).status_code == 302


def test_files_are_kept_privately_and_only_a_few(as_a_curator: Client, uploads: Path) -> None:
    for _ in range(keeping.MOST + 2):
        look(as_a_curator, TABLE)
    assert len(list(uploads.iterdir())) == keeping.MOST
    assert {path.stat().st_mode & 0o77 for path in uploads.rglob("*") if path.name != "refusals.csv"} == {0}


@pytest.mark.parametrize(
    ("name", "plain"),
    [("C:\\notes\\a.csv", "a.csv"), ("ä" * 300 + ".csv", "ä" * 98 + ".csv"), ("\x00\n", "file"), (".csv", "csv")],
)
def test_a_name_becomes_one_that_a_file_can_have(name: str, plain: str) -> None:
    assert plain_name(name) == plain


def test_a_file_that_is_too_large_leads_to_the_command(as_a_curator: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screen, "MAX_FILE_BYTES", 100)
    page = look(as_a_curator, quotebank_lines("Ottoline Varga"), "quotes-2019.json", format="quotebank")
    assert "python manage.py import_quotes FILE --format quotebank" in faults(page)
    assert "kept" not in page.context or page.context["kept"] is None


def test_a_corpus_comes_in_and_its_doubtful_names_wait(as_a_curator: Client) -> None:
    for slug in ("ottoline", "ottoline-2"):
        make_person("Ottoline Varga", slug=slug)
    lines = quotebank_lines("Ottoline Varga", "Neva Corrin", "Ottoline Varga")
    page = look(as_a_curator, lines, "quotes-2019.json", format="quotebank", source="the-bank")
    assert names(page)["Doubtful names"] == ["Ottoline Varga"]
    assert counts(page)["new quotes"] == 3
    assert not Quote.objects.exists()
    answer = bring_in(as_a_curator, page)
    assert "1 of its names is doubtful" in notes(as_a_curator, answer)
    batch = Import.objects.get()
    assert (batch.file_name, batch.source, batch.status) == ("quotes-2019.json", "the-bank", ImportStatus.APPLIED)
    assert DoubtfulSpeaker.objects.get().imported_rows.count() == 2


def test_a_tables_doubtful_names_are_shown_with_whom_they_may_mean(as_a_curator: Client) -> None:
    for slug in ("varga-1", "varga-2"):
        make_person("Ottoline Varga", slug=slug)
    page = look(as_a_curator, TABLE)
    assert names(page)["Doubtful names"] == ["Ottoline Varga"]
    assert "varga-1 varga-2" in page.content.decode()
    bring_in(as_a_curator, page)
    assert DoubtfulSpeaker.objects.get().name == "Ottoline Varga"


def test_refused_lines_of_a_corpus_are_left_out_when_that_is_said(as_a_curator: Client) -> None:
    lines = quotebank_lines("Ottoline Varga") + '\n{"quoteID": 7}\nnot JSON'
    page = look(as_a_curator, lines, "quotes-2019.json", format="quotebank")
    assert counts(page)["refused"] == 2
    assert "Say that what is refused is to be left out." in faults(bring_in(as_a_curator, page))
    assert not Quote.objects.exists()
    bring_in(as_a_curator, page, leave_out="on")
    assert Quote.objects.count() == 1


def test_a_damaged_corpus_is_told_and_writes_nothing(as_a_curator: Client) -> None:
    page = look(as_a_curator, b"\x1f\x8b\x08\x00 no gzip", "quotes.json.gz", format="quotebank")
    assert "damaged" in faults(page)


def test_popolo_brings_people_and_no_quotes(as_a_curator: Client) -> None:
    people = {
        "persons": [{"id": "p1", "name": "Ottoline Varga"}],
        "organizations": [{"id": "o1", "name": "Harbor Watch"}],
        "memberships": [{"person_id": "p1", "organization_id": "o1", "role": "warden"}],
    }
    page = look(as_a_curator, json.dumps(people), "council.json", format="popolo")
    assert counts(page)["new people"] == counts(page)["new affiliations"] == 1
    assert bring_in(as_a_curator, page).status_code == 302
    assert Affiliation.objects.get().role == "warden"
    page = look(as_a_curator, json.dumps(people), "council.json", format="popolo")
    assert not page.context["preview"].may_apply
    assert "Nothing of it is new" in page.content.decode()


def test_coders_and_strangers_bring_nothing_in(db: None) -> None:
    coder = client_of(member("cody", "coder"))
    for address in (PLACE, f"{PLACE}refusals.csv", "/admin/quotes/import/", "/admin/quotes/doubtfulspeaker/"):
        assert coder.get(address).status_code == 403, address
    assert look(coder, TABLE).status_code == 403
    assert Client().get(PLACE).headers["Location"].startswith("/admin/login/")
    assert "mport" not in coder.get("/admin/").content.decode().partition("content-main")[2].replace("important", "")


def test_the_ways_to_the_page_are_for_those_who_may(as_a_curator: Client) -> None:
    for address in ("/admin/", "/admin/quotes/inbox/", "/admin/quotes/import/"):
        assert f'href="{PLACE}"' in as_a_curator.get(address).content.decode(), address
    assert as_a_curator.get("/admin/quotes/import/add/").headers["Location"] == PLACE
