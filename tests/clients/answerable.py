"""What OpenAPI cannot say of a question: schemathesis loads this, so that what it takes for a right question is one.

A parameter that goes with another one only, a slug that exists, a word that is searched for: a schema has no words for these, and
a question without them is refused, rightly. Everything else that the schema allows must be answered. Wrong questions, of which
schemathesis makes as many, stay as wrong as they are.
"""

from __future__ import annotations

import json
import re
import urllib.request
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import schemathesis

Query = dict[str, Any]

_ENTITIES: Mapping[str, str] = {
    "speaker": "people",
    "author": "people",
    "affiliation": "organizations",
    "speaks_for": "organizations",
    "outlet": "organizations",
    "article": "articles",
    "topic": "topics",
}
# What a parameter modifies or needs: without any of these it says nothing.
_NEEDED: Mapping[str, tuple[str, ...]] = {
    "topic_scope": ("topic", "topic__not", "position"),
    "affiliation_status": ("affiliation", "affiliation__not", "organization_kind", "organization_kind__not"),
    "affiliation_scope": ("affiliation", "affiliation__not"),
    "highlight": ("q",),
}
_CITED = ("jsonld", "bib", "ris", "csl")


@schemathesis.hook
def map_case(context: Any, case: Any) -> Any:
    """The case, answerable where it is meant to be."""
    if case.meta is not None and case.meta.generation.mode.is_positive and case.query:
        root = re.match(r"https?://[^/]+", context.operation.schema.location or "")
        assert root, "the schema is read from the running service"
        case.query = answerable(case.query, path=context.operation.path, root=root[0])
    return case


def answerable(query: Query, *, path: str, root: str) -> Query:
    """The question with names that exist, and without what contradicts the rest of it."""
    place = path.removeprefix("/api/v1/").partition("/")[0]
    named = {name: _named(name, value, place, root) for name, value in query.items() if name != "cursor"}
    written = str(named.get("format", "json"))
    unfit = {
        "omit": "fields" in named or written in _CITED,
        "fields": written in _CITED,
        "dialect": written != "csv",
        **dict.fromkeys(("expand", "count", "highlight"), written != "json"),
        "ordering": named.get("ordering") == "relevance" and ("q" not in named or written != "json"),
    }
    kept = {name: value for name, value in named.items() if not unfit.get(name)}
    return {name: value for name, value in kept.items() if _has_what_it_needs(name, kept)}


def _has_what_it_needs(name: str, query: Query) -> bool:
    return name not in _NEEDED or any(needed in query for needed in _NEEDED[name])


def _named(name: str, value: Any, place: str, root: str) -> Any:
    """The parameter's value, in the same form, with a name that exists wherever a name must."""
    choose = _choice(name.removesuffix("__not"), place, root)
    if choose is None:
        return value
    return [choose(str(one)) for one in value] if isinstance(value, list) else choose(str(value))


def _choice(name: str, place: str, root: str) -> Callable[[str], str] | None:
    """What makes an existing name out of any value; None for parameters whose schema says all there is to say."""
    if name in ("q", "text"):
        return lambda value: f"gate {' '.join(re.findall(r'[a-z]+', value))}"[:200]
    if name in ("fields", "omit"):
        return _one_of(
            ["quote", "stance"] if place == "codings" else ["uid", "text"] if place == "quotes" else ["slug"]
        )
    if name in ("coder", "round"):
        return _one_of(_known(root, "codings", name))
    if name == "position":
        return _one_of([f"{slug}:oppose" for slug in _known(root, "topics", "slug")])
    if name == "parent":
        return _one_of(_known(root, place, "slug"))
    if name in ("language", "country"):
        return _one_of(["en", "pt-BR"])
    if name == "since":
        return lambda value: str(int(value) % 100)
    if name.endswith(("_after", "_before")):
        return _one_of(["2024", "2025-02", "2025-11-03"])
    return _one_of(_known(root, _ENTITIES[name], "slug")) if name in _ENTITIES else None


def _one_of(names: list[str]) -> Callable[[str], str]:
    """One of the names, the same for the same value."""
    return lambda value: names[sum(value.encode()) % len(names)]


@cache
def _known(root: str, place: str, member: str) -> list[str]:
    with urllib.request.urlopen(f"{root}/api/v1/{place}/?page_size=100") as answer:  # noqa: S310 - the service under test
        return sorted({str(one[member]) for one in json.load(answer)["results"]})
