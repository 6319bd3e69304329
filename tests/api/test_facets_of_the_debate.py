"""Facets of the shipped data: whatever the question, each count is the list's own."""

from __future__ import annotations

import pytest

from quotes.publication import aggregates
from tests.api.asking import ask
from tests.api.test_aggregates import facets, timeline

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference", "demonstration")]


@pytest.mark.parametrize("facet", aggregates.facet_names())
@pytest.mark.parametrize(
    "query", ["", "topic=gatelight-pilot", "affiliation=port-hesper-transit-authority&affiliation_status=any"]
)
def test_each_count_is_the_lists_own(facet: str, query: str) -> None:
    if query.startswith(f"{facet}="):
        query = ""
    counts = facets(f"facet={facet}&limit=100&{query}".strip("&"))[facet]
    assert counts
    for value, count in list(counts.items())[:6]:
        assert ask(f"{facet}={value}&count=1&{query}".strip("&"))["count"] == count, value


@pytest.mark.parametrize("group", [None, "stance", "kind", "outlet"])
def test_the_bins_together_are_the_list(group: str | None) -> None:
    query = "topic=gatelight-pilot"
    answer = timeline(query + (f"&group_by={group}" if group else ""))
    assert sum(one["count"] for one in answer["bins"]) + answer["undated"] == ask(f"{query}&count=1")["count"]
    for one in answer["bins"]:
        assert sum(one["groups"].values()) == (one["count"] if group else 0), one["start"]
