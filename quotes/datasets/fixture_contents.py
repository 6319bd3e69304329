"""What a fixture of some quotes holds: these, and all that they need to be loaded into an empty database, and no more.

Keys are told to the database as one array: a parameter for each would be too many from 65,536 on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models
from django.db.models import Q
from django.db.models.expressions import RawSQL

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
    Snapshot,
    Topic,
)
from quotes.vocabulary import EntityKind

# By table, the keys of the rows that are in.
Contents = Mapping[type[models.Model], Iterable[int]]


def having(model: type[models.Model], keys: Iterable[int], field: str = "pk") -> Any:
    """The model's rows whose key, or whose reference of that name, is one of these."""
    wanted = RawSQL("SELECT unnest(%s::bigint[])", [list(keys)])
    return model._default_manager.filter(**{f"{field}__in": wanted}).order_by()


def contents_of(quotes: Iterable[int]) -> Contents:
    """What is needed for the quotes with these keys.

    Of quotes: their roots, and what reports them, whatever its status. Of speakers: all of their affiliations, not only those
    in which the words were said. Of articles: all snapshots. Of organizations and topics: those above them, and what an
    organization became. And the old addresses of all of these.
    """
    quotes = _with_targets(set(quotes))
    said = having(Quote, quotes)
    articles = _distinct(said, "article")
    speakers = _distinct(said, "speaker")
    affiliations = having(Affiliation, speakers, "person")
    authorships = having(Authorship, articles, "article")
    codings = having(Coding, quotes, "quote")
    named = _distinct(said, "organization") | _distinct(having(Article, articles), "outlet")
    organizations = _keys(having(Organization, named | _distinct(affiliations, "organization")).shown_with())
    people = speakers | _distinct(authorships, "person")
    topics = _keys(having(Topic, _distinct(codings, "topic")).with_ancestors())
    rounds = CodingRound.objects.filter(number__in=list(codings.values_list("round", flat=True).distinct()))
    return {
        Person: people,
        Organization: organizations,
        Topic: topics,
        Affiliation: _keys(affiliations),
        Article: articles,
        Authorship: _keys(authorships),
        Snapshot: _keys(having(Snapshot, articles, "article")),
        Quote: quotes,
        QuoteAffiliation: _keys(having(QuoteAffiliation, quotes, "quote")),
        Evidence: _keys(having(Evidence, quotes, "quote")),
        CodingRound: _keys(rounds),
        Coding: _keys(codings),
        Redirect: _redirects(people, organizations, articles, topics),
    }


def _with_targets(quotes: set[int]) -> set[int]:
    """The quotes, and those that they refer to, and so on."""
    fresh = quotes
    while fresh:
        rows = having(Quote, fresh)
        fresh = (_distinct(rows, "same_utterance_as") | _distinct(rows, "reported_via")) - quotes
        quotes = quotes | fresh
    return quotes


def _redirects(people: set[int], organizations: set[int], articles: set[int], topics: set[int]) -> set[int]:
    leading = Q(pk__in=[])
    for kind, model, keys in (
        (EntityKind.PERSON, Person, people),
        (EntityKind.ORGANIZATION, Organization, organizations),
        (EntityKind.ARTICLE, Article, articles),
        (EntityKind.TOPIC, Topic, topics),
    ):
        leading |= Q(kind=kind, target__in=having(model, keys).values("slug"))
    return _keys(Redirect.objects.filter(leading))


def _keys(rows: Any) -> set[int]:
    return set(rows.order_by().values_list("pk", flat=True))


def _distinct(rows: Any, field: str) -> set[int]:
    """The keys that the rows refer to."""
    return set(rows.values_list(f"{field}_id", flat=True).distinct()) - {None}
