"""The OpenAPI document tells the truth of the addresses for curators too: every operation, every body, every answer."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from drf_spectacular.validation import validate_schema
from jsonschema import Draft202012Validator

from quotes.api.curation.urls import urlpatterns
from quotes.models import Quote
from tests import factories
from tests.api_curation.asking import BASE, Program, make_user, program_of

pytestmark = pytest.mark.django_db

WRITES = {"post", "patch", "delete"}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return Client().get("/api/schema/", headers={"accept": "application/vnd.oai.openapi+json"}).json()


@pytest.fixture(scope="module")
def operations(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Operations by `METHOD path`, the path below the base."""
    return {
        f"{method.upper()} {path.removeprefix(BASE)}": operation
        for path, methods in document["paths"].items()
        if path.startswith(BASE)
        for method, operation in methods.items()
        if method != "parameters"
    }


def test_the_document_is_valid(document: dict[str, Any]) -> None:
    validate_schema(document)


def test_every_address_has_its_operations(operations: dict[str, Any]) -> None:
    described = {name.partition(" ")[2] for name in operations}
    assert len(described) == len(urlpatterns) - 1  # all but the one that catches what is nowhere
    assert not [path for path in described if re.search(r"[\[\]()?^$\\]|\d,\d", path)]
    assert {name for name in operations if name.startswith("POST quotes/")} >= {
        "POST quotes/", "POST quotes/{uid}/submit/", "POST quotes/{uid}/withdraw/", "POST quotes/{uid}/codings/",
    }  # fmt: skip
    assert "PATCH articles/{slug}/snapshots/{sha256}/" not in operations
    assert "POST quotes/{uid}/history/" not in operations


