"""Who speaks: people, organizations, and what they were to one another."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Self

from django.db.models import CharField, F, Q, Value
from django.db.models.functions import Coalesce

from quotes.partial_dates import PartialDate
from quotes.querysets import alike
from quotes.querysets.trees import PagedQuerySet, TreeQuerySet
from quotes.vocabulary import Status

if TYPE_CHECKING:
    from quotes.models import (
        Affiliation,
        Organization,
        Person,
    )


class PersonQuerySet(PagedQuerySet):
    def get_by_natural_key(self, slug: str) -> Person:
        return self.get(slug=slug)

    def holding(self, pieces: Iterable[str]) -> Self:
        """People in whose name, or among whose aliases, all of these pieces are, whatever the case."""
        found = self
        for piece in pieces:
            found = found.filter(Q(name__icontains=piece) | Q(aliases__icontains=piece))
        return found

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
