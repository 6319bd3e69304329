"""Which state of a quote a page has read, and what was changed since: so that nobody overwrites what they have not seen.

A version is a digest of all that the workbench shows of a quote, and after it two bytes of each member's: so a stale one tells
which members differ, whoever changed them, by whatever way; history then tells who did, and when.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from hashlib import blake2b
from typing import Any

from quotes.curation import history
from quotes.models import Quote, QuoteAffiliation

# Member → the field's name in history.
_FIELDS = {
    "segments": ("text", "segments", "snapshot"),
    "capacities": (),
}


def version(stamp: Mapping[str, Any]) -> str:
    """The version of a quote with these members."""
    return f"{_digest(stamp, 16)}-{''.join(_digest(value, 2) for value in stamp.values())}"


def changed_members(read: str, stamp: Mapping[str, Any]) -> list[str]:
    """The members that are not as in the version that was read; all of them where it is no version of a quote."""
    current = version(stamp)
    if read == current:
        return []
    before, now = read.partition("-")[2], current.partition("-")[2]
    if len(before) != len(now):
        return list(stamp)
    differing = [name for number, name in enumerate(stamp) if before[4 * number :][:4] != now[4 * number :][:4]]
    return differing or list(stamp)


def stamp_of(quote: Quote, values: Mapping[str, Any]) -> dict[str, Any]:
    """What a version stands for: values by their keys, so that a person's new name is no change of the quote."""
    keyed = {**values, "status": quote.status, "segments": [quote.snapshot_id, quote.text, values["segments"]]}
    for name in ("speaker", "organization"):
        keyed[name] = values[name] and values[name]["id"]
    keyed["capacities"] = [{**row, "label": ""} for row in values["capacities"]]
    return keyed


def meanwhile(quote: Quote, names: Iterable[str]) -> list[dict[str, str]]:
    """For each of the members, the last change that history knows of: who, when, from what to what (empty where unknown)."""
    entries = history.entries(Quote, quote.pk, includes=("affiliations",))
    return [_last_change(name, entries) for name in names]


def _last_change(name: str, entries: Iterable[history.Entry]) -> dict[str, str]:
    kind, labels = str(QuoteAffiliation._meta.verbose_name), _labels(name)
    for entry in entries:
        is_row = entry.kind == kind
        changes = [one for one in entry.changes if is_row or one.field in labels]
        if is_row == (name == "capacities") and (changes or is_row):
            return {
                "field": name,
                "who": entry.who,
                "at": entry.at.isoformat(),
                "before": "; ".join(one.before for one in changes if one.before),
                "after": "; ".join(one.after for one in changes if one.after) or entry.label,
            }
    return {"field": name, "who": "", "at": "", "before": "", "after": ""}


def _labels(name: str) -> set[str]:
    fields = _FIELDS.get(name, (name,))
    return {str(Quote._meta.get_field(field).verbose_name) for field in fields}  # type: ignore[union-attr]


def _digest(value: Any, size: int) -> str:
    return blake2b(json.dumps(value, sort_keys=True).encode(), digest_size=size).hexdigest()
