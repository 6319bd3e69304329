"""A record is again as one of its events has it, by the rules that hold for every change; a deleted one is there again.

What an event says is set, with these exceptions:

- the primary key, and what triggers fill in from other columns (`quotes.curation.history` leaves both out);
- what names a record for good (a quote's uid, that of evidence) and who entered it;
- what steps of the workflow set: a quote's status, when it was published, and its withdrawal; when a round was closed.
  There are verbs for these, which know what may become what.

A record that is made again has its old primary key, so that its history goes on, and its uid; a quote begins as a draft.
Tokens, imports, merges and reviews are what happened, and are not reverted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pghistory
from django.core.exceptions import ValidationError
from django.db import models

from quotes.curation.coding import check_coding
from quotes.curation.history import Change, differences, fields_of
from quotes.curation.rights import is_editor, may_touch
from quotes.curation.saving import KINDS, assign, save_entity
from quotes.curation.verbs import Actor, CurationError, settle, verb
from quotes.models import (
    Affiliation,
    Article,
    Authorship,
    Coding,
    CodingRound,
    Evidence,
    Organization,
    Person,
    Quote,
    QuoteAffiliation,
    Redirect,
    Snapshot,
    Topic,
)

_REVERTED = (
    Affiliation,
    Article,
    Authorship,
    Coding,
    CodingRound,
    Evidence,
    Organization,
    Person,
    Quote,
    QuoteAffiliation,
    Redirect,
    Snapshot,
    Topic,
)
_WORKFLOW = {"status", "published_at", "withdrawn_at", "withdrawn_reason"}
_STAYS: dict[type[models.Model], set[str]] = {
    Quote: {"uid", "created_by", *_WORKFLOW},
    Evidence: {"uid"},
    CodingRound: {"closed_at"},
}
# Of a record that is made again only this is not the event's.
_BEGINS_ANEW: dict[type[models.Model], set[str]] = {Quote: _WORKFLOW, CodingRound: {"closed_at"}}


class NotAllowed(CurationError):
    """The record is not this user's to change, although it may be others'."""


@dataclass(frozen=True)
class Then:
    """A record as an event has it, and what would change now if it became so again."""

    model: type[models.Model]
    # The event's row, of the model's event table.
    event: Any
    # As the record stands; None where it is deleted.
    row: Any
    changes: list[Change]
    # What differs too, and stays as it is.
    stays: list[Change]

    @property
    def moment(self) -> str:
        """When the event was, as a curator reads it."""
        return f"{self.event.pgh_created_at:%Y-%m-%d %H:%M}"


def can_revert(model: type[models.Model]) -> bool:
    """Whether records of the model can be reverted at all."""
    return model in _REVERTED


def look(*, model: type[models.Model], event: int, actor: Actor, is_locked: bool = False) -> Then:
    """What a revert to the event would change. Raises CurationError: there is no such event, or the user may not."""
    found = _events(model).filter(pk=event).first() if can_revert(model) else None
    if found is None:
        raise CurationError([f"There is nothing to revert to: {model._meta.verbose_name} event {event}."])
    rows = model._base_manager.filter(pk=found.pgh_obj_id)
    row = (rows.select_for_update() if is_locked else rows).first()
    if actor is not None:
        _check_rights(actor, model, row, found)
    left_out = _left_out(model, row)
    names = {field.name for field in model._meta.fields} - left_out
    stays = differences(found, row, but=names) if row else []
    return Then(model, found, row, differences(found, row, but=left_out), stays)


@verb
def revert(*, model: type[models.Model], event: int, actor: Actor, seen: int | None = None) -> Any:
    """Make the record as it was after the event (before it, if the event is its deletion); returns it.

    `seen` is the number of the record's latest event that the user has looked at. Raises CurationError where it is not
    the latest any more, where nothing would change and where the user may not; ValidationError and what the database
    refuses where the record can no longer be so.
    """
    then = look(model=model, event=event, actor=actor, is_locked=True)
    if seen is not None and seen != latest_event(model, then.event.pgh_obj_id):
        raise CurationError(["Meanwhile it was changed again. Look at what would change now."])
    if then.row is not None and not then.changes:
        raise CurationError([f"{then.row} is as it was on {then.moment}: there is nothing to revert."])
    with pghistory.context(done=f"reverted to {then.moment}"):
        row = _make_again(then) if then.row is None else _set_back(then, actor)
        settle()
    return row


def latest_event(model: type[models.Model], key: int) -> int:
    """The number of the record's latest event; 0 where it has none."""
    return _events(model).filter(pgh_obj_id=key).order_by("-pgh_id").values_list("pgh_id", flat=True).first() or 0


def _events(model: Any) -> models.QuerySet[Any]:
    return model.pgh_event_model.objects.all()


def _left_out(model: type[models.Model], row: Any) -> set[str]:
    return (_STAYS if row is not None else _BEGINS_ANEW).get(model, set())


def _values(then: Then) -> dict[str, Any]:
    """What the event says, by field, relations by their key; without what is left out."""
    left_out = _left_out(then.model, then.row)
    fields: list[Any] = [field for field in fields_of(then.event) if field.name not in left_out]
    return {field.attname: getattr(then.event, field.attname) for field in fields}


def _set_back(then: Then, actor: Actor) -> Any:
    values = {name: value for name, value in _values(then).items() if getattr(then.row, name) != value}
    if then.model in KINDS:
        return save_entity(entity=then.row, changes=values, actor=actor)
    return assign(then.row, values)


def _make_again(then: Then) -> Any:
    values = _values(then)
    kind = KINDS.get(then.model)
    target = Redirect.objects.target_of(kind, values["slug"]) if kind else ""
    if target:
        said = f"{values['slug']} is an old address that leads to {target}. If it was merged, undo the merge."
        raise CurationError([said])
    return assign(then.model(pk=then.event.pgh_obj_id), values)


def _check_rights(user: Any, model: type[models.Model], row: Any, event: Any) -> None:
    """Raise NotAllowed or CurationError unless the user may change the record as it is, and make it what it was."""
    right = f"{'change' if row is not None else 'add'}_{model._meta.model_name}"
    if not user.has_perm(f"quotes.{right}"):
        raise NotAllowed([f"You lack the right {right}."])
    for state in filter(None, (row, event)):
        if model is Coding:
            check_coding(user, state)
        if model is CodingRound and state.closed_at and not is_editor(user):
            raise NotAllowed(["What is closed is public, and changed by editors alone."])
    if not all(may_touch(user, quote) for quote in _quotes_concerned(model, row, event)):
        raise NotAllowed(["What is published is changed by editors alone."])


def _quotes_concerned(model: type[models.Model], row: Any, event: Any) -> list[Quote]:
    if model not in (Quote, QuoteAffiliation, Evidence):
        return []
    name = "pk" if model is Quote else "quote_id"
    keys = {getattr(state, name) for state in (row, None if model is Quote else event) if state is not None}
    return list(Quote.objects.filter(pk__in=keys))


def sentences(model: type[models.Model], error: ValidationError) -> list[str]:
    """What a record cannot be any more, in words that name the field."""
    if not hasattr(error, "error_dict"):
        return list(error.messages)
    labels: dict[str, str] = {field.name: str(field.verbose_name).capitalize() for field in model._meta.fields}
    return [
        f"{labels[name]}: {message}" if name in labels else message
        for name, found in error.message_dict.items()
        for message in found
    ]
