"""What a pasted text says of itself in its first lines: title, byline, date. Only what is plain; a curator confirms it."""

from __future__ import annotations

import datetime as dt
import re

from quotes.anchoring import normalise_text
from quotes.partial_dates import PartialDate
from quotes.reading.articles import ReadArticle, without_controls

_HEAD = 12  # lines that may be a title, a byline or a date
_LONGEST_TITLE = 250
_BYLINE = re.compile(r"(?:written\s+|story\s+|words\s+)?by:?\s+(?P<names>\S.{2,200})", re.IGNORECASE)
_BETWEEN = re.compile(r"\s*(?:,|;|&|\band\b|\|)\s*", re.IGNORECASE)
_NAME = re.compile(
    r"[^\W\d_][\w.'’-]*(?: (?:de|da|del|di|du|van|von|der|den|la|le|bin|al|y)\b)*(?: [^\W\d_][\w.'’-]*){1,3}"
)
_NO_NAME = re.compile(
    r"\b(staff|writer|reporter|correspondent|editor|desk|news|press|agency|updated|read|min)\b", re.IGNORECASE
)
_WEEKDAY = r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|mon|tue|wed|thu|fri|sat|sun)\.?,?\s+"
_TIME = r"(?:,?\s*(?:at\s+)?\d{1,2}[:.]\d{2}.{0,20})?"
_DATE = re.compile(
    rf"(?:(?:first\s+)?(?:published|posted|date)(?:\s+on)?:?\s+)?(?:{_WEEKDAY})?"
    r"(?:(?P<month>[a-z]{3,9})\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<year>\d{4})"
    r"|(?P<day2>\d{1,2})(?:st|nd|rd|th)?\.?\s+(?P<month2>[a-z]{3,9})\.?,?\s+(?P<year2>\d{4})"
    rf"|(?P<iso>\d{{4}}-\d{{2}}-\d{{2}})(?:T\S+)?){_TIME}",
    re.IGNORECASE,
)
_MONTHS = [dt.date(2000, month, 1).strftime("%B").lower() for month in range(1, 13)]


def read_pasted(text: str) -> ReadArticle:
    """The article in a pasted text: its first line as the title where it looks like one, “By X and Y”, a line that is a date.

    >>> found = read_pasted("The vote\\n\\nBy Orla Tamsin and Bertil Quill\\nMarch 4, 2025\\n\\nThe lanterns stay lit.")
    >>> found.title, found.authors, str(found.published)
    ('The vote', ('Orla Tamsin', 'Bertil Quill'), '2025-03-04')
    """
    text = without_controls(normalise_text(text)).strip()
    lines = [line.strip() for line in text.split("\n", 4 * _HEAD)[: 4 * _HEAD] if line.strip()]
    head = lines[:_HEAD]
    return ReadArticle(
        title=_title(lines),
        authors=next((names for line in head if (names := _authors(line))), ()),
        outlet_name=None,
        published=next((date for line in head if (date := _date(line))), None),
        language=None,
        canonical_url=None,
        text=text,
    )


def _title(lines: list[str]) -> str | None:
    """The first line, unless it is a byline or a date, or the first sentence of the text itself."""
    if len(lines) < 2:
        return None
    first = lines[0]
    is_sentence = first.endswith((".", ":", ";", ",")) and not first.endswith("...")
    is_other = is_sentence or _authors(first) or _date(first)
    return None if is_other or len(first) > _LONGEST_TITLE else " ".join(first.split())


def _authors(line: str) -> tuple[str, ...]:
    """The names of a byline; those of its parts that are no names (“staff writer”) are left out."""
    found = _BYLINE.fullmatch(line)
    if not found:
        return ()
    parts = [part.strip() for part in _BETWEEN.split(found["names"])]
    return tuple(dict.fromkeys(part for part in parts if _is_name(part)))


def _is_name(part: str) -> bool:
    words = part.split()
    capitals = sum(word[0].isupper() or not word[0].islower() for word in words)
    return bool(_NAME.fullmatch(part)) and not _NO_NAME.search(part) and capitals >= 2 and words[0][0].isupper()


def _date(line: str) -> PartialDate | None:
    found = _DATE.fullmatch(line) if len(line) <= 80 else None
    if not found:
        return None
    if found["iso"]:
        text = found["iso"]
    else:
        name = (found["month"] or found["month2"]).lower()
        months = [
            number for number, month in enumerate(_MONTHS, 1) if month.startswith(name) or name == "sept" == month[:4]
        ]
        if len(months) != 1:
            return None
        text = f"{found['year'] or found['year2']}-{months[0]:02}-{int(found['day'] or found['day2']):02}"
    try:
        return PartialDate(text)
    except ValueError:
        return None
