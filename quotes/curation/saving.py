"""Making and changing single records, for programs: what the forms of the admin do for people.

`changes` names what is set, by the model's fields, and leaves the rest as it is. All of it is saved or, with a
ValidationError that names the members, none; what only the database knows is raised as it refuses it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models

from quotes.curation.merging import readdress
from quotes.curation.plausible import check_plausible
from quotes.curation.verbs import Actor, CurationError, settle, verb
from quotes.models import Affiliation, Article, Authorship, Organization, Person, Quote, Redirect, Topic
from quotes.vocabulary import EntityKind, Status

Changes = Mapping[str, Any]
Entity = TypeVar("Entity", Person, Organization, Topic, Article)
Record = TypeVar("Record", bound=models.Model)

KINDS: dict[type[models.Model], EntityKind] = {
    Person: EntityKind.PERSON,
    Organization: EntityKind.ORGANIZATION,
    Article: EntityKind.ARTICLE,
    Topic: EntityKind.TOPIC,
}


@verb
def save_entity(*, entity: Entity, changes: Changes, actor: Actor) -> Entity:
    """Save a person, organization, topic or article, new or changed. The old address of a renamed one leads on."""
    kind, old = KINDS[type(entity)], entity.slug
    slug = changes.get("slug", old)
    target = Redirect.objects.target_of(kind, slug)
    if target and target != old:
        taken = ValidationError(f"{slug} is an old address that leads to {target}.", code="old_address")
        raise ValidationError({"slug": taken})
    is_renamed = entity.pk is not None and slug != old
    assign(entity, changes)
    if is_renamed:
        readdress(kind=kind, old=old, new=entity.slug)
    settle()
    return entity


@verb
def save_article(*, article: Article, changes: Changes, authors: list[Person] | None, actor: Actor) -> Article:
    """Save an article, new or changed; `authors`, where given, are its whole byline, in order."""
    save_entity(entity=article, changes=changes, actor=actor)
    if authors is not None:
        _write_byline(article, authors)
    settle()
    return article


@verb
def save_affiliation(*, affiliation: Affiliation, changes: Changes, actor: Actor) -> Affiliation:
    """Save an affiliation, new or changed."""
    assign(affiliation, changes)
    settle()
    return affiliation


@verb
def delete_record(*, record: models.Model, actor: Actor) -> None:
    """Delete a record that nothing refers to; of quotes, drafts alone: what was published is withdrawn."""
    if isinstance(record, Quote) and record.published_at:
        raise CurationError(["What was published cannot be deleted. Withdraw it, with a reason."])
    if isinstance(record, Quote) and record.status != Status.DRAFT:
        raise CurationError([f"{record}: {record.get_status_display()}, and only drafts are deleted."])
    record.delete()
    settle()


def assign(record: Record, changes: Changes, *, at: str = "") -> Record:
    """Set, check and save one row. `at` is where its members stand in what was sent: `evidence[0].`"""
    for name, value in changes.items():
        setattr(record, name, value)
    try:
        record.full_clean()
        check_plausible(record, changes)
    except ValidationError as error:
        if not at:
            raise
        raise ValidationError({f"{at}{name}": found for name, found in error.error_dict.items()}) from error
    record.save()
    return record


def _write_byline(article: Article, authors: list[Person]) -> None:
    there = {row.person_id: row for row in article.authorships.all()}
    article.authorships.exclude(person__in=authors).delete()
    for position, person in enumerate(authors, start=1):
        row = there.get(person.pk) or Authorship(article=article, person=person)
        assign(row, {"position": position}, at=f"authors[{position - 1}].")
