"""Writing what was planned of a Popolo file: all of it in one transaction, or nothing; what is here stays as it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, transaction
from psycopg.errors import UniqueViolation

from quotes.datasets.importing.applying import changed_meanwhile, lock_imports
from quotes.datasets.importing.refusals import ImportRefused, shown
from quotes.datasets.popolo.matching import Record
from quotes.datasets.popolo.planning import PopoloPlan, plan_popolo
from quotes.datasets.popolo.reading import Bearer
from quotes.datasets.popolo.terms import kind_of
from quotes.datasets.provenance import told
from quotes.models import Affiliation, Import, Organization, Person
from quotes.publication.refresh import drain
from quotes.vocabulary import AffiliationKind, EntityKind, OrganizationKind

_BATCH = 1_000


def apply_popolo(plan: PopoloPlan, *, actor: AbstractBaseUser | None) -> Import | None:
    """Make the people, organizations and affiliations that the plan says are new, and record the file. None when nothing is.

    Raises ImportRefused, having written nothing, when the plan refuses anything, and when the database has changed since so
    that the plan would be another one now.
    """
    if plan.refusals:
        raise ImportRefused(plan.refusals)
    try:
        with transaction.atomic():
            lock_imports()
            if plan_popolo(plan.file) != plan:
                raise changed_meanwhile()
            if plan.is_nothing_new:
                return None
            made = _write(plan, actor)
            drain()
            return made
    except IntegrityError as error:
        if isinstance(error.__cause__, UniqueViolation):
            raise changed_meanwhile() from error
        raise


def _write(plan: PopoloPlan, actor: AbstractBaseUser | None) -> Import:
    rows = len(plan.records) + len(plan.memberships) + plan.known
    batch = Import.objects.create(
        source=plan.file.collection,
        file_name=shown(plan.file.name),
        sha256=plan.file.sha256,
        format=plan.file.format,
        rows=rows,
        rows_done=rows,
        created_by_id=actor.pk if actor is not None else None,
    )
    with told(batch):
        _write_records(plan)
    return batch


def _write_records(plan: PopoloPlan) -> None:
    keys = {path: record.key for path, record in plan.records.items() if record.key is not None}
    new = plan.new(EntityKind.PERSON)
    people = Person.objects.bulk_create([_person(record) for record in new], _BATCH)
    keys |= {record.bearer.path: row.pk for record, row in zip(new, people, strict=True)}
    for level in _levels(plan):
        rows = [_organization(record, keys.get(plan.parents.get(record.bearer.path, ""))) for record in level]
        made = Organization.objects.bulk_create(rows, _BATCH)
        keys |= {record.bearer.path: row.pk for record, row in zip(level, made, strict=True)}
    affiliations = [
        Affiliation(  # type: ignore[misc] # mypy does not see that a partial date may be NULL
            person_id=keys[one.person],
            organization_id=keys[one.organization],
            role=one.role,
            kind=one.kind or AffiliationKind.MEMBERSHIP,
            start=one.start,
            end=one.end,
        )
        for one in plan.memberships
    ]
    Affiliation.objects.bulk_create(affiliations, _BATCH)


def _levels(plan: PopoloPlan) -> Iterator[list[Record]]:
    """The new organizations, those above before those below them."""
    waiting = {record.bearer.path: record for record in plan.new(EntityKind.ORGANIZATION)}
    while waiting:
        level = [path for path in waiting if plan.parents.get(path) not in waiting]
        yield [waiting[path] for path in level]
        for path in level:
            del waiting[path]


def _person(record: Record) -> Person:
    bearer = record.bearer
    # How a name is sorted is custom, and no rule tells it: a curator does where the file does not.
    return Person(slug=record.slug, name=bearer.name, sort_name=bearer.sort_name or bearer.name, **_common(bearer))


def _organization(record: Record, parent: int | None) -> Organization:
    bearer = record.bearer
    return Organization(
        slug=record.slug,
        name=bearer.name,
        short_name=bearer.short_name,
        kind=kind_of(bearer.classification) or OrganizationKind.OTHER,
        country=bearer.country,
        parent_id=parent,
        **_common(bearer),
    )


def _common(bearer: Bearer) -> dict[str, Any]:
    return {"aliases": list(bearer.other_names), "wikidata_id": bearer.wikidata_id or None}
