"""The one filter set: what a list, its facets, its exports and the pages can be asked. Their meaning is in docs/filters.md.

To add a filter: a code in the projection, a line here, a test, a line in docs/filters.md (CONTRIBUTING.md shows one).
"""

from __future__ import annotations

from typing import Any, ClassVar

from quotes.publication import codes
from quotes.publication.models import PublishedQuote
from quotes.publication.parameters import (
    ChoiceField,
    DateField,
    EntityField,
    MomentField,
    PositionField,
    SearchField,
    TagField,
    UidField,
)
from quotes.publication.strict_filters import (
    Asked,
    CodeFilter,
    CodesOf,
    Parameter,
    StrictFilterSet,
    of_entity,
    of_value,
    within_dates,
)
from quotes.querysets import ADDRESSED
from quotes.vocabulary import (
    UNLISTED,
    Certainty,
    EntityKind,
    OrganizationKind,
    QuoteKind,
    SourceType,
    Stance,
    Standing,
    Venue,
    Verification,
)

ANY = "any"
ONE_CODING = ("topic", "stance", "certainty")


def _standings(asked: Asked) -> list[str]:
    return asked.get("affiliation_status") or [Standing.CURRENT]


def _others_of(field: str, vocabulary: type[Any]) -> CodesOf:
    """The complement in a vocabulary of which each quote has exactly one value: positive, so that the index can answer."""
    return lambda values, asked: codes.codes(codes.value(field, value) for value in vocabulary if value not in values)


def _affiliation_codes(keys: list[int], asked: Asked) -> list[int]:
    scope = asked.get("affiliation_scope") or "descendants"
    return codes.codes(codes.standing_at(key, standing, scope=scope) for key in keys for standing in _standings(asked))


def _organization_kind_codes(kinds: list[str], asked: Asked) -> list[int]:
    return codes.codes(codes.kind_with(kind, standing) for kind in kinds for standing in _standings(asked))


def _of_coding(name: str) -> CodesOf:
    """One of `stance`, `topic` and `certainty`, on the same final coding as the others of them that are asked for."""
    return lambda values, asked: coding_codes({**asked, name: values})


def coding_codes(asked: Asked) -> list[int]:
    """Toward any topic, or toward these and addressed; with a stance, coded so; with a certainty, coded with it."""
    stances, topics, certainties = asked.get("stance"), asked.get("topic"), asked.get("certainty")
    if topics:
        scope = asked.get("topic_scope") or "exact"
        answers = stances or (ADDRESSED if certainties else [codes.ADDRESSED])
        tokens = [codes.stance_on(topic, answer, scope=scope) for topic in topics for answer in answers]
    else:
        tokens = [codes.value("stance", stance) for stance in stances or Stance.values]
    if certainties:
        tokens = [codes.certainly(token, certainty) for token in tokens for certainty in certainties]
    return codes.codes(tokens)


def _coded_as_asked(queryset: Any, asked: Asked) -> Any:
    """The rows with a final coding that has the stance, the topic and the certainty that are asked for.

    One condition for all: said once for each, it would be thought as rare as all of them together, and common rows sorted
    instead of walked. What is not to be is left out of it beforehand, which the index can answer: if a quote is coded
    toward the topic, and not as `oppose`, then it is as one of the others. It does not take the negation's place, because a
    quote may have several such codings.
    """
    if not any(asked.get(name) for name in ONE_CODING):
        return queryset
    narrowed = {name: asked.get(name) for name in (*ONE_CODING, "topic_scope")}
    stances = ADDRESSED if asked.get("topic") else Stance.values
    for name, possible in (("stance", stances), ("certainty", Certainty.values)):
        if excluded := asked.get(f"{name}__not"):
            narrowed[name] = [value for value in asked.get(name) or possible if value not in excluded]
            if not narrowed[name]:
                return queryset.none()
    wanted = coding_codes(narrowed)
    if excluded := asked.get("topic__not"):
        unwanted = set(coding_codes({**asked, "topic": excluded}))
        wanted = [code for code in wanted if code not in unwanted]
    return queryset.coded(wanted)


