"""New people and new affiliations, made beside the text that names them; not before close matches were looked at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import User

from quotes import curation
from quotes.admin.workbench import bodies
from quotes.admin.workbench.bodies import Problem, invalid
from quotes.admin.workbench.people import (
    close_organizations,
    close_people,
    describe,
    describe_organizations,
)
from quotes.admin.workbench.saving import need
from quotes.models import Affiliation, Article, Organization, Person
from quotes.models.slugs import free_slugs
from quotes.vocabulary import AffiliationKind, EntityKind, OrganizationKind

_MAKING = {
    "person": bodies.optional(bodies.record(Person)),
    "name": bodies.text(300),
    "sort_name": bodies.text(300),
    "role": bodies.text(300),
    "kind": bodies.choice(AffiliationKind.values),
    "start": bodies.text(10),
    "end": bodies.text(10),
    "organization": bodies.optional(bodies.record(Organization)),
    "organization_name": bodies.text(300),
    "organization_kind": bodies.choice(OrganizationKind.values, or_empty=True),
    "seen": bodies.rows(bodies.whole, most=200),
    "organizations_seen": bodies.rows(bodies.whole, most=200),
}
_OF_ORGANIZATION = ("organization_name", "organization_kind", "organizations_seen")


def make(article: Article, body: Mapping[str, Any], user: User) -> dict[str, Any]:
    """A person as the page knows them, made or given an affiliation; `affiliation` is the new one's key, or null."""
    asked = bodies.read(body, _MAKING)
    person = asked.get("person") or _make_person(article, asked, user)
    organization = asked.get("organization") or _make_organization(asked, user)
    job = None
    if organization:
        job = _make_job(person, organization, asked, user)
    elif asked.get("role"):
        raise invalid(
            "organization_name", "A role is a role somewhere: say at which organization, or leave the role out."
        )
    quotes = list(article.quotes.for_record())
    return {"person": describe([person], article, quotes)[0], "affiliation": job and job.pk}


def make_organization(body: Mapping[str, Any], user: User) -> dict[str, Any]:
    """A new organization as the page knows it."""
    asked = bodies.read(body, {name: _MAKING[name] for name in _OF_ORGANIZATION})
    made = _make_organization(asked, user)
    if made is None:
        raise invalid("organization_name", "An organization has a name.")
    return describe_organizations([made])[0]


def _make_person(article: Article, asked: Mapping[str, Any], user: User) -> Person:
    need(user, "add_person", "add people")
    name = " ".join(asked.get("name", "").split())
    if not name:
        raise invalid("name", "A person has a name.")
    close = [person for person in close_people(name) if person.pk not in asked.get("seen", [])]
    if close:
        found = describe(close, article, [])
        raise Problem(409, "similar", "Is it one of these? Names alike may be one person's.", people=found)
    changes = {
        "name": name,
        "sort_name": asked.get("sort_name") or sort_name(name),
        "slug": _slug(EntityKind.PERSON, Person, name),
    }
    return curation.save_entity(entity=Person(), changes=changes, actor=user)


def sort_name(name: str) -> str:
    """The name as an index lists most: the last word first. Curators mend the others.

    >>> sort_name("Neva Corrin"), sort_name("Mirrel")
    ('Corrin, Neva', 'Mirrel')
    """
    first, _, last = name.rpartition(" ")
    return f"{last}, {first}" if first else last


def _make_organization(asked: Mapping[str, Any], user: User) -> Organization | None:
    name = " ".join(asked.get("organization_name", "").split())
    if not name:
        return None
    need(user, "add_organization", "add organizations")
    seen = asked.get("organizations_seen", [])
    close = [one for one in close_organizations(name) if one.pk not in seen]
    if close:
        found = describe_organizations(close)
        raise Problem(409, "similar", "Is it one of these organizations?", organizations=found)
    if not asked.get("organization_kind"):
        raise invalid("organization_kind", f"Say what kind of organization {name} is.")
    changes = {
        "name": name,
        "kind": asked["organization_kind"],
        "slug": _slug(EntityKind.ORGANIZATION, Organization, name),
    }
    return curation.save_entity(entity=Organization(), changes=changes, actor=user)


def _make_job(person: Person, organization: Organization, asked: Mapping[str, Any], user: User) -> Affiliation:
    """The person's affiliation of this role and start; the one that there is already, if there is."""
    need(user, "add_affiliation", "add affiliations")
    role, start = asked.get("role", ""), asked.get("start") or None
    same = person.affiliations.filter(organization=organization, role=role)
    for job in same:
        if job.start == start or start is None:
            return job
    changes = {
        "person": person,
        "organization": organization,
        "role": role,
        "kind": asked.get("kind", AffiliationKind.EMPLOYMENT),
        "start": start,
        "end": asked.get("end") or None,
    }
    return curation.save_affiliation(affiliation=Affiliation(), changes=changes, actor=user)


def _slug(kind: EntityKind, model: Any, name: str) -> str:
    """A slug that nothing has yet; of the third of one name and those after it too."""
    number = 1
    while True:
        wished = name if number == 1 else f"{name} {number}"
        slug = free_slugs(kind, model, [wished])[wished]
        if not model.objects.filter(slug=slug).exists():
            return slug
        number += 1
