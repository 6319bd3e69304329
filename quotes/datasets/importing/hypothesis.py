"""Annotations of Hypothesis, as its API gives them: the words that somebody marked in a page become a quote.

A file is a search's answer (`{"total": …, "rows": […]}`), a list of annotations, or lines of either (JSON Lines). Who speaks and
what is coded stands in tags, `name:value`, named as our columns are (TAGS). What else an annotation tells is left out, and told.
Created is when somebody marked the words, not when they were said. https://h.readthedocs.io/en/latest/api-reference/
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from quotes.datasets.importing.columns import Header, column_named
from quotes.datasets.importing.json_text import NotJson, Number, parse
from quotes.datasets.importing.refusals import ImportRefused, Refusal, shown
from quotes.datasets.importing.tables import Row, decoded

TAGS = (
    *("speaker", "source_type", "source_label", "organization", "role", "standing", "speaks_for_organization"),
    *("topic", "stance", "certainty", "kind", "cue", "venue", "said_on", "outlet", "published", "language", "genre"),
)
_READ = {"id", "uri", "target", "tags", "document", "text", "references"}
_MARKS = {"“": "”", "„": "“", "«": "»", '"': '"'}
_MOST_TAGS = 20


class _Unfit(ValueError):
    """A member that is not what Hypothesis's annotations have there: its name, and what it holds."""

    def __init__(self, member: str, value: object, detail: str) -> None:
        super().__init__(detail)
        self.member, self.value = member, value


class _LeftOut:
    """What annotations tell beyond a quote, counted."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.tags: Counter[str] = Counter()
        self.members: set[str] = set()

    def told(self) -> tuple[str, ...]:
        tags = [f"tag {shown(tag)!r} ({count})" for tag, count in self.tags.most_common(_MOST_TAGS)]
        if len(self.tags) > _MOST_TAGS:
            tags.append(f"{len(self.tags) - _MOST_TAGS} more tags")
        counts = [f"{what} ({count:,})" for what, count in self.counts.items() if count > 0]
        return (*counts, *tags, *map(shown, sorted(self.members)))


def hypothesis_rows(content: bytes) -> tuple[Header, Iterator[Row]]:
    """The annotations of words as rows of our columns, numbered as annotations of the file, from 1. Raises ImportRefused."""
    left_out = _LeftOut()
    annotations, found = [], 0
    for value in _values(decoded(content)):
        annotations += list(_annotations(value))
        if isinstance(value, dict) and str(value.get("total", "")).isdecimal():
            found = max(found, int(value["total"]))
    titles: dict[str, str] = {}
    rows = [_row(number, one, titles, left_out) for number, one in enumerate(annotations, 1)]
    left_out.counts["annotations that the search found and this file lacks"] = found - len(annotations)
    return Header((), left_out.told()), (row for row in rows if row)


def _values(text: str) -> list[Any]:
    """The one value that the text is, or those of its lines."""
    try:
        return [parse(text)]
    except NotJson as error:
        lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
        values, refusals = _of_lines(lines)
        if len(lines) == 1 or not values:
            raise ImportRefused([Refusal("not_json", str(error))]) from None
        if refusals:
            raise ImportRefused(refusals) from None
        return values


def _of_lines(lines: list[tuple[int, str]]) -> tuple[list[Any], list[Refusal]]:
    values, refusals = [], []
    for number, line in lines:
        try:
            values.append(parse(line))
        except NotJson as error:
            refusals.append(Refusal("not_json", str(error), number, None, shown(line)))
    return values, refusals


def _annotations(value: Any) -> Iterator[Any]:
    """Those of a search's answer, of the client's own export, of a list; or the one that it is."""
    rows = value.get("rows", value.get("annotations")) if isinstance(value, dict) else value
    if isinstance(rows, list):
        yield from rows
        yield from (value.get("replies") or () if isinstance(value, dict) else ())
    else:
        yield value


def _row(number: int, annotation: Any, titles: dict[str, str], left_out: _LeftOut) -> Row | None:
    """The annotation as a row; None where it is of no words."""
    try:
        if not isinstance(annotation, dict):
            raise _Unfit("", annotation, "This is no annotation: an object, {…}, is expected.")
        address = _text(annotation, "uri")
        if not address:
            raise _Unfit("uri", "", "This is no annotation of Hypothesis: it says no uri.")
        if annotation.get("references"):
            left_out.counts["replies"] += 1
            return None
        selectors = _selectors(annotation, left_out)
        if "TextQuoteSelector" not in selectors:
            left_out.counts["annotations of no words, such as page notes"] += 1
            return None
        cells = {
            "external_id": _text(annotation, "id"),
            "article_url": address,
            "article_title": _title(annotation, address, titles, left_out),
            **_words(selectors["TextQuoteSelector"]),
            **_told(annotation, left_out),
        }
    except _Unfit as error:
        refusal = Refusal("invalid", str(error), number, error.member or None, shown(str(error.value)))
        return Row(number, refusals=(refusal,))
    left_out.counts["notes"] += bool(annotation.get("text"))
    left_out.members |= {name for name, value in annotation.items() if name not in _READ and value}
    return Row(number, cells, position=_position(selectors.get("TextPositionSelector", {})))


def _text(members: Mapping[str, Any], name: str, path: str = "") -> str:
    """A member that is a text; "" where there is none."""
    value = members.get(name)
    if value is not None and (not isinstance(value, str) or isinstance(value, Number)):
        raise _Unfit(path or name, value, "A text is expected here.")
    return value or ""


def _selectors(annotation: Mapping[str, Any], left_out: _LeftOut) -> dict[str, Mapping[str, Any]]:
    """The first selector of each type, of the first target."""
    targets = annotation.get("target") or []
    if not isinstance(targets, list) or not all(isinstance(one, dict) for one in targets):
        raise _Unfit("target", targets, "A list of objects is expected here.")
    left_out.counts["further targets"] += max(0, len(targets) - 1)
    selectors = (targets[0].get("selector") if targets else None) or []
    if not isinstance(selectors, list) or not all(isinstance(one, dict) for one in selectors):
        raise _Unfit("target[0].selector", selectors, "A list of objects is expected here.")
    return {_text(one, "type", "target[0].selector.type"): one for one in reversed(selectors)}


def _position(selector: Mapping[str, Any]) -> int | None:
    start = str(selector.get("start", ""))
    return int(start) if re.fullmatch("[0-9]{1,9}", start) else None


def _title(annotation: Mapping[str, Any], address: str, titles: dict[str, str], left_out: _LeftOut) -> str:
    """The page's title: a page is called what its first annotation in the file calls it."""
    document = annotation.get("document") or {}
    said = document.get("title") if isinstance(document, dict) else document
    first = said[0] if isinstance(said, list) and said else said or ""
    if not isinstance(first, str):
        raise _Unfit("document.title", first, "A text is expected here.")
    title = " ".join(first.split())
    known = titles.setdefault(address, title) or title
    titles[address] = known
    left_out.counts["other titles of the same page"] += bool(title) and title != known
    return known


