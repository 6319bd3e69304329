"""The publication answers as the models' querysets do: hundreds of questions drawn from the data, asked of both sides."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, groupby, product

import pytest
from django.db.models import Q
from django.http import QueryDict

from quotes.models import Organization, Quote, Topic
from quotes.partial_dates import PartialDate
from quotes.publication.filters import QuoteFilterSet
from quotes.publication.hidden import hidden
from quotes.publication.models import PublishedQuote
from quotes.vocabulary import UNLISTED, Certainty, OrganizationKind, Stance, Standing, Verification
from tests.api.both_sides import Keys, Question, api, assert_same, keys, public, spread

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded")]

CAPACITIES = [
    ("current", "descendants"),
    ("current", "exact"),
    ("former", "descendants"),
    ("incoming", "descendants"),
    ("unknown", "exact"),
    ("any", "descendants"),
]


def organizations() -> list[Organization]:
    """Those that a public quote names, in any capacity, and those above them."""
    named = Q(affiliations__quote_affiliations__quote__in=public()) | Q(quotes__in=public())
    return list(Organization.objects.filter(named).with_ancestors().order_by("slug"))


def topics() -> list[Topic]:
    coded = Topic.objects.filter(codings__quote__in=public(), codings__is_final=True)
    return list(coded.with_ancestors().order_by("slug"))


def standings(name: str) -> list[str]:
    return list(Standing.values) if name == "any" else [name]


# What the querysets answer


def test_affiliations_in_every_standing_and_scope() -> None:
    def questions() -> Iterator[Question]:
        for organization, (standing, scope) in product(spread(organizations(), 16), CAPACITIES):
            quotes = public().affiliated_with([organization], standing=standings(standing), scope=scope)
            query = f"affiliation={organization.slug}&affiliation_status={standing}&affiliation_scope={scope}"
            yield query, keys(quotes)

    assert_same(questions(), at_least=10)


def test_affiliations_by_default_and_without() -> None:
    def questions() -> Iterator[Question]:
        everything = keys(public())
        for organization in organizations():
            matching = keys(public().affiliated_with([organization]))
            yield f"affiliation={organization.slug}", matching
            yield f"affiliation__not={organization.slug}", everything - matching
        for pair in combinations(spread(organizations(), 8), 2):
            slugs = ",".join(organization.slug for organization in pair)
            yield f"affiliation={slugs}", keys(public().affiliated_with(pair))

    assert_same(questions(), at_least=20)


def test_stances_on_topics_in_every_scope() -> None:
    def questions() -> Iterator[Question]:
        for topic, scope in product(topics(), ["exact", "descendants"]):
            asked = f"topic={topic.slug}&topic_scope={scope}"
            addressing = keys(public().addressing([topic], scope=scope))
            yield asked, addressing
            yield f"topic__not={topic.slug}&topic_scope={scope}", keys(public()) - addressing
            for stance in Stance.values:
                taking = keys(public().taking([stance], on=[topic], scope=scope))
                yield f"{asked}&stance={stance}", taking
                yield f"{asked}&stance__not={stance}", addressing - taking
                yield f"position={topic.slug}:{stance}&topic_scope={scope}", taking

    assert_same(questions(), at_least=30)


def test_stances_toward_anything() -> None:
    def questions() -> Iterator[Question]:
        for stances in [*combinations(Stance.values, 1), *combinations(Stance.values, 2)]:
            taking = keys(public().taking(stances))
            yield f"stance={','.join(stances)}", taking
            yield f"stance__not={','.join(stances)}", keys(public()) - taking

    assert_same(questions(), at_least=20)


def test_certainties_with_and_without_stances_and_topics() -> None:
    def questions() -> Iterator[Question]:
        everything = keys(public())
        for certainty in [*combinations(Certainty.values, 1), *combinations(Certainty.values, 2)]:
            value, coded = ",".join(certainty), keys(public().taking(Stance.values, certainty=certainty))
            yield f"certainty={value}", coded
            yield f"certainty__not={value}", everything - coded
            for stance in Stance.values:
                taking = keys(public().taking([stance], certainty=certainty))
                yield f"certainty={value}&stance={stance}", taking
                yield f"certainty={value}&stance__not={stance}", coded - taking
                yield f"certainty__not={value}&stance={stance}", keys(public().taking([stance])) - taking

    assert_same(questions(), at_least=20)


def test_certainties_of_stances_on_topics_in_every_scope() -> None:
    def questions() -> Iterator[Question]:
        for topic, scope, certainty in product(topics(), ["exact", "descendants"], Certainty.values):
            asked = f"topic={topic.slug}&topic_scope={scope}&certainty={certainty}"
            addressing = keys(public().addressing([topic], scope=scope, certainty=[certainty]))
            yield asked, addressing
            yield (
                asked.replace("&certainty", "&certainty__not"),
                (keys(public().addressing([topic], scope=scope)) - addressing),
            )
            for stance in Stance.values:
                taking = keys(public().taking([stance], on=[topic], scope=scope, certainty=[certainty]))
                yield f"{asked}&stance={stance}", taking
                yield f"{asked}&stance__not={stance}", addressing - taking

    assert_same(questions(), at_least=20)


def test_two_positions_at_once() -> None:
    def questions() -> Iterator[Question]:
        sides = {
            (topic, stance): keys(public().taking([stance], on=[topic])) for topic in topics() for stance in Stance
        }
        pairs = [
            (one, other) for one, other in combinations(sides, 2) if one[0] != other[0] and sides[one] & sides[other]
        ]
        for one, other in spread(pairs, 60):
            query = f"position={one[0].slug}:{one[1]}&position={other[0].slug}:{other[1]}"
            yield query, sides[one] & sides[other]

    assert_same(questions(), at_least=8)


def test_what_an_organization_says_of_a_topic() -> None:
    def questions() -> Iterator[Question]:
        said = {
            organization.slug: keys(public().affiliated_with([organization]))
            for organization in spread(organizations(), 20)
        }
        for topic, stance in product(topics(), ("support", "oppose")):
            taking = keys(public().taking([stance], on=[topic]))
            for slug, quotes in said.items():
                yield f"affiliation={slug}&topic={topic.slug}&stance={stance}", quotes & taking

    assert_same(questions(), at_least=6)


@pytest.mark.parametrize("standing", [*Standing.values, "any"])
def test_kinds_of_organizations_in_every_standing(standing: str) -> None:
    def questions() -> Iterator[Question]:
        for kind in OrganizationKind.values:
            stated = Q(
                affiliations__affiliation__organization__kind=kind, affiliations__standing__in=standings(standing)
            )
            spoken = Q(organization__kind=kind) if standing in {"current", "any"} else Q(pk=None)
            query = f"organization_kind={kind}&affiliation_status={standing}"
            yield query, keys(public().filter(stated | spoken).distinct())

    assert_same(questions(), at_least=0)


@pytest.mark.parametrize("verification", Verification.values)
def test_what_is_asked_for_by_its_verification_is_found_listed_or_not(verification: str) -> None:
    expected = keys(Quote.objects.published().filter(verification=verification))
    assert set(api(f"verification={verification}")) == expected


# What plain rows answer, without any querysets or codes


def rows() -> list[Quote]:
    related = ("speaker", "organization", "article__outlet")
    return list(
        public()
        .select_related(*related)
        .prefetch_related("affiliations__affiliation__organization", "article__authors")
    )


def facts(quote: Quote) -> Iterator[tuple[str, str]]:
    """Every (parameter, value) that finds the quote by itself, apart from codings and what organizations include."""
    article = quote.article
    yield from (("kind", quote.kind), ("source_type", quote.source_type), ("venue", quote.venue))
    yield from (("verification", quote.verification), ("article", article.slug), ("uid", str(quote.uid)))
    parts = article.language.split("-")
    yield from (("language", "-".join(parts[: length + 1])) for length in range(len(parts)))
    yield from (("author", person.slug) for person in article.authors.all())
    if article.outlet:
        yield "outlet", article.outlet.slug
    if quote.speaker:
        yield "speaker", quote.speaker.slug
    if quote.speaks_for_organization:
        yield "speaks_for", quote.organization.slug
    capacities = [(row.affiliation.organization, row.standing) for row in quote.affiliations.all()]
    capacities += [(quote.organization, "current")] if quote.organization else []
    yield from (("organization_kind", where.kind) for where, standing in capacities if standing == "current")


def by_fact() -> dict[tuple[str, str], Keys]:
    found: dict[tuple[str, str], set[int]] = {}
    for quote in rows():
        for fact in facts(quote):
            found.setdefault(fact, set()).add(quote.pk)
    return {fact: frozenset(quotes) for fact, quotes in found.items()}


def test_every_fact_of_every_quote_and_its_negation() -> None:
    def questions() -> Iterator[Question]:
        everything = keys(public())
        for (parameter, value), quotes in spread(by_fact().items(), 150):
            yield f"{parameter}={value}", quotes
            if parameter != "uid":
                yield f"{parameter}__not={value}", everything - quotes

    assert_same(questions(), at_least=40)


def test_all_pairs_of_common_facts_are_their_intersection() -> None:
    def questions() -> Iterator[Question]:
        known = {fact: quotes for fact, quotes in by_fact().items() if fact[0] not in {"uid", "verification"}}
        common: list[tuple[str, str]] = []
        for name in sorted({name for name, _ in known}):
            common += sorted((fact for fact in known if fact[0] == name), key=lambda fact: -len(known[fact]))[:2]
        for one, other in spread(combinations(common, 2), 80):
            if one[0] != other[0]:
                yield f"{one[0]}={one[1]}&{other[0]}={other[1]}", known[one] & known[other]
                yield f"{one[0]}={one[1]}&{other[0]}__not={other[1]}", known[one] - known[other]

    assert_same(questions(), at_least=30)


def test_dates_that_occur_as_ends_of_ranges() -> None:
    quotes = [(quote.pk, {"said": quote.said_on, "published": quote.article.published}) for quote in rows()]
    for _, dates in quotes:
        dates["dated"] = dates["said"] or dates["published"]

    def questions() -> Iterator[Question]:
        for field in ("said", "published", "dated"):
            known = {key: PartialDate(dates[field]) for key, dates in quotes if dates[field]}
            ends = sorted({PartialDate(text) for date in known.values() for text in (date, date[:7], date[:4])})
            for end in spread(ends, 12):
                yield f"{field}_after={end}", frozenset(key for key, date in known.items() if date.end >= end.start)
                yield f"{field}_before={end}", frozenset(key for key, date in known.items() if date.start <= end.end)

    assert_same(questions(), at_least=2)


def test_each_utterance_once_under_many_filters() -> None:
    places = {}
    for quote in rows():
        date = quote.said_on or quote.article.published
        start = PartialDate(date).start if date else None
        places[quote.pk] = (quote.same_utterance_as_id or quote.pk, (date is None, start, quote.pk))

    def first_of_each(quotes: Keys) -> Keys:
        appearances = groupby(sorted(places[key] for key in quotes), key=lambda place: place[0])
        return frozenset(next(group)[1][2] for _, group in appearances)

    common = sorted(by_fact().items(), key=lambda item: -len(item[1]))[:30]
    questions = [(f"{name}={value}&distinct=utterance", first_of_each(quotes)) for (name, value), quotes in common]
    assert_same(questions, at_least=10)


# What the defaults leave out


def test_what_is_hidden_is_what_the_models_have_beyond_the_answer() -> None:
    wrong = []
    for organization in spread(organizations(), 8):
        everything = Quote.objects.published()
        shown = public().affiliated_with([organization])
        expected = {
            value: everything.listed().affiliated_with([organization], standing=[value]).exclude(pk__in=shown).count()
            for value in Standing.values
        }
        for value in UNLISTED:
            expected[value] = everything.filter(verification=value).affiliated_with([organization]).count()
        data = QueryDict(f"affiliation={organization.slug}")
        found = hidden(QuoteFilterSet(data, PublishedQuote.objects.all()), path="/api/v1/quotes/")
        if {item["value"]: item["count"] for item in found} != {
            name: count for name, count in expected.items() if count
        }:
            wrong.append(organization.slug)
    assert wrong == []
