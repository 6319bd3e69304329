"""Counts that are read from kept totals are those that counting finds, whatever is asked."""

from __future__ import annotations

import pytest
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from quotes.publication import counting
from quotes.publication.filters import QuoteFilterSet
from quotes.publication.models import PublishedEntity, PublishedQuote
from quotes.vocabulary import EntityKind, QuoteKind, Stance
from tests.api.asking import ask

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]

EVERY_KIND = ",".join(QuoteKind.values)


def asked(query: str) -> QuoteFilterSet:
    filterset = QuoteFilterSet(QueryDict(query), PublishedQuote.objects.all())
    assert not filterset.refusals()
    return filterset


def slugs(kind: EntityKind) -> list[str]:
    return list(PublishedEntity.objects.of_kind(kind).order_by("slug").values_list("slug", flat=True))


def questions() -> list[str]:
    organizations, topics = slugs(EntityKind.ORGANIZATION), slugs(EntityKind.TOPIC)
    return [
        "",
        "kind=direct",
        "kind=direct,partial",
        "venue=hearing,interview",
        "source_type=person",
        "verification=retracted",
        "verification=attested",
        "language=en",
        "language=en,es",
        "stance__not=oppose",
        "kind__not=direct",
        "q=city",
        "distinct=utterance",
        "dated_after=2024",
        "kind=direct&source_type=person",
        *(f"stance={stance}" for stance in Stance.values),
        "stance=support,oppose",
        "certainty=high",
        *(f"topic={topic}" for topic in topics),
        *(f"topic={topic}&stance=oppose&topic_scope=descendants" for topic in topics),
        *(f"topic={topic}&certainty=high" for topic in topics),
        *(f"affiliation={one}" for one in organizations),
        *(f"affiliation={one}&affiliation_status=any" for one in organizations),
        *(f"affiliation={one}&affiliation_status=former&affiliation_scope=exact" for one in organizations),
        *(f"outlet={one}" for one in slugs(EntityKind.ORGANIZATION)),
        *(f"speaker={one}" for one in slugs(EntityKind.PERSON)),
        *(f"author={one}" for one in slugs(EntityKind.PERSON)),
        f"outlet={','.join(organizations)}",
        f"author={','.join(slugs(EntityKind.PERSON))}",
        f"topic={','.join(topics)}",
    ]


def test_a_kept_count_is_the_count_of_what_matches() -> None:
    found = {query: (counting.count(asked(query)), asked(query).qs.count()) for query in questions()}
    assert {query: both for query, both in found.items() if both[0] != both[1]} == {}
    assert sum(count > 0 for count, _ in found.values()) > 30


@pytest.mark.parametrize("query", ["", "stance=oppose", "kind=direct,partial"])
def test_what_totals_say_is_not_counted(query: str) -> None:
    filterset = asked(query)
    with CaptureQueriesContext(connection) as queries:
        counting.count(filterset)
    assert ["publication_total" in one["sql"] for one in queries] == [True]


@pytest.mark.parametrize("facet", ["stance", "topic", "affiliation", "kind", "venue", "outlet", "speaker", "author"])
def test_facets_of_everything_are_those_of_every_kind(facet: str) -> None:
    kept, counted = (
        ask(f"facet={facet}&limit=100{also}", path="quotes/facets/") for also in ("", f"&kind={EVERY_KIND}")
    )
    assert kept["facets"] == counted["facets"]
    assert kept["count"] == counted["count"]
    assert kept["facets"][facet]["values"]


def test_facets_of_several_codes_a_value_are_counted() -> None:
    answer = ask(
        "facet=affiliation&affiliation_status=any&affiliation=" + slugs(EntityKind.ORGANIZATION)[0],
        path="quotes/facets/",
    )
    for one in answer["facets"]["affiliation"]["values"]:
        found = ask(f"count=1&affiliation_status=any&affiliation={one['value']}")
        assert one["count"] <= found["count"]


@pytest.mark.parametrize("kind", ["speaker", "outlet", "author", "article", "affiliation", "topic"])
def test_what_is_asked_for_and_excluded_at_once_is_not_looked_for(kind: str) -> None:
    entities = {"speaker": EntityKind.PERSON, "author": EntityKind.PERSON, "topic": EntityKind.TOPIC}
    entities |= {"article": EntityKind.ARTICLE}
    for one in slugs(entities.get(kind, EntityKind.ORGANIZATION))[:5]:
        with pytest.raises(EmptyResultSet):
            asked(f"{kind}={one}&{kind}__not={one}").qs.query.sql_with_params()


@pytest.mark.parametrize("kind", ["speaker", "outlet", "author", "affiliation", "topic", "kind", "venue"])
def test_what_is_asked_for_beside_what_is_excluded_is_found(kind: str) -> None:
    values = [one["value"] for one in ask(f"facet={kind}", path="quotes/facets/")["facets"][kind]["values"]][:4]
    for excluded in values:
        both = asked(f"{kind}={','.join(values)}&{kind}__not={excluded}").qs
        wanted = asked(f"{kind}={','.join(values)}").qs
        unwanted = asked(f"{kind}={excluded}").qs
        assert set(both.values_list("pk", flat=True)) == set(wanted.values_list("pk", flat=True)) - set(
            unwanted.values_list("pk", flat=True)
        )
