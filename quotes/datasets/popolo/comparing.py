"""What a file says differently of records that are here: it is told, and nothing of them is changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from quotes.datasets.importing.refusals import shown
from quotes.datasets.popolo.matching import Record, names_of
from quotes.datasets.popolo.reading import Membership
from quotes.datasets.popolo.terms import kind_of


def differences(record: Record, row: Any, parents: Mapping[str, str]) -> Iterator[str]:
    """One line for each thing; `parents` are slugs by the ids of the file. What the file does not say is no difference."""
    bearer = record.bearer
    said = {
        "name": bearer.name,
        "sort_name": bearer.sort_name,
        "short_name": bearer.short_name,
        "wikidata_id": bearer.wikidata_id,
        "country": bearer.country,
        "kind": kind_of(bearer.classification) or "",
        "parent": parents.get(bearer.parent, ""),
    }
    here = {name: getattr(row, name, "") or "" for name in said if name != "parent"}
    here["parent"] = row.parent.slug if said["parent"] and row.parent else ""
    for name, value in said.items():
        if value and value != here[name]:
            yield _line(bearer.path, row.slug, name, here[name], value)
    for name in bearer.other_names:
        if name not in names_of(row):
            yield _line(bearer.path, row.slug, "other names", " | ".join(row.aliases), name)


def differences_of_membership(said: Membership, row: Any) -> Iterator[str]:
    """The same of an affiliation."""
    slug = f"{row.person.slug} at {row.organization.slug}"
    if said.end and said.end != row.end:
        yield _line(said.path, slug, "end", row.end or "", said.end)
    if said.kind and said.kind != row.kind:
        yield _line(said.path, slug, "kind", row.kind, said.kind)


def _line(path: str, slug: str, name: str, here: str, said: str) -> str:
    return f"{path}: {slug}: {name} is {shown(str(here))!r} here, and {shown(str(said))!r} in the file: left as it is"
