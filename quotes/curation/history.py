"""A record's history, from the event tables that triggers fill (pghistory): complete for bulk changes and SQL by hand too.

Each event holds the whole row as it was after the change, so what changed is the difference to the row's event before.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db import models
from django.utils import timezone

from quotes.curation.coding import coder_code
from quotes.curation.rights import is_editor
from quotes.curation.word_diff import Piece, pieces
from quotes.models import Coding, Snapshot

# Filled by triggers from other columns of the same row: no change of their own.
_DERIVED = {"snapshot_length", "quoteaffiliation.speaker"}
OUTSIDE = "outside the admin"
_WITHHELD = "not told: coders have codes"
_LABELS = {"insert": "added", "update": "changed", "delete": "deleted"}

Known = Mapping[Any, Mapping[Any, Any]]


@dataclass(frozen=True)
class Change:
    """One field, from what to what; both as a curator reads them."""

    field: str
    before: str
    after: str

    @property
    def pieces(self) -> list[Piece]:
        """Of a long text that was changed: what stayed, went and came, word by word. Of others nothing."""
        return pieces(self.before, self.after)


@dataclass(frozen=True)
class Entry:
    """One event: when, who, what was done to which record, and field by field."""

    at: dt.datetime
    who: str
    through: str
    label: str
    kind: str
    record: str
    changes: list[Change]
    model: type[models.Model]
    key: int
    # The event's own number, by which it is found again; a later one is greater.
    event: int

    @property
    def is_change(self) -> bool:
        return self.label == _LABELS["update"]


def entries(model: type[models.Model], key: Any, *, includes: Iterable[str] = (), user: Any = None) -> list[Entry]:
    """The history of the record with that primary key, and of its rows in the relations `includes`, latest first.

    With a `user`, only what that user may know: of codings, deleted ones too, their own and those of closed rounds; and not
    whose account is behind another coder's code. The number of queries depends on the models, never on how much happened.
    """
    relations: list[Any] = [model._meta.get_field(name) for name in includes]
    to_parent = {relation.field for relation in relations}
    events = list(_events(model, user, pgh_obj_id=key))
    for relation in relations:
        events += _events(relation.related_model, user, **{relation.field.attname: key})
    events.sort(key=lambda event: (event.pgh_created_at, event.pgh_tracked_model is not model, event.pgh_id))
    known = _look_up(events)
    users = _users(events)
    own_code = coder_code(user) if _is_blind(user) else ""
    last: dict[tuple[type[models.Model], int], Any] = {}
    found = []
    for event in events:
        row = (event.pgh_tracked_model, event.pgh_obj_id)
        changes = _changes(event, last.get(row), known, but=to_parent)
        last[row] = event
        if changes or event.pgh_label != "update":
            entry = _entry(event, changes, known, users, is_main=event.pgh_tracked_model is model)
            is_anothers = own_code and event.pgh_tracked_model is Coding and event.coder != own_code
            found.append(replace(entry, who=_WITHHELD, through="") if is_anothers else entry)
    return found[::-1]


def last_entries(model: type[models.Model], keys: Iterable[int]) -> dict[int, Entry]:
    """The latest that was done to each of the records, by primary key; without its changes."""
    latest = _events(model, None, pgh_obj_id__in=list(keys)).order_by("pgh_obj_id", "-pgh_id").distinct("pgh_obj_id")
    events = list(latest)
    known, users = _look_up(events), _users(events)
    return {event.pgh_obj_id: _entry(event, [], known, users, is_main=False) for event in events}


def differences(event: Any, row: Any, *, but: Iterable[str] = ()) -> list[Change]:
    """What would change if the row became what it is in the event; all that the event has, where there is no row."""
    known = _look_up([event, *([row] if row else [])])
    fields = [field for field in fields_of(event) if field.name not in set(but)]
    pairs = [(field, _value(row, field, known) if row else "", _value(event, field, known)) for field in fields]
    return [Change(str(field.verbose_name), now, then) for field, now, then in pairs if now != then]


def _is_blind(user: Any) -> bool:
    return user is not None and not is_editor(user)


def _events(model: Any, user: Any, **condition: Any) -> models.QuerySet[Any]:
    events = model.pgh_event_model.objects.filter(**condition).select_related("pgh_context").order_by("pgh_id")
    if model is Coding and _is_blind(user):
        return Coding.objects.events_known_to(coder_code(user), events)
    return events


def _entry(event: Any, changes: list[Change], known: Known, users: Mapping[Any, str], *, is_main: bool) -> Entry:
    context = event.pgh_context.metadata if event.pgh_context else {}
    notes = {key: value for key, value in context.items() if key not in {"user", "url", "import"} and value}
    # Verbs and imports say under `done` what they did, in words of their own.
    beside = "; ".join(str(value) if key == "done" else f"{key}: {value}" for key, value in notes.items())
    return Entry(
        at=event.pgh_created_at,
        who=users.get(str(context.get("user")), OUTSIDE if not context.get("user") else "a deleted user"),
        through=beside,
        label=_LABELS.get(event.pgh_label, event.pgh_label),
        kind=str(event.pgh_tracked_model._meta.verbose_name),
        record="" if is_main else _name(event, known),
        changes=changes,
        model=event.pgh_tracked_model,
        key=event.pgh_obj_id,
        event=event.pgh_id,
    )


def _changes(event: Any, before: Any, known: Known, *, but: set[Any]) -> list[Change]:
    """Field by field: to the event before; a new row's filled fields; nothing for a row that went."""
    if event.pgh_label == "delete":
        return []
    pairs = [
        (field, _value(before, field, known) if before else "", _value(event, field, known))
        for field in fields_of(event)
        if field not in but
    ]
    return [Change(str(field.verbose_name), old, new) for field, old, new in pairs if old != new]


