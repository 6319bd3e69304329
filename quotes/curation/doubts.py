"""Whose words an imported row has, where its name may mean several people: a curator's decision, for all rows that bear it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.contrib.auth.models import User
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone

from quotes.curation.bringing import sort_name
from quotes.curation.saving import save_entity
from quotes.curation.verbs import Actor, CurationError, settle, verb
from quotes.models import (
    Affiliation,
    DoubtfulSpeaker,
    ImportedRow,
    Organization,
    Person,
    Quote,
    QuoteAffiliation,
    Redirect,
)
from quotes.models.slugs import free_slugs
from quotes.vocabulary import EntityKind, SourceType, Standing


def candidates(doubt: DoubtfulSpeaker) -> list[Person]:
    """Those whom the name may mean, as far as they are here: by the source's ids, and by the name itself."""
    named = Person.objects.named([doubt.name])
    found = named | Person.objects.filter(wikidata_id__in=doubt.wikidata_ids)
    return list(found.distinct().order_by("sort_name", "pk"))


@verb
def decide_speaker(*, doubt: DoubtfulSpeaker, person: Person, actor: Actor) -> int:
    """The name means this person, in every row that waits for the decision. Returns the number of quotes that changed.

    A quote to which somebody has given a source meanwhile stays as it is. Raises CurationError where it was decided already.
    """
    doubt = DoubtfulSpeaker.objects.select_for_update().get(pk=doubt.pk)
    if doubt.speaker_slug:
        raise CurationError([f"{doubt.name}: decided already, for {doubt.speaker_slug}."])
    rows = ImportedRow.objects.filter(doubt=doubt)
    waiting = Quote.objects.filter(
        pk__in=rows.order_by().values("quote"), speaker=None, organization=None, source_type=SourceType.UNNAMED
    )
    with_capacities = list(rows.filter(quote__in=waiting, waiting__isnull=False).order_by("row", "pk"))
    changed = waiting.update(
        source_type=SourceType.PERSON,
        speaker=person,
        # The name stood in for the person; what the article calls the source stays.
        source_label=Case(When(source_label=doubt.name, then=Value("")), default=F("source_label")),
    )
    _give_capacities(with_capacities, person)
    doubt.speaker_slug, doubt.decided_at = person.slug, timezone.now()
    doubt.decided_by = actor if isinstance(actor, User) else None
    doubt.save(update_fields=["speaker_slug", "decided_at", "decided_by"])
    settle()
    return changed


@verb
def make_speaker(*, doubt: DoubtfulSpeaker, wikidata_id: str = "", actor: Actor) -> Person:
    """The name means somebody who is not here yet: a new person of that name, and the decision for them.

    Raises ValidationError for an id that is none or somebody else's, and CurationError as `decide_speaker` does.
    """
    slug = free_slugs(EntityKind.PERSON, Person, [doubt.name])[doubt.name]
    changes: dict[str, Any] = {"name": doubt.name, "slug": slug, "sort_name": sort_name(doubt.name)}
    person = save_entity(entity=Person(), changes={**changes, "wikidata_id": wikidata_id or None}, actor=actor)
    decide_speaker(doubt=doubt, person=person, actor=actor)
    return person


def _give_capacities(rows: Iterable[ImportedRow], person: Person) -> None:
    """The capacities that the rows' file gave the speaker, the first the primary one; and whom the speaker spoke for."""
    for row in rows:
        places: dict[int, Any] = {}
        for one in row.waiting or ():
            place = _organization(one["organization"])
            if place and one.get("speaks_for"):
                Quote.objects.filter(pk=row.quote_id).update(organization=place, speaks_for_organization=True)
            elif place:
                places.setdefault(place, one)
        for number, (place, one) in enumerate(places.items()):
            job: dict[str, Any] = {"person": person, "organization_id": place, "role": one["role"]}
            there = Affiliation.objects.filter(Q(**job)).order_by("-start", "pk").first()
            QuoteAffiliation.objects.create(
                quote_id=row.quote_id,
                affiliation=there or Affiliation.objects.create(**job),
                role_as_stated=one["role"],
                standing=Standing(one["standing"]),
                is_primary=number == 0,
            )


def _organization(key: int) -> int | None:
    """The key of the organization, or of that which it was merged into while the row waited; None where it was deleted."""
    if Organization.objects.filter(pk=key).exists():
        return key
    events: Any = apps.get_model("quotes", "OrganizationEvent")
    slugs = list(events.objects.filter(pgh_obj_id=key).order_by("-pgh_id").values_list("slug", flat=True)[:1])
    moved = Redirect.objects.filter(kind=EntityKind.ORGANIZATION, slug__in=slugs).values("target")
    return Organization.objects.filter(slug__in=moved).values_list("pk", flat=True).first()


def doubt_about(quote: Quote) -> DoubtfulSpeaker | None:
    """The undecided name of an imported quote that nobody has given a source."""
    if quote.source_type != SourceType.UNNAMED or quote.organization_id:
        return None
    return DoubtfulSpeaker.objects.undecided().filter(imported_rows__quote=quote).first()
