"""Writing what was planned: all of it in one transaction, or nothing. New quotes are drafts, whoever imports them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, connection, models, transaction
from psycopg.errors import UniqueViolation

from quotes.datasets.doubts import Asked, note
from quotes.datasets.importing.articles import ArticleRecord
from quotes.datasets.importing.matching import Record
from quotes.datasets.importing.planning import ImportPlan, PlannedQuote, plan_import
from quotes.datasets.importing.refusals import ImportRefused, Refusal, shown
from quotes.datasets.provenance import told
from quotes.models import (
    Affiliation,
    Article,
    Coding,
    Import,
    ImportedRow,
    Organization,
    Person,
    Quote,
    QuoteAffiliation,
)
from quotes.publication.refresh import drain
from quotes.vocabulary import EntityKind, Genre, OrganizationKind, SourceType, Status

_BATCH = 1_000
# One person, one organization, one role.
Job = tuple[int, int, str]


def apply_import(plan: ImportPlan, *, actor: AbstractBaseUser | None, status: Status = Status.DRAFT) -> Import | None:
    """Make what the plan says, and record the file and which row became which quote. None when no row of it is new.

    New quotes get `status`, draft or in review.

    Raises ImportRefused, having written nothing, when the plan refuses anything, and when the database has changed since so
    that the plan would be another one now.
    """
    if plan.refusals:
        raise ImportRefused(plan.refusals)
    try:
        with transaction.atomic():
            lock_imports()
            if plan_import(plan.file, defaults=plan.defaults) != plan:
                raise changed_meanwhile()
            if not plan.quotes:
                return None
            made = _write(plan, actor, status)
            drain()
            return made
    except IntegrityError as error:
        if isinstance(error.__cause__, UniqueViolation):
            raise changed_meanwhile() from error
        raise


def changed_meanwhile() -> ImportRefused:
    detail = "The database has changed since the plan was made. Look at the plan again."
    return ImportRefused([Refusal("changed_meanwhile", detail)])


def lock_imports() -> None:
    """One import at a time, to the end of the transaction: two at once would each make the same new person."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('import', 0))")


def _write(plan: ImportPlan, actor: AbstractBaseUser | None, status: Status) -> Import:
    author = actor.pk if actor is not None else None
    batch = Import.objects.create(
        source=plan.source,
        file_name=shown(plan.file.name),
        sha256=plan.file.sha256,
        format=plan.file.kind,
        rows=plan.rows,
        rows_done=plan.rows,
        created_by_id=author,
    )
    with told(batch):
        keys = _write_records(plan.records)
        articles = _write_articles(plan.articles, keys)
        quotes = Quote.objects.bulk_create([_quote(one, keys, articles, author, status) for one in plan.quotes], _BATCH)
        pairs = list(zip(plan.quotes, quotes, strict=True))
        _write_capacities(pairs, keys)
        codings = [coding for planned, quote in pairs for coding in _codings(planned, quote)]
        Coding.objects.bulk_create(codings, _BATCH)
        doubts = note({(doubt.name, ()) for doubt in plan.doubtful}, batch)
        ImportedRow.objects.bulk_create([_row(batch, planned, quote, doubts, keys) for planned, quote in pairs], _BATCH)
    return batch


def _write_records(records: Iterable[Record]) -> dict[Record, int]:
    """Keys of the people and organizations; the new ones are made."""
    records = list(records)
    keys = {record: record.key for record in records if record.key is not None}
    for kind, build in ((EntityKind.PERSON, _person), (EntityKind.ORGANIZATION, _organization)):
        new = [record for record in records if record.kind == kind and record.key is None]
        if new:
            rows = [build(record) for record in new]
            type(rows[0])._default_manager.bulk_create(rows, _BATCH)
            keys |= {record: row.pk for record, row in zip(new, rows, strict=True)}
    return keys


def _person(record: Record) -> models.Model:
    # How a name is sorted is custom, and no rule tells it: a curator does.
    return Person(slug=record.slug, name=record.name, sort_name=record.name, wikidata_id=record.wikidata_id)


def _organization(record: Record) -> models.Model:
    kind = OrganizationKind.MEDIA if record.is_outlet else OrganizationKind.OTHER
    return Organization(slug=record.slug, name=record.name, kind=kind, wikidata_id=record.wikidata_id)


def _write_articles(records: Iterable[ArticleRecord], keys: dict[Record, int]) -> dict[ArticleRecord, int]:
    records = list(records)
    found = {record: record.key for record in records if record.key is not None}
    new = [record for record in records if record.key is None]
    rows = Article.objects.bulk_create([_article(record, keys) for record in new], _BATCH)
    return found | {record: row.pk for record, row in zip(new, rows, strict=True)}


