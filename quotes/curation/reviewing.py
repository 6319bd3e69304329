"""What an editor who reviews a quote asks beside its record: what became of it since somebody last decided about it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from quotes.curation.history import Entry, entries
from quotes.models import Quote, Review
from quotes.vocabulary import ReviewStep

# The verbs' own doing, which the review's steps tell.
_STEPS = {"status", "published at", "withdrawn at", "withdrawn reason"}


@dataclass(frozen=True)
class Difference:
    """One field of the quote, or of a row that belongs to it (`record`): what it was then and is now, and who changed it last.

    `label` is added, changed or deleted; a row that was added or deleted has no field.
    """

    label: str
    kind: str
    record: str
    field: str
    before: str
    after: str
    who: str
    at: dt.datetime


def last_look(steps: Sequence[Review]) -> Review | None:
    """Of a quote's steps, latest first, the one at which somebody decided; where nobody has, the one that sent it to review."""
    decided = (step for step in steps if step.step != ReviewStep.SUBMITTED)
    return next(decided, steps[0] if steps else None)


def changes_since(quote: Quote, step: Review, *, includes: Iterable[str] = ()) -> list[Difference]:
    """What is different from what it was at that step: of the quote's fields the net difference, of its rows every event."""
    # Events carry the time at which their transaction began, and so does the event of the step itself.
    event = step.pgh_event_model.objects.filter(pgh_obj_id=step.pk, pgh_label="insert").first()  # type: ignore[attr-defined]
    since = event.pgh_created_at if event else step.at
    later = [entry for entry in entries(Quote, quote.pk, includes=includes) if entry.at > since][::-1]
    own = [entry for entry in later if not entry.record]
    return _net(own) + [one for entry in later if entry.record for one in _of_row(entry)]


def _net(changes: Iterable[Entry]) -> list[Difference]:
    fields: dict[str, Difference] = {}
    for entry in changes:
        for change in entry.changes:
            before = fields[change.field].before if change.field in fields else change.before
            fields[change.field] = Difference(
                "changed", entry.kind, "", change.field, before, change.after, entry.who, entry.at
            )
    return [one for one in fields.values() if one.before != one.after and one.field not in _STEPS]


def _of_row(entry: Entry) -> list[Difference]:
    if entry.label != "changed":
        return [Difference(entry.label, entry.kind, entry.record, "", "", "", entry.who, entry.at)]
    return [
        Difference("changed", entry.kind, entry.record, one.field, one.before, one.after, entry.who, entry.at)
        for one in entry.changes
    ]
