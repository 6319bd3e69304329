"""Facets and the time line: every count is what the list would answer under the same filters."""

from __future__ import annotations

from typing import Any

import pytest

from quotes.curation import refresh_publication
from quotes.models import Topic
from quotes.publication import aggregates
from quotes.publication.filters import QuoteFilterSet
from quotes.vocabulary import Certainty, Stance
from tests.api.asking import CLIENT, ask, published, refused
from tests.factories import make_article, make_capacity, make_coding, make_organization, make_person, make_topic

pytestmark = pytest.mark.django_db


def facets(query: str) -> dict[str, dict[str, int]]:
    answer = ask(query, path="quotes/facets/")
    return {name: {one["value"]: one["count"] for one in facet["values"]} for name, facet in answer["facets"].items()}


def timeline(query: str = "") -> dict[str, Any]:
    return ask(query, path="quotes/timeline/")


def coded(topic: Topic, stance: str, **fields: Any) -> None:
    make_coding(published(**fields), topic, stance)
    refresh_publication()


def test_a_quote_in_two_capacities_at_one_organization_counts_once() -> None:
    office = make_organization("office")
    quote = published(speaker=make_person())
    make_capacity(quote, office)
    make_capacity(quote, make_organization("desk", parent=office), is_primary=False)
    refresh_publication()
    assert facets("facet=affiliation") == {"affiliation": {"desk": 1, "office": 1}}


def test_a_facet_keeps_to_its_own_filter_unless_told_otherwise() -> None:
    lamps = make_topic("lamps")
    coded(lamps, "support")
    coded(lamps, "oppose")
    assert facets("facet=stance&topic=lamps&stance=support") == {"stance": {"support": 1}}
    assert facets("facet=stance&topic=lamps&stance=support&exclude_self=1") == {"stance": {"oppose": 1, "support": 1}}


def test_stances_are_counted_toward_the_topic_that_is_asked_for() -> None:
    lamps, gates = make_topic("lamps"), make_topic("gates")
    quote = published()
    make_coding(quote, lamps, "support")
    make_coding(quote, gates, "oppose")
    refresh_publication()
    assert facets("facet=stance&topic=lamps") == {"stance": {"support": 1}}


@pytest.mark.parametrize(
    "question", ["", "stance=oppose", "topic=lamps", "topic=lamps&stance=oppose", "topic=lamps&stance__not=support"]
)
@pytest.mark.parametrize("facet", ["certainty", "stance", "topic"])
def test_certainties_are_counted_on_the_coding_that_is_asked_for(question: str, facet: str) -> None:
    lamps, gates = make_topic("lamps"), make_topic("gates")
    for certainty in ("high", "low", "low"):
        quote = published()
        make_coding(quote, lamps, "oppose", certainty=certainty)
        make_coding(quote, gates, "support", certainty="medium")
    refresh_publication()
    for query in (question, f"{question}&certainty=low".lstrip("&")):
        if f"{facet}=" in query:
            continue
        counted = facets(f"facet={facet}&{query}")[facet]
        values = {"certainty": Certainty, "stance": Stance, "topic": ("lamps", "gates")}[facet]
        listed = {value: ask(f"{query}&{facet}={value}&count=1".lstrip("&"))["count"] for value in values}
        assert counted == {value: count for value, count in listed.items() if count}


def test_the_commonest_values_come_first_and_the_others_are_counted() -> None:
    for kind, number in (("direct", 2), ("partial", 3), ("indirect", 1)):
        for _ in range(number):
            published(kind=kind)
    facet = ask("facet=kind&limit=2", path="quotes/facets/")["facets"]["kind"]
    assert [one["value"] for one in facet["values"]] == ["partial", "direct"]
    assert facet["others"] == 1


def test_a_facet_must_be_named_and_known() -> None:
    assert refused("", path="quotes/facets/")["code"] == "required"
    assert refused("facet=stanse", path="quotes/facets/")["suggestion"] == "stance"
    assert refused("facet=stance&limit=0", path="quotes/facets/")["param"] == "limit"
    assert refused("facet=stance&page_size=5", path="quotes/facets/")["code"] == "unknown_parameter"


