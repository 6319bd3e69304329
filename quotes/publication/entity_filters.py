"""The filters of the lists of people, organizations, articles and topics."""

from __future__ import annotations

from typing import Any, ClassVar

from quotes.publication.models import PublishedEntity
from quotes.publication.parameters import ChoiceField, DateField, EntityField, SearchField, TagField
from quotes.publication.strict_filters import (
    CodeFilter,
    Parameter,
    StrictFilterSet,
    of_entity,
    of_value,
    within_dates,
)
from quotes.vocabulary import ArticleStatus, EntityKind, Genre, OrganizationKind


class EntityFilterSet(StrictFilterSet):
    """What every list of people, organizations, articles and topics can be asked."""

    q = Parameter(SearchField, help_text='Words of the name; "exact phrase", or, -not.')

    class Meta:
        model = PublishedEntity
        fields: ClassVar[list[str]] = []

    def filter_queryset(self, queryset: Any) -> Any:
        asked = self.form.cleaned_data
        queryset = within_dates(super().filter_queryset(queryset), asked, ("published",))
        q = asked.get("q")
        return queryset.containing(q) if q else queryset


class PersonFilterSet(EntityFilterSet):
    affiliation = CodeFilter(
        EntityField,
        of_entity("affiliation"),
        kind=EntityKind.ORGANIZATION,
        help_text="Quoted in a capacity at this very organization, whatever the standing.",
    )


class OrganizationFilterSet(EntityFilterSet):
    kind = CodeFilter(ChoiceField, of_value("kind"), choices=OrganizationKind.values, help_text="Of this kind.")
    parent = CodeFilter(
        EntityField, of_entity("parent"), kind=EntityKind.ORGANIZATION, help_text="Directly below this one."
    )
    country = CodeFilter(TagField, of_value("country"), help_text="ISO 3166-1 alpha-2.")


class ArticleFilterSet(EntityFilterSet):
    outlet = CodeFilter(EntityField, of_entity("outlet"), kind=EntityKind.ORGANIZATION, help_text="Who published it.")
    author = CodeFilter(EntityField, of_entity("author"), kind=EntityKind.PERSON, help_text="Who wrote it.")
    genre = CodeFilter(ChoiceField, of_value("genre"), choices=Genre.values, help_text="Of this genre.")
    status = CodeFilter(
        ChoiceField, of_value("status"), choices=ArticleStatus.values, help_text="Corrected, retracted?"
    )
    language = CodeFilter(TagField, of_value("language"), help_text="BCP 47; pt finds pt-BR.")
    published_after = Parameter(DateField, help_text="Came out then or later.")
    published_before = Parameter(DateField, help_text="Came out then or earlier.")


class TopicFilterSet(EntityFilterSet):
    parent = CodeFilter(EntityField, of_entity("parent"), kind=EntityKind.TOPIC, help_text="Directly below this one.")
