"""JSON-LD: it expands without loss and offline, says what a quote is in schema.org's words, and where it stands in W3C's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from django.test import Client
from pyld import jsonld

from quotes.datasets.formats import Row
from quotes.datasets.formats.jsonld_context import context
from quotes.datasets.formats.jsonld_terms import TERMS
from quotes.models import Quote
from tests.formats.invented import BOTH, OF_ORGANIZATION, SPLIT, quote
from tests.formats.writing import ENTITIES, documents, published, published_quotes, quote_row, written

SCHEMA = "https://schema.org/"
OA = "http://www.w3.org/ns/oa#"


@pytest.fixture(autouse=True)
def offline() -> Iterator[None]:
    """Whoever asks for a remote context fails."""

    def refuse(url: str, options: Any = None) -> Any:
        raise AssertionError(f"asked for {url}")

    before = jsonld.get_document_loader()
    jsonld.set_document_loader(refuse)
    yield
    jsonld.set_document_loader(before)


def graph(kind: str, rows: list[Row]) -> dict[str, Any]:
    return orjson.loads(written("jsonld", kind, rows))


def nodes(*quotes: dict[str, Any]) -> list[dict[str, Any]]:
    return graph("quote", [quote_row(one) for one in quotes])["@graph"]


def leaves(value: Any) -> int:
    """How many single values a document has, its context left out; an id or type is one."""
    if isinstance(value, dict):
        return sum(leaves(member) for name, member in value.items() if name != "@context")
    return sum(leaves(one) for one in value) if isinstance(value, list) else 1


def expanded_leaves(value: Any) -> int:
    """The same of an expanded document, in which {"@value": ...} and a reference {"@id": ...} are one value."""
    if isinstance(value, list):
        return sum(expanded_leaves(one) for one in value)
    if not isinstance(value, dict) or "@value" in value:
        return 1
    return sum(expanded_leaves(member) for member in value.values())


def triples(document: dict[str, Any]) -> list[dict[str, Any]]:
    return jsonld.to_rdf(document)["@default"]


def assert_lossless(document: dict[str, Any]) -> None:
    expanded = jsonld.expand(document)
    assert expanded_leaves(expanded) == leaves(document)
    assert jsonld.compact(expanded, document["@context"], {"graph": True}) == document
    for triple in triples(document):
        for place in ("subject", "predicate", "object"):
            term = triple[place]
            if term["type"] == "IRI":
                assert term["value"].startswith(("https://", "http://")), term


@pytest.mark.usefixtures("loaded")
def test_every_quote_expands_without_loss(db: None) -> None:
    assert_lossless(graph("quote", published_quotes()))


@pytest.mark.usefixtures("demonstration")
@pytest.mark.parametrize("kind", ENTITIES)
def test_every_entity_expands_without_loss(kind: str, db: None) -> None:
    rows = published(kind)
    document = graph(kind, rows)
    assert_lossless(document)
    assert len(document["@graph"]) == len(rows)


def test_what_is_awkward_expands_without_loss() -> None:
    assert_lossless(graph("quote", [quote_row(one) for one in BOTH]))


def test_every_member_becomes_a_triple() -> None:
    document = graph("quote", [quote_row(SPLIT)])
    predicates = {triple["predicate"]["value"] for triple in triples(document)}
    terms = {name for name in jsonld_names(document["@graph"]) if name not in ("id", "type")}
    context = jsonld.expand({"@context": document["@context"], **dict.fromkeys(terms, "https://x.example/")})
    assert len(terms) > 40
    assert set(context[0]) <= predicates


def jsonld_names(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from value
        for member in value.values():
            yield from jsonld_names(member)
    elif isinstance(value, list):
        for one in value:
            yield from jsonld_names(one)


def test_a_speakers_capacity_is_a_role_of_this_quote_alone() -> None:
    quotation = nodes(SPLIT)[0]
    first, second = quotation["creator"]
    assert (
        first["creator"]
        == second["creator"]
        == [{"id": "https://quotes.example/people/ottoline-varga/", "type": "Person", "name": "Ottoline Varga"}]
    )
    assert (first["roleName"], first["standing"], first["isPrimary"]) == ("the warden; acting", "current", True)
    assert (second["roleName"], second["standing"], second["organization"]["name"]) == (
        "columnist",
        "former",
        "The Lantern Gazette",
    )
    assert "startDate" not in first


def test_an_organization_is_the_creator_of_what_it_said() -> None:
    [creator] = nodes(OF_ORGANIZATION)[0]["creator"]
    assert (creator["type"], creator["id"]) == ("Organization", "https://quotes.example/organizations/harbor-watch/")


def test_an_unnamed_source_has_a_credit_and_no_node() -> None:
    quotation = nodes(quote(source_type="unnamed", speaker=None, affiliations=[], source_label="a keeper"))[0]
    assert "creator" not in quotation
    assert quotation["creditText"] == "a keeper"


def test_the_quotation_is_part_of_its_article() -> None:
    article = nodes(SPLIT)[0]["isPartOf"]
    assert article["type"] == "NewsArticle"
    assert article["id"] == article["url"] == "https://gazette.example/vote?a=1&b=%7B2%7D"
    assert article["headline"] == SPLIT["article"]["title"]
    assert article["publisher"]["name"] == "The Lantern Gazette"
    assert article["datePublished"] == "2025-03"


def test_stances_belong_to_the_quotation_each_with_its_proposition() -> None:
    [stance] = nodes(SPLIT)[0]["stances"]
    assert (stance["stance"], stance["topic"]["proposition"]) == (
        "support",
        SPLIT["stances"][0]["topic"]["proposition"],
    )


def test_a_split_quote_is_one_annotation_with_a_target_for_each_segment() -> None:
    quotation, annotation = nodes(SPLIT)
    assert annotation["body"] == quotation["id"]
    assert annotation["motivation"] == "identifying"
    assert [target["selector"] for target in annotation["target"]] == [
        [
            {"type": "TextQuoteSelector"} | {name: one[name] for name in ("exact", "prefix", "suffix")},
            {"type": "TextPositionSelector", "start": one["start"], "end": one["end"]},
        ]
        for one in SPLIT["segments"]
    ]


def test_selectors_of_one_target_select_the_same_words() -> None:
    """They are alternatives by the standard (Web Annotation Data Model, 4.2)."""
    for annotation in nodes(*BOTH)[1::2]:
        for target in annotation["target"]:
            assert [one["type"] for one in target["selector"]].count("TextQuoteSelector") == 1
            lengths = {one["end"] - one["start"] for one in target["selector"] if "start" in one}
            assert lengths <= {len(target["selector"][0]["exact"])}


def test_the_state_says_which_version_was_read() -> None:
    assert nodes(SPLIT)[1]["target"][0]["state"] == {
        "type": "TimeState",
        "sourceDate": "2025-03-05T10:00:00Z",
        "cached": "https://archive.example/2025/vote",
        "sha256": "ab" * 32,
    }


def test_a_quote_without_snapshot_has_words_and_no_place() -> None:
    [target] = nodes(OF_ORGANIZATION)[1]["target"]
    assert [one["type"] for one in target["selector"]] == ["TextQuoteSelector"]
    assert "state" not in target


def test_a_quote_without_segments_points_at_the_article() -> None:
    assert nodes(quote(segments=[]))[1]["target"] == ["https://gazette.example/vote?a=1&b=%7B2%7D"]


@pytest.mark.usefixtures("demonstration")
def test_the_served_selectors_find_every_quote_in_its_text(db: None) -> None:
    annotations = {node["body"]: node for node in graph("quote", published_quotes())["@graph"][1::2]}
    with_text = Quote.objects.filter(status="published", snapshot__text__isnull=False).select_related("snapshot")
    assert len(with_text) > 100
    for stored in with_text:
        targets = annotations[f"https://quotes.example/quotes/{stored.uid}/"]["target"]
        assert stored.snapshot and stored.snapshot.text
        for words, place in (target["selector"] for target in targets):
            assert stored.snapshot.text.count(words["prefix"] + words["exact"] + words["suffix"]) == 1
            assert stored.snapshot.text[place["start"] : place["end"]] == words["exact"]


@pytest.mark.usefixtures("demonstration")
def test_entities_are_schema_orgs(db: None) -> None:
    for kind, type_ in {
        "person": "Person",
        "organization": "Organization",
        "article": "NewsArticle",
        "topic": "DefinedTerm",
    }.items():
        expanded = jsonld.expand(graph(kind, published(kind)))
        assert {node["@type"][0] for node in expanded} == {SCHEMA + type_}


@pytest.mark.usefixtures("demonstration")
def test_a_persons_affiliations_are_roles_with_dates(db: None) -> None:
    people = {node["identifier"]: node for node in graph("person", published("person"))["@graph"]}
    for document in documents(published("person")):
        roles = people[document["slug"]].get("affiliation", [])
        assert [(role["roleName"], role.get("startDate")) for role in roles] == [
            (job["role"], job["start"]) for job in document["affiliations"]
        ]


def test_an_answer_without_rows_is_an_empty_graph() -> None:
    assert graph("quote", [])["@graph"] == []


def test_the_annotation_uses_the_standards_terms() -> None:
    [_, annotation] = jsonld.expand(graph("quote", [quote_row(SPLIT)]))
    target = annotation[f"{OA}hasTarget"][0]
    assert annotation["@type"] == [f"{OA}Annotation"]
    assert annotation[f"{OA}motivatedBy"] == [{"@id": f"{OA}identifying"}]
    assert set(target) == {"@type", f"{OA}hasSelector", f"{OA}hasSource", f"{OA}hasState"}
    assert target[f"{OA}hasSelector"][1][f"{OA}start"] == [
        {"@type": "http://www.w3.org/2001/XMLSchema#nonNegativeInteger", "@value": 20}
    ]


def test_every_term_of_our_own_is_explained_at_its_address(client: Client, db: None) -> None:
    values = [one["@id"] if isinstance(one, dict) else one for one in context("").values()]
    own = {value.removeprefix("ns:") for value in values if value.startswith("ns:")}
    page = client.get("/ns").content.decode()
    assert own == set(TERMS)
    assert [term for term in own if f'id="{term}"' not in page] == []
