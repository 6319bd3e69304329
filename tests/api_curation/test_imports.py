"""Bringing in tables and articles over HTTP: what is answered, and that no form is bad enough for a 5xx."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http.request import UnreadablePostError
from jsonschema import Draft202012Validator

from quotes.api.curation import imports
from quotes.models import Article, Import, Quote
from quotes.reading import fetching
from tests.api_curation.asking import BASE, CLIENT, Program
from tests.datasets import ROW, table
from tests.factories import make_person
from tests.reading import PAGE, answer, loopback_rules, serving

pytestmark = pytest.mark.django_db

AUTHORIZATION: dict[str, str] = {}


@pytest.fixture(autouse=True)
def curators(curator: Program) -> None:
    """Whatever is sent here is sent with a curator's token."""
    AUTHORIZATION["authorization"] = f"Bearer {curator.text}"


def told(response: Any, status: int) -> Any:
    """The JSON of the answer, which must have this status."""
    assert response.status_code == status, response.content.decode()
    assert response["Content-Type"].startswith("application/problem+json" if status >= 400 else "application/json")
    assert response["Cache-Control"] == "private, no-store"
    return json.loads(response.content)


def send(content: bytes = table(ROW), query: str = "", status: int = 202, **members: Any) -> Any:
    """`said` are members of the form that have the names of these parameters."""
    members |= members.pop("said", {})
    upload = SimpleUploadedFile(members.pop("name", "harbor-notes.csv"), content)
    return told(CLIENT.post(f"{BASE}imports/{query}", {"file": upload, **members}, headers=AUTHORIZATION), status)


def send_raw(body: bytes, status: int, *, content_type: str = "multipart/form-data; boundary=XX", **meta: Any) -> Any:
    address = f"{BASE}imports/"
    return told(CLIENT.generic("POST", address, body, content_type=content_type, headers=AUTHORIZATION, **meta), status)


@pytest.mark.parametrize(("said", "status"), [({}, "draft"), ({"status": "in_review"}, "in_review")])
def test_quotes_start_as_drafts_or_in_review(said: dict[str, str], status: str) -> None:
    send(query="?apply=1", status=201, said=said)
    assert Quote.objects.get().status == status


def test_quotes_do_not_start_as_published() -> None:
    problem = send(query="?apply=1", status=400, said={"status": "published"})
    assert [(error["param"], error["code"]) for error in problem["errors"]] == [("status", "unknown_value")]
    assert not Quote.objects.exists()


def test_a_table_is_looked_at_and_nothing_is_written() -> None:
    assert send() == {
        "file": "harbor-notes.csv",
        "source": "harbor-notes",
        "rows": 1,
        "new": 1,
        "known": 0,
        "anchored": 0,
        "columns_left_out": [],
        "made": [
            {"kind": "person", "slug": "ottoline-varga", "name": "Ottoline Varga"},
            {"kind": "article", "slug": "the-vote", "name": "The vote"},
        ],
        "matched": {},
        "doubtful": [],
    }
    assert not Quote.objects.exists()
    assert send(query="?apply=0")["new"] == 1


def test_a_table_is_brought_in_when_told_so_by_whom_is_kept(curator: Program) -> None:
    made = send(query="?apply=1", status=201)
    batch = Import.objects.get()
    assert (made["uid"], made["new"], batch.created_by) == (str(batch.uid), 1, curator.user)
    assert Quote.objects.get().created_by == curator.user


def test_a_plan_names_who_is_in_doubt_and_is_as_the_document_describes_it() -> None:
    for slug in ("one", "two"):
        make_person("Ottoline Varga", slug=slug)
    document = CLIENT.get("/api/schema/", headers={"accept": "application/vnd.oai.openapi+json"}).json()
    described = {"$ref": "#/components/schemas/Plan", "components": document["components"]}
    for plan in (send(), send(query="?apply=1", status=201), send(query="?apply=1", status=200)):
        Draft202012Validator(described).validate(plan)
    assert send(table(ROW.replace("h1", "h2")))["doubtful"] == [
        {"name": "Ottoline Varga", "candidates": ["one", "two"], "rows": 1}
    ]
    assert Quote.objects.get().source_type == "unnamed"


