"""Names that may mean several people: what curators decided of them before, and those that wait for a decision."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import F

from quotes.models import DoubtfulSpeaker, Import, Person, Redirect
from quotes.vocabulary import EntityKind

_BATCH = 1_000
# A name, and the Wikidata ids that the source thinks possible.
Asked = tuple[str, tuple[str, ...]]


def decisions(asked: Collection[Asked], source: str) -> dict[Asked, int]:
    """What curators decided before of names of this collection, the latest decision of each: keys of people. Four queries."""
    decided = DoubtfulSpeaker.objects.filter(batch__source=source).exclude(speaker_slug="").order_by()
    if not decided.exists():  # as mostly: thousands of names need not be asked for
        return {}
    rows = decided.filter(name__in={name for name, _ in asked})
    rows = rows.order_by(F("decided_at").asc(nulls_first=True), "pk")
    slugs = {(name, tuple(ids)): slug for name, ids, slug in rows.values_list("name", "wikidata_ids", "speaker_slug")}
    if not slugs:
        return {}
    moved = dict(Redirect.objects.filter(kind=EntityKind.PERSON, slug__in=slugs.values()).values_list("slug", "target"))
    keys = dict(Person.objects.filter(slug__in={*slugs.values(), *moved.values()}).values_list("slug", "pk"))
    places = {one: keys.get(slug) or keys.get(moved.get(slug, "")) for one, slug in slugs.items()}
    wanted = set(asked)
    return {one: key for one, key in places.items() if key and one in wanted}


def note(asked: Collection[Asked], batch: Import) -> dict[Asked, int]:
    """Keys of the import's doubts about these names, made where they are not there yet. The caller holds the imports' lock."""
    if not asked:
        return {}
    there = DoubtfulSpeaker.objects.filter(batch=batch, name__in={name for name, _ in asked}).order_by()
    keys = {(name, tuple(ids)): key for key, name, ids in there.values_list("pk", "name", "wikidata_ids")}
    missing = sorted(one for one in asked if one not in keys)
    rows = [DoubtfulSpeaker(batch=batch, name=name, wikidata_ids=list(ids)) for name, ids in missing]
    DoubtfulSpeaker.objects.bulk_create(rows, _BATCH)
    return keys | {one: row.pk for one, row in zip(missing, rows, strict=True)}
