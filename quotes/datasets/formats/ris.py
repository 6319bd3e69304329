"""RIS, for reference managers: a line a value, tags of two letters. rispy writes it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

from quotes.datasets.formats.chunks import encoded
from quotes.datasets.formats.cited import Item, items, single_line
from quotes.datasets.formats.rows import Context, Row

if TYPE_CHECKING:
    from rispy import RisWriter

_TYPES = {"report": "RPRT"}
_KINDS = {"interview": "Interview"}


def write(kind: str, rows: Iterable[Row], context: Context) -> Iterator[bytes]:
    """A reference for each row; its ID is the quote's uid or the article's slug."""
    return encoded(_reference(item) for item in items(kind, rows))


def _reference(item: Item) -> str:
    members = {name: value for name, value in _members(item).items() if value}
    return _writer().formats([members]) + "\r\n"


def _members(item: Item) -> dict[str, Any]:
    """rispy's names for the tags. A newspaper is the secondary title, a report's issuer its publisher too."""
    container = single_line(item.get("container-title", ""))
    issued = item.get("issued")
    return {
        "type_of_reference": _TYPES.get(item["type"], "NEWS"),
        "id": item["id"],
        "authors": [_name(name) for name in item.get("author", ())],
        "title": single_line(item["title"]),
        "secondary_title": container,
        "publisher": container if item["type"] == "report" else "",
        "type_of_work": _KINDS.get(item["type"], ""),
        "year": _date(issued)[:4],
        "date": _date(issued),
        "access_date": _date(item.get("accessed")),
        "language": item.get("language", ""),
        "urls": [item["URL"]],
        "file_attachments1": item.get("archive_location", ""),
        "notes": [single_line(item["note"])] if "note" in item else [],
    }


def _name(name: dict[str, str]) -> str:
    return single_line(name.get("literal") or f"{name['family']}, {name['given']}")


def _date(date: dict[str, Any] | None) -> str:
    """YYYY/MM/DD/ with parts left empty that are not known."""
    if not date:
        return ""
    parts = [f"{part:0{2 if place else 4}}" for place, part in enumerate(date["date-parts"][0])]
    return "/".join([*parts, "", "", ""][:4])


@cache
def _writer() -> RisWriter:
    from rispy import RisWriter

    class Unnumbered(RisWriter):
        """RIS has no numbers before its references, and ends its lines in CRLF."""

        NEWLINE = "\r\n"

        def set_header(self, count: int) -> str:
            return ""

    return Unnumbered()