def _article(record: ArticleRecord, keys: dict[Record, int]) -> Article:
    described = record.description
    assert described is not None  # noqa: S101 - an article without a key was described by a row
    return Article(  # type: ignore[misc] # mypy does not see that a partial date may be NULL
        slug=record.slug,
        url=record.url,
        title=record.title,
        outlet_id=keys[record.outlet] if record.outlet else None,
        published=described.published,
        language=described.language or "en",
        genre=described.genre or Genre.NEWS,
        archive_url=described.archive_url,
    )


def _quote(
    planned: PlannedQuote,
    keys: dict[Record, int],
    articles: dict[ArticleRecord, int],
    author: Any,
    status: Status,
) -> Quote:
    entry = planned.entry
    return Quote(  # type: ignore[misc] # as above
        article_id=articles[planned.article],
        snapshot_id=planned.placement.snapshot,
        text=planned.placement.text,
        segments=planned.placement.segments,
        kind=entry.kind,
        source_type=SourceType.UNNAMED if planned.doubt else entry.source_type,
        speaker_id=keys[planned.speaker] if planned.speaker else None,
        organization_id=keys[planned.organization] if planned.organization and not planned.doubt else None,
        speaks_for_organization=entry.speaks_for_organization and not planned.doubt,
        # As long as nobody has decided, the name is what there is to go by.
        source_label=entry.source_label or (planned.doubt.name if planned.doubt else ""),
        cue=entry.cue,
        framing=entry.framing,
        venue=entry.venue,
        said_on=entry.said_on,
        status=status,
        created_by_id=author,
    )


def _write_capacities(pairs: Iterable[tuple[PlannedQuote, Quote]], keys: dict[Record, int]) -> None:
    wanted = [
        (quote, (keys[planned.speaker], keys[record], capacity.role), capacity, number == 0)
        for planned, quote in pairs
        if planned.speaker
        for number, (record, capacity) in enumerate(planned.capacities)
    ]
    jobs = _jobs({job for _, job, _, _ in wanted})
    rows = [
        QuoteAffiliation(
            quote=quote,
            affiliation_id=jobs[job],
            speaker_id=job[0],
            role_as_stated=capacity.role,
            standing=capacity.standing,
            is_primary=is_first,
        )
        for quote, job, capacity, is_first in wanted
    ]
    QuoteAffiliation.objects.bulk_create(rows, _BATCH)


def _jobs(wanted: set[Job]) -> dict[Job, int]:
    """Keys of the affiliations, made where there is none with that very role; of several, the one of unknown start."""
    there = Affiliation.objects.filter(
        person__in={person for person, _, _ in wanted}, organization__in={organization for _, organization, _ in wanted}
    )
    keys: dict[Job, int] = {}
    for row in there.order_by("start", "pk"):  # NULL comes last, and stays
        keys[row.person_id, row.organization_id, row.role] = row.pk
    missing = sorted(wanted - keys.keys())
    rows = [Affiliation(person_id=person, organization_id=place, role=role) for person, place, role in missing]
    Affiliation.objects.bulk_create(rows, _BATCH)
    return keys | {job: row.pk for job, row in zip(missing, rows, strict=True)}


def _codings(planned: PlannedQuote, quote: Quote) -> list[Coding]:
    return [
        Coding(
            quote=quote,
            topic_id=topic,
            stance=position.stance,
            certainty=position.certainty,
            coder=planned.entry.coder,
            is_final=planned.entry.is_final,
        )
        for topic, position in planned.positions
    ]


def _row(
    batch: Import, planned: PlannedQuote, quote: Quote, doubts: Mapping[Asked, int], keys: Mapping[Record, int]
) -> ImportedRow:
    entry = planned.entry
    return ImportedRow(
        batch=batch,
        source=batch.source,
        external_id=entry.external_id,
        row=entry.row,
        digest=entry.digest,
        quote=quote,
        doubt_id=doubts[planned.doubt.name, ()] if planned.doubt else None,
        waiting=_waiting(planned, keys) or None if planned.doubt else None,
    )


def _waiting(planned: PlannedQuote, keys: Mapping[Record, int]) -> list[dict[str, Any]]:
    """What the row says of its speaker beyond the name, for when it is decided who that is."""
    waiting: list[dict[str, Any]] = [
        {"organization": keys[record], "role": capacity.role, "standing": capacity.standing}
        for record, capacity in planned.capacities
    ]
    if planned.organization:
        waiting.append({"organization": keys[planned.organization], "speaks_for": True})
    return waiting
