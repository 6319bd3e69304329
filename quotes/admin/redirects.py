"""Old addresses: what a renamed slug leaves behind."""

from __future__ import annotations

from quotes.models import Redirect
from quotes.vocabulary import EntityKind


def target_of(kind: EntityKind | None, slug: str) -> str:
    """Where an old slug leads; empty where it is none."""
    return Redirect.objects.filter(kind=kind, slug=slug).values_list("target", flat=True).first() or ""


def leave(kind: EntityKind, old: str, new: str) -> None:
    """Make the old slug lead to the new one. Chains are flattened; a slug that is taken back leads nowhere any more."""
    Redirect.objects.filter(kind=kind, slug=new).delete()
    Redirect.objects.filter(kind=kind, target=old).update(target=new)
    Redirect.objects.create(kind=kind, slug=old, target=new)