def test_every_filter_by_a_vocabulary_or_by_names_is_a_facet() -> None:
    assert set(aggregates.facet_names()) <= set(QuoteFilterSet.base_filters)
    assert {"stance", "topic", "certainty", "affiliation", "speaker", "outlet", "kind", "verification"} <= set(
        aggregates.facet_names()
    )


def at(*dates: str | None) -> None:
    for date in dates:
        published(article=make_article(published=date))


def test_a_quote_is_in_the_one_bin_that_its_date_begins_in() -> None:
    at("2024-01-31", "2024-02-01", "2024-02", "2024")
    bins = timeline("interval=month")["bins"]
    assert [(one["start"], one["end"], one["count"], one["imprecise"]) for one in bins] == [
        ("2024-01-01", "2024-01-31", 2, 1),  # the last day of January, and the year
        ("2024-02-01", "2024-02-29", 2, 0),
    ]


def test_bins_have_no_hole_between_the_first_and_the_last() -> None:
    at("2024-01", "2024-10")
    assert [one["count"] for one in timeline("interval=quarter")["bins"]] == [1, 0, 0, 1]


def test_weeks_begin_on_mondays() -> None:
    at("2024-03-03", "2024-03-04")
    assert [one["start"] for one in timeline("interval=week")["bins"]] == ["2024-02-26", "2024-03-04"]


def test_quotes_without_a_date_are_counted_apart() -> None:
    at("2024", None)
    answer = timeline("interval=year")
    assert answer["undated"] == 1
    assert [one["count"] for one in answer["bins"]] == [1]
    assert timeline("kind=partial") == {**timeline("kind=partial"), "bins": [], "undated": 0}


def test_bins_are_grouped_by_a_filter() -> None:
    lamps = make_topic("lamps")
    coded(lamps, "support", article=make_article(published="2024-01-02"))
    coded(lamps, "oppose", article=make_article(published="2024-01-03"))
    coded(lamps, "oppose", article=make_article(published="2024-02-03"))
    bins = timeline("topic=lamps&group_by=stance")["bins"]
    assert [one["groups"] for one in bins] == [{"oppose": 1, "support": 1}, {"oppose": 1}]


def test_an_interval_too_fine_for_the_time_is_refused() -> None:
    at("1900-01-01", "2024-01-01")
    assert refused("interval=day", path="quotes/timeline/")["code"] == "too_many_bins"


@pytest.mark.parametrize("interval", aggregates.INTERVALS)
def test_the_calendars_last_day_has_a_bin(interval: str) -> None:
    at("9999-12-31")
    [last] = timeline(f"interval={interval}")["bins"]
    assert last["end"] == "9999-12-31"


@pytest.mark.parametrize("address", ["facets/?facet=stance,kind,venue", "timeline/?group_by=kind"])
def test_the_number_of_queries_does_not_depend_on_the_rows(address: str, django_assert_num_queries: Any) -> None:
    # The state; the count and one for all facets; the undated, the bins, the groups.
    queries = 3 if address.startswith("facets") else 4
    for _ in range(3):
        published()
        with django_assert_num_queries(queries):
            assert CLIENT.get(f"/api/v1/quotes/{address}").status_code == 200


@pytest.mark.parametrize("query", ["stance=support&stance__not=support", "kind__not=direct,partial,indirect"])
def test_a_question_that_contradicts_itself_counts_nothing(query: str) -> None:
    published()
    answer = ask(f"facet=stance&{query}", path="quotes/facets/")
    assert (answer["count"], answer["facets"]["stance"]["values"]) == (0, [])


def test_only_so_many_facets_are_counted_at_once() -> None:
    names = ",".join(aggregates.facet_names())
    [error] = ask(f"facet={names}", path="quotes/facets/", status=400)["errors"]
    assert error["code"] == "too_many"
