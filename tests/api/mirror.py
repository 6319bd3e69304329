"""A mirror that knows nothing but the feed of changes, and what the public lists say, to compare it with."""

from __future__ import annotations

from typing import Any

from quotes.publication.models import PublishedRedirect, Tombstone
from quotes.vocabulary import Verification
from tests.api.asking import CLIENT, ask

PLURALS = {"person": "people", "organization": "organizations", "article": "articles", "topic": "topics"}
Name = tuple[str, str]
State = dict[str, dict[Any, Any]]


class Mirror:
    """What a follower of the feed has: documents and redirects by kind and id, withdrawals by id."""

    def __init__(self) -> None:
        self.since = 0
        self.documents: dict[Name, Any] = {}
        self.moved: dict[Name, str] = {}
        self.withdrawn: dict[Name, str] = {}

    def follow(self, *, page_size: int = 3) -> list[Any]:
        """Read the feed to its end and apply it; returns the changes."""
        applied: list[Any] = []
        address: str | None = f"/api/v1/changes/?since={self.since}&page_size={page_size}"
        while address:
            answer = CLIENT.get(address).json()
            for change in answer["results"]:
                self.apply(change)
                applied.append(change)
            self.since, address = answer["until"], answer["next"]
        return applied

    def apply(self, change: Any) -> None:
        name = (change["kind"], change["id"])
        for held in (self.documents, self.moved, self.withdrawn):
            held.pop(name, None)
        if change["event"] == "saved":
            self.documents[name] = change["document"]
        elif change["event"] == "withdrawn":
            self.withdrawn[name] = change["reason"]
        elif change["event"] == "moved":
            self.moved[name] = change["target"]

    def state(self) -> State:
        return {"documents": self.documents, "moved": self.moved, "withdrawn": self.withdrawn}


def public_state() -> State:
    """The same of what the lists answer, every page of them, and of the addresses that answer 301 and 410."""
    documents = {("quote", one["uid"]): one for one in _all("quotes/", f"verification={','.join(Verification.values)}")}
    for kind, plural in PLURALS.items():
        for one in _all(f"{plural}/"):
            documents[kind, one["slug"]] = {name: value for name, value in one.items() if name != "quote_count"}
    return {
        "documents": documents,
        "moved": {(row.kind, row.slug): row.target for row in PublishedRedirect.objects.all()},
        "withdrawn": {("quote", str(stone.uid)): stone.reason for stone in Tombstone.objects.all()},
    }


def _all(path: str, query: str = "") -> list[Any]:
    answer = ask(f"{query}&page_size=100".lstrip("&"), path=path)
    found = answer["results"]
    while answer["next"]:
        answer = CLIENT.get(answer["next"]).json()
        found += answer["results"]
    return found
