"""The filters of the list of codings."""

from __future__ import annotations

from typing import Any, ClassVar

from quotes.publication.models import PublishedCoding
from quotes.publication.parameters import ChoiceField, EntityField, ParameterField, UidField, refuse
from quotes.publication.strict_filters import CodeFilter, Parameter, StrictFilterSet, of_entity, of_value
from quotes.publication.suggestions import closest
from quotes.vocabulary import Certainty, EntityKind, Stance


class CoderField(ParameterField):
    """The pseudonymous codes of coders whose judgements are public."""

    is_many = True

    def read(self, values: list[str]) -> list[str]:
        known = PublishedCoding.objects.known("coder")
        for value in values:
            if value not in known:
                raise refuse("unknown_coder", f"{value[:60]!r} is no coder known here.", closest(value, known))
        return list(dict.fromkeys(values))


class RoundField(ParameterField):
    """The numbers of closed rounds. One that is open answers like one that never was."""

    is_many = True
    schema = {"type": "integer", "minimum": 1}  # noqa: RUF012 - read only

    def read(self, values: list[str]) -> list[str]:
        known = [str(number) for number in PublishedCoding.objects.known("round")]
        for value in values:
            if value not in known:
                raise refuse("unknown_round", f"{value[:20]!r} is no closed round: {', '.join(known) or 'none is'}.")
        return list(dict.fromkeys(values))


class CodingFilterSet(StrictFilterSet):
    """What the list of codings can be asked. All that is asked for holds on the same coding: each row is one."""

    quote = Parameter(UidField, help_text="Of these quotes, by uid.")
    topic = CodeFilter(EntityField, of_entity("topic"), kind=EntityKind.TOPIC, help_text="Toward this very topic.")
    stance = CodeFilter(ChoiceField, of_value("stance"), choices=Stance.values, help_text="With this stance.")
    certainty = CodeFilter(
        ChoiceField, of_value("certainty"), choices=Certainty.values, help_text="With this certainty."
    )
    coder = CodeFilter(CoderField, of_value("coder"), help_text="By the coder with this code.")
    round = CodeFilter(RoundField, of_value("round"), help_text="Of this closed round.")
    final = CodeFilter(
        ChoiceField, of_value("final"), choices=["0", "1"], help_text="1: those that are served as a quote's stances."
    )

    class Meta:
        model = PublishedCoding
        fields: ClassVar[list[str]] = []

    def filter_queryset(self, queryset: Any) -> Any:
        queryset = super().filter_queryset(queryset)
        uids = self.form.cleaned_data.get("quote")
        return queryset.of_quotes(uids) if uids else queryset
