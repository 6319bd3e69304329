"""Addresses of the admin's pages, and the keys in them."""

from typing import Any
from urllib.parse import urlencode

from django.db import models
from django.urls import reverse
from django.utils.html import format_html


def change_url(record: models.Model) -> str:
    return reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_change", args=[record.pk])


def list_url(model_name: str, **filters: Any) -> str:
    return f"{reverse(f'admin:quotes_{model_name}_changelist')}?{urlencode(filters)}"


def add_url(model_name: str, **initial: Any) -> str:
    return f"{reverse(f'admin:quotes_{model_name}_add')}?{urlencode(initial)}"


def is_key(value: str) -> bool:
    """Whether the value of an address can be a primary key at all. PostgreSQL's are at most 19 digits long."""
    return value.isascii() and value.isdecimal() and len(value) < 19


def link(record: models.Model | None, label: str = "") -> str:
    """A link to the record's own page."""
    return format_html('<a href="{}">{}</a>', change_url(record), label or str(record)) if record else "–"
