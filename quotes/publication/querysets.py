"""The public's questions to the published rows, as names that chain. No joins, and nothing but the publication."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

from django.contrib.postgres.search import SearchRank
from django.db import connections
from django.db.models import BooleanField, ExpressionWrapper, F, FloatField, Func, Q, Value
from django.db.models.functions import Cast

from quotes import search
from quotes.partial_dates import PartialDate
from quotes.querysets import PagedQuerySet
from quotes.vocabulary import EntityKind

if TYPE_CHECKING:
    from quotes.publication.models import PublishedEntity, PublishedQuote  # noqa: F401 - named in the bases below

UNKNOWN_DATE = dt.date.min
# One of unknown date stands last: nothing says that it came first.
_EARLIEST_FIRST = (
    "utterance",
    ExpressionWrapper(Q(dated_start=UNKNOWN_DATE), BooleanField()),
    "dated_start",
    "id",
)


class _AskedQuerySet(PagedQuerySet):
    """What quotes and entities can both be asked."""

    def coded(self, codes: Sequence[int]) -> Self:
        """Rows that carry at least one of the codes. None match no codes."""
        return self.filter(facets__overlap=list(codes)) if codes else self.none()

    def not_coded(self, codes: Sequence[int]) -> Self:
        """Rows that carry none of the codes."""
        return self.exclude(facets__overlap=list(codes)) if codes else self

    def outdated(self, version: int) -> Self:
        """Rows that older code projected, the oldest first."""
        return self.filter(version__lt=version).order_by("version")

    def containing(self, q: str) -> Self:
        """Rows whose words match the query (quotes.search), speakers', organizations' and titles' among them."""
        matches = Func(
            F("search"), search.query(q), template="(%(expressions)s)", arg_joiner=" @@ ", output_field=BooleanField()
        )
        return self.filter(matches)

    def within(self, field: str, *, after: PartialDate | None = None, before: PartialDate | None = None) -> Self:
        """Rows whose period may lie in the range, both ends included.

        A partial date stands for its whole period, on either side: "2024" is after 2024-06, and before it. Rows of unknown
        date are left out.
        """
        rows = self.filter(**{f"{field}_start__gt": UNKNOWN_DATE})
        if after:
            rows = rows.filter(**{f"{field}_end__gte": after.start})
        return rows.filter(**{f"{field}_start__lte": before.end}) if before else rows


class PublishedQuoteQuerySet(_AskedQuerySet):
    def listed(self) -> Self:
        """Without the retracted and the fabricated."""
        return self.filter(listed=True)

    def with_uids(self, uids: Iterable[UUID]) -> Self:
        return self.filter(uid__in=list(uids))

    def modified_since(self, moment: dt.datetime) -> Self:
        return self.filter(modified__gte=moment)

    def first_of_each_utterance(self) -> Self:
        """Of occurrences of the same words, only the earliest that matches what was asked so far.

        One of unknown date stands for them only where no other has a date: nothing says that it came first.
        """
        earliest = self.order_by(*_EARLIEST_FIRST).distinct("utterance").values("id")
        return self.model.objects.using(self.db).filter(pk__in=earliest)

    def occurrences_of(self, utterances: Iterable[int]) -> Self:
        """The occurrences of these utterances, those of each together, the earliest first."""
        return self.filter(utterance__in=list(utterances)).order_by(*_EARLIEST_FIRST)

    def sharing(self, phrases: Iterable[str]) -> Self:
        """Rows that hold at least one of the (folded) phrases, those that share most first."""
        wanted = Func(
            *(Func(Value(search.CONFIG), Value(phrase), function="phraseto_tsquery") for phrase in phrases),
            template="(%(expressions)s)",
            arg_joiner=" || ",
        )
        matches = Func(
            F("search"), wanted, template="(%(expressions)s)", arg_joiner=" @@ ", output_field=BooleanField()
        )
        rank = Func(F("search"), wanted, function="ts_rank", output_field=FloatField())
        return self.filter(matches).annotate(shared=rank).order_by("-shared", "-dated_start", "-uid")

    def most_relevant(self, q: str) -> Self:
        """The newest `search.RANKED` matches, annotated with `rank` (higher is better)."""
        newest = self.order_by("-dated_start", "-uid").values("id")[: search.RANKED]
        rank = Cast(SearchRank(F("search"), search.query(q), cover_density=True), FloatField())
        return self.model.objects.using(self.db).filter(pk__in=newest).annotate(rank=rank)

    def newest_first(self) -> Self:
        return self.order_by("-dated_start", "-uid")

    def repeating(self, quote: PublishedQuote) -> Self:
        """The other occurrences of the same words by the same speaker, the earliest first."""
        return self.filter(utterance=quote.utterance).exclude(pk=quote.pk).order_by("dated_start", "id")


