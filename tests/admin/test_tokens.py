"""Tokens in the admin: everybody's own, their text shown once and kept nowhere."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, User
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.utils import timezone

from quotes.curation import make_token, revoke_token
from quotes.curation.access import find_token
from quotes.models import ApiToken
from tests.admin.conftest import client_of, make_user
from tests.admin.forms import errors, filled, notes, send, url

ADD = "/admin/quotes/apitoken/add/"
LIST = "/admin/quotes/apitoken/"


@pytest.fixture
def curator(db: None) -> User:
    user = User.objects.create_user("curator", is_staff=True)
    user.groups.add(Group.objects.get(name="curator"))
    return user


@pytest.fixture
def as_curator(curator: User) -> Client:
    return client_of(curator)


def make(client: Client, **fields: str) -> tuple[Any, str]:
    """The answer to the form, and the text of the token on its page."""
    answer = send(client, ADD, **{"name": "nightly import", **fields})
    assert answer.status_code == 200
    [text] = re.findall(r"qb_[a-z2-7]{8}_[0-9a-f]{64}", answer.content.decode())
    return answer, text


def test_a_new_token_is_shown_and_opens_the_door(as_curator: Client, curator: User) -> None:
    answer, text = make(as_curator)
    token = find_token(text)
    assert token
    assert (token.user, token.name) == (curator, "nightly import")
    assert "no-store" in answer.headers["Cache-Control"]
    assert abs(token.expires_at - timezone.now() - dt.timedelta(days=90)) < dt.timedelta(minutes=1)


def test_the_text_is_kept_nowhere_and_shown_once(as_curator: Client) -> None:
    answer, text = make(as_curator)
    secret = text.rpartition("_")[2]
    token = ApiToken.objects.get()
    assert secret not in str(answer.request)
    for address in (LIST, url(token, "change"), url(token, "history"), ADD, "/admin/"):
        assert secret not in as_curator.get(address).content.decode()
    tables = connection.introspection.table_names()
    with connection.cursor() as cursor:
        for model in (one for one in apps.get_models(include_auto_created=True) if one._meta.db_table in tables):
            cursor.execute(
                f"SELECT count(*) FROM {model._meta.db_table} AS one WHERE one::text LIKE %s", [f"%{secret}%"]
            )
            assert cursor.fetchone()[0] == 0, model
    assert not any(secret in str(session.get_decoded()) for session in Session.objects.all())
    assert not any(text in cookie.value for cookie in as_curator.cookies.values())
    assert str(LogEntry.objects.get()) == f"Added “nightly import (qb_{token.prefix}_…)”."


def test_the_page_has_no_inline_script_or_style(as_curator: Client) -> None:
    page = make(as_curator)[0].content.decode()
    assert not re.search(r"<script>|<style| style=| onclick=", page)
    assert "quotes/admin/token.js" in page


def test_there_is_one_button(as_curator: Client) -> None:
    page = as_curator.get(ADD).content.decode()
    assert re.findall(r'type="submit" value="([^"]+)"[^>]*name="_', page) == ["Save"]


def test_the_name_is_no_markup(as_curator: Client) -> None:
    page = make(as_curator, name="<script>alert(1)</script>")[0].content.decode()
    assert "<script>alert" not in page


@pytest.mark.parametrize("days", ["30", "90", "365"])
def test_a_token_works_for_as_long_as_was_chosen(as_curator: Client, days: str) -> None:
    make(as_curator, lasts=days)
    left = ApiToken.objects.get().expires_at - timezone.now()
    assert abs(left - dt.timedelta(days=int(days))) < dt.timedelta(minutes=1)


@pytest.mark.parametrize("ahead", [0, 10, 365])
def test_a_token_works_to_the_end_of_its_last_day(as_curator: Client, ahead: int) -> None:
    last = timezone.now().date() + dt.timedelta(days=ahead)
    make(as_curator, lasts="until", until=last.isoformat())
    token = ApiToken.objects.get()
    assert token.expires_at <= token.created_at + dt.timedelta(days=366)
    assert (token.expires_at - dt.timedelta(seconds=1)).date() == last or ahead == 365


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"name": ""}, "This field is required"),
        ({"name": "  "}, "This field is required"),
        ({"lasts": "10000"}, "Select a valid choice"),
        ({"lasts": "until"}, "Say which day"),
        ({"lasts": "30", "until": "2999-01-01"}, "Choose “until a day” above"),
        ({"lasts": "until", "until": "2020-01-01"}, "from today, for a year at most"),
        ({"lasts": "until", "until": "2999-01-01"}, "from today, for a year at most"),
        ({"lasts": "until", "until": "soon"}, "Enter a valid date"),
        ({"name": "nul \0"}, "Null characters"),
    ],
)
def test_what_cannot_be_is_refused(as_curator: Client, fields: dict[str, str], said: str) -> None:
    assert said in errors(send(as_curator, ADD, **fields if "name" in fields else {"name": "x", **fields}))
    assert not ApiToken.objects.exists()


def test_everybody_sees_their_own_and_a_superuser_everybodys(as_curator: Client, as_editor: Client) -> None:
    make(as_curator, name="the curator's")
    make(as_editor, name="the editor's")
    theirs = ApiToken.objects.get(user__username="editor")
    assert "the editor" not in as_curator.get(LIST).content.decode()
    everything = as_editor.get(LIST).content.decode()
    assert "the editor" in everything
    assert "the curator" in everything
    for page in ("change", "history"):
        assert as_curator.get(url(theirs, page)).status_code in {302, 404}
        assert as_editor.get(url(theirs, page)).status_code == 200
    for method in (as_curator.get, as_curator.post):
        assert method(url(theirs, "revoke")).status_code == 404
    assert ApiToken.objects.get(pk=theirs.pk).state == "usable"


def test_nobody_makes_one_for_somebody_else(as_editor: Client, editor: User, curator: User) -> None:
    assert set(filled(as_editor, ADD)) == {"name", "lasts", "until"}
    make(as_editor, user=str(curator.pk))
    assert ApiToken.objects.get().user == editor


def test_a_token_is_neither_changed_nor_deleted(as_editor: Client) -> None:
    make(as_editor)
    token = ApiToken.objects.get()
    assert as_editor.post(url(token, "change"), {"name": "x"}).status_code == 403
    assert as_editor.post(url(token, "delete"), {"post": "yes"}).status_code == 403
    as_editor.post(LIST, {"action": "delete_selected", "_selected_action": [token.pk], "post": "yes"})
    assert ApiToken.objects.get().name == "nightly import"


def test_a_token_is_revoked_after_a_question(as_curator: Client) -> None:
    _, text = make(as_curator)
    token = ApiToken.objects.get()
    assert url(token, "revoke") in as_curator.get(url(token, "change")).content.decode()
    assert "refused from then on" in as_curator.get(url(token, "revoke")).content.decode()
    assert find_token(text)
    assert "revoked." in notes(as_curator, as_curator.post(url(token, "revoke")))
    assert find_token(text) is None
    page = as_curator.get(url(token, "change")).content.decode()
    assert url(token, "revoke") not in page
    assert "qb-revoked" in page


def test_selected_tokens_are_revoked_own_ones_alone(as_curator: Client, editor: User) -> None:
    make(as_curator)
    theirs, _ = make_token(user=editor, name="theirs")
    keys = list(ApiToken.objects.values_list("pk", flat=True))
    said = notes(as_curator, as_curator.post(LIST, {"action": "revoke", "_selected_action": keys}))
    assert "1 token revoked." in said
    assert ApiToken.objects.get(pk=theirs.pk).revoked_at is None


def test_a_superuser_revokes_everybodys(as_editor: Client, curator: User) -> None:
    token, _ = make_token(user=curator, name="theirs")
    as_editor.post(url(token, "revoke"))
    assert ApiToken.objects.get().state == "revoked"


def test_the_history_says_who_made_and_who_revoked(as_curator: Client, editor: User) -> None:
    make(as_curator)
    token = ApiToken.objects.get()
    client_of(editor).post(url(token, "revoke"))
    page = as_curator.get(url(token, "history"))
    assert [(entry.label, entry.who) for entry in page.context["page"]] == [("changed", "editor"), ("added", "curator")]


def test_the_list_asks_as_often_for_many_as_for_one(as_editor: Client, curator: User) -> None:
    from django.test.utils import CaptureQueriesContext

    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            as_editor.get(LIST)
        return len(captured)

    make_token(user=curator, name="one")
    as_editor.get(LIST)
    few = count()
    for _ in range(4):
        make_token(user=curator, name="more")
    revoke_token(token=ApiToken.objects.all()[0], actor=None)
    assert count() == few


def test_who_has_no_role_has_no_tokens(db: None) -> None:
    stranger = client_of(make_user("stranger"))
    for address in (LIST, ADD):
        assert stranger.get(address).status_code == 403
    assert "API token" not in stranger.get("/admin/").content.decode()


def test_the_index_has_them_last(as_curator: Client) -> None:
    assert [section["name"] for section in as_curator.get("/admin/").context["app_list"]][-1] == "Access"
