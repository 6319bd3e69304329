"""Which tables leave home: those that the public may read anyway. Listed one by one: a new one stays until it is added here."""

from __future__ import annotations

from django.db import models

from quotes.publication.models import (
    PublishedCoding,
    PublishedEntity,
    PublishedQuote,
    PublishedRedirect,
    Removal,
    Tombstone,
    Total,
)

APP = "publication"
# Not StaleMark: it tells of drafts, and is home's own business.
MODELS: tuple[type[models.Model], ...] = (
    PublishedQuote,
    PublishedEntity,
    PublishedCoding,
    PublishedRedirect,
    Removal,
    Tombstone,
    Total,
)
TABLES = tuple(sorted(model._meta.db_table for model in MODELS))
# What PostgreSQL calls the publication, and each subscription and its slot.
PUBLICATION = "quotebase"
PREFIX = "quotebase_read_"
# The role of readers, on each read server.
READERS = "quotebase_public"

_NAMES = {model._meta.model_name for model in MODELS}


def is_replicated(app_label: str, model_name: str | None) -> bool:
    """Whether the model's table is on read servers, too."""
    return app_label == APP and model_name in _NAMES


def slot_of(name: str) -> str:
    """The name of a read server's slot at home, which is that of its subscription, too."""
    return f"{PREFIX}{name}"
