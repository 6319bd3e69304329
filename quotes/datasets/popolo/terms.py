"""What of ours is called what in Popolo. What it has no word for stands in `extra`, as its own JSON patterns advise."""

from __future__ import annotations

from quotes.vocabulary import OrganizationKind

# Schemes of identifiers. The second is ours: it says a slug for sure, where an `id` may be anybody's.
WIKIDATA, OWN = "wikidata", "quotebase"
# The note of the other name that is an organization's short one.
SHORT_NAME = "short name"

# What others call our kinds of organizations, beside the kinds' own names.
_CALLED = {
    OrganizationKind.GOVERNMENT_AGENCY: ("agency", "department", "executive", "government", "ministry"),
    OrganizationKind.LEGISLATURE: ("assembly", "chamber", "lower chamber", "parliament", "upper chamber"),
    OrganizationKind.COURT: ("tribunal",),
    OrganizationKind.PARTY: ("political party",),
    OrganizationKind.COMPANY: ("business", "corporation"),
    OrganizationKind.ADVOCACY: ("advocacy group", "ngo"),
    OrganizationKind.RESEARCH: ("research institute", "think tank", "university"),
    OrganizationKind.MEDIA: ("news agency", "newspaper"),
    OrganizationKind.UNION_ASSOCIATION: ("association", "trade union", "union"),
    OrganizationKind.INTERNATIONAL: ("international organization",),
}
_KINDS = {word: kind for kind, words in _CALLED.items() for word in words} | {
    kind.value.replace("_", " "): kind for kind in OrganizationKind
}


def kind_of(classification: str) -> OrganizationKind | None:
    """The kind that a classification means; None where none of ours is meant.

    >>> kind_of("Political Party"), kind_of("government_agency"), kind_of("committee")
    (OrganizationKind.PARTY, OrganizationKind.GOVERNMENT_AGENCY, None)
    """
    return _KINDS.get(" ".join(classification.casefold().replace("_", " ").replace("-", " ").split()))
