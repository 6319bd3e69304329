"""Edits of every kind, each a function of one or two small numbers, and the small world that they are made in."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, connection, transaction

from quotes import curation
from quotes.models import (
    Affiliation,
    Article,
    Authorship,
    Coding,
    CodingRound,
    Evidence,
    Organization,
    Person,
    Quote,
    QuoteAffiliation,
    Redirect,
    Topic,
)
from quotes.vocabulary import EntityKind, Stance, Standing, Verification
from tests import factories

Edit = tuple[str, int, int, bool]
EDITS: dict[str, Callable[..., Any]] = {}


def edit(function: Callable[..., Any]) -> Callable[..., Any]:
    EDITS[function.__name__] = function
    return function


def count_of_numbers(name: str) -> int:
    """How many numbers the edit goes by: what differs in others is the same edit."""
    return len(inspect.signature(EDITS[name]).parameters)


def pick(rows: Any, number: int) -> Any:
    """One of the rows, in a fixed order; an edit of nothing is skipped."""
    rows = list(rows.order_by("pk"))
    return rows[number % len(rows)] if rows else None


@edit
def publish(a: int) -> None:
    if quote := pick(Quote.objects.filter(status__in=["draft", "in_review"]), a):
        curation.publish(quotes=[quote], actor=None)


@edit
def withdraw(a: int) -> None:
    if quote := pick(Quote.objects.published(), a):
        curation.withdraw(quotes=[quote], reason="A mistake.", actor=None)


@edit
def withdraw_by_sql(a: int) -> None:
    if quote := pick(Quote.objects.published(), a):
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE quotes_quote SET status = 'withdrawn', withdrawn_at = now(), withdrawn_reason = 'x' WHERE id = %s",
                [quote.pk],
            )


@edit
def delete_draft(a: int) -> None:
    if quote := pick(Quote.objects.filter(published_at=None, repetitions=None, reports=None), a):
        quote.delete()


@edit
def edit_all_texts(a: int) -> None:
    Quote.objects.update(text=f"The lamps of street {a} listen.")


@edit
def change_speaker(a: int, b: int) -> None:
    quote = pick(Quote.objects.filter(speaker__isnull=False), a)
    quote.affiliations.all().delete()
    Quote.objects.filter(pk=quote.pk).update(speaker=pick(Person.objects.all(), b))


@edit
def add_capacity(a: int, b: int) -> None:
    quote = pick(Quote.objects.filter(speaker__isnull=False, affiliations=None), a)
    if quote:
        factories.make_capacity(quote, pick(Organization.objects.all(), b), standing=Standing.values[b % 4])


@edit
def change_standing(a: int) -> None:
    QuoteAffiliation.objects.all().update(standing=Standing.values[a % 4])


@edit
def move_job(a: int, b: int) -> None:
    if job := pick(Affiliation.objects.all(), a):
        job.organization = pick(Organization.objects.all(), b)
        job.save()


@edit
def code(a: int, b: int) -> None:
    stance = Stance.values[(a + b) % 6]
    quote, topic = pick(Quote.objects.all(), a), pick(Topic.objects.all(), b)
    curation.record_coding(quote=quote, topic=topic, coder="c", stance=stance, round=1 + a % 2, is_final=a % 3 > 0)


@edit
def drop_codings(a: int) -> None:
    Coding.objects.filter(topic=pick(Topic.objects.all(), a)).delete()


@edit
def dispute(a: int, b: int) -> None:
    quote = pick(Quote.objects.all(), a)
    factories.make_evidence(quote)
    Quote.objects.filter(pk=quote.pk).update(verification=Verification.values[2 + b % 4])


@edit
def drop_evidence(a: int) -> None:
    quote = pick(Quote.objects.all(), a)
    Quote.objects.filter(pk=quote.pk).update(verification=Verification.UNVERIFIED)
    Evidence.objects.filter(quote=quote).delete()


@edit
def rename_person(a: int, b: int) -> None:
    Person.objects.filter(pk=pick(Person.objects.all(), a).pk).update(name=f"Ilvy Sarn {b}", aliases=[f"I. S. {b}"])


@edit
def rename_organization(a: int, b: int) -> None:
    organization = pick(Organization.objects.all(), a)
    organization.name = f"Office {b}"
    organization.save()


@edit
def reparent_organization(a: int, b: int) -> None:
    Organization.objects.filter(pk=pick(Organization.objects.all(), a).pk).update(
        parent=pick(Organization.objects.all(), b)
    )


@edit
def set_successor(a: int, b: int) -> None:
    row, other = pick(Organization.objects.all(), a), pick(Organization.objects.all(), b)
    Organization.objects.filter(pk=row.pk).update(successor=None if row == other else other)


@edit
def reparent_topic(a: int, b: int) -> None:
    Topic.objects.filter(pk=pick(Topic.objects.all(), a).pk).update(parent=pick(Topic.objects.all(), b))


@edit
def edit_article(a: int, b: int) -> None:
    article = pick(Article.objects.all(), a)
    article.title, article.published = f"Lamps {b}", ["2024", "2024-05", "2024-05-06", None][b % 4]
    article.outlet = pick(Organization.objects.all(), b)
    article.save()


@edit
def change_byline(a: int, b: int) -> None:
    article, person = pick(Article.objects.all(), a), pick(Person.objects.all(), b)
    Authorship.objects.filter(article=article).delete()
    if b % 3:
        Authorship.objects.create(article=article, person=person)


@edit
def link_utterance(a: int, b: int) -> None:
    quote, root = pick(Quote.objects.all(), a), pick(Quote.objects.all(), b)
    Quote.objects.filter(pk=quote.pk).update(same_utterance_as=None if quote == root else root)


@edit
def link_report(a: int, b: int) -> None:
    quote, via = pick(Quote.objects.all(), a), pick(Quote.objects.all(), b)
    Quote.objects.filter(pk=quote.pk).update(reported_via=None if quote == via else via)


@edit
def merge_people(a: int, b: int) -> None:
    if Person.objects.count() > 2:
        keep, merged = pick(Person.objects.all(), a), pick(Person.objects.all(), b)
        curation.merge_people(keep=keep, merged=merged, actor=None)


@edit
def merge_organizations(a: int, b: int) -> None:
    if Organization.objects.count() > 2:
        keep, merged = pick(Organization.objects.all(), a), pick(Organization.objects.all(), b)
        curation.merge_organizations(keep=keep, merged=merged, actor=None)


@edit
def undo_merge(a: int) -> None:
    if redirect := pick(Redirect.objects.all(), a):
        redirect.delete()


@edit
def change_slug(a: int, b: int) -> None:
    model = [Person, Organization, Article, Topic][b % 4]
    model.objects.filter(pk=pick(model.objects.all(), a).pk).update(slug=f"slug-{b}")


@edit
def readdress(a: int, b: int) -> None:
    person = pick(Person.objects.all(), a)
    old, person.slug = person.slug, f"slug-{b}"
    person.save()
    if old != person.slug:
        curation.readdress(kind=EntityKind.PERSON, old=old, new=person.slug)


@edit
def publish_again(a: int) -> None:
    if quote := pick(Quote.objects.filter(status="withdrawn"), a):
        Quote.objects.filter(pk=quote.pk).update(status="published", withdrawn_at=None, withdrawn_reason="")


@edit
def close_round(a: int) -> None:
    curation.close_round(number=1 + a % 2, actor=None)


@edit
def reopen_round(a: int) -> None:
    curation.reopen_round(number=1 + a % 2, actor=None)


@edit
def drop_round(a: int) -> None:
    CodingRound.objects.filter(number=1 + a % 2).delete()


@edit
def renumber_round(a: int, b: int) -> None:
    CodingRound.objects.filter(number=1 + a % 2).update(number=3 + b)


def make_world() -> None:
    """Five published quotes and a draft, in which everything that can refer to something does."""
    factories.make_round(1)
    factories.make_round(2, closed_at="2026-11-03T10:00:00Z")
    Redirect.objects.create(kind="organization", slug="old-office", target="office-0")
    root = factories.make_organization("office-0")
    middle = factories.make_organization("office-1", parent=root)
    organizations = [root, middle, factories.make_organization("office-2", parent=middle)]
    organizations.append(factories.make_organization("office-3", successor=organizations[2]))
    people = [factories.make_person(f"Person {n}") for n in range(3)]
    topics = [factories.make_topic("lamps-0")]
    topics += [factories.make_topic(f"lamps-{n}", parent=topics[0]) for n in (1, 2)]
    articles = [factories.make_article(outlet=organizations[n + 1]) for n in range(2)]
    Authorship.objects.create(article=articles[0], person=people[2])
    quotes = []
    for number in range(6):
        source = (
            {"source_type": "document", "organization": organizations[3]}
            if number == 4
            else {"speaker": people[number % 2]}
        )
        said_on = "2024-03" if number % 2 else None
        quote = factories.make_quote(
            article=articles[number % 2], snapshot=None, source_label="the source", said_on=said_on, **source
        )
        factories.make_coding(quote, topics[number % 3], Stance.values[number % 6])
        if number != 4:
            factories.make_capacity(quote, organizations[number % 4])
        quotes.append(quote)
    Quote.objects.filter(pk=quotes[1].pk).update(same_utterance_as=quotes[0])
    Quote.objects.filter(pk=quotes[2].pk).update(reported_via=quotes[4])
    curation.publish(quotes=quotes[:5], actor=None)


def apply(name: str, *numbers: int) -> bool:
    """Make the edit, by as many of the numbers as it takes. Says whether it was made.

    One that a rule of the database or a verb refuses leaves nothing behind.
    """
    try:
        with transaction.atomic():
            EDITS[name](*numbers[: count_of_numbers(name)])
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    except (IntegrityError, curation.CurationError):
        return False
    return True