class CodingFilter(CodeFilter):
    """`topic`, `stance` or `certainty`, which facets ask for codes; `_coded_as_asked` filters by all three at once."""

    def filter(self, qs: Any, value: list[Any] | None) -> Any:
        return qs


class StandingField(ChoiceField):
    """Standings; `any` is all of them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, choices=[*Standing.values, ANY], **kwargs)

    def read(self, values: list[str]) -> list[str]:
        chosen = super().read(values)
        return list(Standing.values) if ANY in chosen else chosen


class QuoteFilterSet(StrictFilterSet):
    """The filters of quotes. Parameters are AND, commas and repetitions OR; a quote comes once."""

    stance = CodingFilter(
        ChoiceField, _of_coding("stance"), choices=Stance.values, help_text="Final stance toward a topic."
    )
    stance__not = CodeFilter(
        ChoiceField, _of_coding("stance"), exclude=True, choices=Stance.values, help_text="Not this stance."
    )
    certainty = CodingFilter(
        ChoiceField, _of_coding("certainty"), choices=Certainty.values, help_text="Finally coded with this certainty."
    )
    certainty__not = CodeFilter(
        ChoiceField,
        _of_coding("certainty"),
        exclude=True,
        choices=Certainty.values,
        help_text="Not coded with this certainty.",
    )
    topic = CodingFilter(
        EntityField, _of_coding("topic"), kind=EntityKind.TOPIC, help_text="Coded toward this topic, and addressed."
    )
    topic__not = CodeFilter(
        EntityField, _of_coding("topic"), exclude=True, kind=EntityKind.TOPIC, help_text="Not coded toward this topic."
    )
    topic_scope = Parameter(
        ChoiceField,
        choices=["exact", "descendants"],
        is_many=False,
        help_text="Whether topics below count: to oppose one contract is not to oppose the technology.",
    )
    position = Parameter(PositionField, help_text="TOPIC:STANCE; each repetition must hold.")
    affiliation = CodeFilter(
        EntityField,
        _affiliation_codes,
        kind=EntityKind.ORGANIZATION,
        help_text="Said in a capacity at this organization.",
    )
    affiliation__not = CodeFilter(
        EntityField,
        _affiliation_codes,
        exclude=True,
        kind=EntityKind.ORGANIZATION,
        help_text="Not said in a capacity at this organization.",
    )
    affiliation_status = Parameter(StandingField, help_text="The standing the article gives: current by default.")
    affiliation_scope = Parameter(
        ChoiceField, choices=["descendants", "exact"], is_many=False, help_text="Whether units below count."
    )
    organization_kind = CodeFilter(
        ChoiceField,
        _organization_kind_codes,
        choices=OrganizationKind.values,
        help_text="Said in a capacity at an organization of this kind.",
    )
    organization_kind__not = CodeFilter(
        ChoiceField,
        _organization_kind_codes,
        exclude=True,
        choices=OrganizationKind.values,
        help_text="Not said at an organization of this kind.",
    )
    speaker = CodeFilter(EntityField, of_entity("speaker"), kind=EntityKind.PERSON, help_text="Who spoke.")
    speaker__not = CodeFilter(
        EntityField, of_entity("speaker"), exclude=True, kind=EntityKind.PERSON, help_text="Not this speaker."
    )
    speaks_for = CodeFilter(
        EntityField, of_entity("speaks_for"), kind=EntityKind.ORGANIZATION, help_text="A person spoke for it."
    )
    speaks_for__not = CodeFilter(
        EntityField,
        of_entity("speaks_for"),
        exclude=True,
        kind=EntityKind.ORGANIZATION,
        help_text="No person spoke for it.",
    )
    outlet = CodeFilter(EntityField, of_entity("outlet"), kind=EntityKind.ORGANIZATION, help_text="Who published it.")
    outlet__not = CodeFilter(
        EntityField, of_entity("outlet"), exclude=True, kind=EntityKind.ORGANIZATION, help_text="Not this outlet."
    )
    author = CodeFilter(EntityField, of_entity("author"), kind=EntityKind.PERSON, help_text="Who wrote the article.")
    author__not = CodeFilter(
        EntityField, of_entity("author"), exclude=True, kind=EntityKind.PERSON, help_text="Not this author."
    )
    article = CodeFilter(
        EntityField, of_entity("article"), kind=EntityKind.ARTICLE, help_text="The article it stands in."
    )
    article__not = CodeFilter(
        EntityField, of_entity("article"), exclude=True, kind=EntityKind.ARTICLE, help_text="Not this article."
    )
    kind = CodeFilter(ChoiceField, of_value("kind"), choices=QuoteKind.values, help_text="Direct, partial or indirect.")
    kind__not = CodeFilter(
        ChoiceField, _others_of("kind", QuoteKind), choices=QuoteKind.values, help_text="Not this kind."
    )
    source_type = CodeFilter(
        ChoiceField, of_value("source_type"), choices=SourceType.values, help_text="What kind of source."
    )
    source_type__not = CodeFilter(
        ChoiceField,
        _others_of("source_type", SourceType),
        choices=SourceType.values,
        help_text="Not this kind of source.",
    )
    venue = CodeFilter(ChoiceField, of_value("venue"), choices=Venue.values, help_text="Where it was said.")
    venue__not = CodeFilter(ChoiceField, _others_of("venue", Venue), choices=Venue.values, help_text="Not said there.")
    verification = CodeFilter(
        ChoiceField,
        of_value("verification"),
        choices=Verification.values,
        help_text="How far the proof goes. Retracted and fabricated quotes come only when named here.",
    )
    verification__not = CodeFilter(
        ChoiceField, _others_of("verification", Verification), choices=Verification.values, help_text="Not so verified."
    )
    language = CodeFilter(TagField, of_value("language"), help_text="The article's language (BCP 47); pt finds pt-BR.")
    language__not = CodeFilter(TagField, of_value("language"), exclude=True, help_text="Not this language.")
    said_after = Parameter(DateField, help_text="Said then or later, where the article says when.")
    said_before = Parameter(DateField, help_text="Said then or earlier, where the article says when.")
    published_after = Parameter(DateField, help_text="The article came out then or later.")
    published_before = Parameter(DateField, help_text="The article came out then or earlier.")
    dated_after = Parameter(DateField, help_text="Said, or else published, then or later.")
    dated_before = Parameter(DateField, help_text="Said, or else published, then or earlier.")
    modified_since = Parameter(MomentField, help_text="Changed here then or later.")
    uid = Parameter(UidField, help_text="These quotes.")
    q = Parameter(
        SearchField, help_text='Words; "exact phrase", or, -not. Speakers and organizations are searched too.'
    )
    distinct = Parameter(
        ChoiceField, choices=["utterance"], is_many=False, help_text="Each utterance once: its earliest match."
    )

    modifies: ClassVar[dict[str, tuple[str, ...]]] = {
        "topic_scope": ("topic", "topic__not", "position"),
        "affiliation_status": ("affiliation", "affiliation__not", "organization_kind", "organization_kind__not"),
        "affiliation_scope": ("affiliation", "affiliation__not"),
    }
    defaults: ClassVar[dict[str, Any]] = {
        "topic_scope": "exact",
        "affiliation_status": [Standing.CURRENT.value],
        "affiliation_scope": "descendants",
        "verification": [value for value in Verification.values if value not in UNLISTED],
    }

    class Meta:
        model = PublishedQuote
        fields: ClassVar[list[str]] = []

    def filter_queryset(self, queryset: Any) -> Any:
        asked = self.form.cleaned_data
        if not asked.get("verification"):
            queryset = queryset.listed()
        queryset = _coded_as_asked(super().filter_queryset(queryset), asked)
        queryset = within_dates(queryset, asked, ("said", "published", "dated"))
        for alternatives in asked.get("position") or ():
            scope = asked.get("topic_scope") or "exact"
            wanted = codes.codes(codes.stance_on(topic, stance, scope=scope) for topic, stance in alternatives)
            queryset = queryset.coded(wanted)
        if uids := asked.get("uid"):
            queryset = queryset.with_uids(uids)
        if moment := asked.get("modified_since"):
            queryset = queryset.modified_since(moment)
        if q := asked.get("q"):
            queryset = queryset.containing(q)
        return queryset.first_of_each_utterance() if asked.get("distinct") else queryset
