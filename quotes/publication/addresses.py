"""Public addresses without a document: of withdrawn quotes (410) and old slugs (301)."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Func, Q

from quotes.models import Quote, Redirect
from quotes.publication.models import PublishedEntity, PublishedRedirect, Tombstone
from quotes.publication.rows import upsert
from quotes.vocabulary import Status

# An entity's public name: kind and slug.
Name = tuple[str, str]


def write_tombstones(quotes: Iterable[Quote]) -> None:
    """Of each of the quotes that was published and is withdrawn, the reason and the time; of the others nothing."""
    quotes = list(quotes)
    withdrawn = {
        quote.uid: (quote.withdrawn_reason, quote.withdrawn_at)
        for quote in quotes
        if quote.status == Status.WITHDRAWN and quote.published_at and quote.withdrawn_at
    }
    uids = [quote.uid for quote in quotes]
    stored = {
        uid: (reason, at)
        for uid, reason, at in Tombstone.objects.filter(uid__in=uids).values_list("uid", "reason", "withdrawn_at")
    }
    rows = [
        Tombstone(uid=uid, reason=reason, withdrawn_at=at)
        for uid, (reason, at) in withdrawn.items()
        if stored.get(uid) != (reason, at)
    ]
    upsert(Tombstone, rows, ["reason", "withdrawn_at"], {"change": "publication_next_change()"})
    Tombstone.objects.filter(uid__in=stored.keys() - withdrawn.keys()).delete()


def refresh_redirects(keys: Iterable[int], names: Iterable[Name]) -> None:
    """Publish or remove the redirects with these keys, and those from or to the names that came to be public or ceased to."""
    slugs = {slug for _, slug in names}
    keys = set(keys)
    if not keys and not slugs:
        return
    touched = Q(pk__in=keys) | Q(slug__in=slugs) | Q(target__in=slugs)
    _write(Redirect.objects.filter(touched), {row.pk: row for row in PublishedRedirect.objects.filter(touched)})


def refresh_all_redirects() -> None:
    """The same for every redirect there is."""
    _write(Redirect.objects.all(), PublishedRedirect.objects.in_bulk())


def public_redirects(redirects: Iterable[Redirect]) -> list[Redirect]:
    """Those that lead to a public entity, from a slug that is no entity's own."""
    redirects = list(redirects)
    slugs = {slug for row in redirects for slug in (row.slug, row.target)}
    public = set(PublishedEntity.objects.with_slugs(slugs).values_list("kind", "slug"))
    return [row for row in redirects if (row.kind, row.target) in public and (row.kind, row.slug) not in public]


def _write(redirects: Iterable[Redirect], stored: dict[int, PublishedRedirect]) -> None:
    public = {row.pk: row for row in public_redirects(redirects)}
    kept = {key for key in stored.keys() & public.keys() if _place(stored[key]) == _place(public[key])}
    PublishedRedirect.objects.filter(pk__in=stored.keys() - kept).delete()
    PublishedRedirect.objects.bulk_create(
        PublishedRedirect(
            id=row.pk,
            kind=row.kind,
            slug=row.slug,
            target=row.target,
            change=Func(function="publication_next_change"),
        )
        for row in public.values()
        if row.pk not in kept
    )


def _place(row: Redirect | PublishedRedirect) -> tuple[str, str, str]:
    return row.kind, row.slug, row.target
