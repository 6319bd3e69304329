"""Citations: an article with a quote as a CSL-JSON item, from which any style can be set. Pure Python.

CSL-JSON is the format of Zotero, pandoc and citeproc (https://docs.citationstyles.org/en/stable/specification.html).
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from quotes.partial_dates import PartialDate

# The style that comes with citeproc-py. Others are files of their own, which nothing here downloads.
STYLE = "harvard-cite-them-right"

_TYPES = {"report": "report", "interview": "interview", "press_release": "report"}


def csl_item(
    *,
    key: str,
    title: str,
    authors: Iterable[tuple[str, str]],
    outlet: str,
    published: PartialDate | None,
    url: str,
    archive_url: str = "",
    accessed: dt.date | None = None,
    language: str = "",
    genre: str = "news",
    note: str = "",
) -> dict[str, Any]:
    """The CSL-JSON item; members without a value are left out. `authors` are pairs of name and sort name.

    >>> csl_item(key="q1", title="Lamps", authors=[("Ada Oru", "Oru, Ada")], outlet="Gazette",
    ...          published=PartialDate("2024-11"), url="https://gazette.example/1")["issued"]
    {'date-parts': [[2024, 11]]}
    """
    item = {
        "id": key,
        "type": _TYPES.get(genre, "article-newspaper"),
        "title": title,
        "author": [_name(*author) for author in authors],
        "container-title": outlet,
        "issued": published and {"date-parts": [[int(part) for part in published.split("-")]]},
        "URL": url,
        "archive_location": archive_url,
        "accessed": accessed and {"date-parts": [[accessed.year, accessed.month, accessed.day]]},
        "language": language,
        "note": note,
    }
    return {name: member for name, member in item.items() if member}


def formatted(item: Mapping[str, Any]) -> str:
    """The citation as one writes it below a text, in STYLE (Harvard), set by citeproc.

    >>> formatted(csl_item(key="q1", title="Lamps", authors=[("Ada Oru", "Oru, Ada")], outlet="Gazette",
    ...                    published=PartialDate("2024-11"), url="https://gazette.example/1"))
    'Oru, A. (2024) “Lamps”, Gazette, November. Available at: https://gazette.example/1.'
    """
    from citeproc import Citation, CitationItem, CitationStylesBibliography, formatter
    from citeproc.source.json import CiteProcJSON

    bibliography = CitationStylesBibliography(_style(), CiteProcJSON([item]), formatter.plain)
    bibliography.register(Citation([CitationItem(item["id"])]))
    [entry] = bibliography.bibliography()
    return str(entry)


@cache
def _style() -> Any:
    """The style, which takes longer to read than a citation to set."""
    from citeproc import CitationStylesStyle

    return CitationStylesStyle(STYLE, validate=False)


def _name(name: str, sort_name: str) -> dict[str, str]:
    family, comma, given = sort_name.partition(", ")
    return {"family": family, "given": given} if comma else {"literal": name}
