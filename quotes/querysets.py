"""Every condition over the models, once, under a name that reads as English. Curators' side: drafts are in here.

    Quote.objects.published().affiliated_with(ice, standing=[Standing.CURRENT]).taking([Stance.OPPOSE], on=[topic])

The public's questions are asked of the publication (quotes.publication), which answers the same ones from finished rows;
a test holds the two to the same answers.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.core.exceptions import EmptyResultSet
from django.db import models
from django.db.models import BooleanField, CharField, Exists, F, Func, OuterRef, Q, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce

from quotes.partial_dates import PartialDate
from quotes.vocabulary import UNLISTED, Stance, Standing, Status

if TYPE_CHECKING:
    from quotes.models import (
        Affiliation,
        Article,
        Coding,
        CodingRound,
        Import,
        ImportedRow,
        Organization,
        Person,
        Quote,
        Redirect,
        Topic,
    )

ADDRESSED = [stance for stance in Stance.values if stance != Stance.NOT_ADDRESSED]


class PagedQuerySet(models.QuerySet[Any]):
    """Rows that keyset paging can begin anywhere in."""

    def beyond(self, keys: Sequence[str], values: Sequence[Any], *, descending: bool) -> Self:
        """Rows that come after `values` in the order of `keys`: one row comparison, which an index can answer."""
        left = Func(*(F(key) for key in keys), template="(%(expressions)s)")
        right = Func(*(Value(value) for value in values), template="(%(expressions)s)")
        comparison = Func(
            left,
            right,
            template="(%(expressions)s)",
            arg_joiner=" < " if descending else " > ",
            output_field=BooleanField(),
        )
        return self.filter(comparison)


class PersonQuerySet(PagedQuerySet):
    def get_by_natural_key(self, slug: str) -> Person:
        return self.get(slug=slug)

    def named(self, names: Iterable[str]) -> Self:
        """People whose name or an alias is one of these, to the letter. A shared name is never a reason to merge."""
        names = list(names)
        return self.filter(Q(name__in=names) | Q(aliases__overlap=names))


class _TreeQuerySet(PagedQuerySet):
    """Rows with a `parent`."""

    def with_descendants(self) -> Self:
        """These rows and everything below them: one recursive query, however deep and wide."""
        return self._walk("tree.parent_id = walk.id")

    def with_ancestors(self) -> Self:
        """These rows and everything above them, in one recursive query."""
        return self._walk("tree.id = walk.parent_id")

    def _walk(self, step: str, *columns: str) -> Self:
        columns = ("id", "parent_id", *columns)
        try:
            roots, parameters = self.order_by().values(*columns).query.sql_with_params()
        except EmptyResultSet:
            return self.none()
        table = self.model._meta.db_table
        sql = f"""
            WITH RECURSIVE walk({", ".join(columns)}) AS (
                SELECT * FROM ({roots}) AS root
                UNION
                SELECT {", ".join(f"tree.{column}" for column in columns)} FROM {table} AS tree JOIN walk ON {step}
            ) SELECT id FROM walk
        """  # noqa: S608 - table, columns and step are this module's own; the roots' values are parameters
        return self.model._default_manager.filter(pk__in=RawSQL(sql, parameters))  # noqa: S611 - as above


class OrganizationQuerySet(_TreeQuerySet):
    def get_by_natural_key(self, slug: str) -> Organization:
        return self.get(slug=slug)

    def named(self, names: Iterable[str]) -> Self:
        """Organizations whose name, short name or an alias is one of these, to the letter."""
        names = list(names)
        return self.filter(Q(name__in=names) | Q(short_name__in=names) | Q(aliases__overlap=names))

    def shown_with(self) -> Self:
        """These organizations and those that their documents lead to: parents and successors, and theirs."""
        return self._walk("tree.id = walk.parent_id OR tree.id = walk.successor_id", "successor_id")

    def showing(self) -> Self:
        """These organizations and those whose documents lead to them: units and predecessors, and theirs."""
        return self._walk("tree.parent_id = walk.id OR tree.successor_id = walk.id", "successor_id")


class TopicQuerySet(_TreeQuerySet):
    def get_by_natural_key(self, slug: str) -> Topic:
        return self.get(slug=slug)


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


class ArticleQuerySet(PagedQuerySet):
    def get_by_natural_key(self, slug: str) -> Article:
        return self.get(slug=slug)


class AuthorshipManager(models.Manager[Any]):
    def get_by_natural_key(self, article: str, person: str) -> Any:
        return self.get(article__slug=article, person__slug=person)


class SnapshotQuerySet(PagedQuerySet):
    def told_by_hash(self) -> Self:
        """Without their texts, which are long; `is_kept` says whether there is one."""
        return self.defer("text").annotate(is_kept=Q(text__isnull=False))

    def get_by_natural_key(self, article: str, sha256: str) -> Any:
        return self.get(article__slug=article, sha256=sha256)


class QuoteAffiliationManager(models.Manager[Any]):
    def get_by_natural_key(self, uid: str, *affiliation: Any) -> Any:
        person, organization, role, start = affiliation
        return self.get(
            quote__uid=uid,
            affiliation__person__slug=person,
            affiliation__organization__slug=organization,
            affiliation__role=role,
            affiliation__start=start,
        )


class EvidenceManager(models.Manager[Any]):
    def get_by_natural_key(self, uid: str) -> Any:
        return self.get(uid=uid)


class RedirectManager(models.Manager["Redirect"]):
    def target_of(self, kind: str | None, slug: str) -> str:
        """Where an old slug leads; empty where it is none."""
        return self.filter(kind=kind, slug=slug).values_list("target", flat=True).first() or ""

    def get_by_natural_key(self, kind: str, slug: str) -> Redirect:
        return self.get(kind=kind, slug=slug)


class CodingRoundQuerySet(models.QuerySet["CodingRound"]):
    def get_by_natural_key(self, number: int) -> CodingRound:
        return self.get(number=number)

    def closed(self) -> Self:
        """The rounds whose codings are public."""
        return self.filter(closed_at__isnull=False)


class ApiTokenQuerySet(models.QuerySet[Any]):
    def usable(self, at: dt.datetime) -> Self:
        """Tokens that open the door at this moment: neither expired nor revoked, of somebody who may log in."""
        return self.filter(revoked_at=None, expires_at__gt=at, user__is_active=True)

    def not_used_since(self, moment: dt.datetime) -> Self:
        return self.filter(Q(last_used_at=None) | Q(last_used_at__lt=moment))


class ImportManager(models.Manager["Import"]):
    def get_by_natural_key(self, uid: str) -> Import:
        return self.get(uid=uid)


class ImportedRowManager(models.Manager["ImportedRow"]):
    def get_by_natural_key(self, source: str, external_id: str) -> ImportedRow:
        return self.get(source=source, external_id=external_id)


class CodingQuerySet(PagedQuerySet):
    def get_by_natural_key(self, uid: str, topic: str, coder: str, round: int) -> Coding:
        return self.get(quote__uid=uid, topic__slug=topic, coder=coder, round=round)

    def with_sort_keys(self) -> Self:
        """With the topic's slug as a column: with coder and round it tells a quote's codings apart."""
        return self.annotate(topic_slug=F("topic__slug"))

    def final(self) -> Self:
        """The codings that are served as "the stance"."""
        return self.filter(is_final=True)

    def of_closed_rounds(self) -> Self:
        """The codings that coders cannot be blind to any more. A round without a row of its own is open."""
        rounds: Any = apps.get_model("quotes", "CodingRound")
        return self.filter(round__in=rounds.objects.closed().values("number"))


class QuoteQuerySet(PagedQuerySet):
    def get_by_natural_key(self, uid: str) -> Quote:
        return self.get(uid=uid)

    def published(self) -> Self:
        return self.filter(status=Status.PUBLISHED)

    def listed(self) -> Self:
        """Without the retracted and the fabricated, which are served only when asked for by name."""
        return self.exclude(verification__in=UNLISTED)

    def affiliated_with(
        self,
        organizations: Sequence[Organization] | OrganizationQuerySet,
        *,
        standing: Iterable[str] = (Standing.CURRENT,),
        scope: str = "descendants",
    ) -> Self:
        """Quotes said in a capacity at one of the organizations, or whose source it is.

        Matches the quote's OWN affiliations, never the person's: a job taken later does not relabel old quotes. What is
        no person's capacity (the institution that is the source or is spoken for) counts as current.
        `scope`: `descendants` or `exact`.
        """
        standing = list(standing)
        wanted = self._tree("organization", organizations, scope)
        stated = self._affiliations().filter(
            quote=OuterRef("pk"), affiliation__organization__in=wanted, standing__in=standing
        )
        condition = Q(Exists(stated))
        if Standing.CURRENT in standing:
            condition |= Q(organization__in=wanted)
        return self.filter(condition)

    def taking(
        self,
        stances: Iterable[str],
        *,
        on: Sequence[Topic] | TopicQuerySet | None = None,
        scope: str = "exact",
        certainty: Iterable[str] | None = None,
    ) -> Self:
        """Quotes with a final coding that has one of the stances AND, where given, one of the topics, of the certainties."""
        codings = self._codings().final().filter(quote=OuterRef("pk"), stance__in=list(stances))
        if on is not None:
            codings = codings.filter(topic__in=self._tree("topic", on, scope))
        if certainty is not None:
            codings = codings.filter(certainty__in=list(certainty))
        return self.filter(Exists(codings))

    def addressing(self, topics: Sequence[Topic] | TopicQuerySet, *, scope: str = "exact", **coded: Any) -> Self:
        """Quotes finally coded toward one of the topics as anything but "not addressed"."""
        return self.taking(ADDRESSED, on=topics, scope=scope, **coded)

    def for_record(self) -> Self:
        """With all that a curator is shown of them, in a number of queries that never depends on the rows."""
        return (
            self.select_related(
                "article",
                "snapshot",
                "speaker",
                "organization",
                "same_utterance_as",
                "reported_via",
                "created_by",
            )
            .prefetch_related("affiliations__affiliation__organization", "evidence")
            .defer("snapshot__text")
        )

    def for_projection(self) -> Self:
        """With everything that a published document shows, in a number of queries that never depends on the rows."""
        return (
            self.select_related(
                "speaker", "organization", "article__outlet", "snapshot", "same_utterance_as", "reported_via"
            )
            .prefetch_related(
                "affiliations__affiliation__organization",
                "evidence",
                "article__authorships__person",
                models.Prefetch(
                    "codings",
                    queryset=self._codings().final().select_related("topic").order_by("topic__slug"),
                    to_attr="final_codings",
                ),
                models.Prefetch(
                    "codings",
                    queryset=self._codings().of_closed_rounds().select_related("topic"),
                    to_attr="closed_codings",
                ),
            )
            .defer("snapshot__text")
        )

    def _tree(self, name: str, members: Any, scope: str) -> Any:
        """The rows, with those below them when `scope` is `descendants`."""
        model: Any = (
            (self.model if name == "organization" else self._codings().model)._meta.get_field(name).related_model
        )
        rows = model.objects.filter(pk__in=[member.pk for member in members])
        return rows.with_descendants() if scope == "descendants" else rows

    def _affiliations(self) -> models.QuerySet[Any]:
        return self._related("affiliations")

    def _codings(self) -> CodingQuerySet:
        return self._related("codings")

    def _related(self, name: str) -> Any:
        """All rows of a related model. Models import this module, so they are reached through their relations."""
        relation: Any = self.model._meta.get_field(name)
        return relation.related_model._default_manager.all()