def test_every_operation_wants_a_token_and_public_ones_do_not(document: dict[str, Any], operations: Any) -> None:
    assert document["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"
    assert all(operation["security"] == [{"bearer": []}] for operation in operations.values())
    public = document["paths"]["/api/v1/quotes/"]["get"]
    assert {"bearer": []} not in public.get("security", []) or {} in public["security"]


def test_every_write_of_a_record_says_that_it_needs_a_precondition(operations: dict[str, Any]) -> None:
    for name, operation in operations.items():
        method, _, path = name.partition(" ")
        is_making = (
            method == "POST" and path.count("/") and not re.search(r"(merge|submit|return|publish|withdraw)/$", path)
        )
        needs = method in {"PATCH", "DELETE", "POST"} and not is_making
        named = {one["name"]: one for one in operation.get("parameters", [])}
        assert ("If-Match" in named) == needs, name
        assert ({"412", "428"} <= set(operation["responses"])) == needs, name
        assert {"400", "401", "403"} <= set(operation["responses"]), name
        if is_making:
            assert {"201", "409", "413", "415"} <= set(operation["responses"]), name
            headers = set(operation["responses"]["201"].get("headers", ()))
            assert headers == (set() if re.search("imports?/$", path) else {"ETag", "Location"}), name


def test_operations_have_names_of_their_own(operations: dict[str, Any]) -> None:
    names = [operation["operationId"] for operation in operations.values()]
    assert len(set(names)) == len(names)
    assert all(operation["summary"] for operation in operations.values())


class Checked:
    """A program whose every body and answer is held against the document."""

    def __init__(self, document: dict[str, Any], operations: dict[str, Any], program: Program) -> None:
        self.document, self.operations, self.program = document, operations, program

    def send(self, name: str, status: int, body: Any = None, *, place: dict[str, str] | None = None) -> Any:
        method, _, pattern = name.partition(" ")
        operation = self.operations[name]
        path = pattern.format(**(place or {}))
        if body is not None and status < 400:
            [described] = operation["requestBody"]["content"].values()
            assert self.faults(described["schema"], body) == []
        headers = {}
        if any(one["name"] == "If-Match" for one in operation.get("parameters", [])) and status != 428:
            of = re.sub(r"(merge|submit|return|publish|withdraw)/$", "", path)
            headers["if_match"] = '"stale"' if status == 412 else self.program.tag(of)
        answer = self.program.send(method, path, body, **headers)
        assert answer.status_code == status, answer.content
        described = operation["responses"][str(status)]
        assert set(described.get("headers", {})) - {"Link"} <= set(answer.headers)
        if status == 204:
            return None
        [schema] = [one["schema"] for one in described["content"].values()]
        found = answer.json()  # type: ignore[attr-defined]
        assert self.faults(schema, found) == []
        return found

    def faults(self, schema: dict[str, Any], value: Any) -> list[str]:
        validator = Draft202012Validator({**schema, "components": self.document["components"]})
        return [f"{list(error.path)}: {error.message}" for error in validator.iter_errors(value)]


@pytest.fixture
def checked(document: dict[str, Any], operations: dict[str, Any]) -> Checked:
    return Checked(document, operations, program_of(make_user("editor", "editor")))


def test_the_life_of_a_quote_is_as_described(checked: Checked) -> None:
    varga = {"slug": "ottoline-varga", "name": "Ottoline Varga", "sort_name": "Varga, Ottoline"}
    checked.send("POST people/", 201, {**varga, "aliases": ["O. V."], "wikidata_id": None})
    checked.send("POST organizations/", 201, {"slug": "watch", "name": "Watch", "kind": "media", "parent": None})
    job = checked.send("POST affiliations/", 201, {"person": "ottoline-varga", "organization": "watch", "role": "x"})
    place = {"slug": "ottoline-varga", "key": job["key"]}
    checked.send("GET affiliations/{slug}/{key}/", 200, place=place)
    checked.send("PATCH affiliations/{slug}/{key}/", 200, {"end": "2024"}, place=place)
    vote = {"slug": "vote", "url": "https://gazette.example/vote", "title": "The vote", "authors": ["ottoline-varga"]}
    checked.send("POST articles/", 201, {**vote, "outlet": "watch", "published": "2025-03"})
    snapshot = checked.send(
        "POST articles/{slug}/snapshots/", 201, {"text": "“Lit,” she said."}, place={"slug": "vote"}
    )
    place = {"slug": "vote", "sha256": snapshot["sha256"]}
    checked.send("GET articles/{slug}/snapshots/{sha256}/", 200, place=place)
    checked.send("POST topics/", 201, {"slug": "lamps", "name": "Lamps", "proposition": "Light them."})
    body = {
        "article": "vote",
        "snapshot": snapshot["sha256"],
        "words": ["Lit,"],
        "starts": [None],
        "kind": "direct",
        "speaker": "ottoline-varga",
        "affiliations": [{"organization": "watch", "standing": "former"}],
        "evidence": [{"kind": "call", "description": "A call.", "provided_by": "c", "provided_on": "2025-01-01"}],
        "verification": "confirmed",
    }
    quote = {"uid": checked.send("POST quotes/", 201, body)["uid"]}
    checked.send("PATCH quotes/{uid}/", 200, {"cue": "said"}, place=quote)
    coding = {"topic": "lamps", "stance": "support", "coder": "adjudicator", "round": 2, "is_final": True}
    checked.send("POST quotes/{uid}/codings/", 201, coding, place=quote)
    place = {**quote, "topic": "lamps", "coder": "adjudicator", "round": "2"}
    checked.send("PATCH quotes/{uid}/codings/{topic}/{coder}/{round}/", 200, {"certainty": "low"}, place=place)
    checked.send("GET quotes/{uid}/codings/{topic}/{coder}/{round}/", 200, place=place)
    checked.send("POST quotes/{uid}/submit/", 200, {}, place=quote)
    checked.send("POST quotes/{uid}/return/", 200, place=quote)
    checked.send("POST quotes/{uid}/publish/", 200, place=quote)
    checked.send("POST quotes/{uid}/withdraw/", 200, {"reason": "Misheard."}, place=quote)
    checked.send("GET quotes/{uid}/history/", 200, place=quote)
    checked.send("GET quotes/{uid}/", 200, place=quote)
    for path in ("", "people/", "organizations/", "affiliations/", "articles/", "topics/", "quotes/"):
        assert checked.send(f"GET {path}", 200).get("results", True)
    assert checked.send("GET articles/{slug}/snapshots/", 200, place={"slug": "vote"})["results"]
    assert checked.send("GET quotes/{uid}/codings/", 200, place=quote)["results"]


def test_errors_are_as_described(checked: Checked) -> None:
    quote = {"uid": str(factories.make_quote(source_label="a").uid)}
    checked.send("POST people/", 400, {"nmae": 1})
    checked.send("GET quotes/{uid}/", 404, place={"uid": "019bdfd3-3708-7f3f-8b39-87e92cb58961"})
    checked.send("POST quotes/{uid}/return/", 409, place=quote)
    checked.send("PATCH quotes/{uid}/", 412, {"cue": "x"}, place=quote)
    checked.send("PATCH quotes/{uid}/", 428, {"cue": "x"}, place=quote)
    checked.send("POST people/", 413, {"name": "a" * (1 << 20)})
    checked.send("DELETE quotes/{uid}/", 204, place=quote)
    assert not Quote.objects.exists()
    checked.program.user.groups.clear()
    checked.send("GET quotes/", 403)
