"""DNA's event lists: rows of one statement come together again; agreement becomes support, disagreement opposition.

DNA knows no addresses of articles. Where the list has no variable `url`, `--default article_url=https://…/{document_id}` says how
to make them: whatever stands in braces is taken from the row. A concept is a topic's slug, its name or its proposition.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping

from quotes.datasets.importing.columns import Header
from quotes.datasets.importing.refusals import ImportRefused, Refusal, shown
from quotes.datasets.importing.tables import Row, decoded
from quotes.models import Topic

_NEEDED = ("statement_id", "time", "text", "document_id", "document_title")
_AGREEMENT = {"1": "support", "true": "support", "0": "oppose", "false": "oppose"}
_TIME = re.compile(r"(\d{4}-\d{2}-\d{2}) \d{2}:\d{2}:\d{2}")
_UNDATED = "0001-01-01"
# Of our own event lists the variables, of DNA's the usual ones.
_CELLS = {
    "person": "speaker_name",
    "organization": "organization",
    "text": "text",
    "uid": "external_id",
    "url": "article_url",
    "document_title": "article_title",
    "document_source": "outlet",
}
_READ = {*_CELLS, *_NEEDED, "concept", "agreement", "coder"}


def dna_rows(content: bytes) -> tuple[Header, Iterator[Row]]:
    """The statements as rows of our columns. Raises ImportRefused where this is no event list."""
    reader = csv.DictReader(io.StringIO(decoded(content), newline=""), delimiter=";", strict=True)
    names = list(reader.fieldnames or [])
    if missing := [name for name in _NEEDED if name not in names]:
        detail = f"This is no event list of DNA: there is no column {', '.join(missing)}."
        raise ImportRefused([Refusal("missing_column", detail, 1, missing[0])])
    return Header((), tuple(name for name in names if name not in _READ)), _rows(reader)


def _rows(reader: csv.DictReader[str]) -> Iterator[Row]:
    """Rows with one uid after another are one quote with several positions."""
    slugs = _topics()
    before: Row | None = None
    try:
        for number, found in enumerate(reader, 2):
            row = _row(number, found, slugs)
            if before and found.get("uid") and before.cells.get("external_id") == row.cells.get("external_id"):
                stances = f"{before.cells.get('stances', '')}; {row.cells.get('stances', '')}".strip("; ")
                before = Row(before.number, {**before.cells, "stances": stances}, (*before.refusals, *row.refusals))
                continue
            if before:
                yield before
            before = row
    except csv.Error as error:
        raise ImportRefused([Refusal("not_csv", f"Not CSV: {error}.", reader.line_num)]) from None
    if before:
        yield before


def _row(number: int, found: Mapping[str | None, str | None], slugs: Mapping[str, str]) -> Row:
    if None in found or None in found.values():
        return Row(number, refusals=(Refusal("ragged", "More or fewer cells than headers.", number),))
    told = {str(name): str(value) for name, value in found.items()}
    refusals = []
    cells = {column: told[name] for name, column in _CELLS.items() if told.get(name)}
    cells.setdefault("external_id", told["statement_id"])
    cells["coder"] = f"dna-{told['coder']}" if told.get("coder", "").isalnum() else ""
    moment = _TIME.fullmatch(told["time"])
    if not moment:
        refusals.append(
            Refusal("invalid", "Not a time such as 2024-05-01 00:00:00.", number, "time", shown(told["time"]))
        )
    elif moment[1] != _UNDATED:
        cells["published"] = moment[1]
    if concept := told.get("concept"):
        agreement = _AGREEMENT.get(told.get("agreement", "").lower())
        topic = slugs.get(concept)
        if topic is None:
            detail = "No topic has this slug, name or proposition. Make it in the admin: it needs a proposition."
            refusals.append(Refusal("unknown", detail, number, "concept", shown(concept)))
        elif agreement is None:
            value = shown(told.get("agreement", ""))
            refusals.append(Refusal("invalid", "Agreement is 1 or 0.", number, "agreement", value))
        else:
            cells["stances"] = f"{topic}:{agreement}:high"
    return Row(number, {**cells, **_places(told)}, tuple(refusals))


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
