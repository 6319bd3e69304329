"""What was said, in what capacity, and for or against what."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db import connections, models
from django.db.models import Count, Exists, F, OuterRef, Q, TextField, Value
from django.db.models.functions import MD5, Cast, Concat

from quotes.querysets.actors import OrganizationQuerySet
from quotes.querysets.trees import PagedQuerySet, TreeQuerySet
from quotes.querysets.waiting import WaitingQuerySet
from quotes.vocabulary import UNLISTED, Stance, Standing, Status

if TYPE_CHECKING:
    from quotes.models import (
        Coding,
        CodingRound,
        Import,
        Organization,
        Quote,
        Topic,
    )

ADDRESSED = [stance for stance in Stance.values if stance != Stance.NOT_ADDRESSED]
# Whose rows decide what coders disagreed on. Nobody's code as a coder: nobody judges blind under it.
ADJUDICATOR = "adjudicator"


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

    def hold(self, *numbers: int) -> None:
        """Until this transaction ends nobody closes or reopens the rounds; waits for who is doing it at the moment.

        So what is read of them next is still true when a coding is saved. Coders do not wait for one another.
        """
        with connections[self.db].cursor() as cursor:
            sql = "SELECT FROM quotes_codinground WHERE number = ANY(%s) ORDER BY number FOR SHARE"
            cursor.execute(sql, [list(numbers)])


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
        return self.filter(round__in=_closed_numbers())

    def known_to(self, coder: str) -> Self:
        """What somebody may know who is, or may become, a coder: their own codings, those of closed rounds, and what readers
        see as the stance of a published quote."""
        return self.filter(_own_or_closed(coder) | Q(is_final=True, quote__status=Status.PUBLISHED))

    def events_known_to(self, coder: str, events: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """Of the history of codings, what the same somebody may know. What became final may have been coded in an open round."""
        return events.filter(_own_or_closed(coder))

    def judged_in(self, round: int) -> Self:
        """The coders' judgements of the round; not what was decided in it about an earlier one."""
        return self.filter(round=round).exclude(coder=ADJUDICATOR)

    def settling(self, round: int) -> Self:
        """The final codings of a later round, or of this one where one of its own judgements was made final."""
        return self.final().filter(Q(round__gt=round) | Q(round=round) & ~Q(coder=ADJUDICATOR))

    def disputed(self, round: int, *, is_open: bool) -> Any:
        """Pairs of quote and topic that several coders of the round coded differently, as dicts of `quote` and `topic`.

        Without withdrawn quotes, of which no stance is served. `is_open`: only those that no later final coding settles.
        """
        rows = self.judged_in(round).exclude(quote__status=Status.WITHDRAWN)
        rows = rows._unsettled(round) if is_open else rows
        pairs = rows.values("quote", "topic").annotate(stances=Count("stance", distinct=True))
        return pairs.filter(stances__gt=1).order_by("topic__name", "topic", "quote").values("quote", "topic")

    def to_confirm(self, round: int) -> Self:
        """The coders' judgements of the round, of quotes that are not withdrawn, which no later final coding settles."""
        rows = self.judged_in(round).exclude(quote__status=Status.WITHDRAWN)
        return rows._unsettled(round).order_by("quote", "coder")

    def _unsettled(self, round: int) -> Self:
        later = self.model._default_manager.all().settling(round)
        return self.filter(~Exists(later.filter(quote=OuterRef("quote"), topic=OuterRef("topic"))))


def _own_or_closed(coder: str) -> Q:
    return Q(coder=coder) | Q(round__in=_closed_numbers())


def _closed_numbers() -> Any:
    rounds: Any = apps.get_model("quotes", "CodingRound")
    return rounds.objects.closed().values("number")


class QuoteQuerySet(WaitingQuerySet):
    def get_by_natural_key(self, uid: str) -> Quote:
        return self.get(uid=uid)

    def published(self) -> Self:
        return self.filter(status=Status.PUBLISHED)

    def listed(self) -> Self:
        """Without the retracted and the fabricated, which are served only when asked for by name."""
        return self.exclude(verification__in=UNLISTED)

    def imported_with(self, batch: Import) -> Self:
        """Quotes that came in with the file."""
        return self.filter(pk__in=batch.imported_rows.order_by().values("quote"))

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
        among: CodingQuerySet | None = None,
    ) -> Self:
        """Quotes with a final coding that has one of the stances AND, where given, one of the topics, of the certainties.

        `among`: the codings that are asked; all of them unless said otherwise.
        """
        asked = self._codings() if among is None else among
        codings = asked.final().filter(quote=OuterRef("pk"), stance__in=list(stances))
        if on is not None:
            codings = codings.filter(topic__in=self._tree("topic", on, scope))
        if certainty is not None:
            codings = codings.filter(certainty__in=list(certainty))
        return self.filter(Exists(codings))

    def addressing(self, topics: Sequence[Topic] | TopicQuerySet, *, scope: str = "exact", **coded: Any) -> Self:
        """Quotes finally coded toward one of the topics as anything but "not addressed"."""
        return self.taking(ADDRESSED, on=topics, scope=scope, **coded)

    def to_code(self, coder: str) -> Self:
        """What there is to code, in an order that is the coder's own: by a hash of their code and the quote's uid.

        It depends on nobody's work, and coders do not go in step: what one talks about at noon, another has not seen yet.
        """
        place = MD5(Concat(Cast("uid", TextField()), Value(coder, TextField()), output_field=TextField()))
        return self.exclude(status=Status.WITHDRAWN).annotate(place=place).order_by("place", "pk")

    def not_coded_by(self, coder: str, *, round: int, topic: Topic) -> Self:
        """Quotes that this coder has not judged toward the topic in the round, whatever others have."""
        own = self._codings().filter(quote=OuterRef("pk"), coder=coder, round=round, topic=topic)
        return self.filter(~Exists(own))

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

    def for_projection(self, among: CodingQuerySet | None = None, *, is_batch: bool = False) -> Self:
        """With everything that a published document shows, in a number of queries that never depends on the rows.

        `among`: the codings of which the final ones are shown; all of them unless said otherwise. `is_batch`: what many
        quotes share comes by queries of its own, each row once instead of joined to every quote: half the time for
        hundreds of quotes, and six queries more.
        """
        known = self._codings() if among is None else among
        final, closed = known.final().order_by("topic__slug"), self._codings().of_closed_rounds()
        single = ("speaker", "organization", "article__outlet", "same_utterance_as", "reported_via")
        if is_batch:
            snapshots = models.Prefetch("snapshot", queryset=self._related("snapshot").defer("text"))
            rows = self.prefetch_related(*single, snapshots)
            final, closed = final.prefetch_related("topic"), closed.prefetch_related("topic")
        else:
            rows = self.select_related(*single, "snapshot").defer("snapshot__text")
            final, closed = final.select_related("topic"), closed.select_related("topic")
        return rows.prefetch_related(
            "affiliations__affiliation__organization",
            "evidence",
            "article__authorships__person",
            models.Prefetch("codings", queryset=final, to_attr="final_codings"),
            models.Prefetch("codings", queryset=closed, to_attr="closed_codings"),
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
