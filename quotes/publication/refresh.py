"""Keeps the published rows true to their sources.

Triggers mark what changed (StaleMark); a refresh projects the quotes that show it, and all that these mention. Everything
happens under one advisory lock, held to the end of the transaction and taken before any source is read: without it, a
publish and a rename could each miss the other's uncommitted rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.db import connection, transaction
from django.db.models import Q

from quotes.models import Organization, Quote, Topic
from quotes.publication.addresses import Name, refresh_redirects, write_tombstones
from quotes.publication.codes import code, mention
from quotes.publication.codings import project_codings
from quotes.publication.entities import project_entities
from quotes.publication.models import PublishedCoding, PublishedEntity, PublishedQuote, StaleMark, Total
from quotes.publication.projection import VERSION, Hierarchy, Mention, Projection, coded_topics, project
from quotes.publication.rows import BATCH, write
from quotes.querysets import QuoteQuerySet
from quotes.vocabulary import EntityKind, Status

# What a verb brings up to date within its own transaction; beyond it, the worker does, in batches (a rename of an agency
# with 100,000 quotes must not hold up its curator, nor the readers).
MOST_AT_ONCE = 2_000
# From here on, fetching what quotes share once takes less time than the queries that it costs.
MANY = 25


@dataclass
class Refreshed:
    """What a refresh did: quotes looked at, rows written, rows removed, whether marks are left for the worker; and the
    names under which an entity came to be public, or ceased to."""

    looked_at: int = 0
    written: int = 0
    removed: int = 0
    is_complete: bool = True
    names: set[Name] = field(default_factory=set)


def lock() -> None:
    """Take the publication's lock, to the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT publication_lock()")


def drain(*, most: int = MOST_AT_ONCE) -> Refreshed:
    """Refresh what is marked stale, up to about `most` quotes, in one transaction (the caller's, if there is one).

    What is beyond stays marked, quote by quote, for the next call.
    """
    done = Refreshed()
    with transaction.atomic():
        lock()
        marks = list(StaleMark.objects.order_by("id").values_list("id", "kind", "key")[: most * 4])
        if not marks:
            return done
        stale: dict[str, set[int]] = {}
        for _, kind, key in marks:
            stale.setdefault(kind, set()).add(key)
        quotes = sorted(dependants(stale))
        is_about_quotes = stale.keys() <= {"quote"}
        for batch in _batches(quotes[:most]):
            _refresh_batch(batch, done, are_others_settled=is_about_quotes)
        refresh_redirects(stale.get("redirect", ()), done.names)
        kind = "quote" if is_about_quotes else "dependant"
        StaleMark.objects.bulk_create(StaleMark(kind=kind, key=key) for key in quotes[most:])
        StaleMark.objects.filter(pk__in=[mark for mark, _, _ in marks]).delete()
        done.is_complete = not StaleMark.objects.exists()
    return done


def dependants(stale: dict[str, set[int]]) -> set[int]:
    """Keys of the quotes whose published rows may show what is stale: `{kind of source: keys}`.

    A `dependant` is a quote that an earlier call found and did not reach.
    """
    quotes = set(stale.get("quote", ())) | set(stale.get("dependant", ()))
    conditions = [Q(same_utterance_as__in=quotes), Q(reported_via__in=quotes)] if quotes else []
    if articles := stale.get("article"):
        conditions.append(Q(article__in=articles))
    if jobs := stale.get("affiliation"):
        conditions.append(Q(affiliations__affiliation__in=jobs))
    if people := stale.get("person"):
        conditions += [Q(speaker__in=people), Q(article__authors__in=people)]
    if keys := stale.get("organization"):
        organizations = list(Organization.objects.filter(pk__in=keys).showing().values_list("pk", flat=True))
        conditions += [
            Q(affiliations__affiliation__organization__in=organizations),
            Q(organization__in=organizations),
            Q(article__outlet__in=organizations),
        ]
    if keys := stale.get("topic"):
        conditions.append(Q(codings__topic__in=Topic.objects.filter(pk__in=keys).with_descendants()))
    if numbers := stale.get("round"):
        conditions.append(Q(codings__round__in=numbers))
    # Each by its own index. One condition with OR over the joined tables would walk through every quote there is.
    found = [Quote.objects.filter(one).order_by().values_list("pk", flat=True) for one in conditions]
    return quotes | set(found[0].union(*found[1:])) if found else quotes


def _batches(keys: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(keys), BATCH):
        yield keys[start : start + BATCH]


def reproject(*, most: int = BATCH) -> Refreshed:
    """Project anew rows that an older version of the code has projected: one batch of them, in one transaction.

    What the batch does not reach is next. Nothing was looked at where nothing is left.
    """
    done = Refreshed()
    with transaction.atomic():
        lock()
        if keys := list(PublishedQuote.objects.outdated(VERSION).values_list("pk", flat=True)[:most]):
            _refresh_batch(keys, done)
        elif entities := list(PublishedEntity.objects.outdated(VERSION).values_list("pk", "kind", "key")[:most]):
            done.looked_at += len(entities)
            done.names |= refresh_entities((EntityKind(kind), key) for _, kind, key in entities)
            # What is left as it was has no source, or no quote that mentions it.
            left = PublishedEntity.objects.filter(pk__in=[pk for pk, _, _ in entities]).outdated(VERSION)
            done.names |= set(left.values_list("kind", "slug"))
            PublishedEntity.objects.filter(pk__in=list(left.values_list("pk", flat=True))).delete()
        refresh_redirects((), done.names)
    return done


def keys_after(last: int, most: int) -> list[int]:
    """The next keys, in order, of quotes that are or were published, and of published rows."""
    sources = Quote.objects.exclude(published_at=None).filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)
    rows = PublishedQuote.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)
    return sorted(set(sources[:most]) | set(rows[:most]))[:most]


