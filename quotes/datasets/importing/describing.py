"""A plan as plain values, for whoever shows it."""

# Without the annotations of the future, which hide from a TypedDict that a member is not required.
from collections import Counter
from typing import NotRequired, TypedDict

from quotes.datasets.importing.planning import ImportPlan


class MadeRecord(TypedDict):
    """A person, organization or article that would be made."""

    kind: str
    slug: str
    name: str


class DoubtfulName(TypedDict):
    """A name that several people here bear: their slugs, and how many rows wait for a curator's decision."""

    name: str
    candidates: list[str]
    rows: int


class PlanDocument(TypedDict):
    """How many rows there are, how many of them are new or known; what would be made, and how many were matched, by kind.

    `anchored` are the new quotes whose words were found in a text that was read here. `uid` is the import's, once it is made.
    """

    uid: NotRequired[str]
    file: str
    source: str
    rows: int
    new: int
    known: int
    anchored: int
    columns_left_out: list[str]
    made: list[MadeRecord]
    matched: dict[str, int]
    doubtful: list[DoubtfulName]


def describe(plan: ImportPlan) -> PlanDocument:
    """The plan without its rows."""
    made: list[MadeRecord] = [
        {"kind": record.kind.value, "slug": record.slug, "name": record.name}
        for record in plan.records
        if record.key is None
    ]
    made += [
        {"kind": "article", "slug": article.slug, "name": article.title}
        for article in plan.articles
        if article.key is None
    ]
    matched = Counter(record.kind.value for record in plan.records if record.key is not None)
    matched["article"] = sum(article.key is not None for article in plan.articles)
    return {
        "file": plan.file.name,
        "source": plan.source,
        "rows": plan.rows,
        "new": len(plan.quotes),
        "known": plan.known,
        "anchored": plan.anchored,
        "columns_left_out": list(plan.left_out),
        "made": made,
        "matched": {kind: count for kind, count in matched.items() if count},
        "doubtful": [
            {"name": doubt.name, "candidates": list(doubt.candidates), "rows": rows}
            for doubt, rows in plan.doubtful.items()
        ],
    }