def fields_of(event: Any) -> list[models.Field[Any, Any]]:
    """The tracked fields of an event, or of a record, as the model has them; without the key and what is derived.

    The event's own copies lose choices of subclasses and names.
    """
    model = getattr(event, "pgh_tracked_model", type(event))
    kept = {field.name for field in model.pgh_event_model._meta.fields}
    return [
        field
        for field in model._meta.fields
        if field.name in kept
        and not field.primary_key
        and not _DERIVED & {field.name, f"{model._meta.model_name}.{field.name}"}
    ]


def _value(event: Any, field: Any, known: Known) -> str:
    value = getattr(event, field.attname)
    if value in (None, "", []):
        return ""
    if field.is_relation:
        return str(known[field.related_model].get(value, f"no. {value} (deleted)"))
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dt.datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M:%S}"
    if isinstance(value, list):
        return "; ".join(_member(member) for member in value)
    return str(value)


def _member(member: Any) -> str:
    """A member of a list: a name, or a segment as its place and context."""
    if not isinstance(member, dict):
        return str(member)
    place = f"{member['start']}–{member['end']} " if "start" in member else ""
    return " ".join(f"{place}…{member.get('prefix', '')}[ ]{member.get('suffix', '')}…".split())


def _name(event: Any, known: Known) -> str:
    """The record as it called itself then; its number when what its name needs is gone."""
    row = event.pgh_tracked_model(**{field.attname: getattr(event, field.attname) for field in fields_of(event)})
    for field in fields_of(event):
        if field.is_relation and getattr(event, field.attname) is not None:
            target = known[field.related_model].get(getattr(event, field.attname))
            if target is None:
                return f"no. {event.pgh_obj_id}"
            setattr(row, field.name, target)
    return str(row)


def _look_up(events: Iterable[Any]) -> Known:
    """Every record that the events refer to, one query a model; with what its `str()` needs."""
    keys: dict[Any, set[Any]] = {}
    for event in events:
        for field in fields_of(event):
            if field.is_relation:
                keys.setdefault(field.related_model, set()).add(getattr(event, field.attname))
    return {model: _rows(model).in_bulk(found - {None}) for model, found in keys.items()}


def _rows(model: Any) -> models.QuerySet[Any]:
    # An article's text is in no name.
    rows = model._default_manager.defer("text") if model is Snapshot else model._default_manager.all()
    registered: Any = admin.site._registry.get(model)
    select = registered.list_select_related if registered else ()
    return rows.select_related(*select) if isinstance(select, tuple) else rows


def _users(events: Iterable[Any]) -> dict[str, str]:
    keys = {event.pgh_context.metadata.get("user") for event in events if event.pgh_context} - {None}
    return {str(user.pk): user.get_username() for user in get_user_model().objects.filter(pk__in=keys)}
