"""People, organizations, and the affiliations between them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.urls import reverse
from rest_framework.request import Request
from rest_framework.response import Response

from quotes.api.curation import quote_shapes, records, shapes
from quotes.api.curation.parameters import AffiliationParameters
from quotes.api.curation.references import find_affiliation, resolve
from quotes.api.curation.views import Collection, Item, RecordsView
from quotes.curation import merge_organizations, merge_people, save_affiliation, save_entity
from quotes.models import Affiliation, Organization, Person
from quotes.publication.paging import Order

BY_SLUG = Order(("slug",), descending=False)


class People(RecordsView):
    model = Person
    shape: ClassVar[type] = shapes.PersonRecord
    members: ClassVar[type] = shapes.PersonMembers

    def record(self, row: Person) -> Mapping[str, Any]:
        return records.person_record(row)

    def address(self, row: Person) -> str:
        return reverse("curation-person", args=[row.slug])

    def save(self, row: Person, body: dict[str, Any]) -> Person:
        return save_entity(entity=row, changes=body, actor=self.user)


class PersonList(People, Collection):
    """People."""

    order = BY_SLUG


class PersonItem(People, Item):
    """A person."""


class Organizations(RecordsView):
    model = Organization
    shape: ClassVar[type] = shapes.OrganizationRecord
    members: ClassVar[type] = shapes.OrganizationMembers

    def rows(self) -> Any:
        return Organization.objects.select_related("parent", "successor")

    def record(self, row: Organization) -> Mapping[str, Any]:
        return records.organization_record(row)

    def address(self, row: Organization) -> str:
        return reverse("curation-organization", args=[row.slug])

    def save(self, row: Organization, body: dict[str, Any]) -> Organization:
        changes = resolve(body, {"parent": Organization, "successor": Organization})
        return save_entity(entity=row, changes=changes, actor=self.user)


class OrganizationList(Organizations, Collection):
    """Organizations."""

    order = BY_SLUG


class OrganizationItem(Organizations, Item):
    """An organization."""


class Affiliations(RecordsView):
    model = Affiliation
    shape: ClassVar[type] = shapes.AffiliationRecord
    members: ClassVar[type] = shapes.AffiliationMembers

    def rows(self) -> Any:
        return Affiliation.objects.select_related("person", "organization").with_sort_keys()

    def record(self, row: Affiliation) -> Mapping[str, Any]:
        return records.affiliation_record(row)

    def find(self, rows: Any, **place: Any) -> Any:
        job = find_affiliation(place["slug"], place["key"])
        return rows.filter(pk=job.pk).first() if job else None

    def address(self, row: Affiliation) -> str:
        return reverse("curation-affiliation", args=[row.person.slug, records.affiliation_key(row)])

    def save(self, row: Affiliation, body: dict[str, Any]) -> Affiliation:
        changes = resolve(body, {"person": Person, "organization": Organization})
        return save_affiliation(affiliation=row, changes=changes, actor=self.user)


class AffiliationList(Affiliations, Collection):
    """Affiliations, by person, organization, role and start."""

    order = Order(("person_slug", "organization_slug", "role", "since"), descending=False)
    parameters_class = AffiliationParameters

    def filtered(self, rows: Any, asked: Mapping[str, Any]) -> Any:
        return rows.filter(**{name: asked[name] for name in ("person", "organization") if asked[name]})


class AffiliationItem(Affiliations, Item):
    """An affiliation, at its person's slug and its key."""


class Merge(Item):
    """One record becomes part of another: what names it names the other from then on, and its address leads there."""

    http_method_names = ("post", "options")
    members: ClassVar[type] = quote_shapes.Into

    def right(self, method: str) -> str:
        return "quotes.publish_quote"

    def post(self, request: Request, **place: Any) -> Response:
        body = self.read_body(quote_shapes.Into)

        def change() -> Any:
            keep = resolve(body, {"into": self.model})["into"]
            return self.merge(keep=keep, merged=self.as_it_was_read(**place))

        return self.answer(self.write(change))

    def merge(self, *, keep: Any, merged: Any) -> Any:
        raise NotImplementedError


class PersonMerge(People, Merge):
    """Merge a person into another."""

    def merge(self, *, keep: Person, merged: Person) -> Person:
        return merge_people(keep=keep, merged=merged, actor=self.user)


class OrganizationMerge(Organizations, Merge):
    """Merge an organization into another."""

    def merge(self, *, keep: Organization, merged: Organization) -> Organization:
        return merge_organizations(keep=keep, merged=merged, actor=self.user)
