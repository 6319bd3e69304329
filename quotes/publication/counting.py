"""How many quotes match: from the totals that are kept by code where these say it, else counted row by row."""

from __future__ import annotations

from quotes.publication import codes
from quotes.publication.filters import ONE_CODING, QuoteFilterSet, coding_codes
from quotes.publication.models import Total
from quotes.vocabulary import QuoteKind

# Filters of which every quote has one value at most; and those whose totals answer for a single value, too.
_ONE_EACH = frozenset({"kind", "source_type", "venue", "speaker", "outlet", "article", "speaks_for"})
_KEPT = _ONE_EACH | {"affiliation", "organization_kind", "author", "language"}


def count(filterset: QuoteFilterSet) -> int:
    """How many quotes match a valid question."""
    wanted = kept_codes(filterset)
    if wanted is None:
        return int(filterset.qs.count())
    return sum(Total.objects.filter(pk__in=wanted).values_list("quotes", flat=True))


def kept_codes(filterset: QuoteFilterSet) -> list[int] | None:
    """Codes of which each matching quote carries exactly one, and no other listed quote does; None where there are no such."""
    if filterset.is_unfiltered:
        return codes.codes(codes.value("kind", kind) for kind in QuoteKind)
    asked = filterset.form.cleaned_data
    given = {name for name, value in asked.items() if value and name not in filterset.modifies}
    if given <= set(ONE_CODING):
        wanted = coding_codes(asked)
    elif len(given) == 1 and given <= _KEPT:
        (name,) = given
        wanted = filterset.base_filters[name].codes_of(asked[name], asked)
    else:
        return None
    return wanted if len(wanted) == 1 or given <= _ONE_EACH else None
