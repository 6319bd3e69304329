"""BibTeX, in biblatex's fields and UTF-8 (the biblatex manual, chapter 2): what TeX would read as a command is escaped.

bibtexparser writes the entries; its own encoder would make commands of accents and emoji too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from quotes.datasets.formats.addresses import iri
from quotes.datasets.formats.chunks import encoded
from quotes.datasets.formats.cited import Item, items, single_line
from quotes.datasets.formats.rows import Context, Row

_ESCAPES = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{character: f"\\{character}" for character in "%&_#${}"},
    }
)
# BibTeX counts braces even after a backslash: where they do not pair, a single one would swallow the file.
_UNPAIRED = _ESCAPES | str.maketrans({"{": r"\textbraceleft{}", "}": r"\textbraceright{}"})
_REPORT = {"type": "report", "container": "institution"}
_ARTICLE = {"type": "article", "container": "journaltitle"}


def write(kind: str, rows: Iterable[Row], context: Context) -> Iterator[bytes]:
    """An entry for each row; its key is the quote's uid or the article's slug."""
    return encoded(_entry(item) for item in items(kind, rows))


def _entry(item: Item) -> str:
    from bibtexparser.entrypoint import write_string
    from bibtexparser.library import Library
    from bibtexparser.middlewares import AddEnclosingMiddleware
    from bibtexparser.model import Entry, Field

    names = _REPORT if item["type"] == "report" else _ARTICLE
    fields = [Field(name, value) for name, value in _fields(item, names["container"]).items() if value]
    library = Library([Entry(names["type"], item["id"], fields)])
    braces = AddEnclosingMiddleware(
        reuse_previous_enclosing=False, enclose_integers=True, default_enclosing="{", allow_inplace_modification=True
    )
    return write_string(library, unparse_stack=[braces]) + "\n"


def _fields(item: Item, container: str) -> dict[str, str]:
    """biblatex's fields. Addresses are verbatim there, and take no escapes."""
    archived = item.get("archive_location")
    return {
        "author": " and ".join(_name(name) for name in item.get("author", ())),
        "title": escaped(item["title"]),
        container: escaped(item.get("container-title", "")),
        "entrysubtype": "newspaper" if item["type"] == "article-newspaper" else "",
        "type": "Report" if item["type"] == "report" else "",
        "titleaddon": "Interview" if item["type"] == "interview" else "",
        "date": _date(item.get("issued")),
        "language": item.get("language", ""),
        "url": iri(item["URL"]),
        "urldate": _date(item.get("accessed")),
        "addendum": rf"Archived at \url{{{_in_text(iri(archived))}}}" if archived else "",
        "note": escaped(item.get("note", "")),
    }


def escaped(words: str) -> str:
    """The words on one line, with TeX's special characters escaped and all others as they are.

    >>> escaped("50 % of A & B_1, “ü”")
    '50 \\\\% of A \\\\& B\\\\_1, “ü”'
    """
    return single_line(words).translate(_ESCAPES if _pair(words) else _UNPAIRED)


def _in_text(address: str) -> str:
    """An address within other words, where % would begin a comment."""
    return address.replace("%", r"\%").replace("#", r"\#")


def _pair(words: str) -> bool:
    """Whether every brace has its partner."""
    depth = 0
    for brace in re.findall("[{}]", words):
        depth += 1 if brace == "{" else -1
        if depth < 0:
            return False
    return depth == 0


def _name(name: dict[str, str]) -> str:
    """Family, given; a name in one piece in braces, which keep it so."""
    if "literal" in name:
        return f"{{{escaped(name['literal'])}}}"
    return f"{escaped(name['family'])}, {escaped(name['given'])}"


def _date(date: dict[str, Any] | None) -> str:
    """Year, month or day, as ISO 8601: 2025, 2025-03, 2025-03-04."""
    return "-".join(f"{part:0{2 if place else 4}}" for place, part in enumerate(date["date-parts"][0])) if date else ""
