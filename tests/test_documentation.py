"""What the documentation says is so: the tour's answers, the parameters, the files it points at."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from quotes.publication import entity_filters
from quotes.publication.coding_filters import CodingFilterSet
from quotes.publication.filters import QuoteFilterSet

ROOT = Path(settings.BASE_DIR)
README = (ROOT / "README.md").read_text(encoding="utf-8")
FILTERS = (ROOT / "docs" / "filters.md").read_text(encoding="utf-8")
TOUR = re.findall(r"^\$ curl -s '127\.0\.0\.1:8000(\S+)' \| jq .*\n((?:(?!```).*\n)*)", README, flags=re.MULTILINE)


@pytest.fixture(scope="module")
def answers(demonstration: None, django_db_blocker: Any) -> dict[str, str]:
    """The body of each of the tour's requests, on the shipped data."""
    with django_db_blocker.unblock():
        return {address: Client().get(address).content.decode() for address, _ in TOUR}


def test_the_tour_has_its_stations() -> None:
    assert len(TOUR) == 7


@pytest.mark.django_db
@pytest.mark.parametrize(("address", "printed"), TOUR, ids=[address for address, _ in TOUR])
def test_the_tours_answers_are_the_apis(address: str, printed: str, answers: dict[str, str]) -> None:
    words = re.findall(r"[^\s\"\[\]{}(),:…“”]{3,}", printed)
    assert words
    missing = [word for word in words if word not in answers[address] and word not in ("count", "former)")]
    assert missing == []


@pytest.mark.django_db
def test_the_tours_counts_are_the_apis(answers: dict[str, str]) -> None:
    counts = re.findall(r"^([a-z0-9-]+) (\d+)$", README, flags=re.MULTILINE)
    assert counts
    for slug, count in counts:
        assert re.search(
            rf'"slug":"{slug}"[^}}]*?"quote_count":{count}\b', answers["/api/v1/topics/"].replace("}", "")
        ), slug


@pytest.mark.parametrize("name", sorted(QuoteFilterSet.base_filters))
def test_every_filter_of_quotes_is_documented(name: str) -> None:
    assert f"`{name}`" in FILTERS


@pytest.mark.parametrize("plural", ["Person", "Organization", "Article", "Topic"])
def test_every_filter_of_the_other_lists_is_documented(plural: str) -> None:
    path = "people" if plural == "Person" else f"{plural.lower()}s"
    [line] = [line for line in FILTERS.splitlines() if line.startswith(f"| `{path}/`")]
    for name in getattr(entity_filters, f"{plural}FilterSet").base_filters:
        assert f"`{name}`" in line


def test_every_filter_of_codings_is_documented() -> None:
    [line] = [line for line in FILTERS.splitlines() if line.startswith("| `codings/`")]
    assert set(re.findall(r"`(\w+)`", line)) == set(CodingFilterSet.base_filters)


@pytest.mark.parametrize(
    "page", sorted(ROOT.glob("*.md")) + sorted(ROOT.glob("docs/**/*.md")), ids=lambda page: page.name
)
def test_what_a_page_links_to_exists(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#\s]+)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), f"{page.name} links to {target}"
