"""Bringing an article in: the article, its byline and the text as it was read, in one transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from quotes.curation.saving import save_article, save_entity
from quotes.curation.snapshots import add_snapshot
from quotes.curation.verbs import Actor, verb
from quotes.models import Article, Organization, Person
from quotes.models.slugs import free_slugs
from quotes.vocabulary import EntityKind, OrganizationKind


@verb
def bring_in_article(
    *,
    changes: Mapping[str, Any],
    outlet: Organization | str | None,
    authors: Sequence[Person | str],
    text: str,
    retrieved_at: dt.datetime | None = None,
    actor: Actor,
) -> Article:
    """Make an article with its outlet, its byline in order, and a snapshot of its text; nothing of it is public by that.

    Where outlet or author is a name instead of a record, a new one is made. A slug is chosen from the title unless
    `changes` has one. Raises ValidationError with the members at fault.
    """
    article = Article()
    title = str(changes.get("title", ""))
    slug = changes.get("slug") or free_slugs(EntityKind.ARTICLE, Article, [title])[title]
    publisher = _new_outlet(outlet, actor) if isinstance(outlet, str) else outlet
    byline = [_new_person(author, actor) if isinstance(author, str) else author for author in authors]
    save_article(article=article, changes={**changes, "slug": slug, "outlet": publisher}, authors=byline, actor=actor)
    add_snapshot(article=article, text=text, retrieved_at=retrieved_at, actor=actor)
    return article


def _new_outlet(name: str, actor: Actor) -> Organization:
    slug = free_slugs(EntityKind.ORGANIZATION, Organization, [name])[name]
    changes = {"name": name, "slug": slug, "kind": OrganizationKind.MEDIA}
    return save_entity(entity=Organization(), changes=changes, actor=actor)


def _new_person(name: str, actor: Actor) -> Person:
    slug = free_slugs(EntityKind.PERSON, Person, [name])[name]
    return save_entity(entity=Person(), changes={"name": name, "slug": slug, "sort_name": sort_name(name)}, actor=actor)


def sort_name(name: str) -> str:
    """As an index would list a name whose last word is the family’s. A curator corrects what is otherwise.

    >>> sort_name("Orla van Tamsin"), sort_name("Quill")
    ('Tamsin, Orla van', 'Quill')
    """
    given, _, family = name.rpartition(" ")
    return f"{family}, {given}" if given else family
