"""`quotes/network/`: who stands with whom, of the quotes that match."""

from __future__ import annotations

import json
from typing import Any

import networkx
import pytest

from quotes.curation import refresh_publication
from quotes.models import Organization, Quote, Topic
from quotes.publication import network_documents, streaming
from tests.api.asking import API, CLIENT, ask, published, refused
from tests.factories import make_article, make_capacity, make_coding, make_organization, make_person, make_topic

pytestmark = pytest.mark.django_db


def network(query: str = "") -> dict[str, Any]:
    return ask(query, path="quotes/network/")


def ties(query: str = "") -> dict[tuple[str, str], float]:
    return {(one["source"], one["target"]): one["weight"] for one in network(query)["edges"]}


def topic(slug: str, **fields: Any) -> Topic:
    return Topic.objects.filter(slug=slug).first() or make_topic(slug, **fields)


def said(
    organization: Organization | None, about: str, stance: str, *, standing: str = "current", **fields: Any
) -> Quote:
    quote = published(speaker=fields.pop("speaker", None) or make_person(), **fields)
    if organization:
        make_capacity(quote, organization, standing=standing)
    make_coding(quote, topic(about), stance)
    refresh_publication()
    return quote


@pytest.fixture
def office() -> Organization:
    return make_organization("office")


def test_actors_are_tied_to_topics_by_their_statements(office: Organization) -> None:
    for stance in ("support", "support", "oppose"):
        said(office, "lamps", stance)
    assert ties() == {("organization:office", "topic:lamps"): 3}
    assert ties("aggregation=subtract") == {("organization:office", "topic:lamps"): 1}
    assert ties("aggregation=combine") == {("organization:office", "topic:lamps"): 3}


def test_actors_are_tied_to_each_other_by_what_both_say(office: Organization) -> None:
    union = make_organization("union")
    said(office, "lamps", "support")
    said(union, "lamps", "support")
    said(union, "lamps", "oppose")
    pair = ("organization:office", "organization:union")
    assert ties("mode=onemode&aggregation=congruence") == {pair: 1}
    assert ties("mode=onemode&aggregation=conflict&normalization=average") == {pair: pytest.approx(2 / 3)}
    assert ties("mode=onemode&aggregation=subtract") == {}


def test_topics_are_tied_by_who_speaks_of_both(office: Organization) -> None:
    said(office, "lamps", "support")
    said(office, "gates", "support")
    assert ties("mode=onemode&of=topics&aggregation=congruence") == {("topic:gates", "topic:lamps"): 1}


def test_what_is_left_out_is_counted(office: Organization) -> None:
    said(office, "lamps", "support")
    said(office, "lamps", "mixed")
    said(office, "lamps", "unclear")
    said(None, "lamps", "oppose")
    assert network()["counts"] == {
        "quotes": 4,
        "codings": 4,
        "kept": 1,
        "duplicates": 0,
        "no_actor": 1,
        "not_asked_for": 0,
        "other_stances": {"mixed": 1, "unclear": 1},
    }


def test_a_former_official_does_not_speak_for_the_agency_unless_asked(office: Organization) -> None:
    said(office, "lamps", "oppose", standing="former")
    answer = network()
    assert (answer["edges"], answer["counts"]["no_actor"]) == ([], 1)
    assert answer["applied"]["actor_standing"] == ["current"]
    assert ties("actor_standing=former") == ties("actor_standing=any") == {("organization:office", "topic:lamps"): 1}


def test_the_first_capacity_of_the_standing_counts_once(office: Organization) -> None:
    quote = said(office, "lamps", "support", standing="former")
    make_capacity(quote, make_organization("union"), is_primary=False)
    refresh_publication()
    assert ties() == {("organization:union", "topic:lamps"): 1}
    assert ties("actor_standing=any") == {("organization:office", "topic:lamps"): 1}


def test_units_can_be_rolled_up_to_the_organization_at_the_top(office: Organization) -> None:
    said(make_organization("desk", parent=make_organization("floor", parent=office)), "lamps", "support")
    assert list(ties()) == [("organization:desk", "topic:lamps")]
    assert list(ties("actor=root_organization")) == [("organization:office", "topic:lamps")]


def test_actors_can_be_people() -> None:
    said(None, "lamps", "support", speaker=make_person(slug="ada-fenn"))
    answer = network("actor=speaker")
    assert [(node["id"], node["frequency"]) for node in answer["nodes"]] == [
        ("speaker:ada-fenn", 1),
        ("topic:lamps", 1),
    ]
    assert "actor_standing" not in answer["applied"]


def test_an_organization_that_is_the_source_acts_itself(office: Organization) -> None:
    quote = published(source_type="organization", organization=office)
    make_coding(quote, topic("lamps"), "oppose")
    refresh_publication()
    assert ties() == {("organization:office", "topic:lamps"): 1}


def test_only_the_codings_that_are_asked_for_count(office: Organization) -> None:
    quote = said(office, "lamps", "support")
    make_coding(quote, topic("gates"), "oppose", certainty="low")
    make_coding(quote, topic("small-gates", parent=topic("gates")), "oppose", certainty="low")
    refresh_publication()
    assert {target for _, target in ties()} == {"topic:lamps", "topic:gates", "topic:small-gates"}
    for query in ("topic=lamps", "stance=support", "certainty=high"):
        assert {target for _, target in ties(query)} == {"topic:lamps"}, query
    assert {target for _, target in ties("topic=gates")} == {"topic:gates"}
    assert {target for _, target in ties("topic=gates&topic_scope=descendants")} == {"topic:gates", "topic:small-gates"}
    assert network("topic=lamps")["counts"]["not_asked_for"] == 2


