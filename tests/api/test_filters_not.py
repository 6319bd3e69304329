"""What `x__not` means: the complement among the quotes that match everything else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from quotes.curation import publish
from quotes.models import Quote
from quotes.publication.filters import QuoteFilterSet
from tests.api.asking import coded, draft, found, published, said_at
from tests.factories import (
    make_article,
    make_capacity,
    make_coding,
    make_evidence,
    make_organization,
    make_person,
    make_topic,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]

# Parameter, value, and what else is asked: alone, beside another parameter, beside what the parameter goes together with.
NEGATIONS = [
    ("stance", "oppose", ""),
    ("stance", "oppose,mixed", "kind=direct"),
    ("stance", "oppose", "topic=lantern-contract"),
    ("stance", "oppose", "topic=lanterns&topic_scope=descendants"),
    ("stance", "not_addressed", ""),
    ("certainty", "low", ""),
    ("certainty", "low,medium", "kind=direct"),
    ("certainty", "low", "stance=oppose&topic=lantern-contract"),
    ("stance", "oppose", "certainty=high"),
    ("topic", "hearings", "certainty=high"),
    ("topic", "lantern-contract", ""),
    ("topic", "lantern-contract,hearings", "kind=direct"),
    ("topic", "hearings", "stance=oppose"),
    ("topic", "hearings", "topic=lantern-contract"),
    ("affiliation", "ministry-of-lamps", ""),
    ("affiliation", "ministry-of-lamps,harbor-watch", "kind=direct"),
    ("affiliation", "bureau-of-lanterns", "affiliation=ministry-of-lamps"),
    ("affiliation", "ministry-of-lamps", "organization_kind=government_agency,advocacy"),
    ("affiliation", "bureau-of-lanterns", "organization_kind=government_agency&affiliation_status=any"),
    ("organization_kind", "advocacy", ""),
    ("organization_kind", "advocacy,court", "kind=direct"),
    ("organization_kind", "advocacy", "affiliation=ministry-of-lamps,harbor-watch&affiliation_status=any"),
    ("speaker", "ottoline-varga", ""),
    ("speaker", "ottoline-varga", "kind=direct"),
    ("speaks_for", "bureau-of-lanterns", ""),
    ("speaks_for", "bureau-of-lanterns", "affiliation=bureau-of-lanterns"),
    ("outlet", "lantern-gazette", ""),
    ("author", "bram-telleri", ""),
    ("author", "bram-telleri", "outlet=lantern-gazette"),
    ("article", "the-lantern-vote", ""),
    ("kind", "direct", ""),
    ("kind", "direct,partial", "stance=oppose"),
    ("source_type", "person", ""),
    ("source_type", "unnamed", "affiliation=ministry-of-lamps"),
    ("venue", "hearing", ""),
    ("venue", "hearing", "kind=direct"),
    ("verification", "attested", ""),
    ("verification", "attested", "verification=attested,fabricated"),
    ("language", "pt", ""),
    ("language", "pt-BR", "language=pt"),
]


@pytest.fixture(scope="module")
def town(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A small set in which every parameter has quotes on both sides."""
    with django_db_blocker.unblock(), transaction.atomic():
        _make_town()
        yield
        transaction.set_rollback(True)


def _make_town() -> None:
    ministry = make_organization("ministry-of-lamps")
    bureau = make_organization("bureau-of-lanterns", parent=ministry)
    watch = make_organization("harbor-watch", kind="advocacy")
    gazette, varga = make_organization("lantern-gazette", kind="media"), make_person(slug="ottoline-varga")
    lanterns = make_topic("lanterns")
    contract, hearings = make_topic("lantern-contract", parent=lanterns), make_topic("hearings")
    vote = make_article(slug="the-lantern-vote", outlet=gazette)
    vote.authors.add(make_person(slug="bram-telleri"))
    rows = [
        (draft("One.", article=vote, speaker=varga), [(bureau, "current")], [(contract, "oppose")]),
        (
            draft("Two.", article=vote, kind="indirect"),
            [(bureau, "former")],
            [(contract, "support"), (hearings, "oppose")],
        ),
        (
            draft("Three.", speaker=varga, venue="hearing"),
            [(watch, "current")],
            [(contract, "mixed"), (lanterns, "oppose")],
        ),
        (draft("Four.", kind="partial"), [(ministry, "current"), (watch, "former")], [(hearings, "oppose")]),
        (draft("Five.", article=make_article(outlet=gazette, language="pt-BR")), [(watch, "current")], []),
        (draft("Six.", article=make_article(language="pt"), source_type="unnamed", organization=bureau), [], []),
        (
            draft("Seven.", speaks_for_organization=True, organization=bureau),
            [(bureau, "current")],
            [(hearings, "support")],
        ),
        (draft("Eight.", kind="indirect", verification="unverified"), [], [(contract, "not_addressed")]),
        (draft("Nine.", verification="fabricated"), [(bureau, "current")], [(contract, "oppose")]),
        (
            draft("Ten.", venue="hearing"),
            [(make_organization("lamp-court", kind="court"), "current")],
            [(contract, "oppose"), (hearings, "oppose")],
        ),
    ]
    for quote, capacities, positions in rows:
        for number, (organization, standing) in enumerate(capacities):
            make_capacity(quote, organization, standing=standing, is_primary=number == 0)
        for topic, stance in positions:
            make_coding(quote, topic, stance, certainty="low" if quote.text == "One." else "high")
        if quote.verification == "fabricated":
            make_evidence(quote)
    publish(quotes=[quote for quote, _, _ in rows], actor=None)