def test_without_a_token_or_the_right_nothing_is_even_looked_at(coder: Program) -> None:
    for address in (f"{BASE}imports/", f"{BASE}articles/import/"):
        assert CLIENT.post(address).status_code == 401
        assert coder.send("POST", address, {}).status_code == 403


def test_the_same_table_again_is_no_new_import() -> None:
    send(query="?apply=1", status=201)
    again = send(query="?apply=1", status=200)
    assert (again["known"], "uid" in again) == (1, False)
    assert Import.objects.count() == 1


def test_a_form_may_name_format_collection_and_defaults() -> None:
    content = table(ROW + ",Harbor Watch", header="id,text,speaker,article_url,title,organization")
    made = send(
        content, name="notes", format="csv", source="harbor-archive", default=["standing=current", "kind=partial"]
    )
    assert made["source"] == "harbor-archive"


@pytest.mark.parametrize("query", ["", "?apply=1"])
def test_every_refusal_has_its_place(query: str) -> None:
    problem = send(table(ROW, "h2,,Ottoline Varga,https://gazette.example/vote,The vote"), query, 400)
    assert problem["errors"] == [
        {
            "location": "file",
            "code": "missing",
            "detail": "text is empty. The words, verbatim.",
            "param": "text",
            "row": 3,
        }
    ]
    assert problem["detail"] == "Nothing was written."
    assert not Quote.objects.exists()


def test_of_many_refusals_the_first_are_told_and_how_many_there_are() -> None:
    rows = [f"h{number},,Ottoline Varga,https://gazette.example/vote,The vote" for number in range(150)]
    problem = send(table(*rows), status=400)
    assert len(problem["errors"]) == 100
    assert problem["detail"] == "Nothing was written. These are the first 100 of 150 refusals."


@pytest.mark.parametrize("query", ["?apply=yes", "?apply=1&apply=1", "?aply=1", "?apply="])
def test_a_parameter_that_is_not_understood_is_refused(query: str) -> None:
    assert send(query=query, status=400)["errors"][0]["location"] == "query"


@pytest.mark.parametrize("members", [{"formt": "csv"}, {"default": "standing"}, {"default": "=current"}])
def test_a_member_that_is_not_understood_is_refused(members: dict[str, str]) -> None:
    assert send(status=400, **members)["errors"][0]["location"] == "body"


PART = b'--XX\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n'


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"--XX--\r\n",
        b"--XX\r\n",
        b"\r\n" * 1000,
        b"no form at all",
        PART,
        PART + b"\r\n",
        PART + b"\r\ntext\r\n--XX",
        PART + b"Content-Transfer-Encoding: base64\r\n\r\n!!!!!\r\n--XX--\r\n",
        PART + b"Content-Type: text/csv; charset=bogus\r\n\r\ntext\r\n--XX--\r\n",
        b"--XX\r\nContent-Disposition: form-data; name=\"file\"; filename*=bogus''a.csv\r\n\r\ntext\r\n--XX--\r\n",
        b"--XX\r\nContent-Disposition: form-data; filename*=utf-8''%ff%fe; name=\"file\"\r\n\r\ntext\r\n--XX--\r\n",
        b'--XX\r\nContent-Disposition: form-data; name="file\x00"; filename="a\x00.csv"\r\n\r\ntext\r\n--XX--\r\n',
        b'--XX\r\nContent-Disposition: form-data; name="file"\r\n\r\ntext\r\n--XX--\r\n',
        b'--XX\r\nContent-Disposition: form-data; name="file"; filename="../../etc/a.csv"\r\n\r\n\xff\r\n--XX--\r\n',
        (PART + b"\r\ntext\r\n") * 2 + b"--XX--\r\n",
        (PART + b"\r\ntext\r\n") * 200 + b"--XX--\r\n",
        b'--XX\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n' * 1500 + b"--XX--\r\n",
        b"--XX\r\n" + b"X" * 200_000 + b"\r\n\r\n--XX--\r\n",
        b'--XX\r\nContent-Disposition: form-data; name="default"\r\n\r\n' + b"a" * 3_000_000 + b"\r\n--XX--\r\n",
    ],
    ids=range(20),
)
def test_a_form_that_is_none_is_refused(body: bytes) -> None:
    send_raw(body, 400)


