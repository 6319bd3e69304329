"""Who speaks: people, organizations, and what they were to one another."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db.models import Case, CharField, Exists, F, IntegerField, OuterRef, Q, Value, When
from django.db.models.functions import Coalesce

from quotes.partial_dates import PartialDate
from quotes.querysets import alike
from quotes.querysets.trees import PagedQuerySet, TreeQuerySet
from quotes.vocabulary import Status

if TYPE_CHECKING:
    from quotes.models import (
        Affiliation,
        Article,
        Organization,
        Person,
    )

# Of what is typed into a search: more words than a name has say nothing.
_WORDS = 6


def _beginnings(name: str) -> list[str]:
    """The first letters of the name's words: what a misspelt name most often has right."""
    return [word[:3] for word in name.split()[:_WORDS] if len(word) > 1]


class PersonQuerySet(PagedQuerySet):
    def get_by_natural_key(self, slug: str) -> Person:
        return self.get(slug=slug)

    def holding(self, pieces: Iterable[str]) -> Self:
        """People in whose name, or among whose aliases, all of these pieces are, whatever the case."""
        found = self
        for piece in pieces:
            found = found.filter(Q(name__icontains=piece) | Q(aliases__icontains=piece))
        return found

    def with_words(self, words: str) -> Self:
        """People in whose name or aliases each of the words stands, whatever the case."""
        return self.holding(words.split()[:_WORDS])

    def like(self, name: str) -> Self:
        """People with a word in their names that begins as one of this name's does: a first sieve for similar names."""
        wanted = Q(pk__in=[])
        for start in _beginnings(name):
            wanted |= Q(name__icontains=start) | Q(aliases__icontains=start)
        return self.filter(wanted).order_by("pk")

    def nearest_first(self, *, article: Article, user: Any) -> Self:
        """Those who speak in the article, then those of the same outlet's articles and of the user's quotes, then the others.

        `nearness` is 0, 1 or 2.
        """
        said = apps.get_model("quotes", "Quote")._default_manager.filter(speaker=OuterRef("pk"))
        near = said.filter(Q(article__outlet__isnull=False, article__outlet=article.outlet_id) | Q(created_by=user.pk))
        nearness = Case(
            When(Exists(said.filter(article=article.pk)), then=Value(0)),
            When(Exists(near), then=Value(1)),
            default=Value(2),
            output_field=IntegerField(),
        )
        return self.annotate(nearness=nearness).order_by("nearness", "sort_name", "pk")

    def named(self, names: Iterable[str]) -> Self:
        """People whose name or an alias is one of these, to the letter. A shared name is never a reason to merge."""
        names = list(names)
        return self.filter(Q(name__in=names) | Q(aliases__overlap=names))

    def alike(self) -> Self:
        """People who may be one person: they share a name or alias, but for accents, case and punctuation."""
        return self.filter(pk__in=alike.people())


class OrganizationQuerySet(TreeQuerySet):
    def get_by_natural_key(self, slug: str) -> Organization:
        return self.get(slug=slug)

    def holding(self, pieces: Iterable[str]) -> Self:
        """Organizations in whose name or short name, or among whose aliases, all of these pieces are, whatever the case."""
        found = self
        for piece in pieces:
            found = found.filter(
                Q(name__icontains=piece) | Q(short_name__icontains=piece) | Q(aliases__icontains=piece)
            )
        return found

    def with_words(self, words: str) -> Self:
        """Organizations in whose name, short name or aliases each of the words stands, whatever the case."""
        return self.holding(words.split()[:_WORDS])

    def like(self, name: str) -> Self:
        """Organizations with a word in their names that begins as one of this name's does."""
        wanted = Q(short_name__iexact=name)
        for start in _beginnings(name):
            wanted |= Q(name__icontains=start) | Q(aliases__icontains=start)
        return self.filter(wanted).order_by("pk")

    def named(self, names: Iterable[str]) -> Self:
        """Organizations whose name, short name or an alias is one of these, to the letter."""
        names = list(names)
        return self.filter(Q(name__in=names) | Q(short_name__in=names) | Q(aliases__overlap=names))

    def alike(self) -> Self:
        """Organizations that may be one: they share a name, short name or alias, and are no unit or successor of each other."""
        return self.filter(pk__in=alike.organizations())

    def shown_with(self) -> Self:
        """These organizations and those that their documents lead to: parents and successors, and theirs."""
        return self._walk("tree.id = walk.parent_id OR tree.id = walk.successor_id", "successor_id")

    def showing(self) -> Self:
        """These organizations and those whose documents lead to them: units and predecessors, and theirs."""
        return self._walk("tree.parent_id = walk.id OR tree.successor_id = walk.id", "successor_id")


class AffiliationQuerySet(PagedQuerySet):
    def get_by_natural_key(self, person: str, organization: str, role: str, start: str | None) -> Affiliation:
        return self.get(person__slug=person, organization__slug=organization, role=role, start=start)

    def at(self, date: str) -> Self:
        """Affiliations that may have held at some time of the partial date, for suggestions.

        Unknown bounds do not rule one out, but one with neither start nor end says nothing of any date: it is left out,
        because null dates are not "current".
        """
        period = PartialDate(date)
        begun = Q(start__isnull=True) | Q(start__start__lte=period.end)
        running = Q(end__isnull=True) | Q(end__end__gte=period.start)
        return self.filter(begun, running).exclude(start__isnull=True, end__isnull=True)

    def of_people_in_public(self, people: Iterable[int]) -> Self:
        """The affiliations of these people that a published quote was said in, latest first."""
        said = self.filter(person__in=list(people), quote_affiliations__quote__status=Status.PUBLISHED)
        return said.select_related("organization").distinct().order_by("person", "-start", "organization__slug", "id")

    def with_sort_keys(self) -> Self:
        """With the parts of the natural key as columns of their own, none of them NULL."""
        return self.annotate(
            person_slug=F("person__slug"),
            organization_slug=F("organization__slug"),
            since=Coalesce("start", Value(""), output_field=CharField()),
        )
