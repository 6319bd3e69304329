"""Finding entries of a record's history, and sending the form that goes back to one."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group, User
from django.test import Client

from quotes.curation.history import Entry, entries
from tests.admin.forms import url


def entry(record: Any, place: int, *, includes: tuple[str, ...] = ()) -> Entry:
    """An entry of the record's history: 0 is the latest."""
    return entries(type(record), record.pk, includes=includes)[place]


def address(record: Any, of: Entry) -> str:
    return f"{url(record, 'history')}{of.model._meta.model_name}/{of.event}/"


def revert(client: Client, record: Any, of: Entry) -> Any:
    """Send the form that the page shows."""
    page = client.get(address(record, of))
    assert page.status_code == 200, page
    return client.post(address(record, of), {"seen": page.context["seen"]})


def said(response: Any) -> str:
    """What refused it, on the page that came back."""
    assert response.status_code == 200
    return " ".join(response.context["refused"])


def member(name: str, *groups: str) -> User:
    user = User.objects.create_user(name, is_staff=True)
    user.groups.set(Group.objects.filter(name__in=groups))
    return user
