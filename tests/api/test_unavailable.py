"""A question that takes too long, and a database that is away: 503, with the time to come again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections, transaction
from django.test import Client

from tests.api.asking import published

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "publication"])


@pytest.fixture(autouse=True)
def impatient(settings: Any) -> Iterator[None]:
    """The public's connection gives up after 50 ms."""
    settings.PUBLICATION_ALIAS = "publication"
    with connections["publication"].cursor() as cursor:
        cursor.execute("SET statement_timeout = '50ms'")
    yield
    connections["publication"].close()


@pytest.fixture
def locked() -> Iterator[None]:
    """The published quotes cannot be read for as long as the test."""
    published()
    with transaction.atomic(), connections["default"].cursor() as cursor:
        cursor.execute("LOCK TABLE publication_publishedquote IN ACCESS EXCLUSIVE MODE")
        yield


@pytest.mark.usefixtures("locked")
@pytest.mark.parametrize("path", ["/api/v1/quotes/", "/api/v1/quotes/facets/?facet=stance"])
def test_the_api_says_that_the_question_takes_too_long(path: str) -> None:
    answer = Client().get(path)
    assert (answer.status_code, answer["Content-Type"]) == (503, "application/problem+json")
    assert "too long" in json.loads(answer.content)["detail"]
    assert int(answer["Retry-After"]) > 0
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.usefixtures("locked")
def test_a_page_says_so_in_its_own_way() -> None:
    answer = Client().get("/quotes/")
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "takes too long" in answer.content.decode()


def test_a_database_that_is_away_is_no_error_of_the_readers(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    connections["publication"].close()
    monkeypatch.setitem(connections["publication"].settings_dict, "NAME", "test_no_such_database")
    answer = Client().get("/api/v1/quotes/")
    assert answer.status_code == 503
    assert "cannot be reached" in json.loads(answer.content)["detail"]
    assert "test_no_such_database" not in answer.content.decode()
