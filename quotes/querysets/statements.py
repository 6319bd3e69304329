"""What was said, in what capacity, and for or against what."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from quotes.querysets.actors import OrganizationQuerySet
from quotes.querysets.trees import PagedQuerySet, TreeQuerySet
from quotes.querysets.waiting import WaitingQuerySet
from quotes.vocabulary import UNLISTED, Stance, Standing, Status

if TYPE_CHECKING:
    from quotes.models import (
        Coding,
        CodingRound,
        Organization,
        Quote,
        Topic,
    )

ADDRESSED = [stance for stance in Stance.values if stance != Stance.NOT_ADDRESSED]


class TopicQuerySet(TreeQuerySet):
    def get_by_natural_key(self, slug: str) -> Topic:
        return self.get(slug=slug)


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


class CodingRoundQuerySet(models.QuerySet["CodingRound"]):
    def get_by_natural_key(self, number: int) -> CodingRound:
        return self.get(number=number)

    def closed(self) -> Self:
        """The rounds whose codings are public."""
        return self.filter(closed_at__isnull=False)


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


class QuoteQuerySet(WaitingQuerySet):
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
