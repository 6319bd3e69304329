"""From one status to another: submit, return, publish, withdraw."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.models import User
from django.db.models import Q
from django.utils import timezone

from quotes.curation.verbs import Actor, CurationError, verb
from quotes.models import Quote
from quotes.publication.refresh import drain
from quotes.vocabulary import Status

_MAY_BECOME = {
    Status.IN_REVIEW: {Status.DRAFT},
    Status.DRAFT: {Status.IN_REVIEW},
    Status.PUBLISHED: {Status.DRAFT, Status.IN_REVIEW},
    Status.WITHDRAWN: {Status.PUBLISHED},
}


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
