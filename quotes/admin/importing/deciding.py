"""What is shown of a doubtful name: whom it may mean, with what is known of them, and quotes of it; and the choice among them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db.models import Count, Prefetch

from quotes.admin.choices import KnownChoiceSelect
from quotes.admin.importing.origin import likely, probability
from quotes.admin.links import change_url, list_url
from quotes.curation.doubts import candidates
from quotes.models import Affiliation, DoubtfulSpeaker, ImportedRow, Person, Quote
from quotes.models.fields import WIKIDATA_ID

NEW, OTHER = "new", "other"
SAMPLES = 3
JOBS = 6
# Of more namesakes than these, one is found by typing.
MOST = 50


@dataclass(frozen=True)
class Candidate:
    """Somebody whom the name may mean. `is_named_by_source`: the source gives their Wikidata id."""

    person: Person
    number: int
    jobs: list[str]
    more_jobs: int
    quotes: int
    is_named_by_source: bool

    @property
    def key(self) -> str:
        """The key that chooses them, where there is one."""
        return str(self.number) if self.number < 10 else ""

    @property
    def address(self) -> str:
        return change_url(self.person)

    @property
    def quotes_address(self) -> str:
        return list_url("quote", speaker=self.person.pk)


@dataclass(frozen=True)
class Sample:
    """One of the quotes that wait: with its article, and what the source told of the speaker."""

    quote: Quote
    address: str
    article_address: str
    row: int
    probability: str
    likely: str


def candidates_of(doubt: DoubtfulSpeaker) -> list[Candidate]:
    """With affiliations, latest first, and numbers of quotes. Three queries and the candidates' own."""
    keys = [person.pk for person in candidates(doubt)[:MOST]]
    jobs = Affiliation.objects.select_related("organization").order_by("-start", "pk")
    rows = Person.objects.filter(pk__in=keys).annotate(said=Count("quotes"))
    people = rows.prefetch_related(Prefetch("affiliations", jobs)).in_bulk(keys)
    # Whom the source names by id come first.
    order = sorted(keys, key=lambda key: people[key].wikidata_id not in doubt.wikidata_ids)
    return [_candidate(people[key], number, doubt) for number, key in enumerate(order, 1)]


def _candidate(person: Any, number: int, doubt: DoubtfulSpeaker) -> Candidate:
    jobs = [_job(one) for one in person.affiliations.all()]
    is_named = bool(person.wikidata_id and person.wikidata_id in doubt.wikidata_ids)
    return Candidate(person, number, jobs[:JOBS], max(0, len(jobs) - JOBS), person.said, is_named)


def _job(one: Affiliation) -> str:
    period = f", {one.start or '?'}–{one.end or ''}" if one.start or one.end else ""
    return f"{one.role or one.get_kind_display()}, {one.organization}{period}"


def samples_of(doubt: DoubtfulSpeaker) -> list[Sample]:
    """The first quotes that bear the name, of as many articles as there are."""
    rows = ImportedRow.objects.filter(doubt=doubt).select_related("quote__article__outlet").order_by("row", "pk")
    by_article: dict[int, ImportedRow] = {}
    first = list(rows[: SAMPLES * 10])
    for row in first:
        by_article.setdefault(row.quote.article_id, row)
    chosen = [*by_article.values(), *(row for row in first if row not in by_article.values())][:SAMPLES]
    return [_sample(row) for row in chosen]


def _sample(row: ImportedRow) -> Sample:
    quote = row.quote
    return Sample(quote, change_url(quote), change_url(quote.article), row.row, probability(row), likely(row))


class DecisionForm(forms.Form):
    """One of the candidates, somebody else here, or somebody new."""

    who = forms.ChoiceField(widget=forms.RadioSelect, error_messages={"required": "Choose who it is."})
    wikidata_id = forms.CharField(
        label="Wikidata id",
        required=False,
        max_length=20,
        strip=True,
        validators=[RegexValidator(re.compile(WIKIDATA_ID), "A Wikidata id such as Q42.")],
        widget=forms.TextInput(attrs={"size": 12, "autocomplete": "off", "list": "qb-known-ids"}),
    )

    def __init__(
        self, *args: Any, doubt: DoubtfulSpeaker, found: list[Candidate], may_make: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(one.person.pk): one.person for one in found}
        choices = [(key, str(person)) for key, person in self.people.items()]
        choices += [(OTHER, "another person here"), *([(NEW, "somebody new")] if may_make else [])]
        self.fields["who"].choices = choices  # type: ignore[attr-defined]
        free = free_ids(doubt, found)
        if len(free) == len(doubt.wikidata_ids) == 1:
            self.fields["wikidata_id"].initial = free[0]
        self.fields["other"] = forms.ModelChoiceField(
            Person.objects.all(),
            required=False,
            label="Another person here",
            widget=KnownChoiceSelect(Quote._meta.get_field("speaker"), admin.site),
            error_messages={"invalid_choice": "This person is not there (any more)."},
        )

    @property
    def is_new(self) -> bool:
        return bool(self.cleaned_data["who"] == NEW)

    @property
    def person(self) -> Person:
        who = self.cleaned_data["who"]
        chosen: Person = self.cleaned_data["other"] if who == OTHER else self.people[who]
        return chosen

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("who") == OTHER and not cleaned.get("other") and "other" not in self.errors:
            self.add_error("other", "Choose the person.")
        if cleaned.get("who") != NEW:
            # What stands beside a choice that was not made is nobody's fault.
            self.errors.pop("wikidata_id", None)
        elif (taken := cleaned.get("wikidata_id")) and (holder := Person.objects.filter(wikidata_id=taken).first()):
            self.add_error("wikidata_id", ValidationError(f"{taken} is {holder} ({holder.slug}), who is here already."))
        return cleaned


def free_ids(doubt: DoubtfulSpeaker, found: list[Candidate]) -> list[str]:
    """The source's ids that nobody here has."""
    taken = {one.person.wikidata_id for one in found}
    return [one for one in doubt.wikidata_ids if one not in taken]
