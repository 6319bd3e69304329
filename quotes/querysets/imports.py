"""What was brought in, and what of it waits for a decision."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Count, Q

if TYPE_CHECKING:
    from quotes.models import DoubtfulSpeaker, Import, ImportedRow


class ImportManager(models.Manager["Import"]):
    def get_by_natural_key(self, uid: str) -> Import:
        return self.get(uid=uid)


class ImportedRowManager(models.Manager["ImportedRow"]):
    def get_by_natural_key(self, source: str, external_id: str) -> ImportedRow:
        return self.get(source=source, external_id=external_id)

    def counted_by_status(self, batches: Iterable[Import]) -> dict[int, dict[str, int]]:
        """By the import's key: how many of its quotes have which status now."""
        rows = self.filter(batch__in=batches).order_by().values_list("batch", "quote__status")
        found: dict[int, dict[str, int]] = defaultdict(dict)
        for batch, status, count in rows.annotate(count=Count("pk")):
            found[batch][status] = count
        return found


class DoubtfulSpeakerQuerySet(models.QuerySet["DoubtfulSpeaker"]):
    def get_by_natural_key(self, uid: str, name: str, wikidata_ids: str) -> DoubtfulSpeaker:
        return self.get(batch__uid=uid, name=name, wikidata_ids=wikidata_ids.split())

    def undecided(self) -> Self:
        """Names of which nobody has said yet whom they mean."""
        return self.filter(speaker_slug="")

    def decided(self) -> Self:
        """Names that somebody has said the meaning of."""
        return self.exclude(speaker_slug="")

    def with_rows(self) -> Self:
        """With the number of rows that wait, as `rows`; the most first."""
        return self.annotate(rows=Count("imported_rows")).order_by("-rows", "name", "pk")

    def behind(self, doubt: DoubtfulSpeaker, rows: int) -> Self:
        """Of `with_rows`, those that come after this name, which so many rows bear."""
        same = Q(rows=rows) & (Q(name__gt=doubt.name) | Q(name=doubt.name, pk__gt=doubt.pk))
        return self.filter(Q(rows__lt=rows) | same)
