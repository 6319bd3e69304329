"""From slugs, hashes and uids to the records that they name. What names nothing is refused, with the closest that exists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from quotes.api.curation.records import affiliation_key
from quotes.api.problems import BadBody, ErrorItem, body_error
from quotes.models import Affiliation, Article, Organization, Person, Quote, Redirect, Snapshot, Topic
from quotes.publication.suggestions import closest
from quotes.vocabulary import EntityKind

KINDS: dict[type[Any], EntityKind] = {
    Person: EntityKind.PERSON,
    Organization: EntityKind.ORGANIZATION,
    Article: EntityKind.ARTICLE,
    Topic: EntityKind.TOPIC,
}
# Slugs that are looked through for one that a misspelt one may have meant.
_MOST = 2_000


def resolve(body: Mapping[str, Any], members: Mapping[str, type[Any]]) -> dict[str, Any]:
    """The body with records in the place of slugs and uids. Raises BadBody, with an error for each that names nothing."""
    values, errors = dict(body), []
    for member, model in members.items():
        given = body.get(member)
        named = given if isinstance(given, list) else [given] if given is not None else []
        found = find_named(model, named)
        for number, name in enumerate(named):
            if found.get(name) is None:
                place = f"{member}[{number}]" if isinstance(given, list) else member
                errors.append(_unknown(model, name, place))
        if isinstance(given, list):
            values[member] = [found.get(name) for name in named]
        elif given is not None:
            values[member] = found.get(given)
    if errors:
        raise BadBody.listing(errors)
    return values


def find_snapshot(article: Article, sha256: str) -> Snapshot:
    """The article's snapshot of this hash. Raises BadBody where it has none."""
    snapshot = Snapshot.objects.filter(article=article, sha256=sha256).first()
    if snapshot is None:
        raise BadBody.of("unknown_snapshot", "The article has no snapshot of this hash.", param="snapshot")
    return snapshot


def find_capacities(speaker: Person | None, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Each row with the affiliation of the speaker that it means, by organization, and role and start where given.

    Raises BadBody where the speaker has no such affiliation, or several.
    """
    if rows and speaker is None:
        said = "Capacities are a speaker's. For other sources name the organization of the quote."
        raise BadBody.of("no_speaker", said, param="affiliations")
    jobs = list(Affiliation.objects.filter(person=speaker).select_related("organization")) if rows else []
    return [_capacity(jobs, row, number) for number, row in enumerate(rows)]


def find_affiliation(person: str, key: str) -> Affiliation | None:
    """The person's affiliation of this key."""
    jobs = Affiliation.objects.filter(person__slug=person).select_related("person", "organization")
    return next((job for job in jobs if affiliation_key(job) == key), None)


def find_named(model: type[Any], names: Sequence[str]) -> dict[str, Any]:
    """Records by the names asked for; of merged and renamed ones by their old slugs too."""
    if not names:
        return {}
    if model is Quote:
        uids = {name: uid for name in names if (uid := _uid(name))}
        rows = Quote.objects.filter(uid__in=uids.values()).in_bulk(field_name="uid")
        return {name: rows[uid] for name, uid in uids.items() if uid in rows}
    found = model.objects.filter(slug__in=names).in_bulk(field_name="slug")
    missing = [name for name in names if name not in found]
    moved = (
        Redirect.objects.filter(kind=KINDS[model], slug__in=missing).values_list("slug", "target") if missing else ()
    )
    for old, new in moved:
        if row := model.objects.filter(slug=new).first():
            found[old] = row
    return dict(found)


def _uid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def nearest_slug(model: type[Any], slug: str) -> str | None:
    """The slug that a misspelt one may have meant."""
    alike = model.objects.filter(slug__startswith=slug[:2].lower()).order_by("slug").values_list("slug", flat=True)
    return closest(slug, alike[:_MOST])


def _unknown(model: type[Any], name: str, place: str) -> ErrorItem:
    kind = str(model._meta.verbose_name)
    shown = repr(name if len(name) <= 60 else name[:60] + "…")
    nearest = None if model is Quote else nearest_slug(model, name)
    hint = f" Did you mean {nearest!r}?" if nearest else ""
    return body_error(f"unknown_{kind}", f"{shown} is no {kind} known here.{hint}", param=place, suggestion=nearest)


def _capacity(jobs: Sequence[Affiliation], row: Mapping[str, Any], number: int) -> dict[str, Any]:
    place = f"affiliations[{number}]"
    there = [job for job in jobs if job.organization.slug == row["organization"]]
    meant = [
        job
        for job in there
        if job.role == row.get("role", job.role) and ("start" not in row or (job.start or None) == row["start"])
    ]
    if not meant:
        known = "; ".join(sorted(job.role or "no role" for job in there))
        detail = f"The speaker has no such affiliation with {row['organization'][:100]!r}"
        said = f"{detail}: only {known}." if known else f"{detail}. Make it first, under affiliations/."
        raise BadBody.of("unknown_affiliation", said, param=place)
    if len(meant) > 1:
        said = f"The speaker has {len(meant)} such affiliations: say the role, and the start, of the one that is meant."
        raise BadBody.of("ambiguous_affiliation", said, param=place)
    values = {name: value for name, value in row.items() if name not in {"organization", "role", "start"}}
    return {"affiliation": meant[0], **values}
