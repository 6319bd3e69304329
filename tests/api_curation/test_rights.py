"""Who may what: nothing without a token, by roles with one; and the public addresses stay as closed as they were."""

from __future__ import annotations

from typing import Any

import pytest

from quotes.curation import publish
from quotes.models import Quote
from tests import factories
from tests.api.asking import CLIENT as PUBLIC
from tests.api_curation.asking import BASE, CLIENT, Program, told

pytestmark = pytest.mark.django_db

METHODS = ["get", "head", "post", "put", "patch", "delete", "options"]
UID = "019bdfd3-3708-7f3f-8b39-87e92cb58961"
PATHS = [
    "",
    "people/",
    "people/nobody/",
    "people/nobody/merge/",
    "affiliations/nobody/0123456789abcdef/",
    "articles/none/snapshots/",
    "quotes/",
    f"quotes/{UID}/",
    f"quotes/{UID}/publish/",
    f"quotes/{UID}/history/",
    f"quotes/{UID}/codings/",
    "nothing/",
    "quotes",
]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", METHODS)
def test_without_a_token_there_is_nothing(db: None, path: str, method: str) -> None:
    """Not even whether there is something: the answer is the same everywhere."""
    answer = CLIENT.generic(method.upper(), f"{BASE}{path}", b"{}", content_type="application/json")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="quotebase"'
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "Authorization" in answer.headers["Vary"]


def test_a_session_is_no_token(editor: Program) -> None:
    CLIENT.force_login(editor.user)
    try:
        assert CLIENT.get(f"{BASE}people/").status_code == 401
    finally:
        CLIENT.logout()


def test_answers_are_nobody_elses_errors_included(curator: Program) -> None:
    factories.make_person(slug="neva")
    for method, path, status in (
        ("GET", "people/", 200),
        ("GET", "people/neva/", 200),
        ("HEAD", "people/neva/", 200),
        ("GET", "people/nobody/", 404),
        ("GET", "nothing/at/all", 404),
        ("GET", "people", 404),
        ("GET", "people/?x=1", 400),
        ("PUT", "people/neva/", 405),
        ("DELETE", "people/neva/", 403),
        ("OPTIONS", "people/", 200),
    ):
        answer = curator.send(method, path)
        assert answer.status_code == status, path
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert "Authorization" in answer.headers["Vary"]
    told(curator.send("GET", "people/", accept="text/html"), 406)


ATTEMPTS: list[tuple[str, str, Any]] = [
    ("POST", "people/", {}),
    ("POST", "organizations/", {}),
    ("POST", "affiliations/", {}),
    ("POST", "articles/", {}),
    ("POST", "articles/{article}/snapshots/", {}),
    ("POST", "topics/", {}),
    ("POST", "quotes/", {}),
    ("PATCH", "people/{person}/", {}),
    ("PATCH", "articles/{article}/", {}),
    ("PATCH", "topics/{topic}/", {}),
    ("PATCH", "quotes/{quote}/", {}),
    ("POST", "quotes/{quote}/submit/", {}),
    ("POST", "quotes/{quote}/publish/", {}),
    ("POST", "quotes/{quote}/withdraw/", {"reason": "No."}),
    ("POST", "people/{person}/merge/", {"into": "x"}),
    ("DELETE", "quotes/{quote}/", None),
    ("DELETE", "people/{person}/", None),
    ("DELETE", "quotes/{quote}/codings/{topic}/adjudicator/2/", None),
    ("POST", "quotes/{quote}/codings/", {}),
]
EDITORS = {
    ("POST", "topics/"), ("PATCH", "topics/{topic}/"), ("POST", "quotes/{quote}/publish/"),
    ("POST", "quotes/{quote}/withdraw/"), ("POST", "people/{person}/merge/"), ("DELETE", "quotes/{quote}/"),
    ("DELETE", "people/{person}/"), ("DELETE", "quotes/{quote}/codings/{topic}/adjudicator/2/"),
}  # fmt: skip
CODERS = {("POST", "quotes/{quote}/codings/")}


@pytest.mark.parametrize(("method", "path", "body"), ATTEMPTS, ids=lambda part: str(part))
def test_each_role_has_its_rights_and_no_others(
    coder: Program, curator: Program, editor: Program, method: str, path: str, body: Any
) -> None:
    quote, topic = factories.make_quote(), factories.make_topic()
    factories.make_coding(quote, topic)
    names = {"quote": quote.uid, "article": quote.article.slug, "person": quote.speaker.slug, "topic": topic.slug}  # type: ignore[union-attr]
    forbidden = {
        program.user.get_username()
        for program in (coder, curator, editor)
        if program.send(method, path.format(**names), body).status_code == 403
    }
    expected = {"coder", "curator", "editor"} - {"editor"}
    if (method, path) in CODERS:
        expected -= {"coder"}
    elif (method, path) not in EDITORS:
        expected -= {"curator"}
    assert forbidden == expected


def test_everybody_with_a_role_reads_the_drafts(coder: Program, curator: Program) -> None:
    quote = factories.make_quote()
    for program in (coder, curator):
        assert program.ask(f"quotes/{quote.uid}/")["status"] == "draft"
        assert program.ask("quotes/?count=1")["count"] == 1
        assert program.ask(f"articles/{quote.article.slug}/snapshots/")["results"]


def test_a_right_that_is_lacking_is_named(curator: Program) -> None:
    answer = curator.make("topics/", {}, status=403)
    assert answer["detail"] == "The user of this token lacks the right quotes.add_topic."


def test_a_role_that_is_taken_away_is_gone_at_once(curator: Program) -> None:
    assert curator.send("GET", "people/").status_code == 200
    curator.user.groups.clear()
    assert curator.send("GET", "people/").status_code == 403


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_the_public_addresses_write_nothing_for_anybody(editor: Program, method: str) -> None:
    quote = factories.make_quote(source_label="a")
    publish(quotes=[quote], actor=None)
    for path in ("quotes/", f"quotes/{quote.uid}/", "people/", "articles/"):
        for headers in ({}, {"authorization": f"Bearer {editor.text}"}):
            answer = getattr(PUBLIC, method)(
                f"/api/v1/{path}", data=b"{}", content_type="application/json", headers=headers
            )
            assert answer.status_code == 405
    assert Quote.objects.published().count() == 1


def test_a_header_turns_no_method_into_another(editor: Program) -> None:
    quote = factories.make_quote()
    answer = editor.send("GET", f"quotes/{quote.uid}/", x_http_method_override="DELETE")
    assert answer.status_code == 200
    assert Quote.objects.exists()
