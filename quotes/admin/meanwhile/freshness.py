"""Two curators in one record: whoever saves second is told what changed meanwhile, and loses nothing that they typed.

A form carries the state that it shows: of the record, and of each row beside it, the number of its latest event. Events are
written by triggers, so a bulk change or SQL by hand is noticed too; and as they are numbered row by row, none that was
committed late is overlooked. A save locks those rows, compares, and is refused where the states differ. The form comes back
with the new state, so that saving again is a decision.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib.admin import ModelAdmin
from django.contrib.admin.utils import flatten_fieldsets
from django.core import signing
from django.db import models
from django.db.models import Max, Value
from django.forms.models import _get_foreign_key
from django.http import HttpRequest

from quotes.admin.links import is_key
from quotes.admin.meanwhile.together import Clash, Together, put_together, worded_fields
from quotes.curation.history import Entry

FIELD = "shown_state"
RESTORED = "restored_draft"
_PART = re.compile(r"([a-z]+)=([0-9]{1,18}:[0-9]{1,18}(?:,[0-9]{1,18}:[0-9]{1,18})*)")
_SECONDS = re.compile(r"[0-9]{1,10}")
_NOTES = "quotebase.freshness"

# Of a model's rows the latest event: {"person": {7: 120}, "affiliation": {3: 95, 4: 96}}.
State = Mapping[str, Mapping[int, int]]


@dataclass
class Notes:
    """What the page says: the state that it shows, and where it stands against the database, what happened meanwhile."""

    state: str = ""
    changes: list[Entry] = field(default_factory=list)
    taken: list[tuple[str, str]] = field(default_factory=list)
    clashes: list[Clash] = field(default_factory=list)
    deletion: Entry | None = None
    refusal: list[str] = field(default_factory=list)

    @property
    def errors(self) -> dict[str, str]:
        """What is said beside the fields that both changed, by the fields' names in HTML."""
        return {clash.html_name: f"Meanwhile changed to: {clash.theirs or 'nothing'}" for clash in self.clashes}


def notes(request: HttpRequest) -> Notes:
    """What was found out about this request so far."""
    found: Notes = request.META.setdefault(_NOTES, Notes())
    return found


def show(admin: ModelAdmin, request: HttpRequest, key: str | None) -> Notes:
    """Note the state of the record. Before the page reads the record: what changes in between then counts as changed."""
    state = _state(admin, request, key) if key and is_key(key) else {}
    request.META[_NOTES] = Notes(state=_signer(request).sign(_write(state)) if state else "")
    return notes(request)


def compare(admin: ModelAdmin, request: HttpRequest, key: str | None) -> Notes:
    """Compare what the form that was sent had shown with what there is, within the transaction that is to save it.

    The rows are locked until its end: of two that are sent at the same moment, the second sees what the first did.
    """
    is_change = bool(key) and is_key(key or "") and "_saveasnew" not in request.POST
    if is_change:
        _lock(admin, request, str(key))
    found = show(admin, request, key)
    if RESTORED in request.POST:
        found.refusal.append(_restored(request.POST[RESTORED]))
    shown = _read(request, request.POST.get(FIELD, "")) if is_change else {}
    if shown is None:
        found.refusal.append("The page did not say what it had shown. Look through the fields, then save again.")
    elif is_change and _read(request, found.state) != shown:
        _tell_changes(admin, request, str(key), shown, found)
    return found


def _tell_changes(admin: ModelAdmin, request: HttpRequest, key: str, shown: State, found: Notes) -> None:
    found.changes = _since(admin, request, key, shown)
    if not found.changes:
        return  # Saved without a change, or nothing that this save would overwrite.
    record = admin.get_object(request, key)
    if record is None:
        gone = [entry for entry in found.changes if entry.label == "deleted" and entry.model is admin.model]
        found.deletion = gone[0] if gone else None
        return
    found.refusal.append("Changed meanwhile, so nothing is saved yet. Saving again saves what the form shows now.")
    _take(request, found, put_together(admin, request, record, shown))


def without_record(admin: ModelAdmin, request: HttpRequest) -> None:
    """Make of what was typed about a record that is gone what one types about a new one; nothing is saved yet."""
    found = notes(request)
    found.refusal.append("Deleted meanwhile. What you typed stands below: saving it makes a new record.")
    _take(request, found, put_together(admin, request, None, {}))


def deletion_is_stale(admin: ModelAdmin, request: HttpRequest, key: str) -> bool:
    """Whether the record changed since the question was asked that "Yes, I'm sure" answers.

    Who sends no state, a program, was asked nothing, and has seen nothing that could have changed.
    """
    if not is_key(key):
        return False
    _lock(admin, request, key)
    found, shown = show(admin, request, key), _read(request, request.POST.get(FIELD, ""))
    if shown and _read(request, found.state) != shown:
        found.changes = _since(admin, request, key, shown)
    return bool(found.changes)