@pytest.mark.parametrize(
    "content_type",
    ["multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=" + "X" * 201,
     "multipart/form-data; boundary=\xe9", "multipart/form-data; boundary=XX; charset=bogus"],
)  # fmt: skip
def test_a_boundary_that_is_none_is_refused(content_type: str) -> None:
    send_raw(b"--XX--\r\n", 400, content_type=content_type)


@pytest.mark.parametrize("content_type", ["application/json", "text/csv", "application/x-www-form-urlencoded"])
def test_what_is_no_form_is_not_supported(content_type: str) -> None:
    send_raw(b"{}", 415, content_type=content_type)


@pytest.mark.parametrize("length", ["60000000", "9" * 19, "9" * 20, "1" * 5000])
def test_an_upload_that_says_it_is_too_large_is_refused_before_it_is_read(length: str) -> None:
    problem = send_raw(b"--XX\r\n", 413, CONTENT_LENGTH=length)
    assert problem["detail"] == "A file of at most 50 MB comes in here."


@pytest.mark.parametrize("length", ["many", "-1", "1e9", "0x10", "\uff11", "5, 5", "1_000"])
def test_an_upload_whose_length_is_no_number_is_refused(length: str) -> None:
    [error] = send_raw(b"--XX\r\n", 400, CONTENT_LENGTH=length)["errors"]
    assert (error["location"], error["code"]) == ("body", "invalid_length")


def test_an_upload_that_breaks_off_is_refused() -> None:
    class Broken(io.BytesIO):
        def read(self, *_: Any) -> bytes:
            raise UnreadablePostError("the client went away")

    send_raw(b"--XX", 400, **{"wsgi.input": Broken(), "CONTENT_LENGTH": "900"})


# Articles

ARTICLE = (
    b"<html lang='en-GB'><head><title>The vote</title><meta property='og:site_name' content='Lantern Gazette'></head><body>"
    b"<article><p>The council of Sutherby met on Tuesday to talk about the lanterns, and stayed until midnight.</p></article>"
)


def read(body: bytes, status: int) -> Any:
    address = f"{BASE}articles/import/"
    return told(CLIENT.generic("POST", address, body, content_type="application/json", headers=AUTHORIZATION), status)


def test_an_article_is_fetched_read_and_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(answer(ARTICLE)) as server:
        monkeypatch.setattr(imports, "fetch", lambda url: fetching.fetch_under(loopback_rules(server), url))
        body = json.dumps({"url": server.url("/vote")}).encode()
        made = read(body, 201)
        assert read(body, 200)["is_new_text"] is False
    article = Article.objects.get()
    assert (article.title, article.language, article.snapshots.count()) == ("The vote", "en-GB", 1)
    assert (made["slug"], made["is_new"], made["unmatched_outlet"]) == ("the-vote", True, "Lantern Gazette")


def test_a_page_without_an_article_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(answer(b"<html></html>")) as server:
        monkeypatch.setattr(imports, "fetch", lambda url: fetching.fetch_under(loopback_rules(server), url))
        [error] = read(json.dumps({"url": server.url()}).encode(), 400)["errors"]
    assert (error["param"], error["code"]) == ("url", "no_article")


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1/", "http://[::1]/", "http://2130706433/", "http://localhost/", "file:///etc/passwd", ""]
)
def test_an_address_inside_is_refused(url: str) -> None:
    with serving(answer(PAGE)):
        [error] = read(json.dumps({"url": url}).encode(), 400)["errors"]
    assert (error["location"], error["param"], error["code"]) == ("body", "url", "unsupported_address")


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"[]", b"5", b'{"url": 5}', b'{"url": null}', b'{"url": "a", "b": 1}', b"\xff", b"[" * 100_000]
)
def test_a_body_that_is_no_address_is_refused(body: bytes) -> None:
    read(body, 400)


def test_annotations_of_hypothesis_come_in_over_http() -> None:
    selector = {"type": "TextQuoteSelector", "exact": "The lanterns watch everyone.", "prefix": "“", "suffix": "”"}
    annotation = {
        "id": "a1",
        "uri": "https://gazette.example/vote",
        "document": {"title": ["The vote"]},
        "tags": ["speaker:Ottoline Varga"],
        "target": [{"selector": [selector]}],
    }
    content = json.dumps({"total": 1, "rows": [annotation]}).encode()
    send(content, "?apply=1", 201, name="marked.json", format="hypothesis")
    assert Quote.objects.get().segments == [{"prefix": "“", "suffix": "”"}]