def words(quotes: list[Quote]) -> set[str]:
    return {quote.text for quote in quotes}


@pytest.mark.parametrize(("parameter", "value", "others"), NEGATIONS)
def test_what_matches_and_what_does_not_make_up_everything_else(parameter: str, value: str, others: str) -> None:
    modifiers = [part for part in others.split("&") if "_status" in part or "_scope" in part]
    universe = set(found(others))
    matching = set(found(f"{parameter}={value}&{others}")) if f"{parameter}=" not in others else None
    complement = set(found(f"{parameter}__not={value}&{others}"))
    if matching is None:
        alone = set(found("&".join([f"{parameter}={value}", *modifiers])))
        matching = universe & alone
    assert matching
    assert complement
    assert matching | complement == universe
    assert not matching & complement


def test_every_parameter_that_can_be_negated_is_tried() -> None:
    negatable = {name.removesuffix("__not") for name in QuoteFilterSet.base_filters if name.endswith("__not")}
    assert {parameter for parameter, _, _ in NEGATIONS} == negatable


def test_not_opposing_on_a_topic_stays_among_the_quotes_coded_on_it() -> None:
    assert words(found("stance__not=oppose&topic=lantern-contract")) == {"Two.", "Three."}


def test_not_opposing_anything_includes_what_nobody_coded() -> None:
    assert words(found("stance__not=oppose")) == {"Five.", "Six.", "Seven.", "Eight."}


def test_who_opposes_something_but_not_at_hearings() -> None:
    assert words(found("stance=oppose&topic__not=hearings")) == {"One.", "Three."}


def test_not_toward_a_topic_includes_what_does_not_address_it() -> None:
    assert "Eight." in words(found("topic__not=lantern-contract"))


def test_not_toward_a_topic_or_below_it() -> None:
    assert "Eight." in words(found("topic__not=lanterns&topic_scope=descendants"))
    assert "One." not in words(found("topic__not=lanterns&topic_scope=descendants"))
    assert "One." in words(found("topic__not=lanterns"))


def test_not_current_at_an_organization_includes_its_former_members() -> None:
    assert "Two." in words(found("affiliation__not=bureau-of-lanterns"))


def test_of_no_standing_at_an_organization_leaves_its_former_members_out() -> None:
    assert words(found("affiliation__not=ministry-of-lamps&affiliation_status=any")) == {
        "Three.",
        "Five.",
        "Eight.",
        "Ten.",
    }


def test_not_at_the_very_organization_includes_its_units() -> None:
    quotes = words(found("affiliation__not=ministry-of-lamps&affiliation_scope=exact"))
    assert {"One.", "Six.", "Seven."} <= quotes
    assert "Four." not in quotes


def test_not_at_a_former_members_kind_of_organization() -> None:
    assert "Four." not in words(found("organization_kind__not=advocacy&affiliation_status=former"))
    assert "Four." in words(found("organization_kind__not=advocacy"))


def test_not_this_speaker_includes_sources_that_are_no_person() -> None:
    assert "Six." in words(found("speaker__not=ottoline-varga"))


def test_no_values_of_a_vocabulary_are_left_when_all_are_excluded() -> None:
    assert found("kind__not=direct,partial,indirect") == []


def test_not_attested_does_not_bring_in_the_fabricated() -> None:
    assert words(found("verification__not=attested")) == {"Eight."}


def test_a_parameter_and_its_negation_exclude_each_other() -> None:
    assert found("kind=direct&kind__not=direct") == []
    assert words(found("language=pt&language__not=pt-BR")) == {"Six."}


def test_negations_are_and() -> None:
    assert words(found("speaker__not=ottoline-varga&outlet__not=lantern-gazette&kind__not=partial,indirect")) == {
        "Six.",
        "Seven.",
        "Ten.",
    }


def test_new_quotes_stand_on_the_side_where_they_belong() -> None:
    other = published("Eleven.", venue="speech")
    assert other in found("venue__not=hearing")
    assert other in found("affiliation__not=ministry-of-lamps")
    assert said_at(make_organization("lamp-guild"), text="Twelve.") in found("affiliation__not=ministry-of-lamps")
    assert coded((make_topic("lamp-tax"), "support"), text="Thirteen.") in found("stance__not=oppose")
