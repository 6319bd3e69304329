"""What was brought in, and what of it waits for a decision."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Count

if TYPE_CHECKING:
    from quotes.models import DoubtfulSpeaker, Import, ImportedRow


class ImportManager(models.Manager["Import"]):
    def get_by_natural_key(self, uid: str) -> Import:
        return self.get(uid=uid)


class ImportedRowManager(models.Manager["ImportedRow"]):
    def get_by_natural_key(self, source: str, external_id: str) -> ImportedRow:
        return self.get(source=source, external_id=external_id)


class DoubtfulSpeakerQuerySet(models.QuerySet["DoubtfulSpeaker"]):
    def get_by_natural_key(self, uid: str, name: str, wikidata_ids: str) -> DoubtfulSpeaker:
        return self.get(batch__uid=uid, name=name, wikidata_ids=wikidata_ids.split())

    def undecided(self) -> Self:
        """Names of which nobody has said yet whom they mean."""
        return self.filter(speaker_slug="")

    def with_rows(self) -> Self:
        """With the number of rows that wait, as `rows`; the most first."""
        return self.annotate(rows=Count("imported_rows")).order_by("-rows", "name", "pk")
