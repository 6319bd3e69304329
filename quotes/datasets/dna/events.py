"""DNA's event list: a row for each position that an actor takes, in its CSV dialect.

DNA writes `;` in texts as `,` and `"` as `'`, and keeps names under 191 characters; so do we, and what that changed is counted.
Beside its usual variables (person, organization, concept, agreement) ours has a few by which rows come back here; and `weight`,
where a statement has a row for each affiliation, so that their sum is one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from quotes.datasets.dna.statements import AS_STATED, OWN_VARIABLES, Losses, Selection, Statement, statements
from quotes.datasets.formats import Row

VARIABLES = ("person", "organization", "concept", "agreement", *OWN_VARIABLES, "url")
_DOCUMENT = (
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


def event_list(rows: Iterable[Row], losses: Losses, selection: Selection = AS_STATED) -> Iterator[bytes]:
    """The event list of quotes, in their order; UTF-8 without a byte order mark, lines ending in LF."""
    weight = ("weight",) if selection.rows_per == "affiliation" else ()
    header = ("statement_id", "time", *VARIABLES, *weight, *_DOCUMENT)
    yield (";".join(f'"{name}"' for name in header) + "\n").encode()
    documents: dict[str, int] = {}
    for number, one in enumerate(statements(rows, selection, losses), 1):
        document = documents.setdefault(one.quote["article"]["slug"], len(documents) + 1)
        weights = [f"{one.weight:.10g}"] if weight else []
        cells = [str(number), *_variables(one, losses), *weights, *_document(one, document, losses)]
        yield (";".join(cells) + "\n").encode()


def _variables(one: Statement, losses: Losses) -> list[str]:
    return [
        f"{losses.first_day(one.quote['dated']['date'])} 00:00:00",
        *(_quoted(name, losses) for name in (one.person, one.organization, one.topic["slug"])),
        str(int(one.agrees)),
        *(_quoted(value, losses) for value in one.own_values),
        _quoted(one.quote["article"]["url"], losses),
    ]


def _document(one: Statement, document: int, losses: Losses) -> list[str]:
    quote, article = one.quote, one.quote["article"]
    places = [(part["start"], part["end"]) for part in quote["segments"] if part["start"] is not None]
    start, end = (min(places)[0], max(places)[1]) if places else (0, len(quote["text"]))
    authors = "; ".join(author["name"] for author in article["authors"])
    outlet = article["outlet"]["name"] if article["outlet"] else ""
    return [
        str(start),
        str(end),
        _quoted(" ".join(quote["text"].split()), losses),
        "1",
        str(document),
        *(_quoted(losses.cut(text), losses) for text in (article["title"], authors, outlet)),
        '""',
        _quoted(article["genre"], losses),
    ]


def _quoted(text: str, losses: Losses) -> str:
    plain = text.replace(";", ",").replace('"', "'")
    losses.counts["marks"] += plain != text
    return f'"{plain}"'