def _take(request: HttpRequest, found: Notes, together: Together) -> None:
    request.POST = together.data  # type: ignore[assignment]
    found.taken, found.clashes = together.taken, together.clashes


def _since(admin: ModelAdmin, request: HttpRequest, key: str, shown: State) -> list[Entry]:
    """What happened after the shown state to the record and the rows that the page has: others are not for these eyes."""
    now = _read(request, notes(request).state) or {}
    entries = admin.history_entries(request, key)  # type: ignore[attr-defined] # every admin here is a CuratedAdmin
    return [
        entry
        for entry in entries
        if (entry.key in _of(shown, entry) or entry.key in _of(now, entry))
        and entry.event > _of(shown, entry).get(entry.key, 0)
    ]


def _of(state: State, entry: Entry) -> Mapping[int, int]:
    """The rows of the entry's model that a state has, with the number of the latest event of each."""
    return state.get(str(entry.model._meta.model_name), {})


def _inlines(admin: ModelAdmin, request: HttpRequest) -> Iterator[tuple[Any, str]]:
    """The rows that the user may change on the page, and the name of their foreign key to the record."""
    for inline in admin.get_inline_instances(request):
        if inline.has_change_permission(request) or inline.has_delete_permission(request):
            yield inline, _get_foreign_key(admin.model, inline.model, fk_name=inline.fk_name).name


def _lock(admin: ModelAdmin, request: HttpRequest, key: str) -> None:
    """Whoever would save the same waits. Not whoever refers to the record: theirs is no change of it."""
    locked = [admin.model._base_manager.filter(pk=key)]
    locked += [inline.model._base_manager.filter(**{name: key}) for inline, name in _inlines(admin, request)]
    for rows in locked:
        list(rows.select_for_update(no_key=True).order_by("pk").values_list("pk"))


def _state(admin: ModelAdmin, request: HttpRequest, key: str) -> State:
    """One query, of indexed look-ups."""
    latest = [_latest(admin.model, [int(key)])]
    for inline, name in _inlines(admin, request):
        latest.append(_latest(inline.model, inline.get_queryset(request).filter(**{name: key}).order_by().values("pk")))
    found: dict[str, dict[int, int]] = {}
    for model, row, event in latest[0].union(*latest[1:], all=True):
        found.setdefault(model, {})[row] = event
    return found


def _latest(model: Any, rows: Any) -> models.QuerySet[Any, Any]:
    """Name of the model, key, number of the latest event."""
    events = model.pgh_event_model.objects.order_by().filter(pgh_obj_id__in=rows)
    latest = events.values("pgh_obj_id").annotate(latest=Max("pgh_id"), of=Value(model._meta.model_name))
    return latest.values_list("of", "pgh_obj_id", "latest")


def _write(state: State) -> str:
    """`affiliation=3:95,4:96 person=7:120`."""
    parts = ((model, sorted(rows.items())) for model, rows in sorted(state.items()))
    return " ".join(f"{model}={','.join(f'{row}:{event}' for row, event in rows)}" for model, rows in parts if rows)


def _read(request: HttpRequest, signed: str) -> State | None:
    """The state again; None for what no page of ours has written for this user."""
    try:
        parts = [_PART.fullmatch(part) for part in _signer(request).unsign(signed).split()]
    except signing.BadSignature:
        return None
    pairs = [(part[1], [pair.split(":") for pair in part[2].split(",")]) for part in parts if part]
    return {model: {int(row): int(event) for row, event in rows} for model, rows in pairs}


def _signer(request: HttpRequest) -> signing.Signer:
    """A state tells which rows a user was shown, and so may read about: nobody writes one for themselves."""
    return signing.Signer(salt=f"quotebase.shown.{request.user.pk}")


def typed(admin: ModelAdmin, request: HttpRequest) -> dict[str, Any]:
    """The page of what was typed about a record that is gone, for who may make no new one."""
    fields = [name for name in flatten_fieldsets(admin.get_fieldsets(request)) if name not in admin.readonly_fields]
    form = admin.get_form(request, fields=fields)()
    sent = {name: value for name, value in request.POST.items() if "-" in name and value and "_FORMS" not in name}
    return {
        **admin.admin_site.each_context(request),
        "title": f"Deleted meanwhile: {admin.opts.verbose_name}",
        "opts": admin.opts,
        "media": admin.media,
        "freshness": notes(request),
        "typed": [*worded_fields(form, request.POST), *sent.items()],
    }


def _restored(at: str) -> str:
    when = f" on {dt.datetime.fromtimestamp(int(at), dt.UTC):%Y-%m-%d at %H:%M} (UTC)" if _SECONDS.fullmatch(at) else ""
    return f"This is what you typed{when}. It is not saved yet: look through it, then save."
