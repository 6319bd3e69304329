"""What will go is announced six months ahead, to those who use it."""

from __future__ import annotations

import datetime as dt

import pytest

from quotes.api import deprecation
from quotes.api.deprecation import Deprecation
from tests.api.asking import API, CLIENT

pytestmark = pytest.mark.django_db
SINCE, SUNSET = dt.date(2026, 3, 1), dt.date(2026, 9, 1)


def test_nothing_is_deprecated_now() -> None:
    answer = CLIENT.get(f"{API}quotes/?kind=direct&count=1")
    assert not {"Deprecation", "Sunset"} & set(answer.headers)


def test_a_parameter_that_will_go_is_announced_where_it_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(deprecation.PARAMETERS, "venue", Deprecation(SINCE, SUNSET))
    answer = CLIENT.get(f"{API}quotes/?venue=speech")
    assert answer["Deprecation"] == "@1772323200"
    assert answer["Sunset"] == "Tue, 01 Sep 2026 00:00:00 GMT"
    assert answer["Link"] == '</api/docs/>; rel="deprecation"'
    assert "Sunset" not in CLIENT.get(f"{API}quotes/?kind=direct")


def test_so_is_an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(deprecation.ADDRESSES, "/api/v1/topics/", Deprecation(SINCE, SUNSET))
    assert "Sunset" in CLIENT.get(f"{API}topics/")
    assert "Sunset" in CLIENT.get(f"{API}topics/lanterns/")
    assert "Sunset" not in CLIENT.get(f"{API}people/")


def test_of_several_the_first_to_go_is_announced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(deprecation.PARAMETERS, "venue", Deprecation(SINCE, SUNSET + dt.timedelta(days=90)))
    monkeypatch.setitem(deprecation.PARAMETERS, "kind", Deprecation(SINCE, SUNSET))
    assert CLIENT.get(f"{API}quotes/?venue=speech&kind=direct")["Sunset"].startswith("Tue, 01 Sep 2026")


def test_less_than_six_months_is_no_notice() -> None:
    with pytest.raises(ValueError, match="2026-03-01 to 2026-08-30"):
        Deprecation(SINCE, dt.date(2026, 8, 30))
