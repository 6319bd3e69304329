"""Small worlds of made-up people and organizations, drawn by a number, and what every table holds of them."""

from __future__ import annotations

import random
from itertools import pairwise
from typing import Any

from django.db import connection

from quotes import curation
from quotes.models import Affiliation, Authorship, Merge, Organization, Person, Quote, Redirect
from quotes.publication.refresh import drain
from quotes.vocabulary import Stance, Standing
from tests import factories
from tests.api.mirror import public_state

ROLES = ("envoy", "warden")
STARTS = (None, "2021", "2021-03")
# Numbers of changes and moments of writing go on; who did what, and what was public once, is kept for good.
PASSING = {"change", "modified"}
HISTORY = ("pghistory_", "django_", "auth_", "quotes_merge", "publication_removal")


def make_world(number: int) -> random.Random:
    """People, organizations, and all that can name them, by chance; twins of affiliations are frequent."""
    chance = random.Random(number)  # noqa: S311 - worlds, no secrets
    organizations = [_organization(chance, n) for n in range(5)]
    for one, other in pairwise(organizations):
        _place(chance, one, other)
    people = [_person(chance, n) for n in range(4)]
    jobs = {person.pk: _jobs(chance, person, organizations) for person in people}
    articles = [factories.make_article(outlet=chance.choice([None, *organizations])) for _ in range(4)]
    for article in articles:
        for position, person in enumerate(chance.sample(people, chance.randrange(3)), start=1):
            Authorship.objects.create(article=article, person=person, position=position)
    quotes = [_quote(chance, articles, organizations, people, jobs) for _ in range(8)]
    topic = factories.make_topic()
    for quote in chance.sample(quotes, 4):
        factories.make_coding(quote, topic, chance.choice(Stance.values))
    for kind, records in (("person", people), ("organization", organizations)):
        for n, record in enumerate(chance.sample(records, 2)):
            Redirect.objects.create(kind=kind, slug=f"old-{kind}-{n}", target=record.slug)
    curation.publish(quotes=chance.sample(quotes, 6), actor=None)
    drain()
    return chance


def _organization(chance: random.Random, n: int) -> Organization:
    given = {"short_name": f"O{n}", "country": "XX", "wikidata_id": f"Q{900 + n}", "aliases": [f"Old Office {n}"]}
    fields = {name: value for name, value in given.items() if chance.random() < 0.3}
    return factories.make_organization(f"office-{n}", **fields)


def _place(chance: random.Random, one: Organization, other: Organization) -> None:
    other.parent = chance.choice([None, one])
    other.save()
    one.successor = chance.choice([None, other])
    one.save()


def _person(chance: random.Random, n: int) -> Person:
    given = {"wikidata_id": f"Q{800 + n}", "aliases": [f"V. {n}", "Vell"]}
    fields = {name: value for name, value in given.items() if chance.random() < 0.3}
    return factories.make_person(f"Ilvy Vell {n}", slug=f"ilvy-{n}", sort_name=f"Vell {n}, Ilvy", **fields)


def _jobs(chance: random.Random, person: Person, organizations: list[Organization]) -> list[Affiliation]:
    made: dict[Any, Affiliation] = {}
    for _ in range(chance.randrange(6)):
        place = (chance.choice(organizations), chance.choice(ROLES), chance.choice(STARTS))
        if place not in made:
            made[place] = factories.make_affiliation(person, place[0], place[1], start=place[2])
    return list(made.values())


def _quote(
    chance: random.Random, articles: Any, organizations: Any, people: list[Person], jobs: dict[int, list[Affiliation]]
) -> Quote:
    common = {"article": chance.choice(articles), "snapshot": None, "source_label": "the source"}
    if chance.random() < 0.3:
        return factories.make_quote(source_type="document", organization=chance.choice(organizations), **common)
    speaker = chance.choice(people)
    spoken_for = chance.choice([None, None, *organizations])
    quote = factories.make_quote(
        speaker=speaker, organization=spoken_for, speaks_for_organization=spoken_for is not None, **common
    )
    held = jobs[speaker.pk]
    for n, job in enumerate(chance.sample(held, chance.randint(0, len(held)))):
        standing = chance.choice(Standing.values)
        factories.make_capacity(quote, job.organization, affiliation=job, is_primary=n == 0, standing=standing)
    return quote


def dump() -> dict[str, list[dict[str, Any]]]:
    """Every row of every table, in the order of the keys; without history, and without what only goes on."""
    names = [name for name in connection.introspection.table_names() if not name.startswith(HISTORY)]
    return {name: _rows(name) for name in names if not name.endswith("event")}


def _rows(table: str) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT to_jsonb(row) - %s::text[] FROM "{table}" AS row ORDER BY 1', [sorted(PASSING)])
        return [row for (row,) in cursor.fetchall()]


def public_answers() -> Any:
    """What the public API says of everything, moments of writing aside."""
    return _lasting(public_state())


def _lasting(answer: Any) -> Any:
    if isinstance(answer, dict):
        return {name: _lasting(value) for name, value in answer.items() if name not in PASSING}
    return [_lasting(member) for member in answer] if isinstance(answer, list) else answer


def two_people() -> tuple[Person, Person]:
    """Both publicly known: Neva Corrin with a job and a quote, N. Corrin with a twin of that job, a quote and a byline."""
    keep, merged = (
        factories.make_person("Neva Corrin", slug="neva"),
        factories.make_person("N. Corrin", slug="n-corrin"),
    )
    ministry = factories.make_organization("ministry")
    for person in (keep, merged):
        job = factories.make_affiliation(person, ministry, "envoy")
        quote = factories.make_quote(speaker=person, source_label="the envoy")
        factories.make_capacity(quote, ministry, affiliation=job)
        curation.publish(quotes=[quote], actor=None)
    Authorship.objects.create(article=factories.make_article(), person=merged)
    return keep, merged


def merge_people(keep: Person, merged: Person, **choices: Any) -> Merge:
    curation.merge_people(keep=keep, merged=merged, actor=None, choices=choices)
    return Merge.objects.latest("pk")


def merge_organizations(keep: Organization, merged: Organization, **choices: Any) -> Merge:
    curation.merge_organizations(keep=keep, merged=merged, actor=None, choices=choices)
    return Merge.objects.latest("pk")
