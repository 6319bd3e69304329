"""The verbs that change data. Each is one transaction, takes keywords only, and returns what it made or changed.

Every verb ends by bringing the publication up to date, so that the public sees a change when it is committed, and never a
part of it.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Iterable
from typing import Any, ParamSpec, TypeVar

from django.contrib.auth.models import AbstractBaseUser, User
from django.db import OperationalError, connection, models, transaction
from django.db.models import Q
from django.utils import timezone
from psycopg.errors import DeadlockDetected

from quotes.models import (
    Affiliation,
    Authorship,
    Coding,
    CodingRound,
    Organization,
    Person,
    Quote,
    QuoteAffiliation,
    Redirect,
    Snapshot,
    Topic,
)
from quotes.publication.refresh import drain
from quotes.vocabulary import CODEBOOK_VERSION, EntityKind, Status

Actor = AbstractBaseUser | None
P = ParamSpec("P")
T = TypeVar("T")

_MAY_BECOME = {
    Status.IN_REVIEW: {Status.DRAFT},
    Status.DRAFT: {Status.IN_REVIEW},
    Status.PUBLISHED: {Status.DRAFT, Status.IN_REVIEW},
    Status.WITHDRAWN: {Status.PUBLISHED},
}


class CurationError(Exception):
    """Why nothing was changed: one message for each obstacle, fit for a curator's eyes."""

    def __init__(self, messages: list[str]) -> None:
        super().__init__(" ".join(messages))
        self.messages = messages


def verb(function: Callable[P, T]) -> Callable[P, T]:
    """One transaction; begun anew, up to twice, when it was the victim of a deadlock.

    Within a transaction of the caller's nothing can be begun anew, so there the deadlock is the caller's to see.
    """

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        for _ in range(2):
            try:
                with transaction.atomic():
                    return function(*args, **kwargs)
            except OperationalError as error:
                if connection.in_atomic_block or not isinstance(error.__cause__, DeadlockDetected):
                    raise
        with transaction.atomic():
            return function(*args, **kwargs)

    return run


def refresh_publication() -> None:
    """Bring the public rows up to date with whatever was changed before, in the same transaction."""
    drain()


@verb
def publish(*, quotes: Iterable[Quote], actor: Actor) -> list[Quote]:
    """Publish drafts and quotes in review; all of them or, with a CurationError that names each obstacle, none."""
    rows = _locked(quotes)
    obstacles = _wrong_transitions(rows, Status.PUBLISHED)
    obstacles += [message for quote in rows for message in _not_ready(quote, actor)]
    if obstacles:
        raise CurationError(obstacles)
    now = timezone.now()
    for quote in rows:
        quote.status = Status.PUBLISHED
        quote.published_at = quote.published_at or now
    Quote.objects.bulk_update(rows, ["status", "published_at"])
    drain()
    return rows


@verb
def withdraw(*, quotes: Iterable[Quote], reason: str, actor: Actor) -> list[Quote]:
    """Take published quotes back. Their addresses answer 410 with the reason and the date from now on."""
    if not (reason := reason.strip()):
        raise CurationError(["A withdrawal needs a reason: it is shown in the quote's place."])
    rows = _locked(quotes)
    if obstacles := _wrong_transitions(rows, Status.WITHDRAWN):
        raise CurationError(obstacles)
    for quote in rows:
        quote.status = Status.WITHDRAWN
        quote.withdrawn_at = timezone.now()
        quote.withdrawn_reason = reason
    Quote.objects.bulk_update(rows, ["status", "withdrawn_at", "withdrawn_reason"])
    drain()
    return rows


@verb
def submit_for_review(*, quotes: Iterable[Quote], actor: Actor) -> list[Quote]:
    """Hand drafts over to an editor."""
    return _move(quotes, Status.IN_REVIEW)


@verb
def return_to_draft(*, quotes: Iterable[Quote], actor: Actor) -> list[Quote]:
    """Hand quotes in review back to their curator."""
    return _move(quotes, Status.DRAFT)