class PublishedCodingQuerySet(_AskedQuerySet):
    def of_quotes(self, uids: Iterable[UUID]) -> Self:
        return self.filter(uid__in=list(uids))

    def known(self, column: str) -> list[Any]:
        """The distinct values of `coder` or `round`, in order: a look into the index for each, however many rows there are."""
        table = self.model._meta.db_table
        with connections[self.db].cursor() as cursor:
            cursor.execute(
                f"""
                WITH RECURSIVE known(value) AS (
                    SELECT min({column}) FROM {table}
                    UNION ALL
                    SELECT (SELECT min({column}) FROM {table} WHERE {column} > known.value)
                    FROM known WHERE known.value IS NOT NULL
                ) SELECT value FROM known WHERE value IS NOT NULL
                """  # noqa: S608 - table and column are the model's own
            )
            return [row[0] for row in cursor.fetchall()]


class PublishedEntityQuerySet(_AskedQuerySet):
    def of_kind(self, kind: str) -> Self:
        return self.filter(kind=kind)

    def keys_by_name(self, kind: str, names: Iterable[str]) -> dict[str, int]:
        """Internal keys of entities of the kind, by slug and by Wikidata id, where one of them is among the names.

        In SQL, because nearly every question asks this: to build and compile the queryset took a fifth of a request.
        """
        names = list(names)
        sql = f"SELECT slug, wikidata_id, key FROM {self.model._meta.db_table} WHERE kind = %s AND slug = ANY(%s)"  # noqa: S608 - ours
        values: list[Any] = [kind, names]
        # Slugs are in lower case: only what begins with Q can be an item of Wikidata.
        if items := [name for name in names if name.startswith("Q")]:
            sql = sql.replace("slug = ANY(%s)", "(slug = ANY(%s) OR wikidata_id = ANY(%s))")
            values.append(items)
        with connections[self.db].cursor() as cursor:
            cursor.execute(sql, values)
            return {name: key for slug, item, key in cursor.fetchall() for name in (slug, item) if name}

    def spelled_like(self, kind: str, slug: str, *, most: int = 2_000) -> list[str]:
        """Slugs of the kind that begin as this one does: what a misspelt one may have meant."""
        beginning = self.of_kind(kind).filter(slug__startswith=slug[:2]).order_by("slug")
        return list(beginning.values_list("slug", flat=True)[:most])

    def with_slugs(self, slugs: Iterable[str]) -> Self:
        """Entities of any kind by slug."""
        return self.filter(kind__in=EntityKind.values, slug__in=list(slugs))

    def by_name(self) -> Self:
        return self.order_by("sort_key", "slug")


def says_something(q: str, *, using: str) -> bool:
    """Whether a search query holds any word that is searched for (not only stop words and punctuation)."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT numnode(websearch_to_tsquery(%s::regconfig, %s)) > 0", [search.CONFIG, search.query_text(q)]
        )
        row = cursor.fetchone()
    return bool(row and row[0])
