"""Making and changing a quote with all that belongs to it: its words in their place, its capacities, its evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

from django.core.exceptions import ValidationError

from quotes.curation.placing import place
from quotes.curation.saving import Changes, assign
from quotes.curation.verbs import Actor, settle, verb
from quotes.models import Affiliation, Evidence, Quote, QuoteAffiliation


class Placing(TypedDict, total=False):
    """Where the words stand: themselves, with a start each where they stand several times; or their places."""

    words: list[str]
    starts: list[int | None]
    segments: list[Mapping[str, int]]


Rows = Sequence[Mapping[str, Any]]


@verb
def save_quote(
    *,
    quote: Quote,
    changes: Changes,
    placing: Placing,
    affiliations: Rows | None,
    evidence: Rows | None,
    actor: Actor,
) -> Quote:
    """Save a quote, new or changed. Its words are anchored anew where they, their places or the snapshot are given.

    `affiliations` and `evidence`, where given, replace all that was there: rows of values by field. The status stays.
    """
    if quote.pk is None:
        quote.created_by = actor
    is_moved = "snapshot" in changes and changes["snapshot"] != quote.snapshot
    for name in {"article", "snapshot"} & set(changes):
        setattr(quote, name, changes[name])
    if placing or is_moved:
        place(
            quote,
            words=placing.get("words"),
            starts=placing.get("starts", ()),
            segments=placing.get("segments"),
        )
    if affiliations is not None and quote.pk and changes.get("speaker", quote.speaker) != quote.speaker:
        # They follow the speaker, and so would be nobody's, or somebody else's.
        QuoteAffiliation.objects.filter(quote=quote).delete()
    assign(quote, changes)
    if affiliations is not None:
        _write_capacities(quote, affiliations)
    if evidence is not None:
        _write_evidence(quote, evidence)
    settle()
    return quote


def _write_capacities(quote: Quote, rows: Rows) -> None:
    """The quote is said in these capacities and no others. Where no row says which is primary, the first is."""
    says_primary = any("is_primary" in row for row in rows)
    wanted = [{"is_primary": not says_primary and number == 0, **row} for number, row in enumerate(rows)]
    if rows and sum(row["is_primary"] for row in wanted) != 1:
        raise _refusal("affiliations", "one_primary", "Exactly one capacity must be primary.")
    jobs: list[Affiliation] = [row["affiliation"] for row in wanted]
    if len({job.pk for job in jobs}) < len(jobs):
        raise _refusal("affiliations", "twice", "A capacity is named twice.")
    there = {row.affiliation_id: row for row in QuoteAffiliation.objects.filter(quote=quote)}
    quote_rows = QuoteAffiliation.objects.filter(quote=quote)
    quote_rows.exclude(affiliation__in=jobs).delete()
    # A mark that goes over from one row to another must be off the one before it is on the other.
    quote_rows.exclude(affiliation__in=[row["affiliation"] for row in wanted if row["is_primary"]]).update(
        is_primary=False
    )
    for number, row in enumerate(wanted):
        capacity = there.get(row["affiliation"].pk) or QuoteAffiliation(quote=quote)
        defaults = {"role_as_stated": "", "standing": QuoteAffiliation._meta.get_field("standing").default}
        assign(capacity, {**defaults, **row}, at=f"affiliations[{number}].")


def _write_evidence(quote: Quote, rows: Rows) -> None:
    """The quote's verification rests on these and nothing else. A row that names a uid of the quote's is that one."""
    there = {str(row.uid): row for row in quote.evidence.all()}
    named = [str(row["uid"]) for row in rows if "uid" in row]
    for number, row in enumerate(rows):
        if "uid" in row and (str(row["uid"]) not in there or named.count(str(row["uid"])) > 1):
            raise _refusal(f"evidence[{number}].uid", "unknown_uid", "The quote has no evidence of this uid to change.")
    Evidence.objects.filter(quote=quote).exclude(uid__in=named).delete()
    for number, row in enumerate(rows):
        item = there[str(row["uid"])] if "uid" in row else Evidence(quote=quote)
        values = {name: value for name, value in row.items() if name != "uid"}
        assign(item, {"url": "", "description": "", **values}, at=f"evidence[{number}].")


def _refusal(member: str, code: str, detail: str) -> ValidationError:
    return ValidationError({member: ValidationError(detail, code=code)})