@verb
def record_coding(
    *, quote: Quote, topic: Topic, coder: str, stance: str, round: int = 1, is_final: bool = False, **judgement: Any
) -> Coding:
    """One coder's judgement of a round, new or changed; `judgement` may hold certainty, justification.

    A final coding takes the place of the one that was final before, which stays as a row of its round.
    """
    if is_final:
        others = quote.codings.final().filter(topic=topic).exclude(coder=coder, round=round)
        others.update(is_final=False)
    coding, _ = Coding.objects.update_or_create(
        quote=quote,
        topic=topic,
        coder=coder,
        round=round,
        defaults={"stance": stance, "is_final": is_final, "codebook_version": CODEBOOK_VERSION, **judgement},
    )
    drain()
    return coding


@verb
def close_round(*, number: int, actor: Actor) -> CodingRound:
    """End a round of coding: its codings of published quotes are public from now on, under the coders' codes."""
    return _set_closed(number, timezone.now())


@verb
def reopen_round(*, number: int, actor: Actor) -> CodingRound:
    """Begin a closed round again: its codings leave the public at once. What was read meanwhile stays known."""
    return _set_closed(number, None)


@verb
def readdress(*, kind: EntityKind, old: str, new: str) -> None:
    """A record's slug was changed: its old address leads to the new one from now on."""
    _lead_on(kind, old, new)
    drain()


