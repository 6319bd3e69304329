"""From one status to another: submit, return, publish, withdraw. Every step is kept as a Review, with what was said at it."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.models import User
from django.db.models import Q
from django.utils import timezone

from quotes.curation.doubts import doubt_about
from quotes.curation.verbs import Actor, CurationError, verb
from quotes.models import Quote, Review
from quotes.publication.refresh import drain
from quotes.vocabulary import ReviewStep, Status

_MAY_BECOME = {
    Status.IN_REVIEW: {Status.DRAFT},
    Status.DRAFT: {Status.IN_REVIEW},
    Status.PUBLISHED: {Status.DRAFT, Status.IN_REVIEW},
    Status.WITHDRAWN: {Status.PUBLISHED},
}
# A return says why. Programs may leave it out, and then this is what the curator reads.
NO_COMMENT = "No comment was given."


@verb
def publish(*, quotes: Iterable[Quote], actor: Actor, comment: str = "") -> list[Quote]:
    """Publish drafts and quotes in review; all of them or, with a CurationError that names each obstacle, none."""
    rows = _locked(quotes)
    obstacles = _wrong_transitions(rows, Status.PUBLISHED)
    obstacles += [f"{quote}: {obstacle}" for quote in rows for obstacle in obstacles_to_publication(quote, actor)]
    if obstacles:
        raise CurationError(obstacles)
    now = timezone.now()
    for quote in rows:
        quote.status = Status.PUBLISHED
        quote.published_at = quote.published_at or now
    Quote.objects.bulk_update(rows, ["status", "published_at"])
    _note(rows, ReviewStep.PUBLISHED, actor, comment)
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
    _note(rows, ReviewStep.WITHDRAWN, actor, reason)
    drain()
    return rows


@verb
def submit_for_review(*, quotes: Iterable[Quote], actor: Actor) -> list[Quote]:
    """Hand drafts over to an editor."""
    rows = _move(quotes, Status.IN_REVIEW)
    _note(rows, ReviewStep.SUBMITTED, actor)
    drain()
    return rows


@verb
def return_to_draft(*, quotes: Iterable[Quote], actor: Actor, comment: str = "") -> list[Quote]:
    """Hand quotes in review back to their curator, who reads the comment."""
    rows = _move(quotes, Status.DRAFT)
    _note(rows, ReviewStep.RETURNED, actor, comment.strip() or NO_COMMENT)
    drain()
    return rows


def obstacles_to_publication(quote: Quote, actor: Actor) -> list[str]:
    """What stands between a quote and its publication by the actor, one sentence each."""
    obstacles = []
    if isinstance(actor, User) and quote.created_by_id == actor.pk and nobody_publishes_their_own():
        obstacles.append("you entered it yourself; another editor publishes it.")
    if quote.source_type == "person" and not quote.affiliations.exists() and not quote.source_label:
        obstacles.append("say in what capacity the words were said, or how the source is described.")
    if doubt := doubt_about(quote):
        obstacles.append(f"decide first who {doubt.name} is: the name may mean several people.")
    return obstacles


def nobody_publishes_their_own() -> bool:
    """Whether somebody else must publish what one entered. Where one alone may publish, they may publish their own."""
    held = Q(user_permissions__codename="publish_quote") | Q(groups__permissions__codename="publish_quote")
    editors = User.objects.filter(held | Q(is_superuser=True), is_active=True)
    return editors.values("pk").distinct()[:2].count() > 1


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
    return rows


def _note(quotes: Iterable[Quote], step: ReviewStep, actor: Actor, comment: str = "") -> None:
    by = actor if isinstance(actor, User) else None
    at = timezone.now()
    Review.objects.bulk_create(
        Review(quote=quote, step=step, comment=comment.strip(), by=by, at=at) for quote in quotes
    )


def _wrong_transitions(quotes: Iterable[Quote], status: Status) -> list[str]:
    return [
        f"{quote}: {quote.get_status_display()}, so it cannot become {status.label}."
        for quote in quotes
        if quote.status not in _MAY_BECOME[status]
    ]