def _refresh_batch(keys: Sequence[int], done: Refreshed, *, are_others_settled: bool = False) -> None:
    """`are_others_settled`: nothing but quotes has changed, so whatever else is public is right."""
    quotes = fetch(Quote.objects.filter(pk__in=keys), len(keys))
    projections = project_all(quotes)
    mentioned = {mention for row in projections for mention in row.mentioned} | _mentioned_until_now(keys)
    write_batch(keys, quotes, projections, done, is_forced=False)
    done.names |= refresh_entities(mentioned - _settled(mentioned) if are_others_settled else mentioned)


def write_batch(
    keys: Sequence[int],
    quotes: Sequence[Quote],
    projections: Sequence[Projection],
    done: Refreshed,
    *,
    is_forced: bool,
) -> list[Projection]:
    """Write the rows of the quotes, and take away those of what is not public; returns what is."""
    public = [row for quote, row in zip(quotes, projections, strict=True) if quote.status == Status.PUBLISHED]
    done.looked_at += len(keys)
    done.written += write(PublishedQuote, public, is_forced=is_forced)
    gone = set(keys) - {row.id for row in public}
    done.removed += PublishedQuote.objects.filter(pk__in=gone).delete()[0]
    _refresh_codings(keys, quotes, is_forced=is_forced)
    write_tombstones(quotes)
    return public


def _refresh_codings(keys: Sequence[int], quotes: Iterable[Quote], *, is_forced: bool) -> None:
    codings = [row for quote in quotes for row in project_codings(quote)]
    stored = PublishedCoding.objects.filter(quote_key__in=keys)
    stored.exclude(pk__in=[row.pk for row in codings]).delete()
    write(PublishedCoding, codings, is_forced=is_forced)


def fetch(quotes: QuoteQuerySet, number: int) -> list[Quote]:
    """The quotes with all that projecting them needs; about so many."""
    return list(quotes.for_projection(is_batch=number >= MANY))


def project_all(quotes: Iterable[Quote]) -> list[Projection]:
    """The projections of quotes fetched with `for_projection()`."""
    quotes = list(quotes)
    above = hierarchy_above(quotes)
    return [project(quote, above) for quote in quotes]


def hierarchy_above(quotes: Iterable[Quote]) -> Hierarchy:
    """The organizations and topics that the quotes name, with all those above them: two queries."""
    organizations: set[int] = set()
    topics: set[int] = set()
    for quote in quotes:
        organizations |= {row.affiliation.organization_id for row in quote.affiliations.all()}
        organizations |= {key for key in (quote.organization_id, quote.article.outlet_id) if key}
        topics |= coded_topics(quote)
    return Hierarchy(
        {row.pk: row for row in Organization.objects.filter(pk__in=organizations).shown_with()}
        if organizations
        else {},
        {row.pk: row for row in Topic.objects.filter(pk__in=topics).with_ancestors()} if topics else {},
    )


def _settled(mentioned: Iterable[Mention]) -> set[Mention]:
    """Those whose public rows no quote changes: all but people's, which show the affiliations that published quotes name."""
    keys = [code(mention(*entity)) for entity in mentioned if entity[0] != EntityKind.PERSON]
    public = PublishedEntity.objects.filter(pk__in=keys, version=VERSION).values_list("kind", "key")
    return {(EntityKind(kind), key) for kind, key in public}


def _mentioned_until_now(keys: Sequence[int]) -> set[Mention]:
    """What the rows mention as they stand: entities that may lose their last mention, or an affiliation in their document."""
    codes = {
        code for row in PublishedQuote.objects.filter(pk__in=keys).values_list("mentions", flat=True) for code in row
    }
    known = PublishedEntity.objects.filter(pk__in=codes).values_list("kind", "key")
    return {(EntityKind(kind), key) for kind, key in known}


def refresh_entities(mentioned: Iterable[Mention], *, is_forced: bool = False) -> set[Name]:
    """Write the rows of those of the entities that a published quote mentions, and remove those that none mentions.

    Returns the names that came to be public, and those that ceased to.
    """
    codes = {code(mention(*entity)): entity for entity in mentioned}
    known = Total.objects.filter(pk__in=list(codes), quotes__gt=0).values_list("pk", flat=True)
    projections = list(project_entities(codes[key] for key in known))
    forgotten = list(Total.objects.filter(quotes=0).values_list("pk", flat=True))
    after = {row.pk: (row.kind, row.slug) for row in projections}
    before = _names([*after, *forgotten])
    # Deleted first: a slug that becomes free may be another's at once.
    PublishedEntity.objects.filter(pk__in=[*forgotten, *_holders_of_taken_names(before, after)]).delete()
    Total.objects.filter(pk__in=forgotten).delete()
    write(PublishedEntity, projections, is_forced=is_forced)
    return {name for _, name in before.items() ^ after.items()}


def _holders_of_taken_names(before: Mapping[int, Name], after: Mapping[int, Name]) -> list[int]:
    """Keys of the rows that still have a name which is another entity's by now, as when two have exchanged their slugs.

    They are stale, and come again under their own name with their own refresh: this one, or a later batch's.
    """
    taken = {name: key for key, name in after.items() if before.get(key) != name}
    if not taken:
        return []
    rows = PublishedEntity.objects.with_slugs(slug for _, slug in taken).values_list("pk", "kind", "slug")
    return [key for key, kind, slug in rows if taken.get((kind, slug), key) != key]


def _names(keys: Iterable[int]) -> dict[int, Name]:
    rows = PublishedEntity.objects.filter(pk__in=list(keys)).values_list("pk", "kind", "slug")
    return {key: (kind, slug) for key, kind, slug in rows}
