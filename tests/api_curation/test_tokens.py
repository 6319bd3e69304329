"""Tokens: kept as a hash, refused alike whatever is wrong with them, and used to the hour."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from quotes.curation import CurationError, make_token, revoke_token
from quotes.curation.access import find_token
from quotes.models import ApiToken
from tests.api_curation.asking import BASE, CLIENT, Program, make_user

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def user() -> User:
    return make_user("ottoline", "curator")


def knock(header: str | None) -> Any:
    return CLIENT.get(f"{BASE}people/", headers={"authorization": header} if header is not None else {})


def test_a_token_is_a_prefix_to_find_it_by_and_256_bits_that_are_kept_nowhere(user: User) -> None:
    token, text = make_token(user=user, name=" nightly import ")
    assert text.startswith(f"qb_{token.prefix}_")
    secret = text.rpartition("_")[2]
    assert len(bytes.fromhex(secret)) == 32
    assert token.name == "nightly import"
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(token)::text FROM quotes_apitoken AS token")
        assert secret not in cursor.fetchone()[0]


def test_two_tokens_have_nothing_in_common(user: User) -> None:
    (one, first), (other, second) = make_token(user=user, name="a"), make_token(user=user, name="b")
    assert one.prefix != other.prefix
    assert first.rpartition("_")[2] != second.rpartition("_")[2]
    assert find_token(first) == one
    assert find_token(f"qb_{one.prefix}_{second.rpartition('_')[2]}") is None


def test_a_token_works_for_90_days_unless_told_otherwise(user: User) -> None:
    token, _ = make_token(user=user, name="a script")
    assert token.expires_at - token.created_at == dt.timedelta(days=90)


@pytest.mark.parametrize("days", [-1, 0, 367, 100_000])
def test_a_token_expires_within_a_year(user: User, days: int) -> None:
    with pytest.raises(ValidationError, match="within a year"):
        make_token(user=user, name="a script", expires_at=timezone.now() + dt.timedelta(days=days))


def test_a_token_has_a_name(user: User) -> None:
    with pytest.raises(ValidationError, match="name"):
        make_token(user=user, name="  ")


@pytest.mark.parametrize("scheme", ["Bearer", "Token", "bearer", "TOKEN"])
def test_a_token_opens_the_door(user: User, scheme: str) -> None:
    _, text = make_token(user=user, name="a script")
    assert knock(f"{scheme} {text}").status_code == 200


def revoked(token: ApiToken) -> None:
    revoke_token(token=token, actor=None)


def expired(token: ApiToken) -> None:
    ApiToken.objects.update(created_at=timezone.now() - 2 * HOUR, expires_at=timezone.now() - HOUR)


def of_somebody_who_left(token: ApiToken) -> None:
    User.objects.update(is_active=False)


@pytest.mark.parametrize("spoil", [revoked, expired, of_somebody_who_left])
def test_what_opens_the_door_no_more_is_refused_as_what_never_did(user: User, spoil: Any) -> None:
    token, text = make_token(user=user, name="a script")
    spoil(token)
    never = knock("Bearer qb_aaaaaaaa_" + "0" * 64)
    answer = knock(f"Bearer {text}")
    assert answer.status_code == never.status_code == 401
    assert answer.content == never.content
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="quotebase"'


@pytest.mark.parametrize(
    "header",
    [
        "Bearer",
        "Bearer ",
        "Token",
        "Bearer x",
        "Bearer qb_",
        "Basic !!!",
        "Basic //46/w==",
        "Bearer a\0b",
        "Bearer " + "é" * 30,
        "Token " + "a" * 7000,
        "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.",
        "nonsense",
        ",;=",
    ],
)
def test_a_malformed_header_is_a_401(header: str) -> None:
    answer = knock(header)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="quotebase"'
    assert answer.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("header", [None, "", "  "])
def test_no_header_and_an_empty_one_are_nobody(header: str | None) -> None:
    answer = knock(header)
    assert answer.status_code == 401
    assert json.loads(answer.content)["title"] == "Unauthorized"


def test_the_letters_of_a_token_count(user: User) -> None:
    _, text = make_token(user=user, name="a script")
    for other in (text.upper(), text + "\n", " " + text[:-1], text[:-1] + "g"):
        assert find_token(other) is None


def test_a_use_is_noted_once_an_hour(user: User) -> None:
    _, text = make_token(user=user, name="a script")
    assert find_token(text)
    first = ApiToken.objects.get().last_used_at
    assert first
    find_token(text)
    assert ApiToken.objects.get().last_used_at == first
    ApiToken.objects.update(last_used_at=first - 2 * HOUR)
    find_token(text)
    assert ApiToken.objects.get().last_used_at > first - HOUR


def test_a_refused_secret_is_no_use(user: User) -> None:
    _, text = make_token(user=user, name="a script")
    assert find_token(text[:-1] + ("1" if text.endswith("0") else "0")) is None
    assert ApiToken.objects.get().last_used_at is None


def test_a_token_is_revoked_once_and_by_its_own(user: User) -> None:
    token, _ = make_token(user=user, name="a script")
    stranger = make_user("stranger", "editor")
    with pytest.raises(CurationError, match="somebody else's"):
        revoke_token(token=token, actor=stranger)
    first = revoke_token(token=token, actor=user).revoked_at
    assert first
    assert revoke_token(token=token, actor=User.objects.create_superuser("root")).revoked_at == first


def test_the_history_has_the_making_and_the_revoking_without_the_hash(user: User) -> None:
    token, text = make_token(user=user, name="a script")
    find_token(text)
    revoke_token(token=token, actor=user)
    events = apps.get_model("quotes", "ApiTokenEvent").objects.order_by("pgh_id")
    assert [event.pgh_label for event in events] == ["insert", "update"]
    assert "digest" not in {field.name for field in events.model._meta.fields}


def test_the_root_says_whose_token_it_is(editor: Program) -> None:
    answer = editor.ask("")
    assert answer["user"]["name"] == "editor"
    assert answer["user"]["roles"] == ["editor"]
    assert answer["people"].endswith("/api/v1/curation/people/")
