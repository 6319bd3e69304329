"""List filters: those that ask the querysets' questions, and one that searches instead of listing thousands of names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.widgets import AutocompleteSelect
from django.db import models
from django.http import HttpRequest

from quotes.admin.blindness import visible_to
from quotes.admin.reviewing.queues import PARAMETER, queues_of
from quotes.models import Affiliation, Article, Coding, Import, ImportedRow, Organization, Quote, Topic
from quotes.vocabulary import Stance, Standing


class AutocompleteFilter(admin.ListFilter):
    """Rows of one related record, found by typing: of a list of thousands, a curator knows the name.

    `source` is the foreign key whose autocompletion is used, `path` the look-up from the list's rows to the record.
    """

    template = "admin/quotes/autocomplete_filter.html"
    parameter_name: str
    source: tuple[type[models.Model], str]
    path = ""

    def __init__(
        self, request: HttpRequest, params: dict[str, list[str]], model: type[models.Model], model_admin: Any
    ) -> None:
        super().__init__(request, params, model, model_admin)
        given = params.pop(self.parameter_name, [""])[-1]
        self.form = _choice_form(self.parameter_name, str(self.title), self.source, given)
        if not self.form.is_valid():
            raise IncorrectLookupParameters()
        self.chosen: Any = self.form.cleaned_data[self.parameter_name]
        if self.chosen:
            self.used_parameters[self.parameter_name] = given

    def has_output(self) -> bool:
        return True

    def expected_parameters(self) -> list[str | None]:
        return [self.parameter_name]

    def choices(self, changelist: Any) -> Iterator[Any]:
        """One member: the rest of the address, which the filter's form carries along."""
        yield {
            "hidden": [(key, value) for key, value in changelist.params.items() if key != self.parameter_name],
            "clear": changelist.get_query_string(remove=[self.parameter_name]) if self.chosen else "",
            "selected": bool(self.chosen),
        }

    def queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> models.QuerySet[Any]:
        return self.narrow(queryset, self.chosen) if self.chosen else queryset

    def narrow(self, queryset: Any, chosen: Any) -> Any:
        """The rows of the record that was chosen."""
        return queryset.filter(**{self.path: chosen})


def autocomplete_media() -> forms.Media:
    """What a page needs on which such a filter stands."""
    widget = AutocompleteSelect(Coding._meta.get_field("topic"), admin.site)
    return widget.media + forms.Media(js=("admin/js/autocomplete.js", "quotes/admin/filters.js"))


def _choice_form(name: str, title: str, source: tuple[type[models.Model], str], given: str) -> forms.Form:
    relation: Any = source[0]._meta.get_field(source[1])
    choice = forms.ModelChoiceField(
        relation.related_model._default_manager.all(),
        required=False,
        label=title,
        widget=AutocompleteSelect(relation, admin.site, attrs={"class": "qb-filter"}),
    )
    return type("Choice", (forms.Form,), {name: choice})({name: given}, auto_id="id_filter_%s")


class AffiliationFilter(AutocompleteFilter):
    """Quotes said in a capacity at the organization or a unit of it, or whose source it is; by their OWN affiliations."""

    title = "affiliation"
    parameter_name = "affiliation"
    source = (Quote, "organization")

    def narrow(self, queryset: Any, chosen: Organization) -> Any:
        return queryset.affiliated_with([chosen], standing=Standing.values)


class StandingFilter(admin.SimpleListFilter):
    """The standing on that same affiliation; offered once an organization is chosen."""

    title = "standing there"
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[Any, str]]:
        return list(Standing.choices) if request.GET.get(AffiliationFilter.parameter_name) else []

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        there = _chosen(request, AffiliationFilter, Organization)
        return queryset.affiliated_with(there, standing=[self.value()]) if there and self.value() else queryset


class TopicFilter(AutocompleteFilter):
    """Quotes finally coded toward the topic: as anything but "not addressed", or with the stance that is asked for."""

    title = "topic"
    parameter_name = "topic"
    source = (Coding, "topic")

    def narrow(self, queryset: Any, chosen: Topic) -> Any:
        has_stance, among = self.request.GET.get(StanceFilter.parameter_name), visible_to(self.request)
        if has_stance:
            return queryset.taking(Stance.values, on=[chosen], among=among)
        return queryset.addressing([chosen], among=among)


class StanceFilter(admin.SimpleListFilter):
    """Quotes with a final coding of the stance: toward the topic that is chosen (on the SAME coding), or toward any."""

    title = "final stance"
    parameter_name = "stance"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[Any, str]]:
        return list(Stance.choices)

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        topics = _chosen(request, TopicFilter, Topic)
        among = visible_to(request)
        return queryset.taking([self.value()], on=topics or None, among=among) if self.value() else queryset


def _chosen(request: HttpRequest, choice: type[AutocompleteFilter], model: type[models.Model]) -> list[Any]:
    """What another filter of the list has chosen. That one has refused anything malformed before."""
    given = request.GET.get(choice.parameter_name)
    return list(model._default_manager.filter(pk=given)) if given else []


class SpeakerFilter(AutocompleteFilter):
    title = "speaker"
    parameter_name = "speaker"
    source = (Quote, "speaker")
    path = "speaker"


class QuoteOutletFilter(AutocompleteFilter):
    title = "outlet"
    parameter_name = "outlet"
    source = (Article, "outlet")
    path = "article__outlet"


class OutletFilter(QuoteOutletFilter):
    path = "outlet"


class OrganizationFilter(AutocompleteFilter):
    title = "organization"
    parameter_name = "organization"
    source = (Affiliation, "organization")
    path = "organization"


class CapacityOrganizationFilter(OrganizationFilter):
    path = "affiliation__organization"


class CodedTopicFilter(AutocompleteFilter):
    title = "topic"
    parameter_name = "topic"
    source = (Coding, "topic")
    path = "topic"


class ImportFilter(AutocompleteFilter):
    """Quotes that came in with one file."""

    title = "import"
    parameter_name = "import"
    source = (ImportedRow, "batch")

    def narrow(self, queryset: Any, chosen: Import) -> Any:
        return queryset.imported_with(chosen)


class ValueFilter(admin.AllValuesFieldListFilter):
    """The values that there are; a link to the rows without one has words too."""

    def choices(self, changelist: Any) -> Iterator[Any]:
        for choice in super().choices(changelist):
            yield {**choice, "display": choice["display"] or "none"}


class ParentFilter(AutocompleteFilter):
    """What lies below the organization, at any depth; and itself."""

    title = "parent, with all below"
    parameter_name = "below"
    source = (Organization, "parent")

    def narrow(self, queryset: Any, chosen: Organization) -> Any:
        return queryset & Organization.objects.filter(pk=chosen.pk).with_descendants()


class InboxFilter(admin.SimpleListFilter):
    """What waits for the user, as the inbox counts it. A queue that is not the user's is no choice, and refused."""

    title = "what waits for you"
    parameter_name = PARAMETER

    def __init__(self, request: HttpRequest, params: dict[str, list[str]], model: Any, model_admin: Any) -> None:
        self.queues = {queue.name: queue for queue in queues_of(request.user, model)}
        if any(value not in self.queues for value in params.get(PARAMETER, ())):
            raise IncorrectLookupParameters()
        super().__init__(request, params, model, model_admin)

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[Any, str]]:
        return [(queue.name, queue.title) for queue in self.queues.values()]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        queue = self.queues.get(self.value() or "")
        return queryset.filter(pk__in=queue.rows(request.user).order_by().values("pk")) if queue else queryset
