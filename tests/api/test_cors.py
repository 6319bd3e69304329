"""A page of anybody's may read the API; what curators write is for programs with a token."""

from __future__ import annotations

import pytest

from tests.api.asking import API, CLIENT

pytestmark = pytest.mark.django_db
ELSEWHERE = {"Origin": "https://charts.example"}


@pytest.mark.parametrize("path", ["quotes/", "quotes/?stanse=x", "people/nobody-at-all/"])
def test_any_page_may_read_answers_and_errors(path: str) -> None:
    answer = CLIENT.get(f"{API}{path}", headers=ELSEWHERE)
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert {"ETag", "Link", "RateLimit", "Retry-After"} <= set(answer["Access-Control-Expose-Headers"].split(", "))
    assert "Access-Control-Allow-Credentials" not in answer


def test_a_browser_may_ask_first() -> None:
    asked = {**ELSEWHERE, "Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "if-none-match"}
    answer = CLIENT.options(f"{API}quotes/", headers=asked)
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert "if-none-match" in answer["Access-Control-Allow-Headers"]
    assert answer["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("path", ["/admin/", "/", "/api/v1/curation/quotes/"])
def test_no_other_page_reads_what_is_not_the_public_api(path: str) -> None:
    assert "Access-Control-Allow-Origin" not in CLIENT.get(path, headers=ELSEWHERE)
