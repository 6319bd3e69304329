"""One user's requests below the workbench of one article, and how a refusal reads."""

from __future__ import annotations

import json
from typing import Any

from django.contrib.auth.models import Group, User

from quotes.models import Person, Snapshot
from tests.admin.conftest import client_of

TEXT = "👁️ Café\u00a0Tarn.\n\n“The lamps listen,” Neva Corrin said. “Ask them.” She left.\n"


def _place(words: str) -> list[int]:
    return [TEXT.index(words), TEXT.index(words) + len(words)]


LISTEN, ASK = _place("The lamps listen,"), _place("Ask them.")


def make_user(name: str, *groups: str) -> User:
    user = User.objects.create_user(name, is_staff=True)
    user.groups.set(Group.objects.filter(name__in=groups))
    return user


class Workbench:
    """One user's requests below one article's workbench."""

    def __init__(self, user: User, snapshot: Snapshot) -> None:
        self.user, self.snapshot, self.client = user, snapshot, client_of(user)
        self.base = f"/admin/quotes/article/{snapshot.article_id}/workbench/"

    def state(self, query: str = "") -> Any:
        response = self.client.get(self.base + query)
        assert response.status_code == 200
        return response.context["state"]

    def post(self, path: str, body: Any, **headers: str) -> Any:
        sent = body if isinstance(body, str) else json.dumps(body)
        user = {"X-Quotebase-User": str(self.user.pk)} | headers
        return self.client.post(self.base + path, sent, content_type="application/json", headers=user)

    def new(self, speaker: Person | None = None, /, **values: Any) -> dict[str, Any]:
        values = {"segments": [LISTEN], "kind": "direct", "speaker": speaker and speaker.pk} | values
        return {"snapshot": self.snapshot.pk, "values": values}

    def save(self, body: Any) -> dict[str, Any]:
        response = self.post("quotes/", body)
        assert response.status_code == 200, response.json()
        record: dict[str, Any] = response.json()["quote"]
        return record


def refused(response: Any, status: int, member: str | None = None) -> str:
    """The sentence with which it was refused; of the member, where one is to be named."""
    assert response.status_code == status, response.content
    body = response.json()
    assert body["detail"]
    if member is not None:
        assert member in body["errors"], body
        assert " ".join(body["errors"][member])
    return str(body["detail"])
