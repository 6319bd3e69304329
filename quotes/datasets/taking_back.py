"""An import, taken back whole: its quotes go, and with them whoever and whatever it made that nothing else has come to need.

What was published stays, whatever happened to it since: it was public, so it is withdrawn, with a reason, and not undone. Work
that people have done on the quotes meanwhile is counted, and goes only when that is said.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection, models, transaction
from django.db.models import Exists, OuterRef, Q

from quotes.datasets.importing.applying import lock_imports
from quotes.datasets.provenance import changed_by_people, made_by, told
from quotes.models import (
    Affiliation,
    Article,
    Coding,
    DoubtfulSpeaker,
    Evidence,
    Import,
    ImportedRow,
    Organization,
    Person,
    Quote,
    QuoteAffiliation,
    Redirect,
    Review,
)
from quotes.publication.refresh import drain
from quotes.vocabulary import UNLISTED, EntityKind, ImportStatus

# What belongs to a quote and goes with it, in the order in which it goes.
_PARTS: tuple[type[models.Model], ...] = (Coding, QuoteAffiliation, Evidence, Review)
# What an import makes beside quotes; what refers to the others goes first.
_RECORDS: tuple[type[models.Model], ...] = (Affiliation, Article, Person, Organization)
_KINDS: dict[type[models.Model], EntityKind] = {
    Article: EntityKind.ARTICLE,
    Person: EntityKind.PERSON,
    Organization: EntityKind.ORGANIZATION,
}
_BATCH = 5_000
# What was public is withdrawn, and not undone.
_STAYS = Q(published_at__isnull=False) | Q(verification__in=UNLISTED)


class NotTakenBack(Exception):
    """Nothing was changed, and why: one sentence for each obstacle, fit for a curator's eyes."""

    def __init__(self, obstacles: list[str]) -> None:
        super().__init__(" ".join(obstacles))
        self.obstacles = obstacles


@dataclass(frozen=True, slots=True)
class Leaving:
    """What would go: `quotes`; of them `published` ones, which stay and hold back the rest, and `worked_on` ones."""

    quotes: int
    published: int
    worked_on: int

    def obstacles(self, *, with_work: bool) -> list[str]:
        """What stands against it, in words."""
        said = []
        if self.published:
            said.append(
                f"{self.published:,} of its quotes were published, or are kept as retracted or fabricated. "
                "Withdraw them instead: they cannot be taken back."
            )
        if self.worked_on and not with_work:
            said.append(f"People have worked on {self.worked_on:,} of its quotes since; that would be lost.")
        return said


def look_at(batch: Import) -> Leaving:
    """What taking the import back would take along. Nothing is written."""
    quotes = Quote.objects.filter(pk__in=batch.imported_rows.order_by().values("quote")).order_by()
    return Leaving(quotes.count(), quotes.filter(_STAYS).count(), _worked_on(batch, quotes).count())


def _worked_on(batch: Import, quotes: models.QuerySet[Quote]) -> models.QuerySet[Quote]:
    """Quotes that were changed, or to which something was added, by others than the import."""
    touched = Q(pk__in=changed_by_people(quotes).values("pk"))
    for part in _PARTS:
        others = part._default_manager.filter(quote=OuterRef("pk"))
        touched |= Q(Exists(others.exclude(pk__in=_made_here(batch, part))))
    reporting = Quote.objects.filter(reported_via=OuterRef("pk")).exclude(imported_rows__batch=batch)
    return quotes.filter(touched | Q(Exists(reporting)))


def _made_here(batch: Import, model: type[models.Model]) -> Any:
    return made_by(batch, model).values("pk")


def take_back(
    batch: Import,
    *,
    with_work: bool = False,
    most: int = _BATCH,
    went: Callable[[int], object] = lambda quotes: None,
) -> Import:
    """Remove the import's quotes and what it alone brought. Batch by batch: what ends it is gone on with by calling again.

    A transaction takes at most `most` quotes; `went` hears of how many more are gone. The import's own row stays, and its
    history; and so does a quote that is published while the others go. Raises NotTakenBack where something stands against it:
    nothing was changed then.
    """
    _begin(batch, with_work=with_work)
    going = Quote.objects.filter(imported_rows__batch=batch).exclude(_STAYS).order_by("-pk")
    while True:
        with transaction.atomic(), told(batch, "taking back"):
            lock_imports()
            # Locked, so that nobody publishes one of them meanwhile.
            keys = list(going.select_for_update(of=("self",)).values_list("pk", flat=True)[:most])
            _remove_quotes(keys)
            drain()
        if not keys:
            break
        went(len(keys))
    for model in _RECORDS:
        with transaction.atomic(), told(batch, "taking back"):
            lock_imports()
            _remove_unneeded(batch, model)
            drain()
    with transaction.atomic(), told(batch, "taking back"):
        # What was decided of a name holds when the file comes again.
        DoubtfulSpeaker.objects.undecided().filter(batch=batch).delete()
        batch.status, batch.rows_done = ImportStatus.TAKEN_BACK, 0
        batch.save(update_fields=["status", "rows_done"])
    return batch


def _begin(batch: Import, *, with_work: bool) -> None:
    with transaction.atomic(), told(batch, "taking back"):
        lock_imports()
        batch.refresh_from_db()
        if batch.status == ImportStatus.TAKEN_BACK:
            raise NotTakenBack(["It is taken back already."])
        if batch.status == ImportStatus.LEAVING:
            return  # once begun it goes on: it was looked at then
        if obstacles := look_at(batch).obstacles(with_work=with_work):
            raise NotTakenBack(obstacles)
        batch.status = ImportStatus.LEAVING
        batch.save(update_fields=["status"])


def _remove_quotes(keys: list[int]) -> None:
    ImportedRow.objects.filter(quote__in=keys)._raw_delete(connection.alias)
    for part in _PARTS:
        part._default_manager.filter(quote__in=keys)._raw_delete(connection.alias)
    going = Quote.objects.filter(pk__in=keys)
    left = Quote.objects.exclude(pk__in=keys)
    left.filter(reported_via__in=keys).update(reported_via=None)
    _give_new_roots(left.filter(same_utterance_as__in=keys))
    going._raw_delete(connection.alias)


def _give_new_roots(repetitions: models.QuerySet[Quote]) -> None:
    """Of quotes whose utterance loses its root, the earliest is the root of the others."""
    groups: dict[int | None, list[int]] = {}
    for key, root in repetitions.order_by("pk").values_list("pk", "same_utterance_as"):
        groups.setdefault(root, []).append(key)
    for first, *others in groups.values():
        Quote.objects.filter(pk=first).update(same_utterance_as=None)
        Quote.objects.filter(pk__in=others).update(same_utterance_as=first)


def _remove_unneeded(batch: Import, model: type[models.Model]) -> None:
    """Of the rows that the import made, those that nobody has changed and nothing refers to; those above others last."""
    changed = changed_by_people(model._default_manager.all()).values("pk")
    rows = made_by(batch, model).exclude(pk__in=changed)
    for relation in model._meta.related_objects:
        if relation.related_model is None or hasattr(relation.related_model, "pgh_tracked_model"):
            continue
        there = relation.related_model._default_manager.filter(**{relation.field.name: OuterRef("pk")})
        rows = rows.filter(~Exists(there))
    if kind := _KINDS.get(model):
        # Another record became this one: its old address leads here.
        rows = rows.exclude(slug__in=Redirect.objects.filter(kind=kind).values("target"))
    while rows._raw_delete(connection.alias):
        pass
