"""How these tests write: a program with a token, over HTTP, through Django's own client."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import Group, User
from django.http import HttpResponse
from django.test import Client

from quotes.curation import make_token

BASE = "/api/v1/curation/"
# What the quotes here are of.
TEXT = (
    "👁️ The council met. “Every lantern,” said Ottoline Varga, “will be lit.” “Lit,” she said, “and kept.”"
    " A bell rang. “Every lantern,” she said again."
)
# One for all: each new client loads all middleware again.
CLIENT = Client()


def make_user(name: str, *roles: str) -> User:
    """Somebody of these roles (coder, curator, editor), who has no password."""
    user = User.objects.create_user(name)
    user.groups.set(Group.objects.filter(name__in=roles))
    return user


@dataclass(frozen=True)
class Program:
    """A program that holds a token of the user's."""

    user: User
    text: str

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> HttpResponse:
        """The answer. A body that is no bytes goes as JSON; `if_match="…"` is a header."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        kind = named.pop("content-type", "application/json")
        data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        address = path if path.startswith("/") else f"{BASE}{path}"
        authorized = {"authorization": f"Bearer {self.text}", **named}
        return CLIENT.generic(method, address, data, content_type=kind, headers=authorized)

    def ask(self, path: str, *, status: int = 200) -> Any:
        """The JSON at the address."""
        return told(self.send("GET", path), status)

    def tag(self, path: str) -> str:
        """The ETag of the record as it is now."""
        return self.send("GET", path).headers["ETag"]

    def make(self, path: str, body: Any, *, status: int = 201) -> Any:
        """The JSON of the answer to a POST."""
        return told(self.send("POST", path, body), status)

    def change(self, path: str, body: Any, *, status: int = 200) -> Any:
        """The JSON of the answer to a PATCH of the record as it is now."""
        return told(self.send("PATCH", path, body, if_match=self.tag(path)), status)

    def act(self, path: str, verb: str, body: Any = None, *, status: int = 200) -> Any:
        """The JSON of the answer to a transition of the record as it is now."""
        return told(self.send("POST", f"{path}{verb}/", body, if_match=self.tag(path)), status)

    def refused(self, path: str, body: Any, *, method: str = "POST", status: int = 400) -> Any:
        """The one error of the answer."""
        headers = {} if method == "POST" else {"if_match": self.tag(path)}
        errors = told(self.send(method, path, body, **headers), status)["errors"]
        assert len(errors) == 1, errors
        [error] = errors
        return error


def told(answer: HttpResponse, status: int) -> Any:
    """The JSON of the answer, which must have this status, and be nobody else's."""
    assert answer.status_code == status, answer.content.decode()
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "Authorization" in answer.headers["Vary"]
    if status >= 400:
        assert answer.headers["Content-Type"] == "application/problem+json"
    return json.loads(answer.content) if answer.content else None


def program_of(user: User) -> Program:
    return Program(user, make_token(user=user, name="a script")[1])
