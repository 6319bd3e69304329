"""The public's questions have a connection of their own, which cannot write and does not wait for ever."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import DatabaseError, OperationalError, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.api.asking import published

# Real connections, so real transactions: each alias is a session of its own.
pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "publication", "exports"])


@pytest.fixture(autouse=True)
def routed(settings: object) -> Iterator[None]:
    settings.PUBLICATION_ALIAS, settings.EXPORTS_ALIAS = "publication", "exports"  # type: ignore[attr-defined]
    yield
    for alias in ("publication", "exports"):
        connections[alias].close()


def test_public_requests_are_answered_from_the_publications_connection() -> None:
    quote = published()
    for address in (f"/api/v1/quotes/{quote.uid}/", "/api/v1/quotes/?count=1", f"/quotes/{quote.uid}/", "/"):
        with (
            CaptureQueriesContext(connections["default"]) as elsewhere,
            CaptureQueriesContext(connections["publication"]) as there,
        ):
            assert Client().get(address).status_code == 200
        assert [query["sql"] for query in elsewhere] == []
        assert len(there) > 0, address


@pytest.mark.parametrize("alias", ["publication", "exports"])
def test_it_cannot_write(alias: str) -> None:
    with pytest.raises(DatabaseError, match="read-only transaction"), connections[alias].cursor() as cursor:
        cursor.execute("DELETE FROM publication_publishedquote")


def test_it_gives_up_after_two_seconds() -> None:
    with connections["publication"].cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("2s",)
        cursor.execute("SET statement_timeout = '10ms'")
        with pytest.raises(OperationalError, match="statement timeout"):
            cursor.execute("SELECT pg_sleep(1)")


def test_what_the_command_line_exports_is_read_over_the_exports_connection(tmp_path: Path) -> None:
    published("The lamps listen.", speaker=None, source_type="unnamed", source_label="a source")
    for query in ("", "distinct=utterance", "distinct=utterance&q=lamps"):
        with CaptureQueriesContext(connections["exports"]) as there:
            call_command("export", str(tmp_path / "quotes.csv"), "--filter", query, stderr=StringIO())
        assert len((tmp_path / "quotes.csv").read_text(encoding="utf-8").splitlines()) == 2, query
        assert any("SELECT COUNT" in one["sql"] for one in there), query


def test_networks_are_read_over_the_exports_connection() -> None:
    published()
    for query in ("", "?distinct=utterance&mode=onemode"):
        with CaptureQueriesContext(connections["exports"]) as there:
            response = Client().get(f"/api/v1/quotes/network/{query}")
        assert response.json()["counts"]["quotes"] == 1
        assert any("REPEATABLE READ" in one["sql"] for one in there)