def test_a_topic_that_is_excluded_is_in_no_tie(office: Organization) -> None:
    said(office, "lamps", "support")
    said(office, "gates", "support")
    assert {target for _, target in ties("topic__not=lamps")} == {"topic:gates"}


def test_duplicates_count_once(office: Organization) -> None:
    article = make_article(slug="morning", published="2024-05-01")
    said(office, "lamps", "support", article=article)
    said(office, "lamps", "support", article=article, text="And they watch us.")
    said(office, "lamps", "support", article=make_article(slug="evening", published="2024-05-01"))
    said(office, "lamps", "support", article=make_article(slug="next-year", published="2025-05-01"))
    counts = {
        rule: network(f"duplicates={rule}")["counts"] for rule in ("include", "document", "day", "month", "acrossrange")
    }
    assert {rule: one["kept"] for rule, one in counts.items()} == {
        "include": 4,
        "document": 3,
        "day": 2,
        "month": 2,
        "acrossrange": 1,
    }
    assert {rule: one["duplicates"] for rule, one in counts.items()}["acrossrange"] == 3


def test_isolates_come_when_asked_for(office: Organization) -> None:
    said(office, "lamps", "support")
    said(make_organization("union"), "gates", "unclear")
    assert [node["slug"] for node in network()["nodes"]] == ["office", "lamps"]
    assert [(node["slug"], node["frequency"]) for node in network("isolates=1")["nodes"]] == [
        ("office", 1),
        ("union", 0),
        ("gates", 0),
        ("lamps", 1),
    ]


def test_drafts_and_the_retracted_are_in_no_network(office: Organization) -> None:
    said(office, "lamps", "support")
    quote = said(office, "lamps", "support")
    Quote.objects.filter(pk=quote.pk).update(status="draft")
    refresh_publication()
    assert network()["counts"]["quotes"] == 1


def test_networkx_reads_the_graphml_and_finds_the_same(office: Organization) -> None:
    said(office, "lamps", "support")
    said(make_organization("union", name='The "Union" & Co'), "lamps", "oppose")
    response = CLIENT.get(f"{API}quotes/network/?format=graphml&aggregation=subtract")
    assert response["Content-Type"] == "application/graphml+xml"
    assert response["Content-Disposition"] == 'attachment; filename="network.graphml"'
    graph = networkx.parse_graphml(response.content.decode())
    assert {(one, other): data["weight"] for one, other, data in graph.edges(data=True)} == ties("aggregation=subtract")
    assert graph.nodes["organization:union"] == {
        "id": "organization:union",
        "variable": "organization",
        "slug": "union",
        "name": 'The "Union" & Co',
        "label": 'The "Union" & Co',
        "frequency": 1,
    }
    assert json.loads(graph.graph["applied"])["aggregation"] == "subtract"


def test_the_matrix_names_its_rows_so_that_none_are_confused() -> None:
    for slug in ("office-a", "office-b"):
        said(make_organization(slug, name="The Office"), "lamps", "support")
    response = CLIENT.get(f"{API}quotes/network/?format=csv")
    assert response.content.decode().splitlines() == [
        '"";"Lamps"',
        '"The Office (office-a)";1',
        '"The Office (office-b)";1',
    ]
    response = CLIENT.get(f"{API}quotes/network/?format=dl&mode=onemode")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response.content.decode().splitlines()[0] == "dl n = 2, format = fullmatrix"


@pytest.mark.parametrize(
    ("query", "errors"),
    [
        ("mode=threemode", [("mode", "unknown_value")]),
        ("aggregation=congruence", [("aggregation", "contradiction")]),
        ("mode=onemode&aggregation=combine", [("aggregation", "contradiction")]),
        ("mode=onemode&normalization=activity", [("normalization", "contradiction")]),
        ("aggregation=combine&normalization=activity", [("normalization", "contradiction")]),
        ("of=topics", [("of", "nothing_to_modify")]),
        ("actor=speaker&actor_standing=any", [("actor_standing", "nothing_to_modify")]),
        ("duplicate=day", [("duplicate", "unknown_parameter")]),
        ("format=gexf", [("format", "unknown_value")]),
    ],
)
def test_what_makes_no_sense_is_refused(query: str, errors: list[tuple[str, str]]) -> None:
    assert [(one["param"], one["code"]) for one in ask(query, path="quotes/network/", status=400)["errors"]] == errors


def test_a_network_of_too_many_ties_is_refused(office: Organization, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network_documents, "MOST_PAIRS", 0)
    said(office, "lamps", "support")
    said(make_organization("union"), "lamps", "support")
    assert refused("mode=onemode", path="quotes/network/")["code"] == "too_many_ties"
    assert ties()


def test_a_network_waits_for_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streaming, "MOST_AT_ONCE", 0)
    response = CLIENT.get(f"{API}quotes/network/")
    assert (response.status_code, response["Retry-After"]) == (503, "10")


def test_a_network_has_the_name_of_its_state(office: Organization) -> None:
    said(office, "lamps", "support")
    etag = CLIENT.get(f"{API}quotes/network/")["ETag"]
    assert CLIENT.get(f"{API}quotes/network/", headers={"if-none-match": etag}).status_code == 304
    said(office, "lamps", "support")
    assert CLIENT.get(f"{API}quotes/network/", headers={"if-none-match": etag}).status_code == 200
