"""Errors are problem details (RFC 9457), say where the fault lies, and are never ours: no input brings out a 5xx."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DataError
from django.http import HttpResponse

from quotes.api import problems
from quotes.api.views import ArticleList, OrganizationList, PersonList, QuoteList, TopicList
from quotes.curation import withdraw
from quotes.models import Quote
from tests.api.asking import API, CLIENT, ask, draft, published, refused
from tests.factories import make_person

pytestmark = pytest.mark.django_db

MISSING = "019bdfd3-3708-7f3f-8b39-87e92cb58961"
LISTS = {
    "quotes/": QuoteList,
    "people/": PersonList,
    "organizations/": OrganizationList,
    "articles/": ArticleList,
    "topics/": TopicList,
}
PARAMETERS = [
    (path, name)
    for path, view in LISTS.items()
    for name in sorted({*view.filterset_class.base_filters, "cursor", "page_size", "count", "ordering"})
]


def problem(answer: HttpResponse) -> dict[str, Any]:
    """The body, once it is seen to be problem details that agree with the status line."""
    assert answer["Content-Type"] == "application/problem+json"
    body = json.loads(answer.content)
    assert body["type"] == "about:blank"
    assert (body["status"], body["title"]) == (answer.status_code, answer.reason_phrase)
    assert body["detail"]
    return body


def get(path: str, **headers: str) -> HttpResponse:
    return CLIENT.get(f"{API}{path}", headers=headers)


# 400


def test_a_400_says_where_the_fault_lies_in_which_parameter_and_why() -> None:
    body = problem(get("quotes/?stance=suport"))
    assert body["status"] == 400
    assert body["errors"] == [
        {
            "location": "query",
            "param": "stance",
            "code": "unknown_value",
            "detail": "'suport' is not one of support, oppose, mixed, neutral, unclear, not_addressed."
            " Did you mean 'support'?",
            "suggestion": "support",
        }
    ]


def test_a_400_has_one_error_for_each_parameter_that_is_wrong() -> None:
    body = problem(get("quotes/?stance=x&kind=y&nonsense=z"))
    assert [error["param"] for error in body["errors"]] == ["stance", "kind", "nonsense"]
    assert all(f"{error['param']}: " in body["detail"] for error in body["errors"])


def test_a_long_value_is_not_repeated_at_length() -> None:
    assert len(get(f"quotes/?stance={'x' * 3000}").content) < 1000
    assert len(get(f"quotes/?{'x' * 3000}=1").content) < 1000


def test_a_document_that_takes_no_parameters_says_so() -> None:
    [error] = problem(get(f"quotes/{published().uid}/?stance=oppose"))["errors"]
    assert (error["param"], error["code"]) == ("stance", "unknown_parameter")


# 404, 405, 406, 410


@pytest.mark.parametrize(
    "path",
    [
        "nothing/",
        "quotes/1/",
        f"quotes/{MISSING}/",
        f"quotes/{MISSING}/history/",
        "people/nobody-at-all/",
        "organizations/NOT-A-SLUG/",
        "articles/%00/",
        "topics/%FF%FE/",
        "topics/%E2%82/",
        "topics/" + "a" * 5000 + "/",
        "people/..%2f..%2fetc/",
        "people/%F0%9F%8F%AE/",
        "quotes/{}/",
        "../v2/",
    ],
)
def test_what_is_not_there_is_a_404(path: str) -> None:
    assert problem(get(path))["status"] == 404


def test_a_draft_and_a_missing_quote_are_the_same_404() -> None:
    quote = draft()
    assert problem(get(f"quotes/{quote.uid}/")) == problem(get(f"quotes/{MISSING}/"))


def test_a_person_of_drafts_and_a_missing_one_are_the_same_404() -> None:
    draft(speaker=make_person(slug="zephyrine-quill"))
    assert problem(get("people/zephyrine-quill/")) == problem(get("people/nobody-at-all/"))


def test_an_address_outside_the_api_answers_people() -> None:
    assert CLIENT.get("/nothing/").headers["Content-Type"].startswith("text/html")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("path", ["", "quotes/", f"quotes/{MISSING}/", "people/", "people/nobody-at-all/"])
def test_a_method_that_only_writes_is_a_405_with_those_that_are_allowed(method: str, path: str) -> None:
    answer = getattr(CLIENT, method)(f"{API}{path}", data="{}", content_type="application/json")
    assert problem(answer)["status"] == 405
    assert answer["Allow"] == "GET, HEAD, OPTIONS"


def test_a_body_that_cannot_be_parsed_is_still_a_405() -> None:
    answer = CLIENT.post(f"{API}quotes/", data=b"\x00{[" * 1000, content_type="application/x-nonsense")
    assert problem(answer)["status"] == 405


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "image/*", "nonsense", "a" * 500])
def test_a_format_that_there_is_not_is_a_406(accept: str) -> None:
    assert problem(get("quotes/", accept=accept))["status"] == 406


@pytest.mark.parametrize("accept", ["*/*", "application/json", "application/*;q=0.5", "text/html, */*;q=0.1"])
def test_json_answers_whoever_takes_it(accept: str) -> None:
    answer = get("quotes/", accept=accept)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")


def withdrawn() -> Quote:
    quote = published()
    withdraw(quotes=[quote], reason="The paper took it back.", actor=None)
    return Quote.objects.get(pk=quote.pk)


def test_a_withdrawn_quote_is_a_410_with_the_reason_and_the_date() -> None:
    quote = withdrawn()
    body = problem(get(f"quotes/{quote.uid}/"))
    assert (body["status"], body["reason"]) == (410, "The paper took it back.")
    assert body["withdrawn_at"] == quote.withdrawn_at.isoformat().replace("+00:00", "Z")


def test_a_410_holds_nothing_of_the_quote() -> None:
    assert set(problem(get(f"quotes/{withdrawn().uid}/"))) == {
        "type", "title", "status", "detail", "reason", "withdrawn_at"
    }  # fmt: skip


def test_a_quote_withdrawn_before_it_was_published_never_was() -> None:
    quote = draft()
    Quote.objects.filter(pk=quote.pk).update(
        status="withdrawn", withdrawn_at="2025-03-04T10:00:00Z", withdrawn_reason="Entered twice."
    )
    assert problem(get(f"quotes/{quote.uid}/"))["status"] == 404


def test_a_head_request_has_the_status_and_no_body() -> None:
    quote, gone = published(), withdrawn()
    for uid, status in ((quote.uid, 200), (gone.uid, 410), (MISSING, 404)):
        answer = CLIENT.head(f"{API}quotes/{uid}/")
        assert (answer.status_code, answer.content) == (status, b"")


# What comes from elsewhere


def test_an_address_with_too_many_parameters_is_a_400() -> None:
    assert problem(get("quotes/?" + "a=1&" * 1500))["status"] == 400


def test_a_refusal_of_django_is_a_403() -> None:
    answer = problems.problem_response(PermissionDenied(), {})
    assert answer is not None
    assert (answer.status_code, answer.data["status"]) == (403, 403)


def test_what_the_database_refuses_is_a_400() -> None:
    answer = problems.problem_response(DataError("value out of range"), {})
    assert answer is not None
    assert answer.status_code == 400
    assert "range" not in str(answer.data)


def test_what_went_wrong_inside_stays_inside() -> None:
    assert problems.problem_response(RuntimeError("secret"), {}) is None
    body = problem(problems.server_error(CLIENT.get("/api/v1/").wsgi_request))
    assert body["status"] == 500


# Bad inputs, in every parameter


@pytest.mark.parametrize("value", ["%00", "a%00b", "%0D%0Ax", "%1F", "a%ED%A0%80"])
@pytest.mark.parametrize("path", LISTS)
def test_control_characters_are_refused_in_every_parameter(path: str, value: str) -> None:
    names = [name for other, name in PARAMETERS if other == path]
    errors = ask("&".join(f"{name}={value}" for name in names), path=path, status=400)["errors"]
    assert {(error["param"], error["code"]) for error in errors} == {(name, "control_character") for name in names}


AWKWARD = {
    "surrogate": "%ED%A0%80",
    "broken utf-8": "%FF%FE",
    "not a percent": "%zz%1",
    "c1": "%C2%85",
    "delete": "%7F",
    "zero width": "%E2%80%8B",
    "astral": "%F0%9F%8F%AE",
    "huge": "x" * 20_000,
    "huge number": "9" * 400,
    "quote": "'%22;--",
    "format": "%25s%7B0%7D",
    "hundreds": ",".join(f"v{number}" for number in range(400)),
    "commas": "," * 300,
    "empty": "",
}


@pytest.mark.parametrize("value", AWKWARD.values(), ids=AWKWARD.keys())
def test_awkward_values_are_answered_in_every_parameter(value: str) -> None:
    published()
    for name in [name for path, name in PARAMETERS if path == "quotes/"]:
        answer = get(f"quotes/?{name}={value}")
        assert answer.status_code in (200, 400), name
        if answer.status_code == 400:
            assert name in {error["param"] for error in problem(answer)["errors"]}


@pytest.mark.parametrize("value", AWKWARD.values(), ids=AWKWARD.keys())
@pytest.mark.parametrize("path", LISTS)
def test_awkward_values_in_all_parameters_at_once_are_refused(path: str, value: str) -> None:
    query = "&".join(f"{name}={value}" for other, name in PARAMETERS if other == path)
    assert problem(get(f"{path}?{query}"))["status"] == 400


@pytest.mark.parametrize("value", AWKWARD.values(), ids=AWKWARD.keys())
def test_awkward_names_are_refused_as_unknown(value: str) -> None:
    if value:
        assert {error["code"] for error in ask(f"{value}=1", status=400)["errors"]} == {"unknown_parameter"}


def test_hundreds_of_repetitions_are_refused() -> None:
    for _, name in [pair for pair in PARAMETERS if pair[0] == "quotes/"]:
        assert problem(get("quotes/?" + f"{name}=a&" * 400))["status"] == 400


def test_broken_unicode_in_q_does_not_pass_for_a_search_of_the_rest() -> None:
    published("A dim lantern.")
    assert refused("q=lantern%ED%A0%80")["code"] == "control_character"


@pytest.mark.parametrize(
    "header", ["accept", "accept-language", "if-none-match", "if-modified-since", "range", "referer"]
)
@pytest.mark.parametrize("value", ["\x00", "é" * 50, '"""', "9" * 5000, ";q=;q=,,", "Fri, 31 Dec 99999 23:59:59 GMT"])
def test_awkward_headers_are_answered(header: str, value: str) -> None:
    assert get("quotes/", **{header: value}).status_code in (200, 304, 400, 406)


def test_no_error_tells_what_the_server_is_made_of() -> None:
    for path in ("nothing/", "quotes/?q=%00", "quotes/?x=1", f"quotes/{MISSING}/"):
        assert not re.search(rb"django|psycopg|postgres|traceback|site-packages|\.py", get(path).content, re.I)


# 413


@pytest.mark.parametrize(
    "extra", [{"CONTENT_LENGTH": "3000000"}, {"HTTP_TRANSFER_ENCODING": "chunked"}, {"CONTENT_LENGTH": "x"}]
)
def test_a_large_body_is_refused_before_it_is_read(extra: dict[str, str]) -> None:
    assert problem(CLIENT.generic("POST", f"{API}quotes/", b"", **extra))["status"] == 413


def test_what_nobody_can_see_finds_nothing() -> None:
    published()
    assert ask("q=%E2%80%8D%E2%80%8B")["results"] == []
