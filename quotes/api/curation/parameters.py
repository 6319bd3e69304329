"""What lists for curators can be asked for besides a page. Drafts are in them, so names are looked up in the models."""

from __future__ import annotations

from typing import Any

from quotes.api.curation.references import find_named, nearest_slug
from quotes.models import Article, Organization, Person
from quotes.publication.paging import ListParameters
from quotes.publication.parameters import ChoiceField, ParameterField, refuse
from quotes.vocabulary import Status


class SlugField(ParameterField):
    """A record by its slug, or its old one: the record."""

    def __init__(self, *args: Any, model: type[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.model = model

    def read_one(self, value: str) -> Any:
        row = find_named(self.model, [value]).get(value)
        if row is None:
            kind = self.model._meta.verbose_name
            message = f"{value[:60]!r} is no {kind} known here."
            raise refuse(f"unknown_{kind}", message, nearest_slug(self.model, value))
        return row


class AffiliationParameters(ListParameters):
    """Affiliations of a person, at an organization."""

    person = SlugField(model=Person, help_text="Of this person, by slug.")
    organization = SlugField(model=Organization, help_text="With this organization, by slug.")


class QuoteParameters(ListParameters):
    """Quotes of a status, an article, a speaker."""

    status = ChoiceField(choices=Status.values, help_text="The status.")
    article = SlugField(model=Article, help_text="In this article, by slug.")
    speaker = SlugField(model=Person, help_text="Of this speaker, by slug.")