@verb
def forget_text(*, snapshot: Snapshot) -> Snapshot:
    """Take a snapshot's text out of the database. Its hash and length stay, so that anchors can still be checked."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL quotebase.forgets_text = 'on'")
        Snapshot.objects.filter(pk=snapshot.pk).update(text=None)
        cursor.execute("SET LOCAL quotebase.forgets_text = 'off'")
    return Snapshot.objects.get(pk=snapshot.pk)


@verb
def merge_people(*, keep: Person, merged: Person, actor: Actor) -> Person:
    """Make two records of one person one: quotes, bylines, affiliations and names move; the old slug leads on."""
    _check_merge(keep, merged)
    for job in merged.affiliations.all():
        _move_affiliation(job, person=keep)
    merged.quotes.update(speaker=keep)
    _move_unless_there(Authorship.objects.filter(person=merged), "person", keep, same=("article",))
    _absorb(keep, merged, EntityKind.PERSON)
    drain()
    return keep


@verb
def merge_organizations(*, keep: Organization, merged: Organization, actor: Actor) -> Organization:
    """Make two records of one organization one: everything that names the one names the other; the old slug leads on."""
    _check_merge(keep, merged)
    if Organization.objects.filter(pk=merged.pk).with_descendants().filter(pk=keep.pk).exists():
        raise CurationError([f"{keep} is below {merged}: move it first, or merge the other way round."])
    for job in merged.affiliations.all():
        _move_affiliation(job, organization=keep)
    for field in ("articles", "quotes"):
        relation = getattr(merged, field)
        relation.update(**{relation.field.name: keep})
    merged.children.update(parent=keep)
    merged.predecessors.exclude(pk=keep.pk).update(successor=keep)
    Organization.objects.filter(pk=keep.pk, successor=merged).update(successor=None)
    keep.refresh_from_db()
    _absorb(keep, merged, EntityKind.ORGANIZATION)
    drain()
    return keep


def _set_closed(number: int, at: dt.datetime | None) -> CodingRound:
    row = CodingRound.objects.select_for_update().filter(number=number).first()
    if row is None:
        raise CurationError([f"There is no round {number}."])
    if bool(row.closed_at) == bool(at):
        raise CurationError([f"Round {row} is {'closed' if at else 'open'} already."])
    row.closed_at = at
    row.save(update_fields=["closed_at"])
    drain()
    return row


def _locked(quotes: Iterable[Quote]) -> list[Quote]:
    """The quotes as they are now, locked, in a fixed order (two curators' actions must not deadlock)."""
    keys = [quote.pk for quote in quotes]
    return list(Quote.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk"))


def _move(quotes: Iterable[Quote], status: Status) -> list[Quote]:
    rows = _locked(quotes)
    if obstacles := _wrong_transitions(rows, status):
        raise CurationError(obstacles)
    for quote in rows:
        quote.status = status
    Quote.objects.bulk_update(rows, ["status"])
    drain()
    return rows


def _wrong_transitions(quotes: Iterable[Quote], status: Status) -> list[str]:
    return [
        f"{quote}: {quote.get_status_display()}, so it cannot become {status.label}."
        for quote in quotes
        if quote.status not in _MAY_BECOME[status]
    ]


def _not_ready(quote: Quote, actor: Actor) -> list[str]:
    """What stands between a quote and its publication."""
    obstacles = []
    if isinstance(actor, User) and quote.created_by_id == actor.pk and _editors() > 1:
        obstacles.append(f"{quote}: you entered it yourself; another editor publishes it.")
    if quote.source_type == "person" and not quote.affiliations.exists() and not quote.source_label:
        obstacles.append(f"{quote}: say in what capacity the words were said, or how the source is described.")
    return obstacles


def _editors() -> int:
    """How many people may publish. One alone may publish their own quotes."""
    held = Q(user_permissions__codename="publish_quote") | Q(groups__permissions__codename="publish_quote")
    return User.objects.filter(held | Q(is_superuser=True), is_active=True).distinct().count()


def _check_merge(keep: Person | Organization, merged: Person | Organization) -> None:
    if keep.pk == merged.pk:
        raise CurationError([f"{keep} cannot be merged with itself."])
    if keep.wikidata_id and merged.wikidata_id and keep.wikidata_id != merged.wikidata_id:
        raise CurationError([f"{keep} is {keep.wikidata_id} and {merged} is {merged.wikidata_id}: not the same."])


def _move_affiliation(job: Affiliation, **change: Any) -> None:
    """Give the affiliation its new person or organization; where the same one exists already, that one takes its quotes."""
    same = {name: getattr(job, name) for name in ("person", "organization", "role", "start")} | change
    twin = Affiliation.objects.filter(**same).exclude(pk=job.pk).first()
    if twin is None:
        Affiliation.objects.filter(pk=job.pk).update(**change)
        return
    _move_unless_there(QuoteAffiliation.objects.filter(affiliation=job), "affiliation", twin, same=("quote",))
    job.delete()


def _move_unless_there(rows: models.QuerySet[Any], field: str, target: Any, *, same: tuple[str, ...]) -> None:
    """Point rows at the target; a row that it has already is dropped (a primary affiliation hands on its place)."""
    for row in rows:
        there = rows.model.objects.filter(**{name: getattr(row, name) for name in same}, **{field: target}).first()
        if there is None:
            rows.model.objects.filter(pk=row.pk).update(**{field: target})
            continue
        row.delete()
        if getattr(row, "is_primary", False):
            rows.model.objects.filter(pk=there.pk).update(is_primary=True)


def _absorb(keep: Person | Organization, merged: Person | Organization, kind: EntityKind) -> None:
    """Names, Wikidata id and old addresses go over; then the merged record goes."""
    names = [*keep.aliases, merged.name, *merged.aliases]
    keep.aliases = [name for name in dict.fromkeys(names) if name != keep.name]
    keep.wikidata_id = keep.wikidata_id or merged.wikidata_id
    slug = merged.slug
    merged.delete()
    keep.save(update_fields=["aliases", "wikidata_id"])
    _lead_on(kind, slug, keep.slug)


def _lead_on(kind: EntityKind, old: str, new: str) -> None:
    """Make the old slug lead to the new one. Chains are flattened; a slug that is taken back leads nowhere any more."""
    Redirect.objects.filter(kind=kind, slug=new).delete()
    Redirect.objects.filter(kind=kind, target=old).update(target=new)
    Redirect.objects.create(kind=kind, slug=old, target=new)
