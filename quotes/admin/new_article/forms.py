"""The forms of the screen for new articles: what is pasted, what was found in it, and who is meant by a name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator, URLValidator

from quotes.admin.choices import KnownChoiceSelect
from quotes.anchoring import normalise_text
from quotes.models import Article, Authorship, Organization, Person
from quotes.models.fields import LANGUAGE_TAG
from quotes.partial_dates import PartialDate
from quotes.reading.articles import MAX_AUTHORS, MAX_NAME, MAX_TITLE, ReadArticle, without_controls
from quotes.reading.likeness import without_tracking
from quotes.reading.resembling import resembling
from quotes.vocabulary import Genre

NEW, NOBODY, OTHER = "new", "none", "other"
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def _area(rows: int, **attrs: str) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "cols": 100, "class": "vLargeTextField", "dir": "auto", **attrs})


class Line(forms.CharField):
    """One line of text. A control character is named, not dropped: somebody pasted more than was meant."""

    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        if found := _CONTROL.search(text):
            raise ValidationError(
                f"Character {found.start() + 1} is a control character (U+{ord(found[0]):04X}): take it out."
            )
        return text


class PastedText(forms.CharField):
    """A text as a snapshot keeps it: NFC, line ends LF, without control characters; space at its ends is part of no quote."""

    def to_python(self, value: Any) -> str:
        return without_controls(normalise_text(str(value or ""))).strip()


class SourceForm(forms.Form):
    """An address, a text, or both: with both, nothing is fetched."""

    address = forms.CharField(
        label="Address of the page",
        required=False,
        max_length=2000,
        widget=forms.TextInput(
            attrs={"class": "vURLField", "inputmode": "url", "autocomplete": "off", "autofocus": True}
        ),
        help_text="The page is fetched once, by this server: https://…",
    )
    text = PastedText(
        label="Or its text",
        required=False,
        widget=_area(12, spellcheck="false"),
        help_text="Paste the whole text, headline and byline first. With an address above, the page is not fetched.",
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not cleaned.get("address") and not cleaned.get("text"):
            raise ValidationError("Paste an address or a text.")
        return cleaned


class FoundForm(forms.Form):
    """What was found of the article, to confirm and correct."""

    title = Line(max_length=MAX_TITLE, widget=forms.TextInput(attrs={"class": "vTextField", "dir": "auto"}))
    url = forms.CharField(
        label="URL",
        max_length=2000,
        validators=[URLValidator(["http", "https"])],
        widget=forms.TextInput(attrs={"class": "vURLField", "inputmode": "url"}),
        help_text="Where readers find it; what only follows readers (utm_…) is left off.",
    )
    published = forms.CharField(
        required=False,
        max_length=10,
        widget=forms.TextInput(attrs={"size": 12}),
        help_text="2024, 2024-11 or 2024-11-03; empty when unknown.",
    )
    language = forms.CharField(
        max_length=35,
        initial="en",
        validators=[RegexValidator(LANGUAGE_TAG, "A BCP 47 tag such as en, es or pt-BR.")],
        widget=forms.TextInput(attrs={"size": 12}),
        help_text="BCP 47, e.g. en, es, pt-BR.",
    )
    genre = forms.ChoiceField(choices=Genre.choices, initial=Genre.NEWS)
    text = PastedText(
        label="Text as read",
        widget=_area(14, spellcheck="false"),
        help_text="It becomes a snapshot, in which quotes are anchored, and never changes. It stays with the curators.",
    )
    retrieved_at = forms.DateTimeField(required=False, widget=forms.HiddenInput)
    address = forms.CharField(required=False, max_length=2000, widget=forms.HiddenInput)
    is_another = forms.BooleanField(label="I have looked: this is another article", required=False)

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"]
        if Article.objects.filter(url=url).exists():
            raise ValidationError("An article has this very address already: it is named above.")
        return url

    def clean_published(self) -> PartialDate | None:
        text: str = self.cleaned_data["published"]
        try:
            return PartialDate(text) if text else None
        except ValueError as error:
            raise ValidationError(str(error)) from error

    def changes(self) -> dict[str, Any]:
        """What of it is the article’s own."""
        return {name: self.cleaned_data[name] for name in ("title", "url", "published", "language", "genre")}


class WhoForm(forms.Form):
    """A name as printed, and who that is: somebody here, somebody new, or nobody to be kept. Nobody is made unasked."""

    model: type[Any] = Person
    noun = "person"
    nobody = "Leave out of the byline"

    name = Line(
        label="Name as printed",
        required=False,
        max_length=MAX_NAME,
        widget=forms.TextInput(attrs={"class": "vTextField", "dir": "auto"}),
    )
    who = forms.ChoiceField(label="Who is it?", required=False, widget=forms.RadioSelect)

    def __init__(self, *args: Any, may_make: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.searched = str(self["name"].value() or "").strip()
        self.close, is_only_one = (
            ([], False) if _CONTROL.search(self.searched) else resembling(self.model, self.searched)
        )
        named = f": “{self.searched}”" if self.searched else " with this name"
        made = [(NEW, f"Make a new {self.noun}{named}")] if may_make else []
        known = [(str(row.pk), self.described(row)) for row in self.close]
        choices = [*known, *made, (OTHER, f"Another {self.noun} here:"), (NOBODY, self.nobody)]
        self.fields["who"].choices = choices  # type: ignore[attr-defined]
        if is_only_one:
            self.fields["who"].initial = known[0][0]
        self.fields["other"] = self.other()

    @property
    def seen(self) -> str:
        """The name of the hidden input that says for which name matches were shown on the page."""
        return self.add_prefix("seen")

    def other(self) -> forms.ModelChoiceField:
        return _chosen(Person.objects.all(), Authorship._meta.get_field("person"))

    def described(self, row: Any) -> str:
        """A record, so that two of one name can be told apart."""
        held = row.affiliations.select_related("organization").order_by("-start")[:1]
        return f"{row} ({row.slug}{''.join(f'; {one.role} {one.organization}' for one in held)})"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        who, other = cleaned.get("who", ""), cleaned.get("other")
        if other and who in ("", OTHER):
            cleaned["record"] = other
        elif who == OTHER:
            self.add_error("other", f"Choose the {self.noun}.")
        elif who == NEW:
            cleaned["record"] = self._new_name(cleaned.get("name", ""))
        elif who in ("", NOBODY):
            cleaned["record"] = None
            if not who and cleaned.get("name") and "who" not in self.errors:
                self.add_error("who", "Choose who this is; close matches stand first.")
        else:
            cleaned["record"] = next(row for row in self.close if str(row.pk) == who)
        return cleaned

    def _new_name(self, name: str) -> str:
        """The name of somebody to be made, after those were shown whose names come close."""
        if not name and "name" not in self.errors:
            self.add_error("name", f"A new {self.noun} needs a name.")
        elif self.close and self.data.get(self.seen, "").strip() != name:
            self.add_error("who", "These come close to the name: choose one of them, or save again to make a new one.")
        return name


class OutletForm(WhoForm):
    model = Organization
    noun = "organization"
    nobody = "No outlet"

    def other(self) -> forms.ModelChoiceField:
        return _chosen(Organization.objects.all(), Article._meta.get_field("outlet"))

    def described(self, row: Organization) -> str:
        return f"{row} – {row.get_kind_display()}"


def _chosen(rows: Any, field: Any) -> forms.ModelChoiceField:
    widget = KnownChoiceSelect(field, admin.site)
    return forms.ModelChoiceField(rows, label="Another one here", required=False, widget=widget)


class ByLine(forms.BaseFormSet):
    """The authors, in the byline’s order, and a row for one more."""

    def records(self) -> list[Person | str]:
        found = (
            form.cleaned_data.get("record") for form in self.forms if form.has_changed() or not form.empty_permitted
        )
        return list(dict.fromkeys(record for record in found if record))


AuthorForms = forms.formset_factory(
    WhoForm, formset=ByLine, extra=1, max_num=MAX_AUTHORS + 1, absolute_max=MAX_AUTHORS + 1
)


def found_initial(read: ReadArticle, *, url: str, address: str, retrieved_at: str) -> dict[str, Any]:
    """The first values of FoundForm."""
    return {
        "title": read.title or "",
        "url": without_tracking(url) if url else "",
        "published": read.published or "",
        "language": read.language or "en",
        "genre": Genre.NEWS,
        "text": read.text,
        "retrieved_at": retrieved_at,
        "address": address,
    }


def names_initial(names: Sequence[str]) -> list[dict[str, str]]:
    return [{"name": name} for name in names]
