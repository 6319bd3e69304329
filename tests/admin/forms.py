"""Filling in the admin's forms as a browser does: what the page shows, with some of it changed, is sent back."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models
from django.forms import BooleanField
from django.test import Client
from django.urls import reverse


def url(model: type[models.Model] | models.Model, page: str) -> str:
    """The address of a page of the model's admin (changelist, add), or of a record's (change, delete, history)."""
    key = [model.pk] if isinstance(model, models.Model) and page not in {"changelist", "add"} else []
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=key)


def filled(client: Client, address: str) -> dict[str, Any]:
    """What a browser would send if nothing was changed on the page."""
    response = client.get(address)
    assert response.status_code == 200
    state = response.context["freshness"].state
    data = ({"shown_state": state} if state else {}) | _values(response.context["adminform"].form)
    for inline in response.context["inline_admin_formsets"]:
        data |= _values(inline.formset.management_form)
        for form in inline.formset.forms:
            data |= _values(form)
    return data


def send(client: Client, address: str, **changes: Any) -> Any:
    """The answer to the page's form with the changes. Names hold `__` for the hyphens of inline rows."""
    data = filled(client, address) | {name.replace("__", "-"): value for name, value in changes.items()}
    return client.post(address, {name: value for name, value in data.items() if value is not None})


def errors(response: Any) -> str:
    """Every error of the page that came back, as text."""
    assert response.status_code == 200, response
    return " ".join(str(error) for member in response.context["errors"] for error in _flat(member))


def notes(client: Client, response: Any) -> str:
    """The messages on the page that the answer leads to."""
    assert response.status_code == 302
    page = client.get(response.headers["Location"])
    return " ".join(str(message) for message in page.context["messages"])


def _flat(member: Any) -> list[Any]:
    return list(member) if isinstance(member, list | tuple) or hasattr(member, "as_data") else [member]


def _values(form: Any) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for field in form:
        value = field.value()
        if isinstance(value, dt.datetime):
            data[f"{field.html_name}_0"], data[f"{field.html_name}_1"] = f"{value:%Y-%m-%d}", f"{value:%H:%M:%S}"
        elif isinstance(field.field, BooleanField):
            data |= {field.html_name: "on"} if value else {}
        else:
            data[field.html_name] = "" if value is None else value
    return data
