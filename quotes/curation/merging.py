"""Two records of one thing become one; and old addresses lead on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from django.db import models

from quotes.curation.journal import journaled
from quotes.curation.verbs import Actor, CurationError, settle, verb
from quotes.models import Affiliation, Authorship, Organization, Person, QuoteAffiliation, Redirect
from quotes.publication.refresh import drain
from quotes.vocabulary import EntityKind

Actors = TypeVar("Actors", Person, Organization)
Choices = Mapping[str, Any]

# What a merge chooses between the two records, by field. Names that are not chosen become aliases.
CHOICES: dict[type[models.Model], tuple[str, ...]] = {
    Person: ("name", "sort_name", "wikidata_id"),
    Organization: ("name", "short_name", "kind", "parent", "successor", "country", "wikidata_id"),
}


@verb
def readdress(*, kind: EntityKind, old: str, new: str) -> None:
    """A record's slug was changed: its old address leads to the new one from now on."""
    _lead_on(kind, old, new)
    drain()


@verb
def merge_people(*, keep: Person, merged: Person, actor: Actor, choices: Choices | None = None) -> Person:
    """Make two records of one person one: quotes, bylines, affiliations and names move; the old slug leads on.

    `choices` says by field (CHOICES) which of the two records' values is kept; otherwise it is `keep`'s, and a Wikidata id
    whichever has one. What was done is kept as a Merge, and can be undone (`undo_merge`). Raises CurationError.
    """
    keep, merged = _locked(keep, merged)
    chosen = _chosen(keep, merged, choices or {})
    with journaled(EntityKind.PERSON, keep, merged, actor):
        for job in merged.affiliations.all():
            _move_affiliation(job, person=keep)
        merged.quotes.update(speaker=keep)
        _move_unless_there(Authorship.objects.filter(person=merged), "person", keep, same=("article",))
        _absorb(keep, merged, EntityKind.PERSON, chosen)
    settle()
    return keep


@verb
def merge_organizations(
    *, keep: Organization, merged: Organization, actor: Actor, choices: Choices | None = None
) -> Organization:
    """Make two records of one organization one: everything that names the one names the other; the old slug leads on.

    `choices`, the Merge and refusals are as in `merge_people`.
    """
    keep, merged = _locked(keep, merged)
    if Organization.objects.filter(pk=merged.pk).with_descendants().filter(pk=keep.pk).exists():
        raise CurationError([f"{keep} is below {merged}: move it first, or merge the other way round."])
    chosen = _chosen(keep, merged, choices or {})
    with journaled(EntityKind.ORGANIZATION, keep, merged, actor):
        for job in merged.affiliations.all():
            _move_affiliation(job, organization=keep)
        for field in ("articles", "quotes"):
            relation = getattr(merged, field)
            relation.update(**{relation.field.name: keep})
        merged.children.update(parent=keep)
        # Its own successor is chosen with the other fields.
        merged.predecessors.exclude(pk=keep.pk).update(successor=keep)
        Organization.objects.filter(pk=keep.pk, successor=merged).update(successor=None)
        _absorb(keep, merged, EntityKind.ORGANIZATION, chosen)
    settle()
    return keep


def _locked(keep: Actors, merged: Actors) -> tuple[Actors, Actors]:
    """Both records as they are now, which nobody else changes before the merge is done. Raises CurationError.

    What the caller read may be old by now: written back, it would undo what somebody changed meanwhile.
    """
    if keep.pk == merged.pk:
        raise CurationError([f"{keep} cannot be merged with itself."])
    rows = type(keep)._default_manager.select_for_update().filter(pk__in=(keep.pk, merged.pk)).order_by("pk")
    found = {row.pk: row for row in rows}
    if gone := [one for one in (keep, merged) if one.pk not in found]:
        raise CurationError([f"{one} is not there any more." for one in gone])
    keep, merged = found[keep.pk], found[merged.pk]
    if keep.wikidata_id and merged.wikidata_id and keep.wikidata_id != merged.wikidata_id:
        raise CurationError([f"{keep} is {keep.wikidata_id} and {merged} is {merged.wikidata_id}: not the same."])
    return keep, merged


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


def _chosen(keep: Actors, merged: Actors, choices: Choices) -> dict[str, Any]:
    """The value of every field of CHOICES that the kept record will have. Raises CurationError for what is no choice."""
    names = CHOICES[type(keep)]
    for name, value in choices.items():
        if name not in names:
            raise CurationError([f"{name}: a merge chooses between {', '.join(names)}."])
        if value not in (getattr(keep, name), getattr(merged, name)):
            raise CurationError([f"{name}: {value} is neither {keep}'s nor {merged}'s."])
    chosen = {name: getattr(keep, name) for name in names}
    chosen["wikidata_id"] = keep.wikidata_id or merged.wikidata_id
    chosen |= choices
    if parent := chosen.get("parent"):
        below = Organization.objects.filter(pk__in=(keep.pk, merged.pk)).with_descendants()
        if below.filter(pk=parent.pk).exists():
            raise CurationError([f"parent: {parent} is below {keep}, or would be. Choose {keep}'s own."])
    if chosen.get("successor") in (keep, merged):
        chosen["successor"] = None
    return chosen


def _absorb(keep: Person | Organization, merged: Person | Organization, kind: EntityKind, chosen: Choices) -> None:
    """What was chosen, names and old addresses go over; then the merged record goes."""
    names = [*keep.aliases, keep.name, merged.name, *merged.aliases]
    short = [getattr(one, "short_name", "") for one in (keep, merged)]
    names += [name for name in short if name and name != chosen["short_name"]]
    for name, value in chosen.items():
        setattr(keep, name, value)
    keep.aliases = [name for name in dict.fromkeys(names) if name != keep.name]
    slug = merged.slug
    merged.delete()
    keep.save(update_fields=["aliases", *chosen])
    _lead_on(kind, slug, keep.slug)


def _lead_on(kind: EntityKind, old: str, new: str) -> None:
    """Make the old slug lead to the new one. Chains are flattened; a slug that is taken back leads nowhere any more."""
    Redirect.objects.filter(kind=kind, slug=new).delete()
    Redirect.objects.filter(kind=kind, target=old).update(target=new)
    Redirect.objects.create(kind=kind, slug=old, target=new)