def _words(selector: Mapping[str, Any]) -> dict[str, str]:
    """The words as a page shows them, white space and the quotation marks around all of them outside.

    >>> _words({"exact": " “A\\n  lamp.” ", "prefix": "He:", "suffix": "So"})
    {'text': 'A lamp.', 'prefix': 'He: “', 'suffix': '” So'}
    """
    exact = _text(selector, "exact", "exact")
    prefix, suffix = _text(selector, "prefix", "prefix"), _text(selector, "suffix", "suffix")
    before = exact[: len(exact) - len(exact.lstrip())]
    after = exact[len(exact.rstrip()) :] if exact.strip() else ""
    words = " ".join(exact.split())
    closing = _MARKS.get(words[:1])
    inner = words[1:-1]
    if closing and words.endswith(closing) and inner.strip() and not {words[0], closing} & set(inner):
        before, after, words = before + words[0], closing + after, inner.strip()
    return {"text": words, "prefix": _spaced(prefix + before), "suffix": _spaced(after + suffix)}


def _spaced(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def _told(annotation: Mapping[str, Any], left_out: _LeftOut) -> dict[str, str]:
    """What the tags say, by column. Without a speaker and an organization the source is unnamed."""
    tags = annotation.get("tags") or []
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        raise _Unfit("tags", tags, "A list of texts is expected here.")
    cells: dict[str, str] = {}
    positions: list[str] = []
    for tag in tags:
        name, _, value = (part.strip() for part in tag.partition(":"))
        column = column_named(name) if value else None
        if column not in TAGS:
            left_out.tags[tag] += 1
        elif column == "stance" and ":" in value:
            positions.append(value)
        elif cells.setdefault(column, value) != value:
            raise _Unfit("tags", tag, f"{column} is said twice: {shown(cells[column])!r} is the other.")
    if positions:
        if "topic" in cells or "stance" in cells:
            positions.append(":".join(cells.pop(name, "") for name in ("topic", "stance", "certainty")))
        cells["stances"] = "; ".join(positions)
    if "certainty" in cells and "stance" not in cells:
        left_out.counts["tag certainty without a stance"] += 1
    if "standing" in cells and "organization" not in cells:
        left_out.counts["tag standing without an organization"] += 1
    if "speaker" not in cells:
        cells.setdefault("source_type", "organization" if "organization" in cells else "unnamed")
        for name in ("role", "standing", "speaks_for_organization"):
            if said := cells.pop(name, ""):
                left_out.counts[f"tag {shown(f'{name}:{said}')!r} without a speaker"] += 1
    return cells
