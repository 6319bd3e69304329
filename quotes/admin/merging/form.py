"""Two records side by side: which address stays, which value of each field, and what hangs on either of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import models
from django.urls import reverse

from quotes.admin.links import change_url, list_url
from quotes.curation.history import Entry, entries, last_entries
from quotes.curation.merging import CHOICES
from quotes.models import Organization, Person, Redirect
from quotes.publication.models import PublishedEntity

SIDES = ("first", "second")
LISTED = 10
NOTHING = "nothing"

Actor = Person | Organization


class MergeForm(forms.Form):
    """Always bound: what nobody has chosen yet is chosen as it most often is. `seen_…` is the state that was looked at."""

    seen_first = forms.IntegerField(widget=forms.HiddenInput, required=False)
    seen_second = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, first: Actor, second: Actor, given: Mapping[str, Any]) -> None:
        self.records: dict[str, Any] = {"first": first, "second": second}
        self.upper = _upper(first, second)
        self.names = [name for name in CHOICES[type(first)] if self._differs(name)]
        super().__init__({**self._usual(), **given})
        self.fields["address"] = _radio("Address that stays", {side: address(self.records[side]) for side in SIDES})
        for name in self.names:
            self.fields[name] = _radio(
                _label(first, name).capitalize(), {side: self._shown(side, name) for side in SIDES}
            )

    @property
    def rows(self) -> list[forms.BoundField]:
        """The fields that are chosen, the address first."""
        return [self[name] for name in ("address", *self.names)]

    @property
    def alike(self) -> list[tuple[str, str]]:
        """Label and value of the fields in which there is nothing to choose."""
        first = self.records["first"]
        same = [name for name in CHOICES[type(first)] if name not in self.names]
        return [(_label(first, name), self._shown("first", name)) for name in same]

    @property
    def kept(self) -> Any:
        return self.records[self.cleaned_data["address"]]

    @property
    def merged(self) -> Any:
        return next(record for record in self.records.values() if record is not self.kept)

    @property
    def choices(self) -> dict[str, Any]:
        """The values that were chosen, by field, as a merge takes them."""
        return {name: getattr(self.records[self.cleaned_data[name]], name) for name in self.names}

    def changes_since(self) -> list[Entry]:
        """What was done to either record after the state that was looked at."""
        return [
            entry
            for side, record in self.records.items()
            for entry in entries(type(record), record.pk)
            if entry.event > (self.cleaned_data[f"seen_{side}"] or 0)
        ]

    def seen_now(self) -> dict[str, str]:
        """The state of both records, as the form carries it."""
        first, second = (self.records[side] for side in SIDES)
        last = last_entries(type(first), [first.pk, second.pk])
        return {f"seen_{side}": str(last[row.pk].event if row.pk in last else 0) for side, row in self.records.items()}

    def _usual(self) -> dict[str, str]:
        """The address of the one that more hangs on; and of each field its value, or the other's where it has none."""
        heavier = max(SIDES, key=lambda side: _weight(self.records[side]))
        kept = next((side for side in SIDES if self.records[side] == self.upper), heavier)
        other = next(side for side in SIDES if side != kept)
        chosen = {name: kept if self._value(kept, name) else other for name in self.names}
        return {**chosen, "address": kept, **self.seen_now()}

    def _differs(self, name: str) -> bool:
        first, second = (self._value(side, name) for side in SIDES)
        # Where one is below the other, the upper one stays, and where it is.
        return bool(first != second and not (name == "parent" and self.upper))

    def _value(self, side: str, name: str) -> Any:
        value = getattr(self.records[side], name)
        return None if name == "successor" and value in self.records.values() else value

    def _shown(self, side: str, name: str) -> str:
        record = self.records[side]
        display = getattr(record, f"get_{name}_display", None)
        return str((display() if display else self._value(side, name)) or NOTHING)


def _label(record: Actor, name: str) -> str:
    field: Any = record._meta.get_field(name)
    return str(field.verbose_name)


def _radio(label: str, options: dict[str, str]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=list(options.items()), widget=forms.RadioSelect)


def _upper(first: Actor, second: Actor) -> Actor | None:
    """The organization that the other one is a unit of, at any depth; None where neither is."""
    if isinstance(first, Organization) and isinstance(second, Organization):
        for one, other in ((first, second), (second, first)):
            if Organization.objects.filter(pk=one.pk).with_descendants().filter(pk=other.pk).exists():
                return one
    return None


def _weight(record: Actor) -> int:
    return record.quotes.count() + record.affiliations.count()


def address(record: Actor) -> str:
    """The record's public address; readers find something there once a published quote names it."""
    return reverse(f"pages:{record._meta.model_name}", args=[record.slug])


def public_address(record: Actor) -> str:
    """The same where readers find something there by now, else empty."""
    is_public = PublishedEntity.objects.filter(kind=record._meta.model_name, slug=record.slug).exists()
    return address(record) if is_public else ""


@dataclass(frozen=True)
class Group:
    """Rows that name a record: how many, the first few with their addresses, and where all are listed."""

    label: str
    count: int
    rows: list[tuple[str, str]]
    everything: str

    @property
    def more(self) -> int:
        return self.count - len(self.rows)


@dataclass(frozen=True)
class Side:
    """One of the two records, with all that is shown of it."""

    name: str
    record: Any
    change_url: str
    public_url: str
    groups: list[Group]
    old_slugs: list[str]


def side(name: str, record: Actor) -> Side:
    kind = str(record._meta.model_name)
    old = Redirect.objects.filter(kind=kind, target=record.slug).order_by("slug")
    return Side(
        name=name,
        record=record,
        change_url=change_url(record),
        public_url=public_address(record),
        groups=_of_person(record) if isinstance(record, Person) else _of_organization(record),
        old_slugs=list(old.values_list("slug", flat=True)),
    )


def names_of(form: MergeForm) -> list[str]:
    """Every name that either record has: whatever is chosen, both are found by all of them."""
    rows = form.records.values()
    every = [[row.name, getattr(row, "short_name", ""), *row.aliases] for row in rows]
    return [name for name in dict.fromkeys(name for names in every for name in names) if name]


def _of_person(person: Person) -> list[Group]:
    quotes = person.quotes.select_related("speaker", "organization")
    jobs = person.affiliations.select_related("person", "organization")
    articles = person.articles.order_by("-published", "-id")
    return [
        _group("Quotes", quotes, list_url("quote", speaker=person.pk)),
        _group("Affiliations", jobs, list_url("affiliation", q=person.name)),
        _group("Articles by this author", articles, list_url("article", q=person.name)),
    ]


def _of_organization(organization: Organization) -> list[Group]:
    key = organization.pk
    jobs = organization.affiliations.select_related("person", "organization")
    quotes = organization.quotes.select_related("speaker", "organization")
    return [
        _group("Quotes as the source, or spoken for", quotes, list_url("quote", affiliation=key)),
        _group("Affiliations", jobs, list_url("affiliation", organization=key)),
        _group("Articles in this outlet", organization.articles.all(), list_url("article", outlet=key)),
        _group("Units", organization.children.all(), list_url("organization", below=key)),
        _group("Predecessors", organization.predecessors.all(), list_url("organization")),
    ]


def _group(label: str, rows: models.QuerySet[Any], everything: str) -> Group:
    return Group(label, rows.count(), [(str(row), change_url(row)) for row in rows[:LISTED]], everything)
