"""DNA's statements as rows of our columns: agreement becomes support, disagreement opposition.

DNA knows no addresses of articles. Where a statement has none, `--default article_url=https://…/{document_id}` says how
to make them: whatever stands in braces is taken from the row. A concept is a topic's slug, its name or its proposition.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from quotes.datasets.importing.refusals import Refusal, shown
from quotes.datasets.importing.tables import Row
from quotes.models import Topic
from quotes.vocabulary import SourceType, Standing

UNDATED = "0001-01-01"
_AGREEMENT = {"1": "support", "true": "support", "0": "oppose", "false": "oppose"}
_TIME = re.compile(r"(\d{4}-\d{2}-\d{2}) \d{2}:\d{2}:\d{2}")
# Of our own exports the variables, of DNA's the usual ones. Its names are names, also where they look like slugs.
_CELLS = {
    "person": "speaker_name",
    "organization": "organization_name",
    "text": "text",
    "uid": "external_id",
    "url": "article_url",
    "document_title": "article_title",
    "document_source": "outlet_name",
}
# What our own exports tell beyond that. Single ones may be anybody's variables, and mean something else: they are read together.
_OWN = {"uid", "kind", "source_type", "standing", "said_on", "published"}
_OWN_CELLS = {name: name for name in ("kind", "source_type", "standing", "said_on", "published")} | {
    "document_type": "genre"
}


@dataclass(frozen=True, slots=True)
class Told:
    """What a statement says, by the event list's columns; `number` is where it stands, and `refusals` what is wrong there."""

    number: int
    values: Mapping[str, str]
    refusals: tuple[Refusal, ...] = ()

    @property
    def is_own(self) -> bool:
        return self.values.keys() >= _OWN


def known_columns(names: Iterable[str]) -> set[str]:
    """Those of the columns, or variables, that are read."""
    names = set(names)
    own = {*_OWN, *_OWN_CELLS, "weight"} if names >= _OWN else set()
    return names & {*_CELLS, *own, "statement_id", "time", "document_id", "concept", "agreement", "coder"}


def statement_rows(found: Iterable[Told]) -> Iterator[Row]:
    """The rows. Statements with one uid, one after another, are one quote with several positions, or several affiliations."""
    slugs = _topics()
    for _, group in groupby(found, _same):
        yield _row(list(group), slugs)


def _same(one: Told) -> object:
    return one.values.get("uid") or one.number


def _row(group: list[Told], slugs: Mapping[str, str]) -> Row:
    first = group[0]
    refusals = [refusal for one in group for refusal in one.refusals]
    if refusals:
        return Row(first.number, refusals=tuple(refusals))
    told = first.values
    cells = {column: told[name] for name, column in _CELLS.items() if told.get(name)}
    cells.setdefault("external_id", told["statement_id"])
    cells["coder"] = f"dna-{told['coder']}" if told.get("coder", "").isalnum() else ""
    moment = _TIME.fullmatch(told["time"])
    if not moment:
        value = shown(told["time"])
        refusals.append(Refusal("invalid", "Not a time such as 2024-05-01 00:00:00.", first.number, "time", value))
    elif moment[1] != UNDATED:
        cells["published"] = moment[1]
    if first.is_own:
        _take_own(cells, told)
    stances = list(dict.fromkeys(_stance(one, slugs, refusals) for one in group))
    cells["stances"] = "; ".join(filter(None, stances))
    places = {
        one.values["organization"]: one.values.get("standing", "") for one in group if one.values.get("organization")
    }
    if len(places) > 1:
        cells.pop("standing", None)
        del cells["organization_name"]
        cells["affiliations"] = "; ".join(f"{name}:{standing or Standing.UNKNOWN}" for name, standing in places.items())
    return Row(first.number, {**cells, **_places(told)}, tuple(refusals))


def _take_own(cells: dict[str, str], told: Mapping[str, str]) -> None:
    """What our exports tell in variables of their own. Who is no person is a source as printed, and nobody's name."""
    for name, column in _OWN_CELLS.items():
        cells[column] = told.get(name, "")
    if told["source_type"] != SourceType.PERSON:
        cells["source_label"] = cells.pop("speaker_name", "")


def _stance(one: Told, slugs: Mapping[str, str], refusals: list[Refusal]) -> str:
    """topic:stance:certainty, or nothing where the statement has no concept, or a wrong one."""
    concept, agrees = one.values.get("concept"), one.values.get("agreement", "")
    if not concept:
        return ""
    if concept not in slugs:
        detail = "No topic has this slug, name or proposition. Make it in the admin: it needs a proposition."
        refusals.append(Refusal("unknown", detail, one.number, "concept", shown(concept)))
    elif agrees.lower() not in _AGREEMENT:
        refusals.append(Refusal("invalid", "Agreement is 1 or 0.", one.number, "agreement", shown(agrees)))
    else:
        return f"{slugs[concept]}:{_AGREEMENT[agrees.lower()]}:high"
    return ""


def _places(told: Mapping[str, str]) -> dict[str, str]:
    """What a default in braces may name."""
    return {
        f"{{{name}}}": value for name, value in told.items() if name.startswith("document_") or name == "statement_id"
    }


def _topics() -> dict[str, str]:
    found: dict[str, str] = {}
    for slug, name, proposition in Topic.objects.values_list("slug", "name", "proposition"):
        found |= {one: slug for one in (proposition, name, slug) if one not in found}
    return found
