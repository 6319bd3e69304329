"""A release in words: the data statement (after Bender and Friedman 2018), counted from the tables; and the folder's README."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from quotes.datasets.releases.agreement import agreement_section
from quotes.datasets.releases.changes import read
from quotes.datasets.releases.describing import LISTS, Told, cited
from quotes.datasets.releases.tables import RELEASED

_SHOWN = 20
_COUNTED: Mapping[str, tuple[str, str]] = {
    "language": (
        "Languages",
        "Of the articles, as BCP 47 tags. What was said in another language is in the article's.",
    ),
    "outlet_name": ("Outlets", "Who printed the quotes. The selection is the curators', and no sample of anything."),
    "source_type": ("Sources", "Unnamed sources stay unnamed: nothing about their identity is kept."),
    "kind": ("Kinds", "Indirect statements are in the reporter's words."),
    "verification": (
        "Verification",
        "`attested`: the words stand in the article, to the character. That they were said is more than it says.",
    ),
    "article_status": ("Articles", "What their publishers did with them since."),
}
_LIMITS = """## What it does not say

- A stance belongs to a statement, never to a person or an organization. Nothing is inferred from names.
- The stance of a quote is its final coding; what coders judged before is in `codings`, under pseudonymous codes.
- A missing coding means that nobody has coded it, not that the topic is not addressed.
- `standing` is what the article says of a speaker's capacity. A former official does not speak for the agency.
- The words of CODEBOOK.md hold."""
_READING = """Each of the first seven comes as CSV (UTF-8, RFC 4180), JSON Lines (the whole documents) and Parquet (typed); the
others as CSV. What the columns mean is in `datapackage.json` (Frictionless) and, for loaders, in `croissant.json`; what the
values mean in `CODEBOOK.md`; what there is, and what not, in `DATA_STATEMENT.md`; what happened since the release before in
`CHANGES.md` and `changes.csv`.

The identifiers are permanent: a `uid` or slug here is the one that the API answers to. `redirects.csv` tells what merged ones
became.

Check the files with `sha256sum --check SHA256SUMS`. With quotebase at hand, `manage.py verify_release FOLDER` checks every value
too, without a database."""


def data_statement(told: Told) -> str:
    """What is in the release and how it came about."""
    counted: dict[str, Counter[str]] = {name: Counter() for name in _COUNTED}
    dates: list[str] = []
    for row in read(told.folder / "quotes.csv"):
        for name in _COUNTED:
            counted[name][row[name] or "not stated"] += 1
        dates += [row["dated_start"]] if row["dated_start"] else []
    coders = {row["coder"] for row in read(told.folder / "codings.csv")}
    names = ("quotes", "people", "organizations", "articles", "topics", "codings")
    sizes = ", ".join(f"{rows_of(told, name)} {name}" for name in names)
    lines = [
        f"# Data statement: {told.about.title}, version {told.version}",
        "",
        told.about.description,
        "",
        "## What is in it",
        "",
        f"{sizes} (of {len(coders)} coders).",
    ]
    if dates:
        lines += ["", f"Said, or else published, from {min(dates)} to {max(dates)}."]
    for name, (title, note) in _COUNTED.items():
        lines += ["", f"## {title}", "", note, "", "| | quotes |", "|---|---:|", *_table(counted[name])]
    topics = [row["slug"] for row in read(told.folder / "topics.csv")]
    lines += ["", *agreement_section(topics, read(told.folder / "codings.csv"))]
    return "\n".join([*lines, "", _LIMITS, ""])


def _table(counts: Counter[str]) -> list[str]:
    """The commonest values, then by name; and what the others come to."""
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    lines = [f"| {value.replace('|', chr(92) + '|')} | {count:,} |" for value, count in ordered[:_SHOWN]]
    if others := ordered[_SHOWN:]:
        lines.append(f"| {len(others)} others | {sum(count for _, count in others):,} |")
    return lines


def rows_of(told: Told, name: str) -> str:
    """How many rows a table has, for people."""
    return f"{told.file(f'{name}.csv').rows or 0:,}"


def readme(told: Told) -> str:
    """What is in the folder, and how to check it."""
    lines = [
        f"# {told.about.title}, version {told.version}",
        "",
        told.about.description,
        "",
        f"Cite as: {cited(told)}",
        "",
        "| table | rows | |",
        "|---|---:|---|",
    ]
    lines += [f"| `{table.name}` | {rows_of(told, table.name)} | {table.about} |" for table in RELEASED]
    lines += [f"| `{name}` | {rows_of(told, name)} | {text} |" for name, (text, _, _) in LISTS.items()]
    return "\n".join([*lines, "", _READING, ""])
