"""The Discourse Network Analyzer's event list: a row for each position that an actor takes, in its CSV dialect.

DNA writes `;` in texts as `,` and `"` as `'`, and keeps names under 191 characters; so do we, and what that changed is counted.
Beside its usual variables (person, organization, concept, agreement) ours has `uid` and `url`, by which rows come back here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import orjson

from quotes.datasets.formats import Row
from quotes.partial_dates import PartialDate
from quotes.vocabulary import Stance

VARIABLES = ("person", "organization", "concept", "agreement", "uid", "url")
HEADER = (
    "statement_id",
    "time",
    *VARIABLES,
    "start_position",
    "stop_position",
    "text",
    "coder",
    "document_id",
    "document_title",
    "document_author",
    "document_source",
    "document_section",
    "document_type",
)
# DNA's own limit for names, titles and sources.
LONGEST = 190
_AGREEMENT = {Stance.SUPPORT.value: 1, Stance.OPPOSE.value: 0}
_UNDATED = "0001-01-01"


@dataclass(slots=True)
class Losses:
    """What the format cannot carry, counted while it is written."""

    counts: Counter[str] = field(default_factory=Counter)

    def told(self) -> list[str]:
        """In words, one line for each."""
        words = {
            "stance": "codings that neither support nor oppose are left out",
            "uncoded": "quotes without a coding are left out",
            "undated": "statements of unknown date are dated 0001-01-01",
            "segments": "quotes of several segments have one place, from the first to the last",
            "affiliations": "further affiliations are left out: a statement has one actor",
            "marks": "texts have , in place of ; and ' in place of \"",
            "cut": f"names and titles are cut at {LONGEST} characters",
        }
        return [f"{count:,} {words[name]}" for name, count in sorted(self.counts.items()) if count]


def event_list(rows: Iterable[Row], losses: Losses) -> Iterator[bytes]:
    """The event list of quotes, in their order; UTF-8 without a byte order mark, lines ending in LF."""
    yield (";".join(f'"{name}"' for name in HEADER) + "\n").encode()
    documents: dict[str, int] = {}
    number = 0
    for row in rows:
        quote = orjson.loads(row.document)
        for cells in _statements(quote, documents, losses):
            number += 1
            yield (";".join([str(number), *cells]) + "\n").encode()


def _statements(quote: dict[str, Any], documents: dict[str, int], losses: Losses) -> Iterator[list[str]]:
    article = quote["article"]
    if not quote["stances"]:
        losses.counts["uncoded"] += 1
    losses.counts["affiliations"] += max(0, len(quote["affiliations"]) - 1)
    losses.counts["segments"] += len(quote["segments"]) > 1
    for coding in quote["stances"]:
        if coding["stance"] not in _AGREEMENT:
            losses.counts["stance"] += 1
            continue
        places = [(one["start"], one["end"]) for one in quote["segments"] if one["start"] is not None]
        start, end = (min(places)[0], max(places)[1]) if places else (0, len(quote["text"]))
        actor = quote["affiliations"][0]["organization"] if quote["affiliations"] else quote["organization"]
        yield [
            _time(quote["dated"]["date"], losses),
            _name(quote["speaker"]["name"] if quote["speaker"] else quote["source_label"], losses),
            _name(actor["name"] if actor else "", losses),
            _name(coding["topic"]["slug"], losses),
            str(_AGREEMENT[coding["stance"]]),
            _quoted(quote["uid"], losses),
            _quoted(article["url"], losses),
            str(start),
            str(end),
            _quoted(" ".join(quote["text"].split()), losses),
            "1",
            str(documents.setdefault(article["slug"], len(documents) + 1)),
            _name(article["title"], losses),
            _name("; ".join(one["name"] for one in article["authors"]), losses),
            _name(article["outlet"]["name"] if article["outlet"] else "", losses),
            '""',
            _name(article["genre"], losses),
        ]


def _time(date: str | None, losses: Losses) -> str:
    """The first moment of the period: DNA knows no others."""
    losses.counts["undated"] += date is None
    return f"{PartialDate(date).start.isoformat() if date else _UNDATED} 00:00:00"


def _name(text: str, losses: Losses) -> str:
    losses.counts["cut"] += len(text) > LONGEST
    return _quoted(text[:LONGEST], losses)


def _quoted(text: str, losses: Losses) -> str:
    plain = text.replace(";", ",").replace('"', "'")
    losses.counts["marks"] += plain != text
    return f'"{plain}"'
