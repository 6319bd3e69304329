"""PostGraphile on the peers' schema: GraphQL over HTTP. It needs Node, and `npm ci` in postgraphile/ beside this file."""

from __future__ import annotations

import http.client
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.calling import Refused
from benchmarks.candidates import LISTS, Candidate, Outcome, Parameters
from benchmarks.peers.datasette import keys_by_slug
from benchmarks.peers.serving import Absent, free_port, start

HERE = Path(__file__).parent / "postgraphile"
_PERSON, _ORGANIZATION = "{ slug name }", "{ slug name shortName kind }"
_DOCUMENT = f"""
    uid text kind sourceType sourceLabel cue framing venue saidOn datedStart verification speaksForOrganization segments
    personBySpeakerId {_PERSON} organizationByOrganizationId {_ORGANIZATION}
    capacitiesByQuoteId {{ nodes {{ role roleAsStated standing isPrimary organizationByOrganizationId {_ORGANIZATION} }} }}
    codingsByQuoteId {{ nodes {{ stance certainty topicByTopicId {{ slug name proposition }} }} }}
    articleByArticleId {{
        slug title url archiveUrl published language genre status organizationByOutletId {_ORGANIZATION}
        authorshipsByArticleId(orderBy: POSITION_ASC) {{ nodes {{ personByPersonId {_PERSON} }} }}
    }}
"""
_LATEST = "first: 25, orderBy: [DATED_START_DESC, UID_DESC]"
_THROUGH = f"{{ nodes {{ quoteByQuoteId {{ {_DOCUMENT} }} }} }}"
_STRAIGHT = f"{{ nodes {{ {_DOCUMENT} }} }}"
QUERIES = {
    "topic+stance": "query ($key: BigInt!, $stance: String!) { found: allCodings("
    f"{_LATEST}, condition: {{ topicId: $key, stance: $stance }}) {_THROUGH} }}",
    "organization": "query ($key: BigInt!) { found: allPlaces("
    f'{_LATEST}, condition: {{ organizationId: $key, standing: "current" }}) {_THROUGH} }}',
    "speaker": f"query ($key: BigInt!) {{ found: allQuotes({_LATEST}, condition: {{ speakerId: $key }}) {_STRAIGHT} }}",
    "outlet": f"query ($key: BigInt!) {{ found: allQuotes({_LATEST}, condition: {{ outletId: $key }}) {_STRAIGHT} }}",
    "detail": f"query ($uid: UUID!) {{ found: quoteByUid(uid: $uid) {{ {_DOCUMENT} }} }}",
}


def candidate(folder: Path, connect: Callable[[], psycopg.Connection[Any]]) -> Candidate:
    """PostGraphile, running. Raises Absent where Node or the packages are not there."""
    package = HERE / "node_modules" / "postgraphile" / "package.json"
    if not shutil.which("node") or not package.exists():
        raise Absent("PostGraphile is not installed (Node, and npm ci in benchmarks/peers/postgraphile)")
    with connect() as source:
        where = source.info
        arguments = [where.host, where.user, where.dbname]
    port = free_port()
    end = start(["node", str(HERE / "server.mjs"), str(port), *arguments], port, folder / "postgraphile.log")
    ask = _Asking(port, keys_by_slug(connect))
    version = json.loads(package.read_text())["version"]
    return Candidate("PostGraphile", version, frozenset((*LISTS, "detail")), ask, read, True, end)


class _Asking:
    """Slugs become keys beforehand, so that they cost nothing."""

    def __init__(self, port: int, keys: dict[str, dict[str, int]]) -> None:
        self.connection, self.keys = http.client.HTTPConnection("127.0.0.1", port), keys

    def __call__(self, question: str, asked: Parameters) -> bytes:
        table, name = {
            "topic+stance": ("topic", "topic"),
            "organization": ("organization", "affiliation"),
            "speaker": ("person", "speaker"),
            "outlet": ("organization", "outlet"),
            "detail": ("", ""),
        }[question]
        key = {"key": self.keys[table][asked[name]]} if table else {"uid": asked["uid"]}
        variables = {**key, **{name: value for name, value in asked.items() if name == "stance"}}
        body = json.dumps({"query": QUERIES[question], "variables": variables})
        self.connection.request(
            "POST", "/graphql", body, {"Content-Type": "application/json", "Accept": "application/json"}
        )
        answer = self.connection.getresponse().read()
        if b'"errors"' in answer[:20]:
            raise Refused(f"{question}: {answer[:500]!r}")
        return answer


def read(body: bytes) -> Outcome:
    """The uids of the answer."""
    found = json.loads(body)["data"]["found"]
    nodes = found.get("nodes", [found])
    return [node["quoteByQuoteId"]["uid"] if "quoteByQuoteId" in node else node["uid"] for node in nodes]
