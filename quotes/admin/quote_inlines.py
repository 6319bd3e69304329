"""What belongs to a quote and is edited on its page: capacities, codings, evidence; with the rules over several rows."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.core.exceptions import ValidationError
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest

from quotes.admin.blindness import known
from quotes.admin.curated import CuratedInline
from quotes.admin.rights import is_editor
from quotes.models import Coding, Evidence, QuoteAffiliation
from quotes.vocabulary import NEEDS_EVIDENCE


class _Rows(BaseInlineFormSet):
    """Inline rows of which at most one (a group) carries a mark, held by a unique index that is checked at once."""

    mark = ""

    def left(self) -> list[dict[str, Any]]:
        """The rows as they will be: without the deleted and the empty, with what is valid of each."""
        read = [form for form in self.forms if getattr(form, "cleaned_data", None)]
        return [form.cleaned_data for form in read if _is_filled(form) and not form.cleaned_data.get("DELETE")]

    def save_existing_objects(self, commit: bool = True) -> list[Any]:
        # A mark that goes over from one row to another must be off the one before it is on the other.
        going = [form.instance.pk for form in self.initial_forms if self._gives_up(form)]
        if self.mark and going:
            self.get_queryset().filter(pk__in=going).update(**{self.mark: False})
        return super().save_existing_objects(commit)

    def _gives_up(self, form: Any) -> bool:
        return form in self.deleted_forms or not form.cleaned_data.get(self.mark, True)


def _is_filled(form: Any) -> bool:
    return bool(form.instance.pk) or form.has_changed()


class CapacityRows(_Rows):
    mark = "is_primary"

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        """The first row is the primary one, unless somebody says otherwise."""
        is_first = not self.initial_form_count() and (index == 0 or (index is None and not self.extra))
        is_new = index is None or index >= self.initial_form_count()
        initial = {"initial": {"is_primary": is_first}} if is_new else {}
        return {**super().get_form_kwargs(index), **initial}

    def clean(self) -> None:
        super().clean()
        rows = self.left()
        strangers = [
            row["affiliation"] for row in rows if row.get("affiliation") and not self._is_own(row["affiliation"])
        ]
        if rows and not self.instance.speaker_id:
            raise ValidationError("Capacities are a speaker's. For other sources name the organization above.")
        if strangers:
            named = "; ".join(str(affiliation) for affiliation in strangers)
            raise ValidationError(f"Not an affiliation of the speaker: {named}.")
        if rows and sum(bool(row.get("is_primary")) for row in rows) != 1:
            raise ValidationError(
                "Exactly one capacity must be primary: networks and counts use one actor a statement."
            )

    def _is_own(self, affiliation: Any) -> bool:
        return bool(affiliation.person_id == self.instance.speaker_id)


class CodingRows(_Rows):
    mark = "is_final"

    def clean(self) -> None:
        super().clean()
        finals = Counter(row["topic"] for row in self.left() if row.get("is_final") and row.get("topic"))
        if twice := [str(topic) for topic, count in finals.items() if count > 1]:
            raise ValidationError(f"Only one coding toward a topic is final: {', '.join(twice)}.")


class EvidenceRows(_Rows):
    def clean(self) -> None:
        super().clean()
        if self.instance.verification in NEEDS_EVIDENCE and not self.left():
            raise ValidationError(f"“{self.instance.get_verification_display()}” needs evidence: add at least one row.")


class CapacityInline(CuratedInline):
    model = QuoteAffiliation
    formset = CapacityRows
    autocomplete_fields = ("affiliation",)
    list_select_related = ("affiliation__person", "affiliation__organization")
    fields = ("affiliation", "role_as_stated", "standing", "is_primary")
    verbose_name = "capacity"
    verbose_name_plural = "capacities in which it was said"

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        return 0 if obj else 1


class CodingInline(CuratedInline):
    model = Coding
    formset = CodingRows
    autocomplete_fields = ("topic",)
    list_select_related = ("topic",)
    fields = ("topic", "stance", "is_final", "coder", "round", "certainty", "justification")
    rows_of_text = ("justification",)
    verbose_name_plural = "codings"

    def get_queryset(self, request: HttpRequest) -> Any:
        return known(request, super().get_queryset(request))

    # Each coding by its own rules, on its own page: here one would change others' along with one's own.

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_editor(request) and super().has_add_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_editor(request) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_editor(request) and super().has_delete_permission(request, obj)


class EvidenceInline(CuratedInline):
    model = Evidence
    formset = EvidenceRows
    fields = ("kind", "url", "description", "provided_by", "provided_on")
    rows_of_text = ("description",)
    verbose_name_plural = "evidence beyond the printed text"
