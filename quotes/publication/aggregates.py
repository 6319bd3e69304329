"""Counts under any filters: by the values of a facet, and over time. Every count is what the list would answer.

A facet is a filter of the filter set, turned round: the codes that its filter would ask for, for each value that it could be
given, are counted in the rows that match everything else. So a facet and its filter cannot disagree.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypedDict

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import Count, DateField, F, Q
from django.db.models.functions import Cast, Trunc
from django.db.models.query import QuerySet

from quotes.publication.filters import QuoteFilterSet
from quotes.publication.models import PublishedEntity, PublishedQuote, Total
from quotes.publication.parameters import ChoiceField, EntityField
from quotes.publication.querysets import UNKNOWN_DATE

INTERVALS = ("day", "week", "month", "quarter", "year")
# More bins than this are a finer interval than the question bears; the answer would be mostly zeros.
MOST_BINS = 4_000


class FacetValue(TypedDict):
    """A value that the filter of the facet's name takes, and how many of the matching quotes it would leave."""

    value: str
    name: str
    count: int


class Facet(TypedDict):
    """The commonest values; `others` says how many more there are."""

    values: list[FacetValue]
    others: int


class Bin(TypedDict):
    """A period with the quotes that begin in it; `imprecise` of them are dated to more than the period."""

    start: str
    end: str
    count: int
    imprecise: int
    groups: dict[str, int]


class Timeline(TypedDict):
    """Periods without a hole from the first to the last; `undated` quotes are in none of them."""

    bins: list[Bin]
    undated: int


class TooManyBins(ValueError):
    """The interval is too fine for the time between the first and the last quote."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A value that a facet's filter could be given, with its name for people and the codes that it asks for."""

    value: str
    name: str
    codes: list[int]


def facet_names() -> list[str]:
    """The filters that can be counted by: those over a vocabulary or over entities."""
    filters = QuoteFilterSet.base_filters
    return [
        name
        for name, one in filters.items()
        if hasattr(one, "codes_of") and not name.endswith("__not") and isinstance(one.field, (ChoiceField, EntityField))
    ]


def read_facets(
    filterset: QuoteFilterSet, names: Sequence[str], *, most: int, excludes_self: bool = False
) -> dict[str, Facet]:
    """Counts of the matching quotes by the values of each facet, the commonest first, then by value; zeros are left out.

    With `excludes_self` a facet's own filter is left out of its question, as interfaces with check boxes need it. Facets with
    the same question are counted in one pass over the rows.
    """
    asked_alike: dict[str, list[str]] = {}
    for name in names:
        own = name if excludes_self and filterset.form.cleaned_data.get(name) else ""
        asked_alike.setdefault(own, []).append(name)
    found: dict[str, Facet] = {}
    for own, alike in asked_alike.items():
        asked = filterset.asked_otherwise(PublishedQuote.objects.all(), **{own: None}) if own else filterset
        candidates = {name: _candidates(asked, name) for name in alike}
        every = [one for name in alike for one in candidates[name]]
        counts = _kept(every) if asked.is_unfiltered else None
        if counts is None:
            counts = _count(asked.qs, every)
        start = 0
        for name in alike:
            end = start + len(candidates[name])
            found[name] = _facet(every, {place: counts[place] for place in range(start, end) if place in counts}, most)
            start = end
    return {name: found[name] for name in names}


def _facet(candidates: Sequence[Candidate], counts: dict[int, int], most: int) -> Facet:
    ordered = sorted(counts, key=lambda position: (-counts[position], candidates[position].value))
    values = [
        FacetValue(value=candidates[position].value, name=candidates[position].name, count=counts[position])
        for position in ordered[:most]
    ]
    return Facet(values=values, others=max(0, len(ordered) - most))


def _candidates(filterset: QuoteFilterSet, name: str) -> list[Candidate]:
    asked = filterset.form.cleaned_data
    one = QuoteFilterSet.base_filters[name]
    if isinstance(one.field, ChoiceField):
        return [Candidate(value, value.replace("_", " "), one.codes_of([value], asked)) for value in one.field.values]
    rows = PublishedEntity.objects.of_kind(one.field.kind).values_list("slug", "name", "key")
    return [Candidate(slug, full_name, one.codes_of([key], asked)) for slug, full_name, key in rows]


