"""Texts of articles as they were read."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from quotes.anchoring import normalise_text, text_hash
from quotes.curation.saving import assign
from quotes.curation.verbs import Actor, CurationError, settle, verb
from quotes.models import Article, Snapshot


@verb
def add_snapshot(*, article: Article, text: str, retrieved_at: dt.datetime | None = None, actor: Actor) -> Snapshot:
    """Keep the text of an article as it was read then (now, unless said), normalised and hashed.

    A text of which the hash alone was kept is put back. Raises CurationError when the article has this very text.
    """
    text = normalise_text(text)
    if not text.strip():
        raise ValidationError({"text": ValidationError("There is nothing in this text.", code="blank")})
    twin = article.snapshots.filter(sha256=text_hash(text)).first()
    if twin and twin.text is not None:
        raise CurationError([f"The article has this very text already: {twin}."])
    read = {} if twin and retrieved_at is None else {"retrieved_at": retrieved_at or timezone.now()}
    snapshot = twin or Snapshot(article=article)
    assign(snapshot, {"text": text, "length": len(text), "sha256": text_hash(text), **read})
    settle()
    return snapshot


@verb
def forget_text(*, snapshot: Snapshot) -> Snapshot:
    """Take a snapshot's text out of the database. Its hash and length stay, so that anchors can still be checked."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL quotebase.forgets_text = 'on'")
        Snapshot.objects.filter(pk=snapshot.pk).update(text=None)
        cursor.execute("SET LOCAL quotebase.forgets_text = 'off'")
    return Snapshot.objects.get(pk=snapshot.pk)
