"""What only the service is asked: any combination of filters, the busiest, the commonest, deep pages, counts, time lines."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from django.db import connection

from benchmarks.calling import address, in_process
from benchmarks.candidates import Candidate, target
from benchmarks.questions import Draws, Parameters
from benchmarks.timing import Times, compare
from quotebase.wsgi import application

LIST, FACETS, TIMELINE = "/api/v1/quotes/", "/api/v1/quotes/facets/", "/api/v1/quotes/timeline/"
DEEP = 2_000
Asked = tuple[str, Mapping[str, str]]


def measured(service: Candidate, draws: Draws, *, questions: int, rounds: int) -> Iterator[tuple[str, Times, str]]:
    """Each case with its times, and the question that took longest."""
    call = in_process(application)

    def ask(target: str, headers: Mapping[str, str]) -> Callable[[], bytes]:
        return lambda: call(target, headers)

    for name, targets in _cases(draws, questions):
        for one, headers in targets:
            call(one, headers)
        times = compare({name: [ask(one, headers) for one, headers in targets]}, rounds=rounds)[name]
        yield name, times, targets[times.slowest][0]


def _cases(draws: Draws, count: int) -> Iterator[tuple[str, Sequence[Asked]]]:
    busiest = _busiest_organization()
    yield "any up to five filters", _lists(draws.any_filters() for _ in range(count * 8))
    yield "busiest organization", _lists([{"affiliation": busiest}])
    former = {"affiliation": busiest, "affiliation_status": "former"}
    yield "its former people", _lists([former])
    yield (
        "its former people, with a topic",
        _lists({**former, "topic": topic, "stance": stance} for topic, stance in draws.topics[:count]),
    )
    choose = draws.random.choice
    yield "one of the twenty commonest words", _lists({"q": word} for word in draws.common_words)
    yield "the same by relevance", _lists({"q": word, "ordering": "relevance"} for word in draws.common_words)
    pairs = [
        {"q": " ".join(draws.random.sample(list(draws.common_words), 2)), "stance": choose(draws.topics)[1]}
        for _ in range(count)
    ]
    yield "two of them and a stance", _lists(pairs)
    yield "the same by relevance ", _lists({**one, "ordering": "relevance"} for one in pairs)
    yield "exact count of everything", _lists([{"count": "1"}])
    yield "exact count, a topic", _lists({"count": "1", "topic": topic} for topic, _ in draws.topics[:count])
    yield "facets without filter", [(address(FACETS, {"facet": "stance,topic,outlet,kind"}), {})]
    yield "facets, a stance", _at(FACETS, ({"facet": "topic,outlet", "stance": one} for one in ("oppose", "neutral")))
    yield "facets, a topic", _at(FACETS, ({"facet": "stance,outlet", "topic": one} for one, _ in draws.topics[:count]))
    yield "facets, an outlet", _at(FACETS, ({"facet": "stance,topic", "outlet": one} for one in draws.outlets[:count]))
    yield "time line", [(address(TIMELINE, {}), {})]
    yield "time line, a topic", _at(TIMELINE, ({"topic": topic} for topic, _ in draws.topics[:count]))
    yield "page 1 of a stance", [(address(LIST, {"stance": "oppose"}), {})]
    yield "a page deep in it", [(_deep({"stance": "oppose"}), {})]
    known = target("detail", {"uid": draws.uids[0]})
    yield "a quote", [(known, {})]
    yield "304 of a quote", [(known, {"If-None-Match": _etag(known)})]
    some = address(LIST, {"stance": "oppose"})
    yield "304 of a list", [(some, {"If-None-Match": _etag(some)})]


def _lists(parameters: Any) -> list[Asked]:
    return _at(LIST, parameters)


def _at(path: str, parameters: Any) -> list[Asked]:
    return [(address(path, one), {}) for one in parameters]


def _busiest_organization() -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT slug FROM publication_publishedentity AS entity JOIN publication_total AS total ON total.code = counted"
            " WHERE kind = 'organization' ORDER BY quotes DESC, slug LIMIT 1"
        )
        return cursor.fetchone()[0]


def _deep(parameters: Parameters) -> str:
    """The address of page DEEP of the list, or of the last that is full."""
    call = in_process(application)
    following = address(LIST, {**parameters, "page_size": "25"})
    for _ in range(DEEP - 1):
        after = json.loads(call(following, {}))["next"]
        if after is None:
            break
        following = after.partition("localhost")[2]
    return following


def _etag(path: str) -> str:
    """The name of the answer."""
    headers: dict[str, str] = {}
    in_process(
        lambda environ, start: application(
            environ, lambda status, given, error=None: headers.update(given) or start(status, given)
        )
    )(path, {})
    return headers["ETag"]