def _kept(candidates: Sequence[Candidate]) -> dict[int, int] | None:
    """The counts among all listed quotes: `{position: count}`, from the totals that are kept by code.

    None where a candidate stands for several codes, which a row may have together.
    """
    if any(len(one.codes) > 1 for one in candidates):
        return None
    positions = {code: position for position, one in enumerate(candidates) for code in one.codes}
    totals = Total.objects.filter(pk__in=positions, quotes__gt=0).values_list("pk", "quotes")
    return {positions[code]: quotes for code, quotes in totals}


def _count(queryset: QuerySet[Any], candidates: Sequence[Candidate]) -> dict[int, int]:
    """How many of the rows carry a code of each candidate: `{position: count}`. A row counts once for a candidate."""
    return {row[0]: row[1] for row in _by_candidate(queryset.order_by().values("pk", "facets"), candidates, "")}


def _by_candidate(rows: QuerySet[Any], candidates: Sequence[Candidate], more_columns: str) -> list[tuple[Any, ...]]:
    pairs = [(code, position) for position, one in enumerate(candidates) for code in one.codes]
    try:
        sql, parameters = rows.query.sql_with_params()
    except EmptyResultSet:  # what is asked contradicts itself
        return []
    # A row holds each code once: only where a candidate stands for several codes can it be met twice.
    counted = "count(DISTINCT matching.pk)" if any(len(one.codes) > 1 for one in candidates) else "count(*)"
    with connections[rows.db].cursor() as cursor:
        cursor.execute(
            f"""
            SELECT position, {counted} {more_columns} FROM ({sql}) AS matching
            CROSS JOIN unnest(matching.facets) AS carried (code)
            JOIN unnest(%s::bigint[], %s::int[]) AS candidate (code, position) ON candidate.code = carried.code
            GROUP BY position {more_columns}
            """,  # noqa: S608 - Django's SQL and this module's own; values are parameters
            [*parameters, [code for code, _ in pairs], [position for _, position in pairs]],
        )
        return cursor.fetchall()


def read_timeline(filterset: QuoteFilterSet, interval: str, *, group_by: str | None = None) -> Timeline:
    """The matching quotes by the period that their date begins in, each in one bin, and by the values of a facet.

    Raises TooManyBins where the interval is too fine.
    """
    matching = filterset.qs.order_by()
    undated = matching.filter(dated_start=UNKNOWN_DATE).count()
    dated = matching.filter(dated_start__gt=UNKNOWN_DATE).annotate(
        period=_period("dated_start", interval), last_period=_period("dated_end", interval)
    )
    counts = dated.values("period").annotate(
        count=Count("pk"), imprecise=Count("pk", filter=Q(last_period__gt=F("period")))
    )
    found = {row["period"]: row for row in counts.order_by("period")}
    if not found:
        return Timeline(bins=[], undated=undated)
    bins = {start: _empty_bin(start, interval) for start in _periods(list(found), interval)}
    for start, row in found.items():
        bins[start]["count"], bins[start]["imprecise"] = row["count"], row["imprecise"]
    if group_by:
        candidates = _candidates(filterset, group_by)
        rows = dated.values("pk", "period", "facets")
        for position, count, start in _by_candidate(rows, candidates, ", period"):
            bins[start]["groups"][candidates[position].value] = count
    return Timeline(bins=list(bins.values()), undated=undated)


def _period(column: str, interval: str) -> Cast:
    """The first day of the period of the interval that the date is in. Weeks begin on Mondays (ISO 8601)."""
    return Cast(Trunc(column, interval, output_field=DateField()), DateField())


def _periods(found: Sequence[dt.date], interval: str) -> list[dt.date]:
    """All periods from the first that was found to the last."""
    starts = [found[0]]
    while starts[-1] < found[-1]:
        if len(starts) >= MOST_BINS:
            raise TooManyBins(
                f"There are more than {MOST_BINS} {interval}s between {found[0]} and {found[-1]}: choose a longer interval."
            )
        starts.append(_next(starts[-1], interval))
    return starts


def _next(start: dt.date, interval: str) -> dt.date:
    if interval in ("day", "week"):
        return start + dt.timedelta(days=1 if interval == "day" else 7)
    months = start.year * 12 + start.month - 1 + {"month": 1, "quarter": 3, "year": 12}[interval]
    return dt.date(months // 12, months % 12 + 1, 1)


def _empty_bin(start: dt.date, interval: str) -> Bin:
    try:
        end = _next(start, interval) - dt.timedelta(days=1)
    except (OverflowError, ValueError):  # the calendar ends with the year 9999
        end = dt.date.max
    return Bin(start=start.isoformat(), end=end.isoformat(), count=0, imprecise=0, groups={})
