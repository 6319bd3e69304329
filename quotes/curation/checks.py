"""What a machine can say of a quote before a person decides: whether its words stand, who says so, and what speaks against it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from quotes.anchoring import AnchorError, Verdict, check_anchor
from quotes.models import Affiliation, Quote, QuoteAffiliation, Snapshot
from quotes.partial_dates import PartialDate
from quotes.vocabulary import SourceType, Standing

_NAMED = 5
_STANDS = {
    Verdict.MOVED: "at another place than the one that is stored",
    Verdict.AMBIGUOUS: "at several places, and nothing tells which is meant",
    Verdict.ALTERED: "no more: the place is there, with other words",
    Verdict.MISSING: "nowhere",
}


class Finding(StrEnum):
    GOOD = "good"
    LOOK = "look"  # a person should look at it
    BAD = "bad"


@dataclass(frozen=True)
class Check:
    """What was found, in a sentence; with the other quotes that it speaks of."""

    finding: Finding
    words: str
    quotes: tuple[Quote, ...] = ()


def check_quote(quote: Quote, snapshot: Snapshot | None, newest: Snapshot | None) -> list[Check]:
    """All checks. `snapshot` is the quote's own, `newest` the article's newest one whose text is kept."""
    return [*_anchor(quote, snapshot, newest), *_capacities(quote), *_periods(quote), *_twins(quote)]


def _anchor(quote: Quote, snapshot: Snapshot | None, newest: Snapshot | None) -> Iterator[Check]:
    if snapshot is None or not quote.segments:
        yield Check(Finding.LOOK, "The words are anchored in no text, so nothing shows that they were printed.")
        return
    if snapshot.text is None:
        yield Check(Finding.LOOK, "The text is not kept here: only who has the article can compare the words.")
    else:
        yield _stands(quote, snapshot.text, f"the text read on {snapshot.retrieved_at:%Y-%m-%d}", Finding.BAD)
    if newest and newest.text is not None and newest.retrieved_at > snapshot.retrieved_at:
        found = _stands(quote, newest.text, f"the newest text, read on {newest.retrieved_at:%Y-%m-%d}", Finding.LOOK)
        if found.finding is not Finding.GOOD:
            yield found


def _stands(quote: Quote, text: str, where: str, otherwise: Finding) -> Check:
    try:
        verdict = check_anchor(text, quote.text, quote.segments).verdict
    except AnchorError:
        return Check(Finding.LOOK, f"The words have no position in {where}.")
    if verdict is Verdict.VERBATIM:
        return Check(Finding.GOOD, f"The words stand in {where}, to the character.")
    is_there = verdict in (Verdict.MOVED, Verdict.AMBIGUOUS)
    # A text that was edited elsewhere has moved the words, which is no fault.
    finding = Finding.GOOD if is_there and otherwise is Finding.LOOK else otherwise
    return Check(finding, f"The words stand in {where}: {_STANDS[verdict]}.")


def _capacities(quote: Quote) -> Iterator[Check]:
    if quote.source_type != SourceType.PERSON:
        return
    rows = list(quote.affiliations.all())
    if rows:
        yield Check(Finding.GOOD, "It is said in what capacity the words were said.")
    elif quote.source_label:
        yield Check(Finding.LOOK, "No capacity is given, only how the article describes the source.")
    else:
        yield Check(
            Finding.BAD, "It is not said in what capacity the words were said, nor how the source is described."
        )


def _periods(quote: Quote) -> Iterator[Check]:
    """Each capacity with dates, held against the day of the words; where none is known, against nothing."""
    day = quote.said_on or quote.article.published
    dated = [row for row in quote.affiliations.all() if row.affiliation.start or row.affiliation.end]
    if dated and not day:
        yield Check(Finding.LOOK, "The article has no date, so no capacity can be held against it.")
        return
    for row in dated:
        against = _against(row, row.affiliation, PartialDate(str(day)))
        name = f"{row.role_as_stated or row.affiliation.role or 'The capacity'}, {row.affiliation.organization}"
        if against:
            said = f"{name}: {row.get_standing_display()} on {day}, as the article says; but {against}."
            yield Check(Finding.LOOK, said)
        else:
            yield Check(Finding.GOOD, f"{name}: its dates agree with “{row.get_standing_display()}” on {day}.")


def _against(row: QuoteAffiliation, job: Affiliation, day: PartialDate) -> str:
    """What in the affiliation's dates speaks against the standing on that day. Unknown dates speak against nothing."""
    begins_later = bool(job.start) and PartialDate(str(job.start)).start > day.end
    began_before = bool(job.start) and PartialDate(str(job.start)).end < day.start
    ended_before = bool(job.end) and PartialDate(str(job.end)).end < day.start
    ends_later = bool(job.end) and PartialDate(str(job.end)).start > day.end
    if begins_later and row.standing in (Standing.CURRENT, Standing.FORMER):
        return f"it began only in {job.start}"
    if ended_before and row.standing in (Standing.CURRENT, Standing.INCOMING):
        return f"it had ended in {job.end}"
    if ends_later and row.standing == Standing.FORMER:
        return f"it ended only in {job.end}"
    if began_before and row.standing == Standing.INCOMING:
        return f"it had begun in {job.start}"
    return ""


def _twins(quote: Quote) -> Iterator[Check]:
    twins = Quote.objects.said_again(quote).select_related("speaker", "organization", "article").order_by("id")
    found = list(twins[: _NAMED + 1])
    here = tuple(twin for twin in found if twin.article_id == quote.article_id)
    elsewhere = tuple(twin for twin in found if twin.article_id != quote.article_id)
    if here:
        yield Check(Finding.LOOK, "The same words of the same source are there twice in this article:", here[:_NAMED])
    if elsewhere:
        said = "The same words of the same source stand in another article, and are not linked as one utterance:"
        yield Check(Finding.LOOK, said, elsewhere[:_NAMED])
    if not found:
        yield Check(Finding.GOOD, "No other quote has these words from this source, but for those that are linked.")
