"""Who is asked: the service, and each peer, with how a question is put to it and how its answer is read."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from importlib.util import find_spec
from typing import Any

from benchmarks import databases
from benchmarks.calling import Call, address, in_process
from benchmarks.peers import bare_wsgi
from quotebase.wsgi import application

OURS = "quotebase"
Parameters = Mapping[str, str]
# The outcome that all candidates must share: uids in their order, or counts by slug.
Outcome = list[str] | dict[str, int]


@dataclass(frozen=True)
class Candidate:
    """`ask(question, parameters)` returns the answer's body; `read` tells what it found."""

    name: str
    version: str
    questions: frozenset[str]
    ask: Callable[[str, Parameters], bytes]
    read: Callable[[bytes], Outcome]
    # Whether it ranks by the same formula, so that the order by relevance is the same too.
    ranks_alike: bool = True
    close: Callable[[], None] = field(default=lambda: None)


def outcome(body: bytes) -> Outcome:
    """What an answer found, whichever of the shapes here it has."""
    answer: Any = json.loads(body)
    if "facets" in answer:
        facets = answer["facets"]
        if isinstance(facets.get("topic"), dict):
            facets = {one["value"]: one["count"] for one in facets["topic"]["values"]}
        return dict(sorted(facets.items()))
    return [one["uid"] for one in answer.get("results", [answer])]


LISTS = ("topic+stance", "organization", "speaker", "outlet")


def target(question: str, parameters: Parameters) -> str:
    """The address of the service that answers the question."""
    if question == "detail":
        return f"/api/v1/quotes/{parameters['uid']}/"
    return address("/api/v1/quotes/facets/" if question.startswith("facet") else "/api/v1/quotes/", parameters)


def service(call: Call, *, name: str = OURS) -> Candidate:
    """The service itself."""
    return Candidate(
        name, "", frozenset(bare_wsgi.SELECTS), lambda question, asked: call(target(question, asked), {}), outcome
    )


def in_this_process() -> list[Candidate]:
    """All that can be called here: the service, and what is written in Python for the same server."""
    django = in_process(application)
    bare = in_process(bare_wsgi.application(databases.connect))
    raw = databases.connect()
    raw.prepare_threshold = 0

    def select(question: str, asked: Parameters) -> bytes:
        row = raw.execute(bare_wsgi.SELECTS[question], asked).fetchone()
        return str(row[0] if row else "null").encode()

    def at(prefix: str) -> Callable[[str, Parameters], bytes]:
        return lambda question, asked: django(address(f"{prefix}{question}", asked), {})

    everything, pages = frozenset(bare_wsgi.SELECTS), frozenset((*LISTS, "detail"))
    found = [
        service(django),
        Candidate("psycopg alone", version("psycopg"), everything, select, outcome),
        Candidate(
            "bare WSGI", "", everything, lambda question, asked: bare(address(f"/{question}", asked), {}), outcome
        ),
        Candidate("ModelSerializer", version("djangorestframework"), pages, at("/peers/rest/"), outcome),
    ]
    if find_spec("ninja"):
        found.append(Candidate("django-ninja", version("django-ninja"), pages, at("/peers/ninja/"), outcome))
    return found
